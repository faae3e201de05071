"""Medications: what a person takes and how, and everything that speaks against it."""

from vitasense.deterministic.medications.checks.check import check
from vitasense.deterministic.medications.gathering import USED, heard, own_findings, person_of, taken_now
from vitasense.deterministic.medications.overrides import finding_key
from vitasense.deterministic.medications.schemas import Dose, Eaten, Kind, Measured, Medicine, Person, Stated
from vitasense.deterministic.medications.telling import brief

__all__ = [
    "USED",
    "Dose",
    "Eaten",
    "Kind",
    "Measured",
    "Medicine",
    "Person",
    "Stated",
    "brief",
    "check",
    "finding_key",
    "heard",
    "own_findings",
    "person_of",
    "taken_now",
]
