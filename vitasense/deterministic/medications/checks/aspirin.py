"""Whether aspirin is taken in the low dose that protects the heart, which counts apart from the dose for pain."""

import re
from typing import Literal

from vitasense.deterministic.medications.checks.subject import Taken
from vitasense.deterministic.medications.schemas import Dose, Medicine

AspirinDose = Literal["low", "high", "unknown"]
ANY_DOSE = frozenset[AspirinDose]({"low", "high", "unknown"})
ASPIRIN = "aspirin"
# Two tablets of 81 mg: USPSTF 2021 and ACOG 2018 (prevention of pre-eclampsia, 60 to 162 mg a day); FDA 2020 calls 81 mg low.
LOW_MG = 162.0
_STRENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*mg\b", re.IGNORECASE)
_IN_MG = {"mg": 1.0, "g": 1000.0}


def aspirin_dose(medicine: Medicine) -> AspirinDose:
    """low: at most 162 mg a day, by the dose or else the strength in the name; unknown when neither is there."""
    milligrams = _by_dose(medicine) if medicine.dose else _strength(medicine.name)
    if milligrams is None:
        return "unknown"
    return "low" if milligrams <= LOW_MG else "high"


def in_dose(taken: Taken, doses: frozenset[AspirinDose]) -> bool:
    """Whether it is taken in one of the `doses`; every other ingredient than aspirin is."""
    return taken.drug.key != ASPIRIN or aspirin_dose(taken.medicine) in doses


def _by_dose(medicine: Medicine) -> float | None:
    dose = medicine.dose
    each = _each(dose, medicine.name) if dose else None
    return None if dose is None or each is None else each * (dose.most_per_day or dose.per_day or 1)


def _each(dose: Dose, name: str) -> float | None:
    if dose.unit in _IN_MG:
        return dose.amount * _IN_MG[dose.unit]
    strength = _strength(name)
    return None if strength is None else dose.amount * strength


def _strength(name: str) -> float | None:
    found = _STRENGTH.findall(name)
    return float(found[0]) if len(found) == 1 else None
