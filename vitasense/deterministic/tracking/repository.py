"""All SQL of the time series. Writes are one statement each: the audit log then holds one entry for each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from psycopg import AsyncConnection, sql
from sqlalchemy import Row, delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.tracking.models import SampleRow
from vitasense.deterministic.tracking.schemas import Sample
from vitasense.deterministic.tracking.streams_repository import MERGED

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

USABLE, NOTHING_LEFT_OUT = 0.0, -1.0  # a quality must be higher
_LATEST = text(
    "select m.* from unnest(cast(:metrics as text[])) as w(metric) cross join lateral ("
    " select * from phi.measured where patient_id = :patient_id and metric = w.metric and quality > :worst"
    " order by at desc, recorded_at desc, source_id limit 1) as m"
)
_SERIES = text(
    "select * from phi.measured where patient_id = :patient_id and metric = :metric and quality > :worst "
    "and at >= cast(:since as timestamptz) and at < cast(:until as timestamptz) "
    "order by at desc, source_id desc limit :most"
)
_RECORDED = text(
    "select * from phi.measured where patient_id = :patient_id and metric = :metric and not by_device "
    "and at >= :since and at < :until order by at desc, source_id desc limit :most"
)
_RECORD_SPANS = text(
    "select metric, count(*), min(at) from phi.measured where patient_id = :patient_id and not by_device group by metric"
)
# A year of minutes is counted by its days: what came after the last of them is few.
_DEVICE_SPANS = text(
    "select w.metric, coalesce(days.n, 0) + after.n, least(days.closed_since, ("
    " select at from phi.measured where patient_id = :patient_id and metric = w.metric and by_device and quality > 0"
    " order by at limit 1)) "
    "from unnest(cast(:metrics as text[])) as w(metric) "
    "cross join lateral (select sum(n)::int8 as n, max(ends) as until, min(starts) filter (where closed) as closed_since"
    " from phi.rollup where patient_id = :patient_id and metric = w.metric and span = 'day' and device_id <> :merged) as days "
    "cross join lateral (select count(*) as n from phi.measured where patient_id = :patient_id and metric = w.metric"
    " and by_device and quality > 0 and at >= coalesce(days.until, '-infinity')) as after"
)


def _row(sample: Sample) -> tuple[object, ...]:
    return (
        *(sample.metric, sample.at, sample.record_id, sample.category.value),
        *(float(sample.value), sample.unit, _float(sample.low), _float(sample.high)),
    )


def _float(bound: float | None) -> float | None:
    return None if bound is None else float(bound)  # an array of whole and other numbers is none


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


async def latest(tx: AsyncSession, patient_id: UUID, metrics: Sequence[str], *, whole: bool) -> Sequence[Row[Any]]:
    """The newest row of each metric; of one moment the one recorded last."""
    given = {"patient_id": patient_id, "metrics": list(metrics), "worst": NOTHING_LEFT_OUT if whole else USABLE}
    return (await tx.execute(_LATEST, given)).all()


async def series(
    tx: AsyncSession,
    patient_id: UUID,
    metric: str,
    since: datetime | None,
    until: datetime | None,
    *,
    whole: bool,
    most: int,
) -> Sequence[Row[Any]]:
    """The newest `most` rows of one metric, by time; `since` inclusive, `until` exclusive."""
    given = {"patient_id": patient_id, "metric": metric, "most": most, "worst": NOTHING_LEFT_OUT if whole else USABLE}
    given |= {"since": since or "-infinity", "until": until or "infinity"}
    return (await tx.execute(_SERIES, given)).all()[::-1]


async def recorded(
    tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime, most: int
) -> Sequence[Row[Any]]:
    """The same of the record alone."""
    given = {"patient_id": patient_id, "metric": metric, "since": since, "until": until, "most": most}
    return (await tx.execute(_RECORDED, given)).all()[::-1]


async def spans(tx: AsyncSession, patient_id: UUID, streamed: Sequence[str]) -> list[tuple[str, int, datetime]]:
    """Metric, number of samples and time of the first, for every metric that may be seen; `streamed` may be devices'."""
    given = {"patient_id": patient_id, "metrics": list(streamed), "merged": MERGED}
    found = {metric: (count, first) for metric, count, first in await tx.execute(_RECORD_SPANS, given)}
    for metric, count, first in await tx.execute(_DEVICE_SPANS, given):
        if count:
            own_count, own_first = found.get(metric, (0, first))
            found[metric] = (own_count + count, min(own_first, first))
    return [(metric, *found[metric]) for metric in sorted(found)]
