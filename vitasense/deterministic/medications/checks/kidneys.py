"""The two kidney values that labels speak of: as recorded, or worked out from creatinine."""

from dataclasses import replace
from datetime import timedelta

from vitasense.deterministic.medications.checks.measuring import Lack, Reading, amount, day, recorded, tests
from vitasense.deterministic.medications.schemas import Person
from vitasense.deterministic.platform.findings import Value
from vitasense.deterministic.tracking import ckd_epi_2021, cockcroft_gault

_ADULT_YEARS = 18
_LIGHTEST, _HEAVIEST = 25.0, 400.0  # kg of adults, an entry check of this project
_SAME_SAMPLE = timedelta(days=1)


def egfr(person: Person) -> Reading | Lack:
    """The eGFR: recorded, or by CKD-EPI 2021 where the newest creatinine is newer than it."""
    own, creatinine = recorded("egfr", person), recorded("creatinine", person)
    if isinstance(own, Reading) and not _newer(creatinine, own):
        return own
    made = _estimated(creatinine, person)
    if isinstance(made, Reading) or isinstance(own, Lack):
        return made if isinstance(made, Reading) or not made.missing else own
    return own


def clearance(person: Person) -> Reading | Lack:
    """The creatinine clearance: recorded, or by Cockcroft-Gault, or the eGFR in its place where the weight is missing."""
    own, creatinine = recorded("crcl", person), recorded("creatinine", person)
    if isinstance(own, Reading) and not _newer(creatinine, own):
        return own
    made = _cleared(creatinine, person)
    if isinstance(made, Reading):
        return made
    stand_in = egfr(person)
    if isinstance(stand_in, Reading):
        return replace(stand_in, in_place_of=True)
    return next((lack for lack in (made, stand_in, own) if isinstance(lack, Lack) and not lack.missing), Lack(made.of))


def _newer(creatinine: Reading | Lack, own: Reading) -> bool:
    return isinstance(creatinine, Reading) and creatinine.at - own.at > _SAME_SAMPLE


def _estimated(creatinine: Reading | Lack, person: Person) -> Reading | Lack:
    of = tests()["egfr"]
    if isinstance(creatinine, Lack):
        return _of_creatinine(creatinine, "egfr")
    if person.age_years is None or person.sex is None or person.age_years < _ADULT_YEARS:
        return Lack(of, "can be worked out from creatinine only with the age of an adult and the sex")
    return _made("egfr", ckd_epi_2021(creatinine.number, person.age_years, person.sex), creatinine)


def _cleared(creatinine: Reading | Lack, person: Person) -> Reading | Lack:
    of = tests()["crcl"]
    if isinstance(creatinine, Lack):
        return _of_creatinine(creatinine, "crcl")
    age, sex, weight = person.age_years, person.sex, person.weight_kg
    if age is None or sex is None or weight is None or age < _ADULT_YEARS or not _LIGHTEST <= weight <= _HEAVIEST:
        return Lack(of, "can be worked out from creatinine only with the age of an adult, the sex and the weight")
    return _made("crcl", cockcroft_gault(creatinine.number, age, sex, weight), creatinine)


def _of_creatinine(creatinine: Lack, key: str) -> Lack:
    return Lack(tests()[key], f"is not there, and the creatinine {creatinine.said}" if creatinine.said else "")


def _made(key: str, number: float, creatinine: Reading) -> Reading:
    """A value that was worked out, in whole numbers as laboratories report it (KDIGO 2024, section 1.2)."""
    of, whole = tests()[key], float(round(number))
    value = Value(name=of.name, number=whole, unit=of.unit, at=creatinine.at)
    return Reading(
        of,
        whole,
        amount(whole, of.unit),
        creatinine.at,
        (value, *creatinine.values),
        creatinine.evidence,
        how=f"worked out from creatinine {creatinine.said} of {day(creatinine.at)}",
    )
