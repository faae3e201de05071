"""Sums by hour and by the person's own days, for each device and for all merged: made again from the samples at any time."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import rollups_repository as repository
from vitasense.deterministic.tracking import streams_repository
from vitasense.deterministic.tracking.blocks import LONGEST_INTERVAL, Stream
from vitasense.deterministic.tracking.catalogue import DeviceMetric, device_metrics
from vitasense.deterministic.tracking.folding import Folded, ends_of, fold, fold_into_one_day
from vitasense.deterministic.tracking.joining import merged_rollups
from vitasense.deterministic.tracking.local_days import (
    ONE_DAY,
    Windows,
    day_of,
    days_between,
    hours_of,
    midnight,
    without,
)
from vitasense.deterministic.tracking.merged_streams import merged
from vitasense.deterministic.tracking.microseconds import MICROSECOND, microseconds, moment
from vitasense.deterministic.tracking.person_settings import person_settings
from vitasense.deterministic.tracking.priorities import device_order
from vitasense.deterministic.tracking.rollups_repository import Rollup, Span
from vitasense.deterministic.tracking.streams import Taken
from vitasense.deterministic.tracking.streams_repository import MERGED

DAYS_AT_ONCE = 28  # of which the samples are held in memory


async def roll_up(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime, *, timezone: str = "UTC"
) -> int:
    """Make the rollups of every local day from the one of `since` to the one of `until` anew; how many rows changed.

    Days are those of the person's zone, or of `timezone` when they have named none. A row without samples vanishes, a
    closed one stays as it is; doing it again, or bit by bit in any order, comes to the same. Samples of quality 0 do not
    count. Raises InvalidInput for a metric that devices do not measure.
    """
    kind = _metric(metric)
    if since > until:
        raise InvalidInput("A time to roll up ends after it begins.")
    await streams_repository.lock(tx, patient_id)
    zone = (await person_settings(tx, patient_id, timezone=timezone)).zone
    order = await device_order(tx, patient_id, metric)
    changed = 0
    async for first, last in _filled_parts(tx, patient_id, kind, since, until, zone):
        days = await open_days(tx, patient_id, metric, first, last, zone)
        if days.starts.size:
            changed += await roll_up_days(tx, patient_id, kind, days, order)
    return changed


async def roll_up_taken(tx: AsyncSession, patient_id: UUID, taken: Taken, *, timezone: str = "UTC") -> int:
    """Make the rollups anew that new and changed samples touch: to be called in the transaction that took them."""
    return sum(
        [
            await roll_up(tx, patient_id, metric, *span, timezone=timezone)
            for metric, span in sorted(taken.touched.items())
        ]
    )


async def roll_up_all(tx: AsyncSession, patient_id: UUID, metric: str, *, timezone: str = "UTC") -> int:
    """Make all rollups of a metric anew, after the order of devices or the time zone changed; how many rows changed.

    Closed days keep their bounds and what each device measured; merged they are anew from the hours of each device.
    """
    changed = await _merge_closed(tx, patient_id, _metric(metric))
    reaches = [span[1:] for span in await streams_repository.spans(tx, patient_id, [metric])]
    if reach := await repository.reach(tx, patient_id, metric, closed=False):
        reaches.append(reach)
    if not reaches:
        return changed
    first, last = min(each[0] for each in reaches), max(each[1] for each in reaches) + LONGEST_INTERVAL
    return changed + await roll_up(tx, patient_id, metric, first, last, timezone=timezone)


async def streamed_metrics(tx: AsyncSession, patient_id: UUID) -> list[str]:
    """Every metric that has device samples or rollups."""
    sampled = [metric for metric, _, _ in await streams_repository.spans(tx, patient_id, list(device_metrics()))]
    return sorted({*sampled, *await repository.metrics(tx, patient_id)})


async def _merge_closed(tx: AsyncSession, patient_id: UUID, metric: DeviceMetric) -> int:
    await streams_repository.lock(tx, patient_id)
    reach = await repository.reach(tx, patient_id, metric.code, closed=True)
    if reach is None:
        return 0
    days, hours = [
        await repository.rollups(tx, patient_id, metric.code, span, *reach, merged=False, closed=True)
        for span in ("day", "hour")
    ]
    rows = list(merged_rollups(days, hours, await device_order(tx, patient_id, metric.code), metric.kind))
    return await repository.replace(tx, patient_id, rows, *reach, labels(metric), closed=True)


def labels(metric: DeviceMetric) -> Mapping[str, str]:
    """What every row of the metric says."""
    return {"metric": metric.code, "category": metric.category.value, "unit": metric.unit}


def _metric(code: str) -> DeviceMetric:
    if code not in device_metrics():
        raise InvalidInput("There is no such metric of devices.")
    return device_metrics()[code]


async def _filled_parts(
    tx: AsyncSession, patient_id: UUID, metric: DeviceMetric, since: datetime, until: datetime, zone: ZoneInfo
) -> AsyncIterator[tuple[datetime, datetime]]:
    """Stretches of at most DAYS_AT_ONCE days that have samples or open rollups: years without any are passed over."""
    reached, end = midnight(day_of(since, zone), zone), midnight(day_of(until, zone) + ONE_DAY, zone)
    while True:
        sampled = await streams_repository.next_sample(tx, patient_id, metric.code, metric.kind, reached)
        rolled = await repository.next_open(tx, patient_id, metric.code, reached)
        found = [each for each in (sampled, rolled) if each is not None and each < end]
        if not found:
            return
        first = day_of(max(min(found), reached), zone)
        reached = min(midnight(first + ONE_DAY * DAYS_AT_ONCE, zone), end)
        yield midnight(first, zone), reached - MICROSECOND


async def open_days(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime, zone: ZoneInfo
) -> Windows:
    """The local days of that time, without what is closed."""
    days = days_between(since, until, zone)
    first, last = moment(days.starts[0]), moment(days.ends[-1])
    closed = (await streams_repository.closed_days(tx, patient_id, [metric], first, last)).get(metric, [])
    starts, ends = ([microseconds(day[side]) for day in closed] for side in (0, 1))
    return without(days, Windows(np.array(starts, np.int64), np.array(ends, np.int64)))


async def roll_up_days(
    tx: AsyncSession, patient_id: UUID, metric: DeviceMetric, days: Windows, order: Sequence[UUID]
) -> int:
    """Make the rollups of these days anew, and return how many rows changed; the caller holds the streams' lock."""
    since, until = moment(days.starts[0]), moment(days.ends[-1])
    earliest = since if metric.kind == "instant" else since - LONGEST_INTERVAL
    streams = await streams_repository.streams(tx, patient_id, metric.code, earliest, since, until)
    hours = hours_of(days)
    rows = [row for device, stream in streams.items() for row in _rows_of(device, stream, metric, days, hours)]
    rows += _merged_rows(streams, metric, days, hours, order)
    return await repository.replace(tx, patient_id, rows, since, until, labels(metric))


