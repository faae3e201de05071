"""All SQL of the time series. Writes are one statement each: the audit log then holds one entry for each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from psycopg import AsyncConnection, sql
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.tracking.models import SampleRow
from vitasense.deterministic.tracking.schemas import Sample

FRESH = {"populate_existing": True}  # writes go past the session: what it remembers may be old
_TYPES = {
    "metric": "text",
    "at": "timestamptz",
    "record_id": "uuid",
    "category": "text",
    "value": "float8",
    "unit": "text",
    "low": "float8",
    "high": "float8",
}
_NAMES = ", ".join(_TYPES)

# A row that would not change is left alone: sending the same data again writes nothing.
_MERGE = f"""
insert into phi.sample (patient_id, {_NAMES}, recorded_at)
select :patient_id, {_NAMES}, coalesce(:now, now()) from {{source}}
on conflict (patient_id, metric, at, record_id) do update
set category = excluded.category, value = excluded.value, unit = excluded.unit,
    low = excluded.low, high = excluded.high, recorded_at = excluded.recorded_at
where (phi.sample.category, phi.sample.value, phi.sample.unit, phi.sample.low, phi.sample.high)
  is distinct from (excluded.category, excluded.value, excluded.unit, excluded.low, excluded.high)
"""  # noqa: S608 - names only, from the table above
_ARRAYS = ", ".join(f"cast(:{name} as {kind}[])" for name, kind in _TYPES.items())
_MERGE_ARRAYS = text(_MERGE.format(source=f"unnest({_ARRAYS}) as given ({_NAMES})"))
_MERGE_COPIED = text(_MERGE.format(source="incoming_sample"))
_INCOMING = text(
    f"create temp table incoming_sample ({', '.join(f'{n} {k}' for n, k in _TYPES.items())}) on commit drop"
)
_COPY = sql.SQL("copy incoming_sample ({}) from stdin (format binary)").format(
    sql.SQL(", ").join(map(sql.Identifier, _TYPES))
)


def _row(sample: Sample) -> tuple[object, ...]:
    return (
        *(sample.metric, sample.at, sample.record_id, sample.category.value),
        *(sample.value, sample.unit, sample.low, sample.high),
    )


async def merge(tx: AsyncSession, patient_id: UUID, samples: Sequence[Sample], now: datetime | None) -> None:
    """Insert or replace the samples with one statement."""
    columns = zip(*map(_row, samples), strict=True)
    arrays: dict[str, object] = {name: list(column) for name, column in zip(_TYPES, columns, strict=True)}
    await tx.execute(_MERGE_ARRAYS, arrays | {"patient_id": patient_id, "now": now})


async def merge_by_copy(tx: AsyncSession, patient_id: UUID, samples: Iterable[Sample], now: datetime | None) -> None:
    """The same for many samples: COPY into a table of this transaction, then one statement."""
    await tx.execute(_INCOMING)
    raw = await (await tx.connection()).get_raw_connection()
    connection = cast("AsyncConnection", raw.driver_connection)
    async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(list(_TYPES.values()))
        for sample in samples:
            await copy.write_row(_row(sample))
    await tx.execute(_MERGE_COPIED, {"patient_id": patient_id, "now": now})
    await tx.execute(text("drop table incoming_sample"))


async def drop_records(tx: AsyncSession, patient_id: UUID, record_ids: Sequence[UUID]) -> None:
    """Remove every sample of these records."""
    await tx.execute(delete(SampleRow).where(SampleRow.patient_id == patient_id, SampleRow.record_id.in_(record_ids)))


async def latest(tx: AsyncSession, patient_id: UUID, metrics: Sequence[str]) -> Sequence[SampleRow]:
    """The newest row of each metric; of one moment the one recorded last."""
    query = (
        select(SampleRow)
        .ext(distinct_on(SampleRow.metric))
        .where(SampleRow.patient_id == patient_id, SampleRow.metric.in_(metrics))
        .order_by(SampleRow.metric, SampleRow.at.desc(), SampleRow.recorded_at.desc(), SampleRow.record_id)
    )
    return (await tx.scalars(query, execution_options=FRESH)).all()


async def series(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime | None, until: datetime | None
) -> Sequence[SampleRow]:
    """The rows of one metric by time, `since` inclusive, `until` exclusive."""
    query = select(SampleRow).where(SampleRow.patient_id == patient_id, SampleRow.metric == metric)
    if since:
        query = query.where(SampleRow.at >= since)
    if until:
        query = query.where(SampleRow.at < until)
    return (await tx.scalars(query.order_by(SampleRow.at, SampleRow.record_id), execution_options=FRESH)).all()


async def spans(tx: AsyncSession, patient_id: UUID) -> Sequence[tuple[str, int, datetime]]:
    """Metric, number of samples and time of the first, for every metric that may be seen."""
    query = (
        select(SampleRow.metric, func.count(), func.min(SampleRow.at))
        .where(SampleRow.patient_id == patient_id)
        .group_by(SampleRow.metric)
        .order_by(SampleRow.metric)
    )
    return [(metric, count, first) for metric, count, first in await tx.execute(query)]
