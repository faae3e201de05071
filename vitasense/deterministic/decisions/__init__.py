"""Decisions: what was decided about an event and why, what was done, where a person stands, and all of it in order."""

from vitasense.deterministic.decisions.chain import tell
from vitasense.deterministic.decisions.schemas import (
    Action,
    ActionKind,
    Decision,
    Details,
    Explained,
    Input,
    Risk,
    TimelineEntry,
)
from vitasense.deterministic.decisions.service import act, decision, decisions, record, risks, update_risk, why
from vitasense.deterministic.decisions.timeline import timeline

__all__ = [
    "Action",
    "ActionKind",
    "Decision",
    "Details",
    "Explained",
    "Input",
    "Risk",
    "TimelineEntry",
    "act",
    "decision",
    "decisions",
    "record",
    "risks",
    "tell",
    "timeline",
    "update_risk",
    "why",
]