def _rows_of(device: UUID, stream: Stream, metric: DeviceMetric, days: Windows, hours: Windows) -> Iterator[Rollup]:
    yield from _rows("day", device, fold(stream, metric.kind, days), days)
    yield from _rows("hour", device, fold(stream, metric.kind, hours), hours)


def _merged_rows(
    streams: Mapping[UUID, Stream], metric: DeviceMetric, days: Windows, hours: Windows, order: Sequence[UUID]
) -> Iterator[Rollup]:
    """Merged day by day, so that what comes of one day depends on the samples of that day alone."""
    if not streams:
        return
    for start, end in zip(days.starts, days.ends, strict=True):
        day = Windows(np.array([start]), np.array([end]))
        parts = {device: _of_day(stream, metric, start, end) for device, stream in streams.items()}
        parts = {device: part for device, part in parts.items() if part.at.size}
        if not parts:
            continue
        stream = merged(parts, order, metric)
        inside = (hours.starts >= start) & (hours.starts < end)
        own_hours = Windows(hours.starts[inside], hours.ends[inside])
        if metric.kind == "duration":
            yield from _rows("day", MERGED, fold_into_one_day(stream, day), day)
            yield from _rows("hour", MERGED, fold_into_one_day(stream, own_hours), own_hours)
        else:
            yield from _rows_of(MERGED, stream, metric, day, own_hours)


def _of_day(stream: Stream, metric: DeviceMetric, start: int, end: int) -> Stream:
    """What counts into the day, whole."""
    if metric.kind == "sum":
        return stream.only((stream.at < end) & (np.maximum(stream.until, stream.at + 1) > start))
    times = ends_of(stream) if metric.kind == "duration" else stream.at
    return stream.only((times >= start) & (times < end))


def _rows(span: Span, device: UUID, folded: Folded, windows: Windows) -> Iterator[Rollup]:
    columns = (
        windows.starts[folded.place],
        windows.ends[folded.place],
        *(folded.n, folded.total, folded.total_squares, folded.least, folded.most, folded.middle),
        *(folded.last_value, folded.last_at, folded.quality),
    )
    for starts, ends, n, total, squares, least, most, middle, last, last_at, quality in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        yield Rollup(
            *(span, moment(starts), device, moment(ends), n, total, squares, least, most, middle),
            *(last, moment(last_at), quality),
        )
