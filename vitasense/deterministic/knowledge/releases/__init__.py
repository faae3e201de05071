"""Releases of knowledge: read, compared, checked, taken in one transaction, and taken back."""

from vitasense.deterministic.knowledge.releases.reading import read_release
from vitasense.deterministic.knowledge.releases.repository import releases
from vitasense.deterministic.knowledge.releases.schemas import Changes, Difference, Incoming, Plan, Release, State
from vitasense.deterministic.knowledge.releases.service import check, in_force, plan, revert, take

__all__ = [
    "Changes",
    "Difference",
    "Incoming",
    "Plan",
    "Release",
    "State",
    "check",
    "in_force",
    "plan",
    "read_release",
    "releases",
    "revert",
    "take",
]
