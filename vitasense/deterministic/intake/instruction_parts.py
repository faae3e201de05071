"""What directions are made of: every word of them as an amount, a frequency, a time, a limit … or as nothing known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from vitasense.deterministic.intake.clock_times import clock_times
from vitasense.deterministic.intake.details import Amount, Frozen
from vitasense.deterministic.intake.durations import find_durations, places
from vitasense.deterministic.intake.forms import counted, food, routes
from vitasense.deterministic.intake.frequency import find_frequencies
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.phrases import Phrases
from vitasense.deterministic.intake.ranges import find_spread
from vitasense.deterministic.intake.scene import Scene, quantity
from vitasense.deterministic.intake.schedules import weekdays
from vitasense.deterministic.intake.tokens import fold

Kind = Literal[
    "dose",
    "often",
    "times",
    "food",
    "as_needed",
    "limit",
    "duration",
    "route",
    "site",
    "then",
    "link",
    "stop",
    "filler",
]
UNCLEAR_STRENGTH = "the amount may be that of each or of all"
_MOST_COUNTED = 20
_BY = frozenset({"x", "×"})


class Unread(Exception):
    """Why directions are not read."""


class DoseSaid(Frozen):
    """How much at a time, from `low` to `high`: in the UCUM `unit`, or counted in a `form` ("tablet"), or neither said."""

    low: float
    high: float
    unit: str | None = None
    form: str | None = None


class LimitSaid(Frozen):
    """The most in a day, or in 24 hours (`hours`): so many `takings`, or an amount as in DoseSaid."""

    value: float
    unit: str | None = None
    form: str | None = None
    takings: bool = False
    hours: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """An amount, and what one tablet holds when that was said too."""

    dose: DoseSaid
    strength: Amount | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Something said at tokens `[first, last)`: `meaning` is a Measured, Frequency, times, LimitSaid, Duration or words."""

    kind: Kind
    meaning: object
    first: int
    last: int


def find_parts(scene: Scene) -> list[Part]:
    """Everything that is said, in order. Raises Unread for a word that is nothing of it."""
    longer = {part.first: part for part in _longer(scene)}
    found: list[Part] = []
    place = 0
    while place < len(scene.tokens):
        part = _limit(scene, place) or longer.get(place) or _at(scene, place) or _dose(scene, place, longer)
        if part is None:
            raise Unread(f"“{scene.tokens[place].raw}” is not understood")
        found.append(part)
        place = part.last
    return found


@cache
def _phrases(name: str) -> Phrases[None]:
    return Phrases((word, None) for word in _words(name))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(cast("Sequence[str]", load("instructions")[name]))


def _longer(scene: Scene) -> Iterator[Part]:
    """Frequencies, times of the clock and durations."""
    lasting = find_durations(fold(scene.text), scene.text, scene.tokens)
    clock = [(*places(scene.tokens, each.start, each.end), each.times) for each in clock_times(scene.text)]
    spans = [*((one.first, one.last) for one in lasting), *((first, last) for first, last, _ in clock)]
    taken = {place for first, last in spans for place in range(first, last)}
    # Directions tell a habit: "on Monday" is every Monday.
    for often in (*find_frequencies(scene, taken), *weekdays(scene, always=True)):
        if not often.bare:
            yield Part("often", often.frequency, often.first, often.last)
    yield from (Part("times", times, first, last) for first, last, times in clock)
    for one in lasting:
        if not _words("about").isdisjoint(scene.word(place) for place in range(one.first, one.last)):
            raise Unread("how long is said roughly")
        yield Part("duration", one.duration, one.first, one.last)


def _at(scene: Scene, place: int) -> Part | None:
    if hit := _phrases("as_needed").at(scene, place):
        meaning, last = _reason(scene, hit.last)
        return Part("as_needed", meaning, place, last)
    kinds: tuple[tuple[Kind, str], ...] = (("site", "sites"), ("then", "sequels"), ("filler", "fillers"))
    for kind, name in kinds:
        if hit := _phrases(name).at(scene, place):
            return Part(kind, scene.said(place, hit.last), place, hit.last)
    if hit := routes().at(scene, place):
        return Part("route", hit.meaning, place, hit.last)
    if hit := food().at(scene, place):
        return Part("food", hit.meaning, place, hit.last)
    if scene.word(place) in _words("links"):
        return Part("link", None, place, place + 1)
    return Part("stop", None, place, place + 1) if scene.word(place) in _words("stops") else None


def _reason(scene: Scene, place: int) -> tuple[str | None, int]:
    """ "for pain" after "as needed", up to the next mark, number or limit."""
    if scene.word(place) != "for":
        return None, place
    last = place + 1
    while last < len(scene.tokens) and not _ends_reason(scene, last):
        last += 1
    if last == place + 1:
        raise Unread("“for” is not understood")
    return scene.said(place + 1, last), last


