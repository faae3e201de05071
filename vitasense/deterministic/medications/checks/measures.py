"""The latest laboratory values that make a load heavier, each in one unit."""

from datetime import timedelta
from typing import Literal

from vitasense.deterministic.medications.schemas import Measured, Person

Measure = Literal["potassium", "magnesium", "sodium"]
# LOINC codes of blood, serum or plasma; all in mmol/L except magnesium in mg/dL (19123-9).
_CODES: dict[Measure, tuple[str, ...]] = {
    "potassium": ("2823-3", "6298-4", "77142-8"),
    "magnesium": ("2601-3", "19123-9"),
    "sodium": ("2951-2", "2947-0", "77139-4"),
}
# To mmol/L; magnesium: 24.305 g/mol, two charges.
_TO_MMOL: dict[str, dict[Measure, float]] = {
    "mmol/L": {"potassium": 1, "magnesium": 1, "sodium": 1},
    "meq/L": {"potassium": 1, "magnesium": 0.5, "sodium": 1},
    "mg/dL": {"magnesium": 0.4114},
}
MEASURES = frozenset(code for codes in _CODES.values() for code in codes)
KNOWN_FOR = timedelta(days=90)  # our own choice: salts of the blood change, an older value says nothing


def measured(person: Person, what: Measure) -> Measured | None:
    """The newest value in mmol/L of the last 90 days; None when there is none or its unit is not known."""
    held = [value for code in _CODES[what] if (value := (person.measured or {}).get(code))]
    new = [each for each in held if person.now - each.at <= KNOWN_FOR and _factor(each, what)]
    newest = max(new, key=lambda each: each.at, default=None)
    if newest is None:
        return None
    return Measured(newest.value * _factor(newest, what), "mmol/L", newest.at, newest.evidence)


def _factor(value: Measured, what: Measure) -> float:
    return _TO_MMOL.get(value.unit, {}).get(what, 0)
