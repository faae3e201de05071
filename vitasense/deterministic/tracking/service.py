"""Writing and reading the time series of one patient; row-level security decides what is seen."""

import math
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import repository
from vitasense.deterministic.tracking.models import SampleRow
from vitasense.deterministic.tracking.schemas import Measurement, Sample

MANY = 2000  # from here on COPY is quicker than sending arrays


async def put(tx: AsyncSession, patient_id: UUID, samples: Sequence[Sample], *, now: datetime | None = None) -> None:
    """Store the samples; the same ones again change nothing, and of two with one key the last is kept.

    A sample's key is its metric, time and record. `now` is when they were recorded (the transaction's time unless
    given). Raises InvalidInput for a value that is not finite or a time without a zone: nothing is stored then.
    """
    for sample in samples:
        if not math.isfinite(sample.value) or sample.at.tzinfo is None:
            raise InvalidInput("A sample needs a finite value and a time with its zone.")
    unique = list({(sample.metric, sample.at, sample.record_id): sample for sample in samples}.values())
    if unique:
        write = repository.merge if len(unique) < MANY else repository.merge_by_copy
        await write(tx, patient_id, unique, now)


async def drop_record(tx: AsyncSession, patient_id: UUID, *record_ids: UUID) -> None:
    """Remove the samples of these records, before their new version is put."""
    if record_ids:
        await repository.drop_records(tx, patient_id, record_ids)


async def latest(tx: AsyncSession, patient_id: UUID, metrics: Sequence[str]) -> dict[str, Sample]:
    """LOINC code → its newest sample, for those of the metrics that have one."""
    rows = await repository.latest(tx, patient_id, metrics)
    return {row.metric: _sample(row) for row in rows}


async def series(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime | None = None, until: datetime | None = None
) -> list[Sample]:
    """The samples of one LOINC code by time; `since` inclusive, `until` exclusive."""
    return [_sample(row) for row in await repository.series(tx, patient_id, metric, since, until)]


async def measurements(tx: AsyncSession, patient_id: UUID) -> list[Measurement]:
    """Every metric that has samples which may be seen, by LOINC code."""
    spans = await repository.spans(tx, patient_id)
    newest = await latest(tx, patient_id, [metric for metric, _, _ in spans])
    return [_measurement(newest[metric], count, first) for metric, count, first in spans if metric in newest]


def _measurement(last: Sample, count: int, first: datetime) -> Measurement:
    return Measurement(last.metric, last.category, count, first, last.at, last.value, last.unit, last.record_id)


def _sample(row: SampleRow) -> Sample:
    return Sample(
        metric=row.metric,
        at=row.at,
        value=row.value,
        unit=row.unit,
        record_id=row.record_id,
        category=Category(row.category),
        low=row.low,
        high=row.high,
    )
