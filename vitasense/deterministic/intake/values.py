"""Numbers given to the vitals and labs they were said for, with their unit or a doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from vitasense.deterministic.intake.lexicon import Measure, measures
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import Token, ends_sentence
from vitasense.deterministic.units import canonical_unit, display_unit

_REACH = 7
_RIVALS = (EntityType.VITAL, EntityType.LAB, EntityType.DRUG, EntityType.FOOD)
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
_PAIRS = {"[ft_i]": ("[in_i]", 12.0), "[stone_av]": ("[lb_av]", 14.0)}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at tokens `[first, last)`; `second` is the lower pressure."""

    value: float
    unit: str | None
    first: int
    last: int
    second: float | None = None


@dataclass(frozen=True, slots=True)
class Valued:
    """A measure at tokens `[first, last)` with what was said of it."""

    measure: Measure
    first: int
    last: int
    said: Quantity | None = None
    doubt: str | None = None


class Scene:
    """What the steps of reading share: tokens, numbers and mentions, found by their place in constant time."""

    def __init__(self, tokens: Sequence[Token], numbers: Sequence[Number], mentions: Sequence[Mention]) -> None:
        self.tokens, self.numbers, self.mentions = tokens, tuple(numbers), tuple(mentions)
        self.number_at = {number.first: number for number in numbers}
        self.number_before = {number.last: number for number in numbers}
        self.mention_at = {mention.first: mention for mention in mentions}

    def word(self, at: int) -> str:
        """The folded word at a place, "" outside the text."""
        return self.tokens[at].raw if 0 <= at < len(self.tokens) else ""

    def breaks(self, first: int, last: int) -> bool:
        """Whether a sentence ends between two tokens."""
        return any(ends_sentence(token) for token in self.tokens[first:last])

    def names(self, first: int, last: int, *types: EntityType) -> bool:
        """Whether something of these types begins between two tokens."""
        return any(place in self.mention_at and self.mention_at[place].type in types for place in range(first, last))


def unit_at(scene: Scene, at: int) -> tuple[str, int] | None:
    """The UCUM unit that begins at a token, longest spelling first, and the token after it."""
    for length in range(min(5, len(scene.tokens) - at), 0, -1):
        words = [token.raw for token in scene.tokens[at : at + length]]
        unit = canonical_unit(" ".join(words)) or canonical_unit("".join(words))
        if unit and words != ["in"]:
            return unit, at + length
    return None


def quantity(scene: Scene, number: Number) -> Quantity:
    """The number with the unit that follows it, feet and inches or stones and pounds put together."""
    found = unit_at(scene, number.last)
    if found is None:
        return Quantity(number.value, None, number.first, number.last)
    unit, last = found
    rest = scene.number_at.get(last) if unit in _PAIRS else None
    if rest is None:
        return Quantity(number.value, unit, number.first, last)
    small, factor = _PAIRS[unit]
    after = unit_at(scene, rest.last)
    end = after[1] if after and after[0] == small else rest.last
    return Quantity(number.value * factor + rest.value, small, number.first, end)


def find_values(scene: Scene) -> tuple[Valued, ...]:
    """Every vital and lab that was named, and every number whose form alone says what it is."""
    pairs = {said.first: said for said in _pressures(scene)}
    used = {place for said in pairs.values() for place in range(said.first, said.last)}
    named = [_named(scene, mention, pairs, used) for mention in scene.mentions if mention.meaning.measure]
    alone = [Valued(_pressure(), said.first, said.last, said, _doubt(_pressure(), said)) for said in pairs.values()]
    return (*named, *alone, *_told(scene, used), *_implied(scene, used))


def _told(scene: Scene, used: set[int]) -> Iterator[Valued]:
    """The value beside a finding that announces one: "a fever of 101" has a temperature."""
    for mention in scene.mentions:
        measure = _told_by().get(mention.meaning.name) if mention.type is EntityType.SYMPTOM else None
        said = _nearby(scene, mention, measure, used) if measure else None
        if measure is None or said is None:
            continue
        judged, doubt = _judge(measure, said)
        if doubt is None:
            used.update(range(said.first, said.last))
            yield Valued(measure, said.first, said.last, judged)


@cache
def _told_by() -> dict[str, Measure]:
    return {finding: measure for measure in measures() for finding in measure.told_by}


@cache
def _pressure() -> Measure:
    return next(measure for measure in measures() if measure.second)


def _pressures(scene: Scene) -> Iterator[Quantity]:
    spoken = any(mention.meaning.measure == _pressure() for mention in scene.mentions)
    last = 0
    for upper, lower in zip(scene.numbers, scene.numbers[1:], strict=False):
        gap = [token.raw for token in scene.tokens[upper.last : lower.first]]
        if upper.first < last or upper.loose or lower.loose or gap not in ([], ["/"], ["over"], ["on"]):
            continue
        said = Quantity(upper.value, "mm[Hg]", upper.first, lower.last, lower.value)
        plausible = _doubt(_pressure(), said) is None
        # "120-80" and "120 80" are a pressure only beside the word and when they can be one.
        if (spoken and (gap or plausible)) or (gap in (["/"], ["over"]) and plausible):
            after = unit_at(scene, lower.last)
            last = after[1] if after and after[0] == "mm[Hg]" else lower.last
            yield replace(said, last=last)


