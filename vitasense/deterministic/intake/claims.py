"""Which numbers of a text may be the value of a measure, and which are given away already."""

from collections.abc import Collection

from vitasense.deterministic.intake.lexicon import Measure
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.pressures import find_pressures
from vitasense.deterministic.intake.ranges import Spread, find_spread
from vitasense.deterministic.intake.scene import Quantity, Scene, quantity
from vitasense.deterministic.intake.schemas import EntityType

_REACH = 7
_BEHIND = 6
RIVALS = (EntityType.VITAL, EntityType.LAB, EntityType.DRUG, EntityType.FOOD)
_LIMITING = frozenset(
    {
        *("above", "below", "under", "than", "least", "most", "goal", "target", "exceed"),
        *("last", "past", "latest", "previous", "next", "first", "these", "those"),
    }
)
_DATING = frozenset({"after", "before", "in", "since", "until", "till", "during", "around", "from", "year"})
_TIME = frozenset(
    unit + end for unit in ("day", "week", "month", "year", "hour", "hr", "minute", "min", "time") for end in ("", "s")
)
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
NO_VALUES = _TIME | _ORDINAL  # words after a number that count something else
_DOSE_UNITS = frozenset({"mg", "ug", "g", "mL", "U", "[IU]", "ng"})
# "61 H" and "140 L" in a report are high and low, not hours and litres.
_FLAG_UNITS = frozenset({"h", "L"})

Said = Quantity | Spread


class Claims:
    """The numbers of a scene as quantities, pressures and ranges, and which of them are given away."""

    def __init__(self, scene: Scene, aside: Collection[int]) -> None:
        self.scene, self.aside = scene, aside
        self.spreads = {number.first: spread for number in scene.numbers if (spread := find_spread(scene, number))}
        inside = {place for spread in self.spreads.values() for place in range(spread.first, spread.last)}
        self.pairs = {said.first: said for said in find_pressures(scene) if said.first not in inside}
        self.used = {place for said in self.pairs.values() for place in range(said.first, said.last)}

    def at(self, number: Number, measure: Measure) -> Said:
        """What the number says of a measure."""
        spread = self.spreads.get(number.first)
        if spread and not (spread.moved and measure.second):
            return spread
        said = quantity(self.scene, number)
        if said.unit in _FLAG_UNITS and all(limits.unit != said.unit for limits in measure.units):
            return Quantity(said.value, None, said.first, number.last)
        return said

    def use(self, said: Said) -> None:
        """Give a number away."""
        self.used.update(range(said.first, said.last))


def pair_for(claims: Claims, mention: Mention) -> Quantity | None:
    """The pressure said for a mention, in its sentence and with nothing else measured between."""
    scene, pairs = claims.scene, claims.pairs
    for place in range(mention.first - _REACH, mention.last + _REACH + 3):
        if place not in pairs:
            continue
        before, after = sorted((mention.last, place)) if place > mention.first else (pairs[place].last, mention.first)
        if not scene.breaks(before, after) and not scene.names(before, after, *RIVALS):
            return pairs.pop(place)
    return None


def nearby(claims: Claims, mention: Mention, measure: Measure) -> Said | None:
    """The number said right before a mention with its unit, else the first that fits after it."""
    before = _behind(claims, mention, measure)
    if before and before.unit:
        return before
    return _ahead(claims, mention, measure) or before


def _ahead(claims: Claims, mention: Mention, measure: Measure) -> Said | None:
    scene = claims.scene
    for place in range(mention.last, mention.last + _REACH + 1):
        number = scene.number_at.get(place)
        if number is None or number.loose or place in claims.used:
            continue
        if scene.breaks(mention.last, place) or scene.names(mention.last, place, *RIVALS):
            return None
        said = claims.at(number, measure)
        if _fits(scene, said, number, measure):
            return said
    return None


def _behind(claims: Claims, mention: Mention, measure: Measure) -> Quantity | None:
    scene = claims.scene
    for place in range(mention.first, mention.first - _BEHIND, -1):
        number = scene.number_before.get(place)
        if number is None or number.loose or number.first in claims.used:
            continue
        said = _whole(scene, number)
        rest = [token.raw for token in scene.tokens[said.last : mention.first]]
        if rest in ([], ["of"]) and said.last <= mention.last and _fits(scene, said, number, measure):
            return said
    return None


def _whole(scene: Scene, number: Number) -> Quantity:
    """The quantity that ends with this number: for the inches, the one that began with the feet."""
    for place in (number.first - 1, number.first - 2):
        head = scene.number_before.get(place)
        said = quantity(scene, head) if head else None
        if said and said.last > number.first:
            return said
    return quantity(scene, number)


def _fits(scene: Scene, said: Said, number: Number, measure: Measure) -> bool:
    allowed = {limits.unit for limits in measure.units}
    before = scene.word(number.first - 1)
    if not allowed or before in _LIMITING or (before in _DATING and said.unit is None and _is_year(number)):
        return False
    follows = scene.word(number.last)
    if said.unit not in allowed and follows in NO_VALUES:
        return False
    counted = scene.names(number.last, number.last + 1, EntityType.FOOD)
    return not counted and not (said.unit in _DOSE_UNITS and said.unit not in allowed)


def _is_year(number: Number) -> bool:
    return 1900 <= number.value <= 2100 and number.value == int(number.value)
