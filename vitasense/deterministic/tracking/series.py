"""Reading numbers as one series, of the record and of devices; row-level security decides what is seen."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.tracking import repository, streams_repository
from vitasense.deterministic.tracking.blocks import LONGEST_INTERVAL, Stream
from vitasense.deterministic.tracking.catalogue import DeviceMetric, device_metrics
from vitasense.deterministic.tracking.merged_streams import merge_samples
from vitasense.deterministic.tracking.priorities import device_order
from vitasense.deterministic.tracking.schemas import DeviceSample, Measurement, Sample, flags_of

MOST_SAMPLES = 20_000  # two weeks of minutes; for longer there are charts and day values


async def latest(
    tx: AsyncSession, patient_id: UUID, metrics: Sequence[str], *, whole: bool = False
) -> dict[str, Sample]:
    """LOINC code → its newest sample, for those of the metrics that have one; with `whole` one of quality 0 as well."""
    return {row.metric: _sample(row) for row in await repository.latest(tx, patient_id, metrics, whole=whole)}


async def series(
    tx: AsyncSession,
    patient_id: UUID,
    metric: str,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    whole: bool = False,
    most: int = MOST_SAMPLES,
) -> list[Sample]:
    """The samples of one LOINC code by time; `since` inclusive, `until` exclusive; the newest `most` of them if there are
    more. Devices stand side by side here, each with all it measured: `merged_series` counts what overlaps once.
    """
    return [
        _sample(row) for row in await repository.series(tx, patient_id, metric, since, until, whole=whole, most=most)
    ]


async def merged_series(
    tx: AsyncSession,
    patient_id: UUID,
    metric: str,
    since: datetime,
    until: datetime,
    *,
    of_devices: bool = False,
    most: int = MOST_SAMPLES,
) -> list[Sample]:
    """The samples that count, by time: the record's, and of devices what is left when overlapping ones are merged.

    Only usable ones (quality above 0) that begin from `since` to before `until`; of more than `most` of a kind the newest.
    With `of_devices` without the record's.
    """
    recorded = [] if of_devices else await recorded_series(tx, patient_id, metric, since, until, most=most)
    known = device_metrics().get(metric)
    if known is None:
        return recorded
    earliest = since if known.kind == "instant" else since - LONGEST_INTERVAL
    streams = await streams_repository.streams(tx, patient_id, metric, earliest, since, until, most=most)
    measured = await _merged(tx, patient_id, known, streams)
    return sorted([*recorded, *(each for each in measured if each.at >= since)], key=lambda each: each.at)


async def raw_streams(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime
) -> dict[UUID, Stream]:
    """Device → all that it measured from `since` to before `until`, whatever its quality is, column by column."""
    return await streams_repository.streams(tx, patient_id, metric, since, since, until, above=-1.0)


def sample_ref(sample: Sample) -> str:
    """What evidence names a device's sample by: its device, metric and time."""
    return f"DeviceSample/{sample.record_id}/{sample.metric}/{sample.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


async def recorded_series(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime, *, most: int = MOST_SAMPLES
) -> list[Sample]:
    """The numbers of the record alone, by time; of more than `most` the newest."""
    return [_sample(row) for row in await repository.recorded(tx, patient_id, metric, since, until, most)]


async def measurements(tx: AsyncSession, patient_id: UUID) -> list[Measurement]:
    """Every metric that has samples which may be seen, by LOINC code.

    Devices' are counted with those that were retired, as rollups count: an interval over midnight in both its days.
    """
    spans = await repository.spans(tx, patient_id, list(device_metrics()))
    newest = await latest(tx, patient_id, [metric for metric, _, _ in spans])
    return [_measurement(newest[metric], count, first) for metric, count, first in spans if metric in newest]


async def _merged(
    tx: AsyncSession, patient_id: UUID, metric: DeviceMetric, streams: dict[UUID, Stream]
) -> list[Sample]:
    if not streams:
        return []
    order = await device_order(tx, patient_id, metric.code)
    return [_of_device(each, metric) for each in merge_samples(streams, order, metric)]


def _of_device(sample: DeviceSample, metric: DeviceMetric) -> Sample:
    return Sample(
        metric=sample.metric,
        at=sample.at,
        value=sample.value,
        unit=sample.unit,
        record_id=sample.device_id,
        category=metric.category,
        until=sample.until,
        by_device=True,
        quality=sample.quality,
        flags=sample.flags,
        note=sample.note,
    )


def _measurement(last: Sample, count: int, first: datetime) -> Measurement:
    return Measurement(
        metric=last.metric,
        category=last.category,
        count=count,
        first_at=first,
        last_at=last.at,
        last_value=last.value,
        unit=last.unit,
        record_id=last.record_id,
        by_device=last.by_device,
    )


def _sample(row: Row[Any]) -> Sample:
    return Sample(
        metric=row.metric,
        at=row.at,
        value=row.value,
        unit=row.unit,
        record_id=row.source_id,
        category=Category(row.category),
        low=row.low,
        high=row.high,
        until=row.until,
        by_device=row.by_device,
        quality=row.quality,
        flags=flags_of(row.flags),
        note=row.note,
    )