def _ends_reason(scene: Scene, place: int) -> bool:
    marks = _words("stops") | {",", "then"}
    return scene.word(place) in marks or place in scene.number_at or _phrases("limits").at(scene, place) is not None


def _limit(scene: Scene, place: int) -> Part | None:
    """ "up to 4 times a day", "max 8 tablets in 24 hours"."""
    leads = _phrases("limits").at(scene, place)
    number = scene.number_at.get(leads.last) if leads else None
    if number is None:
        return None
    said = quantity(scene, number)
    unit = said.unit if said.unit in _words("units") else None
    form = counted().get(scene.word(number.last))
    takings = scene.word(number.last) in _words("takings") | _BY
    day = _phrases("days").at(scene, said.last if unit else number.last + bool(form or takings))
    if day is None:
        return None
    limit = LimitSaid(
        value=number.value,
        unit=unit,
        form=form.name if form else None,
        takings=takings,
        hours="24" in scene.said(day.first, day.last),
    )
    return Part("limit", limit, place, day.last)


def _dose(scene: Scene, place: int, longer: Mapping[int, Part]) -> Part | None:
    number = scene.number_at.get(place) or (scene.number_at.get(place + 1) if scene.word(place) == "from" else None)
    if number is None:
        return None
    found = _between(scene, number) or _pieces(scene, number) or _amount(scene, number) or _alone(scene, number, longer)
    return Part("dose", found[0], place, found[1]) if found else None


def _between(scene: Scene, number: Number) -> tuple[Measured, int] | None:
    """ "1-2 tablets", "200 to 400 mg"."""
    said = find_spread(scene, number)
    if said is None or said.range.low is None or said.range.high is None or said.range.second_low is not None:
        return None
    form = counted().get(scene.word(said.last))
    if said.unit not in _words("units") and (form is None or said.unit):
        return None
    name = form.name if form and said.unit is None else None
    dose = DoseSaid(low=said.range.low, high=said.range.high, unit=said.unit, form=name)
    return Measured(dose), said.last + bool(form)


def _pieces(scene: Scene, number: Number) -> tuple[Measured, int] | None:
    """ "2 tablets", "one 5 mg tablet", "2 x 500 mg", "1 tablet (500 mg)"."""
    form = counted().get(scene.word(number.last))
    if form:
        return _holding(scene, number, form.name)
    by = scene.word(number.last) in _BY
    inner = scene.number_at.get(number.last + by)
    strength = quantity(scene, inner) if inner else None
    if strength is None or strength.unit not in _words("units"):
        return None
    form = counted().get(scene.word(strength.last))
    if not by and form is None:
        return None
    dose = DoseSaid(low=number.value, high=number.value, form=form.name if form else None)
    return Measured(dose, Amount(value=strength.value, unit=strength.unit)), strength.last + bool(form)


def _holding(scene: Scene, number: Number, form: str) -> tuple[Measured, int]:
    """The strength after "1 tablet"; after more than one it may be that of each or of all."""
    after = number.last + 1
    inner = scene.number_at.get(after + (scene.word(after) == "of"))
    said = quantity(scene, inner) if inner else None
    dose = DoseSaid(low=number.value, high=number.value, form=form)
    if said is None or said.unit not in _words("units"):
        return Measured(dose), after
    if number.value != 1:
        raise Unread(UNCLEAR_STRENGTH)
    return Measured(dose, Amount(value=said.value, unit=said.unit)), said.last


def _amount(scene: Scene, number: Number) -> tuple[Measured, int] | None:
    """ "10 mg", "500 mg tablet", "1000 mg (2 tablets)"."""
    said = quantity(scene, number)
    if number.loose or said.unit not in _words("units"):
        return None
    dose = DoseSaid(low=said.value, high=said.value, unit=said.unit)
    if scene.word(said.last) in counted():
        return Measured(dose), said.last + 1
    count = scene.number_at.get(said.last)
    if count and count.value > 0 and scene.word(count.last) in counted():
        return Measured(dose, Amount(value=said.value / count.value, unit=said.unit)), count.last + 1
    return Measured(dose), said.last


def _alone(scene: Scene, number: Number, longer: Mapping[int, Part]) -> tuple[Measured, int] | None:
    """ "1 at night": a number without a unit counts what was counted before."""
    follows = longer.get(number.last)
    counts = quantity(scene, number).unit is None and number.value <= _MOST_COUNTED
    if (
        not counts
        or scene.word(number.first) in ("a", "an")
        or follows is None
        or follows.kind not in ("often", "times")
    ):
        return None
    return Measured(DoseSaid(low=number.value, high=number.value)), number.last
