"""A stretch of time in at most so many points, and days one by one: for pages, baselines, goals and comparisons."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from statistics import fmean, median
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import rollups_repository, streams_repository
from vitasense.deterministic.tracking.catalogue import DeviceMetric, Kind, device_metrics
from vitasense.deterministic.tracking.joining import joined
from vitasense.deterministic.tracking.local_days import ONE_DAY, day_of, midnight
from vitasense.deterministic.tracking.person_settings import person_settings
from vitasense.deterministic.tracking.rollups_repository import Rollup
from vitasense.deterministic.tracking.schemas import Sample
from vitasense.deterministic.tracking.series import latest, merged_series, recorded_series
from vitasense.deterministic.units import convert

Resolution = Literal["raw", "hour", "day", "days"]
MOST_POINTS = 1500
LONGEST_DAYS = 366 * 20  # days that are told one by one in one answer


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One point: a sample, or the samples from `at` to `until` with their mean (`instant`) or their sum as `value`."""

    at: datetime
    until: datetime | None
    value: float
    least: float
    most: float
    n: int
    quality: float
    by_device: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Points by time, values in `unit`. `days` is several days in a point. `left_out` recorded values had a unit that does
    not convert; `cut` says that there are older recorded values than those shown; not `complete`, that samples wait to be summed up.
    `unit` is None when there is nothing.
    """

    metric: str
    unit: str | None
    kind: Kind
    resolution: Resolution
    points: Sequence[ChartPoint]
    left_out: int
    cut: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class DayValue:
    """One local day: `value` is the mean (`instant`) or the sum, `middle` the median, `n` how many values there were."""

    day: date
    value: float
    least: float
    most: float
    middle: float
    n: int
    quality: float
    by_device: bool


async def chart(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime, *, most: int = MOST_POINTS
) -> Chart:
    """The metric from `since` to before `until`: devices merged, as fine as `most` points allow (samples, hours, days, or
    several days), and the record's own values as points of their own, at most the newest `most`.

    Raises InvalidInput for a time that ends before it begins or less than one point.
    """
    if most < 1 or since >= until:
        raise InvalidInput("A chart needs a beginning, a later end and room for a point.")
    known = device_metrics().get(metric)
    recorded = await recorded_series(tx, patient_id, metric, since, until, most=most)
    resolution, points = await _measured(tx, patient_id, known, since, until, most) if known else ("raw", [])
    unit = known.unit if known else await _unit(tx, patient_id, metric)
    own = [point for sample in recorded if (point := _recorded(sample, unit)) is not None]
    return Chart(
        metric=metric,
        unit=unit if own or points else None,
        kind=known.kind if known else "instant",
        resolution=resolution,
        points=sorted([*points, *own], key=lambda point: point.at),
        left_out=len(recorded) - len(own),
        cut=len(recorded) == most,
        complete=resolution == "raw" or await _complete(tx, patient_id, metric, since, until, points),
    )


async def day_values(
    tx: AsyncSession, patient_id: UUID, metric: str, first_day: date, last_day: date, *, timezone: str = "UTC"
) -> list[DayValue]:
    """Every day from the first to the last that has a value, in the metric's unit (the last value's, outside the catalogue).

    Devices merged; on days without any, what the record has of a metric that is measured at moments. Days are those of the
    person's zone, else of `timezone`. Raises InvalidInput for days that end before they begin or are more than LONGEST_DAYS.
    """
    if not 0 <= (last_day - first_day).days < LONGEST_DAYS:
        raise InvalidInput("Days are told from a first to a later last one, at most those of twenty years.")
    zone = (await person_settings(tx, patient_id, timezone=timezone)).zone
    since, until = midnight(first_day, zone), midnight(last_day + ONE_DAY, zone)
    known = device_metrics().get(metric)
    found: dict[date, DayValue] = {}
    if known is None or known.kind == "instant":
        unit = known.unit if known else await _unit(tx, patient_id, metric)
        found |= _recorded_days(await recorded_series(tx, patient_id, metric, since, until), unit, zone)
    if known:
        rows = await rollups_repository.rollups(tx, patient_id, metric, "day", since, until)
        found |= {day: value for day, value in _measured_days(rows, known, zone) if first_day <= day <= last_day}
    return [found[day] for day in sorted(found)]


async def _measured(
    tx: AsyncSession, patient_id: UUID, metric: DeviceMetric, since: datetime, until: datetime, most: int
) -> tuple[Resolution, list[ChartPoint]]:
    raw = await _raw(tx, patient_id, metric, since, until, most)
    if raw is not None:
        return "raw", raw
    mine = (tx, patient_id, metric.code)
    if await rollups_repository.count(*mine, "hour", since, until) <= most:
        hours = await rollups_repository.rollups(*mine, "hour", since, until)
        return "hour", [_point(row, metric.kind) for row in hours]
    days = await rollups_repository.rollups(*mine, "day", since, until)
    if len(days) <= most:
        return "day", [_point(row, metric.kind) for row in days]
    return "days", [_point(row, metric.kind) for row in _thinned(days, most)]


async def _raw(
    tx: AsyncSession, patient_id: UUID, metric: DeviceMetric, since: datetime, until: datetime, most: int
) -> list[ChartPoint] | None:
    """The samples themselves; None when they are too many, or some of them were retired."""
    if await streams_repository.closed_days(tx, patient_id, [metric.code], since, until):
        return None
    if await streams_repository.count(tx, patient_id, metric.code, since, until, most + 1) > most:
        return None
    samples = await merged_series(tx, patient_id, metric.code, since, until, of_devices=True)
    return [_sample_point(each, each.value) for each in samples] if len(samples) <= most else None


async def _complete(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime, points: Sequence[ChartPoint]
) -> bool:
    """Whether the last sample lies in the last of the points: rollups follow the samples, a moment later."""
    last = await streams_repository.last_at(tx, patient_id, metric, since, until)
    return last is None or (bool(points) and last < (points[-1].until or points[-1].at))


def _thinned(days: Sequence[Rollup], most: int) -> Iterator[Rollup]:
    together = -(-len(days) // most)
    for place in range(0, len(days), together):
        rows = days[place : place + together]
        yield joined(rows, starts=rows[0].starts, ends=rows[-1].ends)


def _value(row: Rollup, kind: Kind) -> float:
    return row.total / row.n if kind == "instant" else row.total


def _point(row: Rollup, kind: Kind) -> ChartPoint:
    return ChartPoint(row.starts, row.ends, _value(row, kind), row.least, row.most, row.n, row.quality, True)


def _sample_point(sample: Sample, value: float) -> ChartPoint:
    return ChartPoint(sample.at, sample.until, value, value, value, 1, sample.quality, sample.by_device)


def _recorded(sample: Sample, unit: str | None) -> ChartPoint | None:
    value = _in_unit(sample, unit)
    return None if value is None else _sample_point(sample, value)


def _in_unit(sample: Sample, unit: str | None) -> float | None:
    if unit is None or sample.unit == unit:
        return sample.value
    try:
        return convert(sample.value, sample.unit, unit, sample.metric)
    except InvalidInput:
        return None


async def _unit(tx: AsyncSession, patient_id: UUID, metric: str) -> str | None:
    newest = (await latest(tx, patient_id, [metric])).get(metric)
    return newest.unit if newest else None


def _recorded_days(samples: Sequence[Sample], unit: str | None, zone: ZoneInfo) -> dict[date, DayValue]:
    days: defaultdict[date, list[float]] = defaultdict(list)
    for sample in samples:
        if (value := _in_unit(sample, unit)) is not None:
            days[day_of(sample.at, zone)].append(value)
    return {
        day: DayValue(day, fmean(values), min(values), max(values), median(values), len(values), 1.0, False)
        for day, values in days.items()
    }


def _measured_days(rows: Sequence[Rollup], metric: DeviceMetric, zone: ZoneInfo) -> Iterator[tuple[date, DayValue]]:
    """Each row by the day that its middle lies in: one that was closed in another zone begins at another hour."""
    for day, group in groupby(rows, key=lambda row: day_of(row.starts + (row.ends - row.starts) / 2, zone)):
        parts = list(group)
        row = parts[0] if len(parts) == 1 else joined(parts, starts=parts[0].starts, ends=parts[-1].ends)
        value = _value(row, metric.kind)
        yield day, DayValue(day, value, row.least, row.most, row.middle, row.n, row.quality, True)
