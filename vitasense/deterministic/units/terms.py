"""Term: what a UCUM expression means, and the algebra of its products, quotients and powers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, NamedTuple

from vitasense.deterministic.units.schemas import UnknownUnit

# UCUM defines both as plain numbers. They are kept apart because a medical reader must not mix a ratio of amounts
# with a fraction, nor charges with particles.
MASS, AMOUNT, CHARGE = "g", "mol", "eq"
SUBSTANCE = frozenset({AMOUNT, CHARGE})
_LARGEST = 50_000  # bits of a factor; a double ends at about 2,100, so nothing beyond this could be converted

Place = Literal["above", "below", "of"]


class Note(NamedTuple):
    """An annotation: in place of a unit above or below the line, or of a unit that it describes."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The function of a special unit and the proper unit that it is taken of (UCUM 2.2, section 3.1)."""

    function: str
    proper: "Term"


@dataclass(frozen=True, slots=True)
class Term:
    """`factor` times the base units `above` over those `below`, which are not cancelled against each other.

    With a `scale`, `factor` is what the value is multiplied by before the function is applied backwards.
    """

    factor: Fraction = Fraction(1)
    above: Mapping[str, int] = field(default_factory=dict[str, int])
    below: Mapping[str, int] = field(default_factory=dict[str, int])
    notes: frozenset[Note] = frozenset()
    scale: Scale | None = None

    def __post_init__(self) -> None:
        if self.factor.numerator.bit_length() + self.factor.denominator.bit_length() > _LARGEST:
            raise UnknownUnit("The unit is too large or too small to be converted.")

    @property
    def proper(self) -> "Term":
        """The proper unit that a special unit is taken of; any other unit is its own."""
        return self.scale.proper if self.scale else self

    @property
    def dimension(self) -> Mapping[str, int]:
        """The exponents of the base units and arbitrary units, without zeros and without amounts of substance."""
        powers = {name: self.net(name) for name in {*self.above, *self.below} - SUBSTANCE}
        return {name: power for name, power in powers.items() if power}

    @property
    def is_number(self) -> bool:
        """Whether it is a plain number, the only thing that a special unit may be multiplied with."""
        return self.scale is None and not self.above and not self.below

    def net(self, name: str) -> int:
        """The exponent of one base unit."""
        return self.above.get(name, 0) - self.below.get(name, 0)

    def ratio(self, name: str) -> int:
        """How often a base unit stands above and below the line at once, as the mole in mmol/mol."""
        return min(self.above.get(name, 0), self.below.get(name, 0))

    def noted(self, place: Place) -> frozenset[str]:
        """The annotations of one place."""
        return frozenset(note.text for note in self.notes if note.place == place)

    def annotated(self, text: str) -> "Term":
        """The same with an annotation that describes it."""
        return replace(self, notes=self.notes | {Note("of", text)})

    def times(self, number: Fraction) -> "Term":
        """The same, `number` times as large."""
        return replace(self, factor=self.factor * number)

    def __mul__(self, other: "Term") -> "Term":
        if self.scale or other.scale:
            self._only_scaled_by(other)
        return Term(
            self.factor * other.factor,
            _sum(self.above, other.above),
            _sum(self.below, other.below),
            self.notes | other.notes,
            self.scale or other.scale,
        )

    def __truediv__(self, other: "Term") -> "Term":
        return self * other.power(-1)

    def power(self, exponent: int) -> "Term":
        """The term raised to a whole power. Raises UnknownUnit for a special unit, which has none."""
        if self.scale:
            raise UnknownUnit("A special unit cannot be raised to a power or divided by.")
        above, below = (self.above, self.below) if exponent >= 0 else (self.below, self.above)
        notes = self.notes if exponent >= 0 else frozenset(map(_turned, self.notes))
        return Term(self.factor**exponent, _raised(above, abs(exponent)), _raised(below, abs(exponent)), notes)

    def _only_scaled_by(self, other: "Term") -> None:
        if not (self.is_number or other.is_number):
            raise UnknownUnit("A special unit can only be multiplied with a number.")


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _raised(powers: Mapping[str, int], exponent: int) -> Mapping[str, int]:
    return {name: power * exponent for name, power in powers.items() if exponent}


def _turned(note: Note) -> Note:
    if note.place == "of":
        return note
    return note._replace(place="below" if note.place == "above" else "above")
