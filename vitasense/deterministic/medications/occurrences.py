"""When a medicine is due: at times of the clock where they are said, else on days and parts of a day. No hour is made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count as from_number
from itertools import islice
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from vitasense.deterministic.medications.courses import (
    NO_START,
    Begin,
    Course,
    at_clock,
    courses,
    midnight,
    months_after,
)
from vitasense.deterministic.medications.patterns import (
    HOURS_OF_DAY,
    NOT_UNDERSTOOD,
    Daily,
    Hourly,
    Moments,
    Pattern,
    Slot,
    pattern,
)
from vitasense.deterministic.medications.schedules import WEEK, Schedule, Step, event_timings
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.records import moment
from vitasense.deterministic.tracking import NotEvaluated

LONGEST = timedelta(days=400)
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_COUNTED = 100_000
WHEN_NEEDED = "it is taken when needed"
NO_HOUR = "it is not known at what hour it was first taken"
UNKNOWN_WORDS = "the directions are words that I cannot read for sure"
_ONE_DAY = timedelta(days=1)
_DAYS_OF_WEEK = len(WEEK)
_MONTHS_OF_YEAR = 12


class _Due(NamedTuple):
    """The first and the last day, the slot, and the moment when there is one."""

    day: date
    last: date
    slot: Slot
    at: datetime | None

    def starts(self, zone: ZoneInfo) -> datetime:
        return self.at or midnight(self.day, zone)

    def is_before(self, begin: Begin, zone: ZoneInfo) -> bool:
        """Whether it was due before the beginning; a part of the first day was not."""
        if self.at is not None or begin.day is None:
            return self.starts(zone) < begin.at
        return self.day < begin.day


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One taking that is due: `place` is the step's in the schedule.

    On the local `day` at the moment `at` when a time is said, else in the part of the day that `slot` names; until
    `last_day` when it may be on any day of a period. `key` tells it from every other of the medicine.
    """

    place: int
    day: date
    slot: str
    at: datetime | None
    last_day: date
    key: str
    rank: int = 0


