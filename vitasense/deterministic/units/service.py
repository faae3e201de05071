"""Units as they are said, and conversions between any two of UCUM that may be compared."""

import math
from fractions import Fraction
from functools import lru_cache

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units.comparison import Conversion, conversion
from vitasense.deterministic.units.grammar import parse
from vitasense.deterministic.units.schemas import NotComparable, Reason, UnknownUnit
from vitasense.deterministic.units.tables import analyte as find_analyte
from vitasense.deterministic.units.tables import codes, words
from vitasense.deterministic.units.terms import Term

_WHY: dict[Reason, str] = {
    "quantity": "they measure different quantities",
    "arbitrary": "an arbitrary unit compares only with itself",
    "annotation": "they count or index different things",
    "amount": "an amount of substance is not a plain number",
    "analyte": "that takes the molar mass or the charge of what is measured",
}


def canonical_unit(text: str) -> str | None:
    """The canonical UCUM code of a unit as written or said ("mmHg" → "mm[Hg]"); None when it is not known."""
    found = codes().get(text) or words().get(text.strip().lower())
    return found.code if found else None


def display_unit(ucum: str) -> str:
    """The unit as a person reads it ("mm[Hg]" → "mmHg"); a code that is not in the table is returned as it is."""
    found = codes().get(ucum)
    return found.display if found else ucum


def unit_words() -> tuple[str, ...]:
    """Every lower-case spelling that `canonical_unit` understands, longest first."""
    return tuple(sorted(words(), key=lambda word: (-len(word), word)))


@lru_cache(maxsize=4096)
def is_valid(ucum: str) -> bool:
    """Whether the text is a case sensitive UCUM expression (UCUM 2.2, sections 2 and 3).

    Prefixes stand on metric atoms only. A special unit (Cel, [pH], B[SPL]) takes no power and no other unit beside
    it, only a number. Expressions above 256 characters and exponents above 99 are not read.
    """
    try:
        parse(ucum)
    except UnknownUnit:
        return False
    return True


def comparable(from_unit: str, to_unit: str, analyte: str | None = None) -> bool:
    """Whether `convert` knows a way from one unit to the other; False for what it does not know."""
    try:
        _conversion(from_unit, to_unit, analyte)
    except InvalidInput:
        return False
    return True


def convert(value: float, from_unit: str, to_unit: str, analyte: str | None = None) -> float:
    """`value` in `to_unit`; `analyte` (name or LOINC code) is needed between mass, moles and equivalents, and HbA1c.

    Units are UCUM expressions; another spelling ("lbs") is taken where it is not one. Factors are UCUM's; molar
    masses and the NGSP/IFCC master equation carry their source in rules/analytes.yaml. The result is the double
    nearest to the exact one. Raises UnknownUnit, NotComparable, or InvalidInput for an unknown analyte and for a
    value or result that is not a finite number or not on the scale.
    """
    if not math.isfinite(value):
        raise InvalidInput("A value must be a finite number to be converted.")
    found = _conversion(from_unit, to_unit, analyte)
    try:
        exact = found(Fraction(repr(float(value))))
        result = float(exact)
    except OverflowError:
        raise _beyond() from None
    if exact and not result:
        raise _beyond()
    return result


@lru_cache(maxsize=4096)
def _conversion(from_unit: str, to_unit: str, analyte: str | None) -> Conversion:
    source, target = _term(from_unit), _term(to_unit)
    found = conversion(source, target, None)
    if analyte is not None and found in ("analyte", "amount"):
        found = conversion(source, target, find_analyte(analyte))
    if isinstance(found, str):
        raise _refusal(from_unit, to_unit, found)
    return found


@lru_cache(maxsize=4096)
def _term(text: str) -> Term:
    """What a unit means; a spelling from the table keeps the annotations that describe its parts."""
    known = codes().get(text)
    if known is None:
        return _spelled(text)
    found = parse(known.code)
    told = parse(text).noted("of") if is_valid(text) else frozenset[str]()
    for note in told:
        found = found.annotated(note)
    return found


def _spelled(text: str) -> Term:
    try:
        return parse(text)
    except UnknownUnit:
        known = words().get(text.strip().lower())
        if known is None:
            raise
    return parse(known.code)


def _beyond() -> InvalidInput:
    return InvalidInput("The value is beyond what a number can hold.")


def _refusal(from_unit: str, to_unit: str, reason: Reason) -> NotComparable:
    units = f"{display_unit(from_unit) or from_unit} cannot be converted to {display_unit(to_unit) or to_unit}"
    return NotComparable(f"{units}: {_WHY[reason]}.", reason)
