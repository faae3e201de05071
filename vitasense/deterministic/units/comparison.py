"""When two units may be compared, and the conversion between them, exact in fractions until the last step.

UCUM decides the dimension and the factor. On top of it stand refusals that a medical reader needs: annotations that
count or index different things, amounts of substance against plain numbers ("mmol/mol" and "%", "mmol/L" and "/L",
"U" and "/min" are of one dimension in UCUM), and charges against particles.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from vitasense.deterministic.units import scales
from vitasense.deterministic.units.exchange import Straight, by_analyte, hba1c
from vitasense.deterministic.units.grammar import definition
from vitasense.deterministic.units.schemas import Analyte, Reason
from vitasense.deterministic.units.tables import counted, indexed
from vitasense.deterministic.units.terms import AMOUNT, CHARGE, MASS, Term

_PHYSICAL = frozenset({"m", "s", MASS, "rad", "K", "C", "cd"})


@dataclass(frozen=True, slots=True)
class Curved:
    """A conversion from or to a scale that is no straight line."""

    source: Term
    target: Term

    def __call__(self, value: Fraction) -> Fraction:
        size = value * self.source.factor
        if scale := self.source.scale:
            size = scales.proper(scale.function, size, scale.proper.factor)
        if scale := self.target.scale:
            size = scales.special(scale.function, size, scale.proper.factor)
        result = size / self.target.factor
        rounds = any(scale and scale.function in scales.TANGENTS for scale in (self.source.scale, self.target.scale))
        return scales.shown(result) if rounds else result


Conversion = Straight | Curved


def conversion(source: Term, target: Term, analyte: Analyte | None) -> Conversion | Reason:
    """How a value in `source` becomes one in `target`, or why it cannot."""
    one, other = source.proper, target.proper
    if not _counts_alike(source, target):
        return "annotation"
    if one.dimension != other.dimension or one.net(CHARGE) != other.net(CHARGE):
        return _apart(source, target, analyte)
    if not _amounts_alike(source, target):
        return hba1c(source, target, analyte) or "amount"
    if not _describes_alike(source, target):
        return "annotation"
    return _by_definition(source, target)


def _counts_alike(source: Term, target: Term) -> bool:
    """Whether annotations in place of a unit agree; one that only names what is counted may be left out."""
    if source.noted("below") != target.noted("below"):
        return False
    one, other = source.noted("above"), target.noted("above")
    return one == other or bool(source.proper.dimension and not (one and other) and one | other <= counted())


def _amounts_alike(source: Term, target: Term) -> bool:
    """Whether amounts of substance meet only amounts; the bare mole alone is also the number that defines it."""
    one, other = source.proper, target.proper
    bare = not (one.dimension or source.scale or target.scale)
    return one.ratio(AMOUNT) == other.ratio(AMOUNT) and (bare or one.net(AMOUNT) == other.net(AMOUNT))


def _describes_alike(source: Term, target: Term) -> bool:
    """Whether annotations behind a unit agree; one may be left out of a unit of the same form, but not an index."""
    one, other = source.noted("of"), target.noted("of")
    if one == other:
        return True
    forms = {(unit.proper.ratio(MASS), unit.proper.ratio(AMOUNT)) for unit in (source, target)}
    index = any(mark in note for note in one | other for mark in indexed())
    return not (one and other) and not index and len(forms) == 1


def _apart(source: Term, target: Term, analyte: Analyte | None) -> Conversion | Reason:
    one, other = source.noted("of"), target.noted("of")
    if one and other and one != other:
        return "annotation"
    found = None if source.scale or target.scale else by_analyte(source, target, analyte)
    if found is None:
        return "quantity" if _arbitrary(source) == _arbitrary(target) else "arbitrary"
    return found


def _arbitrary(term: Term) -> dict[str, int]:
    return {name: power for name, power in term.proper.dimension.items() if name not in _PHYSICAL}


def _by_definition(source: Term, target: Term) -> Conversion:
    if source.scale == target.scale:  # also when neither has one
        particles = _avogadro() ** (source.proper.net(AMOUNT) - target.proper.net(AMOUNT))
        return Straight(source.factor / target.factor * particles)
    there, back = _line(source), _line(target)
    if there and back:
        return Straight(there.slope / back.slope, (there.offset - back.offset) / back.slope)
    return Curved(source, target)


def _line(term: Term) -> Straight | None:
    """The straight line from a value to base units, if it is one."""
    if term.scale is None:
        return Straight(term.factor)
    shift, unit = scales.SHIFTS.get(term.scale.function), term.proper.factor
    return None if shift is None else Straight(term.factor * unit, shift * unit)


@cache
def _avogadro() -> Fraction:
    return definition(AMOUNT).factor
