"""How often: the frequencies of a text as HL7 FHIR Timing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import cast

from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.intake.details import Frequency, TimeUnit
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.phrases import Found, Phrases
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.schedules import Often, schemes, weekdays


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    count: str | None = None
    period: str | None = None
    max: str | None = None
    unit: TimeUnit | None = None
    when: tuple[str, ...] = ()
    code: str | None = None
    least: float = 0
    most: float = 1000
    bare: bool = False


@cache
def _table() -> Phrases[_Row]:
    rows = [_Row.model_validate(row) for row in cast("Sequence[object]", load("frequencies")["entries"])]
    return Phrases((words, row) for row in rows for words in row.words)


@cache
def _codes() -> Mapping[str, str]:
    return cast("Mapping[str, str]", load("frequencies")["codes"])


def frequency_words() -> frozenset[str]:
    """Every word of the frequencies, none of which is a typing error."""
    return _table().words


def find_frequencies(scene: Scene, lasting: Collection[int] = ()) -> tuple[Often, ...]:
    """Every frequency of the text by place; none inside a period ("yesterday evening") or a duration ("for a week")."""
    found = [*_from_table(scene, lasting), *schemes(scene), *weekdays(scene)]
    return tuple(sorted(found, key=lambda often: often.first))


def _from_table(scene: Scene, lasting: Collection[int]) -> Iterator[Often]:
    place = 0
    while place < len(scene.tokens):
        free = place not in scene.hidden and place not in lasting
        found = _table().at(scene, place) if free else None
        often = _often(scene, found) if found else None
        if often:
            yield often
        place = often.last if often else place + 1


def _often(scene: Scene, found: Found[_Row]) -> Often | None:
    row = found.meaning
    if found.numbers and not row.least <= found.numbers[0] <= row.most:
        return None
    number, period = _number(row.count, found.numbers), _number(row.period, found.numbers)
    frequency = Frequency(
        text=scene.said(found.first, found.last),
        code=row.code or _codes().get(f"{number or 0:g} {period or 0:g} {row.unit}"),
        count=number,
        period=period if row.period or row.bare else 1,
        period_max=_number(row.max, found.numbers),
        period_unit=row.unit,
        when=row.when,
    )
    if frequency.period_max is not None or row.when:
        frequency = frequency.model_copy(update={"code": row.code})
    return Often(frequency, found.first, found.last, row.bare)


def _number(said: str | None, numbers: Sequence[float]) -> float | None:
    if said is None:
        return None
    place = int(said[1:]) - 1 if said.startswith("#") else -1
    return numbers[place] if place >= 0 else float(said)


def together(found: Sequence[Often]) -> Frequency | None:
    """The frequencies said of one medicine as one: "once daily" and "in the morning", "in the morning" and "at night".

    None when there is none; the first when they say different things.
    """
    said = [often.frequency for often in found if not often.bare]
    if not said:
        return None
    main = next((one for one in said if one.count is not None and not one.when), said[0])
    others = [one for one in said if one is not main]
    when = tuple(dict.fromkeys(code for one in (main, *others) for code in one.when))
    days = tuple(dict.fromkeys(day for one in (main, *others) for day in one.days))
    times = main.count
    if main.when and all(one.when and one.count == 1 and one.period == 1 for one in (main, *others)):
        times = float(len(when))
    return main.model_copy(update={"when": when, "days": days, "count": times})
