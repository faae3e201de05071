"""What a Timing comes to: takings by the hour, on days, or at single moments; or the reason why it cannot be followed."""

from dataclasses import dataclass, replace
from datetime import time
from typing import cast

from vitasense.deterministic.medications.schedules import (
    DAYS,
    WEEK,
    Abbreviation,
    Day,
    Json,
    Timing,
    Unit,
    event_timings,
)
from vitasense.deterministic.tracking import NotEvaluated

UNKNOWN_OFTEN = "it is not said how often it is taken"
OPEN_OFTEN = "how often it is taken is left open"
CONTRADICTS = "the directions contradict themselves"
NOT_UNDERSTOOD = "the directions hold something that I do not understand"
TOO_OFTEN = "it is said more often than can be planned"
MOST_A_DAY = 96  # takings: one every quarter of an hour; our own choice, beyond it nothing is planned
LONGEST_PERIOD = 10_000  # of any unit; our own choice
HOURS_OF_DAY = 24
BY_HOURS: frozenset[Unit] = frozenset({"s", "min", "h"})

Slot = time | str  # a time of the clock, a part of the day (HL7 EventTiming), or "2/3": the second of three


@dataclass(frozen=True, slots=True)
class Hourly:
    """One taking every `hours` hours, on the weekdays only when there are some."""

    hours: float
    weekdays: tuple[Day, ...] = ()

    @property
    def per_day(self) -> float:
        """Takings a day on the mean."""
        return HOURS_OF_DAY / self.hours * (len(self.weekdays) / len(WEEK) if self.weekdays else 1)


@dataclass(frozen=True, slots=True)
class Daily:
    """Takings at `slots` of a day, every so many of `unit` ("d", "wk", "mo", "a"), or on weekdays of every so many weeks.

    `spread` ones are taken on any days of the period.
    """

    every: int
    unit: Unit
    slots: tuple[Slot, ...]
    weekdays: tuple[Day, ...] = ()
    spread: bool = False

    @property
    def per_day(self) -> float:
        """Takings a day on the mean."""
        if self.weekdays:
            return len(self.slots) * len(self.weekdays) / len(WEEK) / (self.every if self.unit == "wk" else 1)
        return len(self.slots) / (self.every * DAYS[self.unit])

    @property
    def needs_start(self) -> bool:
        """Whether nobody knows the days without knowing on which it began."""
        if self.weekdays:
            return self.unit == "wk" and self.every > 1
        return self.every > 1 or self.unit != "d"


@dataclass(frozen=True, slots=True)
class Moments:
    """Single moments, as FHIR writes them."""

    at: tuple[str, ...]


Pattern = Hourly | Daily | Moments


def pattern(timing: Timing | None) -> Pattern | NotEvaluated:
    """What the timing comes to. HL7 FHIR R4, datatypes, Timing: the meaning of each member, and its rules tim-1 to tim-10."""
    found = settled(timing)
    if isinstance(found, NotEvaluated):
        return found
    if found.frequency_max is not None or found.period_max is not None or found.count_max is not None:
        return NotEvaluated(OPEN_OFTEN)
    if found.events:
        alone = not (found.frequency or found.period or found.days or found.times or found.when)
        return Moments(found.events) if alone else NotEvaluated(CONTRADICTS)
    if (found.times and found.when) or not _is_sound(found):
        return NotEvaluated(CONTRADICTS)
    return _hourly(found) if found.unit in BY_HOURS else _daily(found)


def settled(timing: Timing | None) -> Timing | NotEvaluated:
    """The timing with what its abbreviation alone says.

    FHIR R4, Timing.code: the code is a complete statement, and either it or the data may be used.
    """
    if timing is None:
        return NotEvaluated(UNKNOWN_OFTEN)
    if (set(timing.rest) | set(timing.repeat_rest)) - {"id", "extension"}:
        return NotEvaluated(NOT_UNDERSTOOD)
    said = (timing.frequency, timing.period, timing.unit, timing.count, timing.days, timing.times, timing.when)
    if any(said) or timing.events or timing.code is None:
        return timing
    found = abbreviation(timing.code)
    if found is None:
        return NotEvaluated(NOT_UNDERSTOOD)
    return replace(timing, frequency=found.frequency, period=found.period, unit=found.unit, when=found.when)


