"""Schedules that are no phrases: schemes such as 1-0-1, and days of the week."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.details import Frequency
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.scene import Scene

_SCHEME = (3, 4)
_MOST_OF_A_SCHEME = 9
_DASHES = frozenset("-–")
_EVERY, _LED = frozenset({"every", "each"}), frozenset({"every", "each", "on"})
_LINKS = frozenset({"and", ",", "&"})


@dataclass(frozen=True, slots=True)
class Often:
    """A frequency at tokens `[first, last)`; `bare` when it counts without saying in how long."""

    frequency: Frequency
    first: int
    last: int
    bare: bool = False


@cache
def _times() -> tuple[str, ...]:
    """The EventTiming codes of the places of a scheme."""
    return tuple(cast("Sequence[str]", load("frequencies")["scheme"]))


@cache
def _days() -> Mapping[str, str]:
    rows = cast("Mapping[str, Sequence[str]]", load("frequencies")["days"])
    return {word: day for day, words in rows.items() for word in words}


def schemes(scene: Scene) -> Iterator[Often]:
    """ "1-0-1" and "1-0-0-1": how many in the morning, at noon, in the evening and at night."""
    for number in scene.numbers:
        counts = _scheme_at(scene, number.first)
        if len(counts) not in _SCHEME or not any(counts):
            continue
        last = number.first + len(counts)
        frequency = Frequency(
            text=scene.said(number.first, last),
            count=sum(1 for count in counts if count),
            period=1,
            period_unit="d",
            when=tuple(name for name, count in zip(_times(), counts, strict=False) if count),
            counts=counts,
        )
        yield Often(frequency, number.first, last)


def _scheme_at(scene: Scene, first: int) -> tuple[float, ...]:
    if scene.joined(first - 1) in _DASHES:
        return ()
    counts: list[float] = []
    place = first
    while place < len(scene.tokens) and len(counts) <= max(_SCHEME):
        number = scene.number_at.get(place)
        if number is None or number.last != place + 1 or number.value > _MOST_OF_A_SCHEME:
            return ()
        counts.append(number.value)
        if scene.joined(place) not in _DASHES:
            break
        place += 1
    return tuple(counts)


def weekdays(scene: Scene, *, always: bool = False) -> Iterator[Often]:
    """ "Every Monday", "on Mondays and Thursdays": once a week on each. With `always` "on Monday" is said of every one."""
    place = 0
    while place < len(scene.tokens):
        first = place + (scene.word(place) in _LED)
        days, last = _days_at(scene, first)
        said = [word for word in (scene.word(at) for at in range(first, last)) if word in _days()]
        habit = always or scene.word(place) in _EVERY or all(word.endswith("days") for word in said)
        if days and habit and place not in scene.hidden:
            code = "WK" if len(days) == 1 else None
            text = scene.said(place, last)
            yield Often(
                Frequency(text=text, code=code, count=len(days), period=1, period_unit="wk", days=days), place, last
            )
        place = max(last, place + 1)


def _days_at(scene: Scene, place: int) -> tuple[tuple[str, ...], int]:
    days: list[str] = []
    last = place
    while scene.word(place) in _days():
        days.append(_days()[scene.word(place)])
        last = place + 1
        place = last
        while scene.word(place) in _LINKS:
            place += 1
    return tuple(days), last
