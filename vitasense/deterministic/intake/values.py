"""Numbers given to the vitals and labs they were said for, with their unit or a doubt."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache

from vitasense.deterministic.intake.claims import NO_VALUES, RIVALS, Claims, Said, nearby, pair_for
from vitasense.deterministic.intake.details import Range
from vitasense.deterministic.intake.lexicon import Measure, measures
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.plausibility import doubt, fits, judge
from vitasense.deterministic.intake.pressures import pressure
from vitasense.deterministic.intake.ranges import Spread
from vitasense.deterministic.intake.scene import Quantity, Scene, quantity
from vitasense.deterministic.intake.schemas import EntityType

_REPEATS = frozenset({",", "and", "then", "&", "later", "or"})
_MOST_REPEATS = 12


@dataclass(frozen=True, slots=True)
class Valued:
    """A measure at tokens `[first, last)` with what was said of it: a value, or from where to where."""

    measure: Measure
    first: int
    last: int
    said: Quantity | None = None
    spread: Range | None = None
    doubt: str | None = None


def find_values(scene: Scene, aside: Collection[int] = ()) -> tuple[Valued, ...]:
    """Every vital and lab that was named, and every number whose form alone says what it is.

    `aside` are the tokens that may stand between two readings in a row: times and circumstances.
    """
    claims = Claims(scene, aside)
    named = [_named(claims, mention) for mention in scene.mentions if mention.meaning.measure]
    alone = [
        Valued(pressure(), said.first, said.last, said, None, doubt(pressure(), said)) for said in claims.pairs.values()
    ]
    found = [*named, *alone, *_told(claims), *_repeated(claims, named)]
    return (*found, *_implied(claims))


def _told(claims: Claims) -> Iterator[Valued]:
    """The value beside a finding that announces one: "a fever of 101" has a temperature."""
    for mention in claims.scene.mentions:
        measure = _told_by().get(mention.meaning.name) if mention.type is EntityType.SYMPTOM else None
        said = nearby(claims, mention, measure) if measure else None
        if measure is None or not isinstance(said, Quantity):
            continue
        judged, reason = judge(measure, said, claims.scene.conventions)
        if judged.unit and doubt(measure, judged) is None:
            claims.use(said)
            yield Valued(measure, said.first, said.last, judged, None, reason if said.unit else None)


@cache
def _told_by() -> dict[str, Measure]:
    return {finding: measure for measure in measures() for finding in measure.told_by}


def _named(claims: Claims, mention: Mention) -> Valued:
    measure = mention.meaning.measure
    assert measure is not None
    said: Said | None = pair_for(claims, mention) if measure.second else None
    said = said or nearby(claims, mention, measure)
    if said is None:
        return Valued(measure, mention.first, mention.last)
    claims.use(said)
    return _valued(claims, measure, said, min(mention.first, said.first), max(mention.last, said.last))


def _valued(claims: Claims, measure: Measure, said: Said, first: int, last: int) -> Valued:
    if isinstance(said, Spread) and said.moved and said.range.high is not None:
        said = Quantity(said.range.high, said.unit, said.first, said.last)
    if isinstance(said, Quantity):
        judged, reason = judge(measure, said, claims.scene.conventions)
        return Valued(measure, first, last, judged, None, reason)
    unit, reason = _judged_ends(measure, said, claims)
    bare = Quantity(0, unit, said.first, said.last)
    return Valued(measure, first, last, bare, said.range, reason)


def _judged_ends(measure: Measure, said: Spread, claims: Claims) -> tuple[str | None, str | None]:
    limits = said.range
    ends = [(limits.low, limits.second_low), (limits.high, limits.second_high)]
    judged = [
        judge(measure, Quantity(value, said.unit, said.first, said.last, second), claims.scene.conventions)
        for value, second in ends
        if value is not None
    ]
    units = {one.unit for one, _ in judged}
    if len(judged) > 1 and len(units) > 1:
        return None, next((reason for _, reason in judged if reason), "The unit was not said.")
    # An open range may begin at the very limit; its other end is not known to be impossible.
    return next(iter(units)), next((reason for _, reason in judged if reason), None)


def _repeated(claims: Claims, named: list[Valued]) -> list[Valued]:
    """The readings that follow one in a row: "pulse 72, 75 and 80", "4.2 before lunch and 9.8 after"."""
    found: list[Valued] = []
    for one in named:
        last = one
        for _ in range(_MOST_REPEATS):
            again = _next_of(claims, last) if last.said and not last.spread and not last.measure.second else None
            if again is None:
                break
            found.append(again)
            last = again
    return found


def _next_of(claims: Claims, one: Valued) -> Valued | None:
    scene = claims.scene
    place, linked = one.last, False
    while place < len(scene.tokens) and (place in claims.aside or scene.word(place) in _REPEATS):
        linked = linked or scene.word(place) in _REPEATS
        place += 1
    number = scene.number_at.get(place)
    if not linked or number is None or number.loose or place in claims.used or place in claims.spreads:
        return None
    said = quantity(scene, number)
    follows = scene.word(said.last)
    if follows in NO_VALUES or scene.names(said.last, said.last + 2, *RIVALS) or not fits(one.measure, said.value):
        return None
    assert one.said is not None
    same = replace(said, unit=said.unit or one.said.unit)
    if same.unit != one.said.unit or (same.unit and doubt(one.measure, same)):
        return None
    claims.use(same)
    return _valued(claims, one.measure, same, said.first, said.last)


@cache
def _implied_units() -> dict[str, Measure]:
    return {word: measure for measure in measures() for word in measure.implied}


def _implied(claims: Claims) -> Iterator[Valued]:
    scene = claims.scene
    for number in scene.numbers:
        if number.loose or number.first in claims.used:
            continue
        said = quantity(scene, number)
        measure = _implied_units().get(" ".join(token.raw for token in scene.tokens[number.last : said.last]))
        if measure is None and scene.number_at.get(number.last + 1) and said.unit == "[in_i]":
            measure = _implied_units()["ft in"]
        if measure and doubt(measure, said) is None and not _of_food(scene, said) and said.value >= measure.least:
            yield Valued(measure, said.first, said.last, said)


def _of_food(scene: Scene, said: Quantity) -> bool:
    return scene.names(said.last, said.last + 4, EntityType.FOOD, EntityType.DRUG)
