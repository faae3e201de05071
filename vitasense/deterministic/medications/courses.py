"""From when until when each direction holds: bounds of its own, and one step after the other."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic.medications.schedules import DAYS, Dates, Quantity, Schedule, Span, Step, phases
from vitasense.deterministic.records import moment
from vitasense.deterministic.tracking import NotEvaluated

NO_START = "it is not known on which day it began"
OPEN_END = "how long it is taken is left open"
_CALENDAR = {"d": 1, "wk": 7}
_MONTHS = {"mo": 1, "a": 12}
_MONTHS_OF_YEAR = 12
_LONGEST_DAYS = 150 * 366  # a duration beyond a life says nothing


@dataclass(frozen=True, slots=True)
class Begin:
    """When something began: the local `day`, and the moment `at`; only an `exact` one was said with its time.

    `day` is None when only the month or year is known.
    """

    at: datetime
    day: date | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One step while it holds: from `begin` to before `end`; None where it is open or not known."""

    place: int
    step: Step
    begin: Begin | None
    end: datetime | None


def begin_of(text: str | None, zone: ZoneInfo) -> Begin | None:
    """The beginning that a FHIR date or time names, in the zone of the person; None for none."""
    found = moment(text)
    if found is None:
        return None
    if found.precision == "time":
        return Begin(found.at.astimezone(UTC), found.at.astimezone(zone).date(), True)
    day = found.at.date()
    return Begin(midnight(day, zone), day if found.precision == "day" else None, False)


def end_of(text: str | None, zone: ZoneInfo) -> datetime | None:
    """The first moment after a FHIR date or time, which is part of a period that ends with it."""
    found = moment(text)
    if found is None:
        return None
    return found.end.astimezone(UTC) if found.precision == "time" else midnight(found.end.date(), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return at_clock(day, time(), zone)


def at_clock(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the clock shows that time, in UTC: the first of two, and as long after the gap where the clock skips it."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    place = day.year * _MONTHS_OF_YEAR + day.month - 1 + months
    year, month = place // _MONTHS_OF_YEAR, place % _MONTHS_OF_YEAR + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def courses(
    schedule: Schedule, zone: ZoneInfo, *, start: str | None = None, end: str | None = None
) -> tuple[Course, ...] | NotEvaluated:
    """Each step with the time in which it holds; `start` and `end` are those of the medicine, as FHIR writes them.

    A step after another begins when that ended, so it must be known how long the other lasts and when it began.
    """
    found = phases(schedule)
    if isinstance(found, NotEvaluated):
        return found
    places = {id(step): place for place, step in enumerate(schedule.steps)}
    begin, last = begin_of(start, zone), end_of(end, zone)
    made: list[Course] = []
    for number, steps in enumerate(found):
        phase: list[Course] = []
        for step in steps:
            one = _course(places[id(step)], step, begin, last, zone)
            if isinstance(one, NotEvaluated):
                return one
            phase.append(one)
        made += phase
        if number < len(found) - 1:
            ends = {each.end for each in phase if each.end}
            if not ends:
                return NotEvaluated("it is not said how long a step lasts before the next")
            begin = _from(max(ends), zone)
    return tuple(made)


def _from(at: datetime, zone: ZoneInfo) -> Begin:
    local = at.astimezone(zone)
    return Begin(at, local.date(), local.time() != time())


def _course(
    place: int, step: Step, begin: Begin | None, last: datetime | None, zone: ZoneInfo
) -> Course | NotEvaluated:
    bounds = step.timing.bounds if step.timing else None
    if isinstance(bounds, Span):
        return NotEvaluated(OPEN_END)
    if isinstance(bounds, Dates):
        own = begin_of(bounds.start, zone)
        begin = own if own and (begin is None or own.at >= begin.at) else begin
        return Course(place, step, begin, _earliest(last, end_of(bounds.end, zone)))
    if bounds is None:
        return Course(place, step, begin, last)
    if begin is None or begin.day is None:
        return NotEvaluated(NO_START)
    ends = _after(begin, bounds, zone)
    return ends if isinstance(ends, NotEvaluated) else Course(place, step, begin, _earliest(last, ends))


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one and other else one or other


def _after(begin: Begin, lasting: Quantity, zone: ZoneInfo) -> datetime | NotEvaluated:
    """When so long is over: whole days, weeks, months and years by the calendar, everything else by the clock."""
    unit = lasting.ucum or ""
    if unit not in DAYS or lasting.comparator or not 0 < lasting.value * DAYS[unit] < _LONGEST_DAYS:
        return NotEvaluated(OPEN_END)
    whole = lasting.value == int(lasting.value)
    if not whole or unit not in (*_CALENDAR, *_MONTHS) or begin.day is None:
        return begin.at + timedelta(days=lasting.value * DAYS[unit])
    count = int(lasting.value)
    if unit in _CALENDAR:
        day = begin.day + timedelta(days=count * _CALENDAR[unit])
    else:
        day = months_after(begin.day, count * _MONTHS[unit])
    clock = begin.at.astimezone(zone).time() if begin.exact else time()
    return at_clock(day, clock, zone)