def _named(scene: Scene, mention: Mention, pairs: dict[int, Quantity], used: set[int]) -> Valued:
    measure = mention.meaning.measure
    assert measure is not None
    said = _pair_for(scene, mention, pairs) if measure.second else None
    said = said or _nearby(scene, mention, measure, used)
    if said is None:
        return Valued(measure, mention.first, mention.last)
    used.update(range(said.first, said.last))
    judged, doubt = _judge(measure, said)
    return Valued(measure, min(mention.first, said.first), max(mention.last, said.last), judged, doubt)


def _pair_for(scene: Scene, mention: Mention, pairs: dict[int, Quantity]) -> Quantity | None:
    for place in range(mention.first - _REACH, mention.last + _REACH + 3):
        if place not in pairs:
            continue
        before, after = sorted((mention.last, place)) if place > mention.first else (pairs[place].last, mention.first)
        if not scene.breaks(before, after) and not scene.names(before, after, *_RIVALS):
            return pairs.pop(place)
    return None


def _nearby(scene: Scene, mention: Mention, measure: Measure, used: set[int]) -> Quantity | None:
    before = _behind(scene, mention, measure, used)
    if before and before.unit:
        return before
    return _ahead(scene, mention, measure, used) or before


def _ahead(scene: Scene, mention: Mention, measure: Measure, used: set[int]) -> Quantity | None:
    for place in range(mention.last, mention.last + _REACH + 1):
        number = scene.number_at.get(place)
        if number is None or number.loose or place in used:
            continue
        if scene.breaks(mention.last, place) or scene.names(mention.last, place, *_RIVALS):
            return None
        said = quantity(scene, number)
        if _fits(scene, said, number, measure):
            return said
    return None


def _behind(scene: Scene, mention: Mention, measure: Measure, used: set[int]) -> Quantity | None:
    for place in range(mention.first, mention.first - 6, -1):
        number = scene.number_before.get(place)
        if number is None or number.loose or number.first in used:
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


def _fits(scene: Scene, said: Quantity, number: Number, measure: Measure) -> bool:
    allowed = {limits.unit for limits in measure.units}
    before = scene.word(number.first - 1)
    if not allowed or before in _LIMITING or (before in _DATING and said.unit is None and _is_year(number)):
        return False
    follows = scene.word(number.last)
    if follows in _ORDINAL or (follows in _TIME and said.unit not in allowed):
        return False
    counted = scene.names(number.last, number.last + 1, EntityType.FOOD)
    return not counted and not (said.unit in _DOSE_UNITS and said.unit not in allowed)


def _is_year(number: Number) -> bool:
    return 1900 <= number.value <= 2100 and number.value == int(number.value)


_DOSE_UNITS = frozenset({"mg", "ug", "g", "mL", "U", "[IU]", "ng"})


def _judge(measure: Measure, said: Quantity) -> tuple[Quantity, str | None]:
    if said.unit is None:
        possible = [limits for limits in measure.units if limits.low <= said.value <= limits.high]
        if len(possible) > 1:
            names = " or ".join(display_unit(limits.unit) for limits in possible)
            return said, f"The unit was not said; it could be {names}."
        if not possible:
            return said, f"{said.value:g} is outside what is possible for {measure.name}."
        known = replace(said, unit=possible[0].unit)
        return known, _doubt(measure, known)
    return said, _doubt(measure, said)


def _doubt(measure: Measure, said: Quantity) -> str | None:
    limits = next((limits for limits in measure.units if limits.unit == said.unit), None)
    if limits is None:
        return f"{display_unit(said.unit or '')} is not a unit for {measure.name}."
    if measure.second and said.second is None:
        return "Blood pressure has two numbers; only one was said."
    low = measure.second
    if said.second is not None and said.value <= said.second:
        return "The upper number should be higher than the lower number."
    outside = not limits.low <= said.value <= limits.high
    if outside or (low and said.second is not None and not low.low <= said.second <= low.high):
        shown = f"{said.value:g}" if said.second is None else f"{said.value:g}/{said.second:g}"
        return f"{shown} {display_unit(limits.unit)} is outside what is possible for {measure.name}."
    return None


@cache
def _implied_units() -> dict[str, Measure]:
    return {word: measure for measure in measures() for word in measure.implied}


def _implied(scene: Scene, used: set[int]) -> Iterator[Valued]:
    for number in scene.numbers:
        if number.loose or number.first in used:
            continue
        said = quantity(scene, number)
        measure = _implied_units().get(" ".join(token.raw for token in scene.tokens[number.last : said.last]))
        if measure is None and scene.number_at.get(number.last + 1) and said.unit == "[in_i]":
            measure = _implied_units()["ft in"]
        if measure and _doubt(measure, said) is None and not _of_food(scene, said) and said.value >= measure.least:
            yield Valued(measure, said.first, said.last, said)


def _of_food(scene: Scene, said: Quantity) -> bool:
    return scene.names(said.last, said.last + 4, EntityType.FOOD, EntityType.DRUG)
