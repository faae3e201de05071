"""How a goal goes, from the person's days. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from vitasense.deterministic.goals.limits import DAYS_A_WEEK, book, kind_of
from vitasense.deterministic.goals.schemas import DayValue, Goal, Progress
from vitasense.deterministic.platform.problems import InvalidInput

_DAY = timedelta(days=1)
Days = Mapping[date, DayValue]


def progress(goal: Goal, day_values: Iterable[DayValue], now: datetime, zone: ZoneInfo) -> Progress:
    """How the goal goes at `now`: from the first of the person's days that it counts on to today, or to its end.

    A week is evaluated with all of its days; with fewer only when what there is decides already (enough steps are
    enough). The day or week in which the goal was set counts only when it was met. Raises InvalidInput for a value that is
    not a number, and for a goal per week of what cannot be added up.
    """
    days = by_day(day_values)
    first, today = goal.since.astimezone(zone).date(), now.astimezone(zone).date()
    over = goal.until is not None and goal.until <= now
    last = goal.until.astimezone(zone).date() if over and goal.until else today
    if goal.per == "week":
        if not kind_of(goal.metric).adds_up:
            raise InvalidInput("What is measured at moments cannot be added up over a week.")
        spans = _weeks(first, last)
    else:
        spans = [(day, day) for day in _each(first, last)]
    verdicts = [(span[0], _verdict(goal, days, *span)) for span in spans if over or span[1] < today]
    past = [verdict for begins, verdict in verdicts if verdict or begins > first]
    running = next((span for span in spans if not over and span[0] <= today <= span[1]), None)
    current = _total(days, *running) if running else None
    return Progress(
        counted_in="week" if goal.per == "week" else "day",
        met=past.count(True),
        missed=past.count(False),
        not_evaluated=past.count(None),
        streak=_streak(past),
        current=current,
        current_met=_settled(goal, days, *running) if running else None,
        fraction=None if current is None else _fraction(goal, current),
        recent=recent(days, today),
    )


def by_day(day_values: Iterable[DayValue]) -> Days:
    """The days by their date; of two of one day the later in order. Raises InvalidInput for a value that is no number."""
    days = {each.day: each for each in day_values}
    if not all(each.value is None or isfinite(each.value) for each in days.values()):
        raise InvalidInput("The value of a day is a number, or there is none.")
    return days


def recent(days: Days, today: date) -> tuple[float, ...]:
    """The last complete days with data of the last two weeks, at most as many as suggestions look at, the oldest first."""
    rule = book().suggestions
    found = [day.value for back in range(1, rule.within + 1) if (day := days.get(today - back * _DAY))]
    return tuple(value for value in found if value is not None)[: rule.days][::-1]


def _each(first: date, last: date) -> list[date]:
    return [first + count * _DAY for count in range((last - first).days + 1)]


def _weeks(first: date, last: date) -> list[tuple[date, date]]:
    monday = first - first.weekday() * _DAY
    begins = [monday + count * DAYS_A_WEEK * _DAY for count in range((last - monday).days // DAYS_A_WEEK + 1)]
    return [(begin, begin + (DAYS_A_WEEK - 1) * _DAY) for begin in begins]


def _verdict(goal: Goal, days: Days, first: date, last: date) -> bool | None:
    values = _values(goal, days, first, last)
    known = [value for value in values if value is not None]
    if not known:
        return None
    enough = _meets(goal, sum(known))
    complete = len(known) == len(values)
    # Missing days can only add: to what is enough already, or to what is too much already.
    decided = complete or (enough if goal.direction == "at_least" else not enough)
    return enough if decided else None


def _settled(goal: Goal, days: Days, first: date, last: date) -> bool | None:
    """What the running day or week says already: only what more data cannot turn round."""
    known = [value for value in _values(goal, days, first, last) if value is not None]
    if not known:
        return None
    enough = _meets(goal, sum(known))
    final = enough if goal.direction == "at_least" else not enough
    return enough if final and goal.per != "reading" else None


def _values(goal: Goal, days: Days, first: date, last: date) -> list[float | None]:
    return [_counts(goal, day) if (day := days.get(each)) else None for each in _each(first, last)]


def _counts(goal: Goal, day: DayValue) -> float | None:
    """Of readings the one furthest from the goal counts."""
    worst = day.least if goal.direction == "at_least" else day.most
    return worst if goal.per == "reading" and day.value is not None and worst is not None else day.value


def _total(days: Days, first: date, last: date) -> float | None:
    known = [day.value for each in _each(first, last) if (day := days.get(each)) and day.value is not None]
    return sum(known) if known else None


def _meets(goal: Goal, value: float) -> bool:
    return value >= goal.target if goal.direction == "at_least" else value <= goal.target


def _fraction(goal: Goal, value: float) -> float:
    if _meets(goal, value):
        return 1.0
    return max(0.0, value / goal.target if goal.direction == "at_least" else goal.target / value)


def _streak(past: list[bool | None]) -> int:
    evaluated = [each for each in past if each is not None]
    return next((count for count, met in enumerate(reversed(evaluated)) if not met), len(evaluated))
