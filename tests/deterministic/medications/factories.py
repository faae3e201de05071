"""Small builders for the subjects of checks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from vitasense.deterministic.knowledge import ingredients
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.schemas import Measured, Medicine, Person, Stated
from vitasense.deterministic.platform.findings import Evidence

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def medicine(name: str, **fields: object) -> Medicine:
    return Medicine(name, **fields)  # pyright: ignore[reportArgumentType]


def record(ref: str, label: str) -> Evidence:
    return Evidence(kind="record", ref=ref, version="1", label=label)


def stated(*names: str, **codes: str) -> tuple[Stated, ...]:
    return tuple(Stated(name, codes=codes, evidence=record(f"Condition/{name}", name)) for name in names)


def measured(loinc: str, value: float, unit: str, days_ago: float = 1) -> dict[str, Measured]:
    at = NOW - timedelta(days=days_ago)
    return {loinc: Measured(value, unit, at, record(f"Observation/{loinc}", loinc))}


def person(measured: Mapping[str, Measured] | None = None, **fields: object) -> Person:
    return Person(now=NOW, measured=measured, **fields)  # pyright: ignore[reportArgumentType]


def subject(*taken: str | Medicine, whom: Person | None = None) -> Subject:
    """The medicines by name, their ingredients looked up as the front door does."""
    medicines = tuple(Medicine(each) if isinstance(each, str) else each for each in taken)
    parts = [(each, part) for each in medicines for part in ingredients(each.name)]
    known = tuple(Taken(each, part.drug) for each, part in parts if part.drug)
    return Subject(medicines, known, tuple(part.written for _, part in parts if part.drug is None), whom)
