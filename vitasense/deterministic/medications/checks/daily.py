"""How much of one ingredient a medicine brings in a day at most."""

from collections.abc import Mapping
from functools import lru_cache

from vitasense.deterministic.knowledge import Product, Strength, product
from vitasense.deterministic.medications.checks.subject import Taken
from vitasense.deterministic.medications.schemas import Dose
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import canonical_unit, convert

_HOURS = 24
_COUNTED = ("", "1")  # bare numbers; other pieces are annotations, "{tbl}"
_PUFFS = ("{actuat}", "{puff}", "{spray}", "{dose}")


def takings(dose: Dose) -> float | None:
    """How often a day at most: the limit of what is taken as needed, else the mean of the schedule."""
    return dose.per_day if dose.most_per_day is None else dose.most_per_day


def daily(taken: Taken, unit: str, equal: Mapping[str, float]) -> float | None:
    """The amount a day in `unit`, at most; None when dose, strength or how often are not known.

    `equal` says how many of `unit` one of another unit is worth, where UCUM cannot know it (micrograms of a vitamin).
    """
    dose = taken.medicine.dose
    if dose is None:
        return None
    each, often = at_a_time(taken, unit, equal), takings(dose)
    hourly = _by_the_hour(taken, dose, unit)
    if hourly is not None:
        return hourly
    return None if each is None or often is None else each * often


def at_a_time(taken: Taken, unit: str, equal: Mapping[str, float]) -> float | None:
    """The amount of one taking in `unit`; None when it cannot be told.

    A mass given for a product of several ingredients could be any of them, so it is not used.
    """
    dose = taken.medicine.dose
    if dose is None:
        return None
    own = read(taken.medicine.name)
    straight = _in(dose.amount, dose.unit, unit, equal)
    if straight is not None:
        return straight if len(own.parts) <= 1 else None
    strength = _strength(own, taken)
    return None if strength is None else _through(dose, strength, unit, equal)


@lru_cache(maxsize=4096)
def read(name: str) -> Product:
    """What the name of a product says."""
    return product(name)


def _strength(own: Product, taken: Taken) -> Strength | None:
    found = [part.strength for part in own.parts if part.ingredient.drug and part.ingredient.drug.key == taken.drug.key]
    return found[0] if len(found) == 1 else None


def _through(dose: Dose, strength: Strength, unit: str, equal: Mapping[str, float]) -> float | None:
    """From pieces, puffs or millilitres to what they hold."""
    held, _, per = (strength.unit or "").partition("/")
    count = dose.amount if _counts(dose.unit, per) else _in(dose.amount, dose.unit, per, {}) if per else None
    return None if count is None else _in(count * strength.amount, held, unit, equal)


def _counts(unit: str, per: str) -> bool:
    """Whether the dose counts what the strength is of."""
    if per in _PUFFS:
        return unit in _PUFFS
    return not per and (unit in _COUNTED or (unit.startswith("{") and unit not in _PUFFS))


def _by_the_hour(taken: Taken, dose: Dose, unit: str) -> float | None:
    """What patches give in a day, however often they are changed."""
    strength = _strength(read(taken.medicine.name), taken)
    held, _, per = (strength.unit or "").partition("/") if strength else ("", "", "")
    if strength is None or per != "h" or not (dose.unit.startswith("{") or dose.unit in _COUNTED):
        return None
    return _in(dose.amount * strength.amount * _HOURS, held, unit, {})


def _in(amount: float, own: str, unit: str, equal: Mapping[str, float]) -> float | None:
    if amount < 0:
        return None
    if own in equal:
        return amount * equal[own]
    try:
        return convert(amount, canonical_unit(own) or own, unit)
    except InvalidInput:
        return None
