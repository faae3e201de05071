"""Conversions that take the analyte: between mass, amount and charge, and HbA1c between NGSP and IFCC."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from vitasense.deterministic.units.schemas import Analyte
from vitasense.deterministic.units.terms import AMOUNT, CHARGE, MASS, Term

_KINDS = (MASS, AMOUNT, CHARGE)
Side = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Straight:
    """The conversion `value * slope + offset`."""

    slope: Fraction
    offset: Fraction = Fraction(0)

    def __call__(self, value: Fraction) -> Fraction:
        return value * self.slope + self.offset


def by_analyte(source: Term, target: Term, analyte: Analyte | None) -> Straight | Literal["analyte"] | None:
    """The conversion by molar mass and valence.

    "analyte" when it is not given or its mass or valence is not known; None when the units differ in more than
    mass against amount against charge.
    """
    side = _changed(source, target)
    if side is None:
        return None
    if analyte is None or analyte.divides != (side == "below"):
        return "analyte"
    grams, charges = (_count(source, side, kind) - _count(target, side, kind) for kind in (MASS, CHARGE))
    if (grams and analyte.molar_mass is None) or (charges and analyte.valence is None):
        return "analyte"
    moles = (analyte.molar_mass or Fraction(1)) ** -grams * Fraction(analyte.valence or 1) ** -charges
    return Straight(source.factor / target.factor * (moles if side == "above" else 1 / moles))


def hba1c(source: Term, target: Term, analyte: Analyte | None) -> Straight | None:
    """Between NGSP (a fraction) and IFCC (a ratio of amounts) by the master equation; None for anything else."""
    if analyte is None or analyte.ngsp_slope is None or analyte.ngsp_intercept is None:
        return None
    # The equation is written in percent and mmol/mol, the factors are of plain fractions.
    slope, intercept = analyte.ngsp_slope * 10, analyte.ngsp_intercept / 100
    if _is_molar_ratio(source) and target.is_number:
        return Straight(source.factor * slope / target.factor, intercept / target.factor)
    if source.is_number and _is_molar_ratio(target):
        return Straight(source.factor / slope / target.factor, -intercept / slope / target.factor)
    return None


def _is_molar_ratio(term: Term) -> bool:
    return dict(term.above) == dict(term.below) == {AMOUNT: 1}


def _changed(source: Term, target: Term) -> Side | None:
    """The side of the line on which mass, amount and charge take each other's place."""
    if _rest(source) != _rest(target):
        return None
    sides: tuple[tuple[Side, Side], ...] = (("above", "below"), ("below", "above"))
    for side, fixed in sides:
        same = all(_count(source, fixed, kind) == _count(target, fixed, kind) for kind in _KINDS)
        if same and _total(source, side) == _total(target, side):
            return side
    return None


def _rest(term: Term) -> dict[str, int]:
    return {name: power for name, power in term.dimension.items() if name != MASS}


def _count(term: Term, side: Side, kind: str) -> int:
    return (term.above if side == "above" else term.below).get(kind, 0)


def _total(term: Term, side: Side) -> int:
    return sum(_count(term, side, kind) for kind in _KINDS)
