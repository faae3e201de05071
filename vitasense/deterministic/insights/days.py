"""Days of one measurement, each with its value: what comparisons of two stretches of time are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.insights.wording import day
from vitasense.deterministic.intake import Metric
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.tracking import Days, DayValue

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The person's days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Measured:
    """The days of a stretch that have a value, by day. `adds_up` when a day's value is its sum."""

    stretch: Stretch
    code: str
    unit: str | None
    days: Sequence[DayValue]
    adds_up: bool = False

    @property
    def values(self) -> list[float]:
        """One number for each day: its sum, or the median of its readings."""
        return [each.value if self.adds_up else each.middle for each in self.days]

    @property
    def series(self) -> Days:
        """The days as statistics take them."""
        ordinals = np.array([each.day.toordinal() for each in self.days], dtype=np.int64)
        return Days(ordinals, np.array(self.values, dtype=np.float64))

    @property
    def median(self) -> float | None:
        """The middle of the days; None without any."""
        return float(np.median(self.values)) if self.days else None

    @property
    def confidence(self) -> float:
        """How far the data may be trusted, 0 to 1."""
        return tracking.confidence([each.quality for each in self.days]) if self.days else 1.0


def stretch_of(since: datetime, until: datetime, zone: ZoneInfo) -> Stretch:
    """The days from one time to before another."""
    first = since.astimezone(zone).date()
    return Stretch(first, max(first, (until - timedelta(microseconds=1)).astimezone(zone).date()))


async def measured(
    tx: AsyncSession, patient_id: UUID, part: Metric, stretch: Stretch, *, today: date, timezone: str
) -> Measured:
    """The days of the code of the metric that has most of them; of what adds up the running day is left out."""
    found = [await _of_code(tx, patient_id, code, stretch, today, timezone) for code in part.codes or (part.code,)]
    return max(found, key=lambda each: len(each.days))


async def _of_code(
    tx: AsyncSession, patient_id: UUID, code: str, stretch: Stretch, today: date, timezone: str
) -> Measured:
    known = tracking.device_metrics().get(code)
    adds_up = known is not None and known.kind == "sum"
    last = min(stretch.last, today - ONE_DAY) if adds_up else stretch.last
    unit = known.unit if known else None
    if last < stretch.first:
        return Measured(stretch, code, unit, (), adds_up)
    days = await tracking.day_values(tx, patient_id, code, stretch.first, last, timezone=timezone)
    if unit is None and days:
        newest = (await tracking.latest(tx, patient_id, [code])).get(code)
        unit = newest.unit if newest else None
    return Measured(stretch, code, unit, days, adds_up or (known is not None and known.kind == "duration"))


def series_evidence(name: str, found: Measured, zone: ZoneInfo) -> Evidence:
    """The days as evidence."""
    first, last = found.stretch.first, found.stretch.last
    at = datetime.combine(last, datetime.min.time(), zone)
    return Evidence(
        kind="record",
        ref=f"Series/{found.code}",
        version=f"{first:%Y-%m-%d}/{last:%Y-%m-%d}",
        label=f"{name}, {span_words(found.stretch)}",
        at=at,
    )


def span_words(stretch: Stretch) -> str:
    """ "1 November 2026", "1 to 19 November 2026", "9 October to 2 November 2026"."""
    first, last = _moment(stretch.first), _moment(stretch.last)
    if stretch.first == stretch.last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{first.day} {first:%B} to {day(last)}" if first.year == last.year else f"{day(first)} to {day(last)}"


def _moment(of: date) -> datetime:
    return datetime(of.year, of.month, of.day)