def abbreviation(code: Json) -> Abbreviation | None:
    """What the coding of a timing means; None for an abbreviation that is not in the table."""
    codings = cast("list[object]", code["coding"]) if isinstance(code.get("coding"), list) else []
    for coding in codings:
        name = cast("Json", coding).get("code") if isinstance(coding, dict) else None
        if isinstance(name, str) and name in event_timings().abbreviations:
            return event_timings().abbreviations[name]
    return None


def _is_sound(timing: Timing) -> bool:
    """Whether the numbers can be: whole and positive where they count."""
    period = timing.period
    if (period is None) != (timing.unit is None):
        return False
    if timing.frequency is not None and timing.frequency < 1:
        return False
    if period is None:
        return True
    whole = timing.unit in BY_HOURS or period == int(period)
    return 0 < period <= LONGEST_PERIOD and whole


def _hourly(timing: Timing) -> Pattern | NotEvaluated:
    assert timing.period is not None and timing.unit is not None, "the period was looked at"
    hours = timing.period * DAYS[timing.unit] * HOURS_OF_DAY
    often = timing.frequency or 1
    named = timing.times or timing.when
    if named or often > 1:
        daily = hours / often * max(len(named), often) == HOURS_OF_DAY
        return _daily(replace(timing, frequency=None if named else often, period=1, unit="d")) if daily else _odd()
    if HOURS_OF_DAY / hours > MOST_A_DAY:
        return NotEvaluated(TOO_OFTEN)
    return Hourly(round(hours, 6), timing.days)


def _odd() -> NotEvaluated:
    return NotEvaluated(CONTRADICTS)


def _daily(timing: Timing) -> Daily | NotEvaluated:
    every, unit = int(timing.period or 1), timing.unit or "d"
    named = _named(timing)
    if isinstance(named, NotEvaluated):
        return named
    if timing.period is None and not (named or timing.days):
        return NotEvaluated(UNKNOWN_OFTEN)
    if timing.days:
        return _on_weekdays(timing, every, unit, named)
    often = len(named) or timing.frequency or 1
    if often > MOST_A_DAY:
        return NotEvaluated(TOO_OFTEN)
    if named and timing.frequency not in (None, often):
        return _odd()
    several_days = every > 1 or unit != "d"
    return Daily(every, unit, named or _numbered(often), spread=several_days and often > 1 and not named)


def _on_weekdays(timing: Timing, every: int, unit: Unit, named: tuple[Slot, ...]) -> Daily | NotEvaluated:
    """FHIR R4, Timing.repeat.dayOfWeek: on those days only; in a week the frequency counts those of all days."""
    if unit not in ("d", "wk") or (unit == "d" and every > 1):
        return _odd()
    days: tuple[Day, ...] = tuple(day for day in WEEK if day in timing.days)
    on_each = len(days) if unit == "wk" else 1
    if timing.frequency is None or named:
        if timing.frequency not in (None, on_each * (len(named) or 1)):
            return _odd()
        return Daily(every, unit, named or _numbered(1), days)
    if timing.frequency % on_each:
        return _odd()
    often = timing.frequency // on_each
    return Daily(every, unit, _numbered(often), days) if often <= MOST_A_DAY else NotEvaluated(TOO_OFTEN)


def _named(timing: Timing) -> tuple[Slot, ...] | NotEvaluated:
    """The times of the clock or the parts of the day, in their order; none when none are said."""
    if timing.times:
        return tuple(sorted(set(timing.times)))
    known = event_timings()
    if any(code not in known.words for code in timing.when):
        return NotEvaluated(NOT_UNDERSTOOD)
    if len(timing.when) == 1 and timing.when[0] in known.meals:
        return _meals(timing.when[0], timing)
    named = {part for code in timing.when for part in known.meals.get(code, (code,))}
    return tuple(code for code in known.order if code in named)


def _meals(code: str, timing: Timing) -> tuple[Slot, ...]:
    """ "Three times a day after meals" names them; "twice a day with food" leaves open which."""
    meals = event_timings().meals[code]
    if timing.frequency in (None, len(meals)):
        return meals
    often = min(timing.frequency or 1, MOST_A_DAY + 1)
    return tuple(f"{code} {place}/{often}" for place in range(1, often + 1))


def _numbered(often: int) -> tuple[Slot, ...]:
    return tuple(f"{place}/{often}" for place in range(1, often + 1))