def occurrences(
    schedule: Schedule,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    *,
    start: str | None = None,
    end: str | None = None,
) -> tuple[Occurrence, ...] | NotEvaluated:
    """What is due from `since` to before `until`, in its order; a part of a day counts from the beginning of its day.

    `start` and `end` are those of the medicine, as FHIR writes them. What is taken when needed is never due. Raises
    InvalidInput for times without zone and for more than 400 days.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise InvalidInput("A time needs its time zone.")
    if not FIRST_YEAR <= since.year <= LAST_YEAR or not FIRST_YEAR <= until.year <= LAST_YEAR:
        raise InvalidInput(f"What is due is told for the years {FIRST_YEAR} to {LAST_YEAR}.")
    if until - since > LONGEST:
        raise InvalidInput(f"What is due is told for at most {LONGEST.days} days at once.")
    held = courses(schedule, zone, start=start, end=end)
    if isinstance(held, NotEvaluated):
        return held
    planned = [each for each in held if not each.step.when_needed]
    if not planned:
        return NotEvaluated(WHEN_NEEDED)
    found: list[Occurrence] = []
    for course in planned:
        made = _of_course(course, since, until, zone, several=len(schedule.steps) > 1)
        if isinstance(made, NotEvaluated):
            return made
        found += made
    return tuple(sorted(found, key=_order))


def _order(one: Occurrence) -> tuple[date, bool, float, int]:
    return one.day, one.at is None, one.at.timestamp() if one.at else one.rank, one.place


def _of_course(
    course: Course, since: datetime, until: datetime, zone: ZoneInfo, *, several: bool
) -> list[Occurrence] | NotEvaluated:
    found = _pattern_of(course.step)
    if isinstance(found, NotEvaluated):
        return found
    begin, count = course.begin, course.step.timing.count if course.step.timing else None
    stream = _stream(found, begin, since, until, zone, whole=count is not None)
    if isinstance(stream, NotEvaluated):
        return stream
    stream = (each for each in stream if begin is None or not each.is_before(begin, zone))
    if count is not None:
        if begin is None or begin.day is None:
            return NotEvaluated(NO_START)
        if count > MOST_COUNTED:
            return NotEvaluated("more takings are said than can be counted")
        stream = islice(stream, count)
    ends = min(until, course.end) if course.end else until
    mark = f"#{course.place}" if several else ""
    return [_occurrence(each, course.place, mark, zone) for each in stream if since <= each.starts(zone) < ends]


def _pattern_of(step: Step) -> Pattern | NotEvaluated:
    if "modifierExtension" in step.rest:
        return NotEvaluated(NOT_UNDERSTOOD)
    if step.timing is None and step.text:
        return NotEvaluated(UNKNOWN_WORDS)
    return pattern(step.timing)


def _occurrence(due: _Due, place: int, mark: str, zone: ZoneInfo) -> Occurrence:
    name = due.slot if isinstance(due.slot, str) else f"{due.slot:%H:%M}"
    again = "/2" if due.at and isinstance(due.slot, time) and due.at.astimezone(zone).fold else ""
    key = f"{due.day.isoformat()}/{name}{again}{mark}"
    return Occurrence(place, due.day, name, due.at, due.last, key, _rank(due.slot))


def _rank(slot: Slot) -> int:
    """The place of a part of the day among the others."""
    if isinstance(slot, time):
        return 0
    order = event_timings().order
    return order.index(slot) if slot in order else len(order) + int(slot.rpartition(" ")[2].partition("/")[0])


def _stream(
    found: Pattern, begin: Begin | None, since: datetime, until: datetime, zone: ZoneInfo, *, whole: bool
) -> Iterator[_Due] | NotEvaluated:
    """Everything due from the beginning (`whole`) or from around `since`, in its order, without an end."""
    if isinstance(found, Moments):
        return _moments(found, zone)
    if isinstance(found, Hourly) and begin is not None and begin.exact:
        return _by_hours(found, begin.at, begin.at if whole else max(since, begin.at), until, zone)
    daily = _in_days(found) if isinstance(found, Hourly) else found
    if isinstance(daily, NotEvaluated):
        return daily
    anchor = begin.day if begin else None
    if anchor is None and (daily.needs_start or whole):
        return NotEvaluated(NO_START)
    first = since.astimezone(zone).date() - _ONE_DAY
    if anchor is not None:
        first = anchor if whole else max(anchor, first)
    return _by_days(daily, anchor or first, first, until.astimezone(zone).date(), zone)


def _in_days(found: Hourly) -> Daily | NotEvaluated:
    """Every 8 hours is three times a day, and every 72 hours every third day, when no hour is known."""
    a_day = HOURS_OF_DAY / found.hours
    if a_day == int(a_day):
        often = int(a_day)
        return Daily(1, "d", tuple(f"{place}/{often}" for place in range(1, often + 1)), found.weekdays)
    days = found.hours / HOURS_OF_DAY
    if days == int(days) and not found.weekdays:
        return Daily(int(days), "d", ("1/1",))
    return NotEvaluated(NO_HOUR)


def _moments(found: Moments, zone: ZoneInfo) -> Iterator[_Due] | NotEvaluated:
    made: list[_Due] = []
    for text in found.at:
        one = moment(text)
        if one is None or one.precision in ("year", "month"):
            return NotEvaluated("it is not said on which day it is taken")
        if one.precision == "time":
            local = one.at.astimezone(zone)
            made.append(_Due(local.date(), local.date(), _clock(local), one.at))
        else:
            made.append(_Due(one.at.date(), one.at.date(), "1/1", None))
    return iter(sorted(made, key=lambda each: each.starts(zone)))


def _by_hours(found: Hourly, begin: datetime, first: datetime, until: datetime, zone: ZoneInfo) -> Iterator[_Due]:
    """So many hours apart on every clock, also when the local one is changed."""
    step = timedelta(hours=found.hours)
    for number in from_number(max(0, ceil((first - begin) / step))):
        at = begin + number * step
        if at >= until:
            return
        local = at.astimezone(zone)
        if not found.weekdays or WEEK[local.weekday()] in found.weekdays:
            yield _Due(local.date(), local.date(), _clock(local), at)


def _clock(local: datetime) -> time:
    return local.time().replace(second=0, microsecond=0, fold=0)


def _by_days(found: Daily, anchor: date, first: date, last: date, zone: ZoneInfo) -> Iterator[_Due]:
    for day in _days(found, anchor, first, last):
        ends = _next(found, anchor, day) - _ONE_DAY if found.spread else day
        for slot in found.slots:
            yield _Due(day, ends, slot, at_clock(day, slot, zone) if isinstance(slot, time) else None)


def _days(found: Daily, anchor: date, first: date, last: date) -> Iterator[date]:
    """The days of the pattern from `first` to `last`."""
    if found.weekdays or (found.unit == "d" and found.every == 1):
        monday = anchor - timedelta(days=anchor.weekday())
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            weeks = (day - monday).days // _DAYS_OF_WEEK
            off = found.weekdays and (
                WEEK[day.weekday()] not in found.weekdays or (found.unit == "wk" and weeks % found.every)
            )
            if not off:
                yield day
        return
    for number in from_number(_periods(found, anchor, first)):
        day = _period(found, anchor, number)
        if day > last:
            return
        if day >= first:
            yield day


def _period(found: Daily, anchor: date, number: int) -> date:
    """The first day of the period of that number."""
    if found.unit in ("mo", "a"):
        return months_after(anchor, number * found.every * (_MONTHS_OF_YEAR if found.unit == "a" else 1))
    return anchor + timedelta(days=number * found.every * (_DAYS_OF_WEEK if found.unit == "wk" else 1))


def _periods(found: Daily, anchor: date, day: date) -> int:
    """How many periods are surely over by that day."""
    if found.unit in ("mo", "a"):
        months = (day.year - anchor.year) * _MONTHS_OF_YEAR + day.month - anchor.month - 1
        return max(0, months // (found.every * (_MONTHS_OF_YEAR if found.unit == "a" else 1)))
    return max(0, (day - anchor).days // (found.every * (_DAYS_OF_WEEK if found.unit == "wk" else 1)))


def _next(found: Daily, anchor: date, day: date) -> date:
    """The first day of the period after that of `day`."""
    number = _periods(found, anchor, day)
    while _period(found, anchor, number) <= day:
        number += 1
    return _period(found, anchor, number)
