"""From a person's words to a Schedule: read whole, or kept as text."""

from dataclasses import replace
from functools import lru_cache

from vitasense.deterministic.intake import DoseSaid, Instruction, LimitSaid, instructions
from vitasense.deterministic.medications.dose_forms import counted, measured
from vitasense.deterministic.medications.schedules import (
    TAKING,
    UCUM,
    Day,
    Json,
    Quantity,
    Ratio,
    Schedule,
    Span,
    Step,
    Timing,
    Unit,
)

_FOOD = {"with food": "C", "before food": "AC", "after food": "PC"}
_BY_DAYS: frozenset[Unit] = frozenset({"d", "wk", "mo", "a"})
_TIME_WORDS = {"min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_HOURS_OF_DAY = 24
_REMEMBERED = 4096


def schedule_from_words(text: str) -> Schedule:
    """The schedule that directions say ("1-0-1", "40 mg once a day for 5 days, then 30 mg").

    Directions that cannot be read for sure become one step that has their text and nothing else; see `unread`.
    """
    return _read(text) or Schedule((Step(text=" ".join(text.split())),))


@lru_cache(_REMEMBERED)
def _read(text: str) -> Schedule | None:
    """The schedule; None for directions that cannot be read for sure. The same words mean the same for everybody."""
    said = instructions(text)
    if said.unread:
        return None
    steps = [
        replace(_step(each), order=order)
        for order, step in enumerate(said.steps, 1)
        for instruction in step
        for each in _split(instruction)
    ]
    return Schedule(tuple(steps) if len(steps) > 1 else (replace(steps[0], order=None),))


def unread(text: str) -> str | None:
    """Why directions cannot be read for sure; None when they can."""
    return instructions(text).unread


def understood(schedule: Schedule) -> Schedule:
    """The schedule with steps that are nothing but text read, where that can be done for sure."""
    if len(schedule.steps) != 1:
        return schedule
    (only,) = schedule.steps
    bare = only.timing is None and only.dose is None and not only.when_needed and not only.rest
    return (_read(only.text) if bare and only.text else None) or schedule


def _split(instruction: Instruction) -> list[Instruction]:
    """A scheme of different numbers (1-0-2) as one direction for each time of the day."""
    frequency = instruction.frequency
    if frequency is None or not frequency.counts:
        return [instruction]
    taken = [count for count in frequency.counts if count]
    if len(set(taken)) == 1:
        return [instruction.model_copy(update={"dose": _times(instruction.dose, taken[0])})]
    once = {"count": 1, "counts": ()}
    return [
        instruction.model_copy(
            update={
                "dose": _times(instruction.dose, count),
                "frequency": frequency.model_copy(update={**once, "when": (when,)}),
            }
        )
        for count, when in zip(taken, frequency.when, strict=True)
    ]


def _times(dose: DoseSaid | None, count: float) -> DoseSaid:
    """So many of what was said once: "500 mg 1-0-2"."""
    if dose is None:
        return DoseSaid(low=count, high=count)
    return dose.model_copy(update={"low": dose.low * count, "high": dose.high * count})


def _step(said: Instruction) -> Step:
    when, notes = _food(said)
    return Step(
        text=said.text,
        timing=_timing(said, when),
        dose=_dose(said.dose) if said.dose else None,
        as_needed=True if said.as_needed and not said.reason else None,
        needed_for={"text": said.reason} if said.as_needed and said.reason else None,
        most_per_period=_limit(said.limit) if said.limit else None,
        route={"text": said.route} if said.route else None,
        site={"text": said.site} if said.site else None,
        notes=notes,
    )


def _food(said: Instruction) -> tuple[tuple[str, ...], tuple[Json, ...]]:
    """Food as part of the timing where a timing is by days, else as a note."""
    if said.food is None:
        return (), ()
    frequency = said.frequency
    by_days = frequency is not None and frequency.period_unit in _BY_DAYS and not frequency.when and not said.times
    if by_days and said.food in _FOOD:
        return (_FOOD[said.food],), ()
    words = "on an empty stomach" if said.food == "empty stomach" else said.food
    return (), ({"text": words},)


def _timing(said: Instruction, food: tuple[str, ...]) -> Timing | None:
    frequency, bounds = said.frequency, None
    if said.duration:
        unit = said.duration.unit
        bounds = Quantity(_plain(said.duration.value), unit=_TIME_WORDS[unit], code=unit, system=UCUM)
    if frequency is None:
        return Timing(times=said.times, bounds=bounds) if said.times or bounds else None
    days: tuple[Day, ...] = frequency.days  # type: ignore[assignment] - intake names them as FHIR does
    return Timing(
        frequency=None if frequency.count is None else int(frequency.count),
        period=None if frequency.period is None else _plain(frequency.period),
        period_max=None if frequency.period_max is None else _plain(frequency.period_max),
        unit=frequency.period_unit,
        days=days,
        times=said.times,
        when=frequency.when or food,
        bounds=bounds,
    )


def _plain(value: float) -> float:
    """The number, whole where it is."""
    return int(value) if value == int(value) else value


def _dose(said: DoseSaid) -> Quantity | Span:
    low, high = _amount(said.low, said), _amount(said.high, said)
    return low if low == high else Span(low, high)


def _amount(value: float, said: DoseSaid | LimitSaid) -> Quantity:
    return measured(_plain(value), said.unit) if said.unit else counted(_plain(value), said.form)


def _limit(said: LimitSaid) -> Ratio:
    if said.takings:
        most = Quantity(_plain(said.value), unit="takings", code=TAKING, system=UCUM)
    else:
        most = _amount(said.value, said)
    if said.hours:
        return Ratio(most, Quantity(_HOURS_OF_DAY, unit="hour", code="h", system=UCUM))
    return Ratio(most, Quantity(1, unit="day", code="d", system=UCUM))
