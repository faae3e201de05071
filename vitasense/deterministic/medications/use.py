"""How much of a medicine is used: by its directions, less what was left out, and as far as it can be counted in a unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic.medications.amounts import amount_range, daily_amount, per_day
from vitasense.deterministic.medications.courses import courses
from vitasense.deterministic.medications.dose_forms import unit_of
from vitasense.deterministic.medications.history import Period
from vitasense.deterministic.medications.occurrences import WHEN_NEEDED, Occurrence, occurrences
from vitasense.deterministic.medications.schedules import Quantity, Schedule, Step
from vitasense.deterministic.medications.strengths import Strength, in_unit
from vitasense.deterministic.tracking import NotEvaluated

PIECES = ""  # the unit of a bare count
NOT_COUNTED = "how much is taken cannot be counted in the unit of what there is"
NO_AMOUNT = "it is not said how much is taken at a time"


@dataclass(frozen=True, slots=True)
class Take:
    """One taking that is due, with the least and the most that it uses, in the unit of the supply."""

    due: Occurrence
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Store:
    """What a supply is counted in: its UCUM unit, or PIECES, and what one piece holds."""

    unit: str
    strengths: tuple[Strength, ...]

    def amount(self, quantity: Quantity) -> float | None:
        """The quantity in this unit; None when that cannot be told. A bare number counts pieces."""
        own = unit_of(quantity)
        if self.unit == PIECES:
            return quantity.value if own is None or own.startswith("{") else self._pieces(quantity)
        if own is None:
            return quantity.value if self.unit.startswith("{") and not quantity.unit else None
        return in_unit(quantity, self.unit, self.strengths)

    def _pieces(self, quantity: Quantity) -> float | None:
        return in_unit(quantity, "{tbl}", self.strengths)

    def pair(self, step: Step) -> tuple[float, float] | NotEvaluated:
        """The least and the most of one taking."""
        said = amount_range(step)
        if said is None:
            return NotEvaluated(NO_AMOUNT)
        least, most = self.amount(said[0]), self.amount(said[1])
        return NotEvaluated(NOT_COUNTED) if least is None or most is None else (least, most)


def takes(
    schedule: Schedule,
    store: Store,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    *,
    start: str | None,
    end: str | None,
) -> list[Take] | NotEvaluated:
    """Every taking that is due in at most 400 days, with how much it uses."""
    due = occurrences(schedule, since, until, zone, start=start, end=end)
    if isinstance(due, NotEvaluated):
        return due
    found: list[Take] = []
    for each in due:
        pair = store.pair(schedule.steps[each.place])
        if isinstance(pair, NotEvaluated):
            return pair
        found.append(Take(each, *pair))
    return found


def rate(steps: Sequence[Step], store: Store) -> tuple[float, float] | NotEvaluated:
    """How much a day, the least and the most, of steps that hold now."""
    if not steps:
        return NotEvaluated("it is not known which directions hold now")
    for step in steps:
        often = per_day(step)
        if isinstance(often, NotEvaluated):
            return often
    total = daily_amount(steps)
    if total is None:
        return NotEvaluated(NO_AMOUNT)
    least, most = store.amount(total[0]), store.amount(total[1])
    return NotEvaluated(NOT_COUNTED) if least is None or most is None else (least, most)


def used(
    held: Sequence[Period], store: Store, since: datetime, until: datetime, zone: ZoneInfo
) -> tuple[list[Take], float, float] | NotEvaluated:
    """The takings that were due in that time, and the least and the most that was used beside them by mean."""
    found: list[Take] = []
    least = most = 0.0
    for period in held:
        first, last = max(since, period.since), min(until, period.until or until)
        if first >= last:
            continue
        if period.schedule is None:
            return NotEvaluated("it is not said how it is taken")
        made = takes(period.schedule, store, first, last, zone, start=period.begins, end=period.ends)
        if not isinstance(made, NotEvaluated):
            found += made
            continue
        mean = _by_mean(period.schedule, store, first, last, made)
        if isinstance(mean, NotEvaluated):
            return mean
        least, most = least + mean[0], most + mean[1]
    return found, least, most


def _by_mean(
    schedule: Schedule, store: Store, first: datetime, last: datetime, why: NotEvaluated
) -> tuple[float, float] | NotEvaluated:
    """Days times the mean, where days cannot be named; sequential steps have no mean."""
    if len({step.order for step in schedule.steps}) > 1:
        return why
    daily = rate(schedule.steps, store)
    if isinstance(daily, NotEvaluated):
        return why if why.reason != WHEN_NEEDED else daily
    days = (last - first) / timedelta(days=1)
    return daily[0] * days, daily[1] * days


def runs_out(planned: Sequence[Take], left: float, *, most: bool) -> date | None:
    """The day of the first taking for which nothing is left; None when there is enough for all."""
    for each in planned:
        left -= each.most if most else each.least
        if left < -1e-9:
            return each.due.day
    return None


def ends(schedule: Schedule, zone: ZoneInfo, *, start: str | None, end: str | None) -> Iterator[datetime | None]:
    """When each direction ends; None for one that goes on."""
    held = courses(schedule, zone, start=start, end=end)
    yield from (each.end for each in held) if not isinstance(held, NotEvaluated) else ()
