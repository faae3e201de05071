"""Conversion between units, exact in fractions until the last step."""

import math
from fractions import Fraction

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units.schemas import Analyte, Unit
from vitasense.deterministic.units.tables import analyte as find_analyte
from vitasense.deterministic.units.tables import codes, unit, words

_MASS, _MOLAR, _CHARGE = (
    "mass concentration",
    "molar concentration",
    "charge concentration",
)


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


def convert(value: float, from_unit: str, to_unit: str, analyte: str | None = None) -> float:
    """`value` in `to_unit`; `analyte` (key or LOINC code) is needed between mass, moles and equivalents, and HbA1c.

    Linear factors are UCUM's; molar masses and the NGSP/IFCC master equation carry their source in
    rules/analytes.yaml. Raises InvalidInput for an unknown unit or analyte, a value that is not a finite number,
    and units that cannot be compared.
    """
    if not math.isfinite(value):
        raise InvalidInput("A value must be a finite number to be converted.")
    source, target = unit(from_unit), unit(to_unit)
    base = Fraction(repr(float(value))) * source.factor + source.offset
    if source.kind != target.kind:
        base = _across(base, source, target, find_analyte(analyte) if analyte else None)
    return float((base - target.offset) / target.factor)


def _across(base: Fraction, source: Unit, target: Unit, analyte: Analyte | None) -> Fraction:
    if analyte and analyte.ngsp_slope and analyte.ngsp_intercept is not None:
        return _hba1c(base, source, target, analyte.ngsp_slope, analyte.ngsp_intercept)
    return base * _per_mole(source, analyte, target) / _per_mole(target, analyte, source)


def _per_mole(one: Unit, analyte: Analyte | None, other: Unit) -> Fraction:
    """Moles in one base unit of a concentration."""
    if analyte and one.kind == _MOLAR:
        return Fraction(1)
    if analyte and one.kind == _MASS and analyte.molar_mass:
        return 1 / analyte.molar_mass
    if analyte and one.kind == _CHARGE and analyte.valence:
        return Fraction(1, analyte.valence)
    raise _refusal(one, other, analyte)


def _hba1c(base: Fraction, source: Unit, target: Unit, slope: Fraction, intercept: Fraction) -> Fraction:
    # The equation is written in percent and mmol/mol, the bases are plain fractions.
    if (source.kind, target.kind) == ("molar fraction", "fraction"):
        return (slope * base * 1000 + intercept) / 100
    if (source.kind, target.kind) == ("fraction", "molar fraction"):
        return (base * 100 - intercept) / slope / 1000
    raise _refusal(source, target, None)


def _refusal(source: Unit, target: Unit, analyte: Analyte | None) -> InvalidInput:
    missing = "" if analyte else " without knowing the analyte"
    return InvalidInput(f"{source.display} cannot be converted to {target.display}{missing}.")
