"""What one tablet, or one millilitre, holds: read from a product's name, or from the Medication of the record."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from vitasense.deterministic.medications.dose_forms import unit_of
from vitasense.deterministic.medications.fhir_values import take_objects, take_ratio
from vitasense.deterministic.medications.schedules import Json, Quantity
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import canonical_unit, convert

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_MASS = r"mg|mcg|ug|µg|μg|micrograms?|milligrams?|grams?|g|ng|meq|mmol|unt|units?|iu|\[iu\]"
_PER = r"ml|l|actuat|puff|h|hr|hour|24h"
_STRENGTH = re.compile(
    rf"(?<![\w.,])(?P<value>{_NUMBER})\s*(?:(?P<unit>{_MASS})(?:\s*/\s*(?P<by>{_NUMBER})?\s*(?P<per>{_PER}))?|(?P<share>%))(?!\w)",
    re.IGNORECASE,
)
_UNITS = {
    **dict.fromkeys(("unt", "unit", "units", "iu", "[iu]"), "[iU]"),
    **dict.fromkeys(("mcg", "µg", "μg", "ug", "microgram", "micrograms"), "ug"),
    **dict.fromkeys(("mg", "milligram", "milligrams"), "mg"),
    **dict.fromkeys(("g", "gram", "grams"), "g"),
    **{unit: unit for unit in ("ng", "meq", "mmol")},
}
_PERS = {"ml": "mL", "l": "L", "actuat": "{puff}", "puff": "{puff}", "h": "h", "hr": "h", "hour": "h", "24h": "h"}
_DIGITS = 6


@dataclass(frozen=True, slots=True, order=True)
class Strength:
    """So much in one piece, or in one of `per` (mL, h, {puff}): masses in mg, units in [iU], a share in %."""

    value: float
    unit: str
    per: str | None = None


@lru_cache(4096)
def strengths_of(name: str) -> tuple[Strength, ...]:
    """The strengths that a product's name says, in order; one for each ingredient that has one."""
    found = (_strength(match) for match in _STRENGTH.finditer(name))
    return tuple(each for each in found if each)


def _strength(match: re.Match[str]) -> Strength | None:
    value = _number(match["value"])
    if match["share"]:
        return Strength(value, "%")
    per = _PERS[match["per"].lower()] if match["per"] else None
    by = _number(match["by"]) if match["by"] else 1.0
    return _in_mg(value / by, _UNITS[match["unit"].lower()], per) if by > 0 else None


def _number(said: str) -> float:
    whole = said.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", said) else said.replace(",", ".")
    return float(whole)


def _in_mg(value: float, unit: str, per: str | None) -> Strength | None:
    if unit in ("g", "ug", "ng"):
        value, unit = convert(value, unit, "mg"), "mg"
    return Strength(float(f"{value:.{_DIGITS}g}"), unit, per) if value > 0 else None


def strengths_in(medicine: Json) -> tuple[Strength, ...]:
    """The strengths of a FHIR Medication's ingredients; none when one of them has none."""
    found = [_of_ratio(dict(each)) for each in take_objects(dict(medicine), "ingredient")]
    return tuple(each for each in found if each) if all(found) else ()


def _of_ratio(part: dict[str, object]) -> Strength | None:
    ratio = take_ratio(part, "strength")
    if ratio is None or ratio.numerator is None:
        return None
    unit = unit_of(ratio.numerator)
    by = ratio.denominator.value if ratio.denominator else 1
    per = unit_of(ratio.denominator) if ratio.denominator else None
    if unit is None or by <= 0:
        return None
    return _in_mg(ratio.numerator.value / by, unit, per if per in ("mL", "L", "h", "{puff}") else None)


def in_unit(amount: Quantity, unit: str, strengths: Iterable[Strength]) -> float | None:
    """The amount in a UCUM unit, pieces and millilitres by way of the one strength; None when that cannot be told."""
    own = unit_of(amount)
    if own is None:
        return None
    if (plain := _converted(amount.value, own, unit)) is not None:
        return plain
    known = tuple(strengths)
    if len(known) != 1:
        return None
    (strength,) = known
    return _through(amount.value, own, unit, strength) or _back(amount.value, own, unit, strength)


def _through(value: float, own: str, unit: str, strength: Strength) -> float | None:
    """From pieces or millilitres to what they hold."""
    pieces = _pieces(value, own, strength)
    return None if pieces is None else _converted(pieces * strength.value, strength.unit, unit)


def _back(value: float, own: str, unit: str, strength: Strength) -> float | None:
    """From what is held to pieces or millilitres."""
    held = _converted(value, own, strength.unit)
    one = _pieces(1.0, unit, strength)
    return None if held is None or one is None else held / strength.value / one


def _pieces(value: float, unit: str, strength: Strength) -> float | None:
    """How many of what the strength is of: pieces are counted in braces."""
    if strength.per is None:
        return value if unit.startswith("{") else None
    return _converted(value, unit, strength.per)


def _converted(value: float, unit: str, target: str) -> float | None:
    if unit == target:
        return value
    try:
        return convert(value, canonical_unit(unit) or unit, target)
    except InvalidInput:
        return None
