"""All SQL of the device streams. Rows are written in the order of their key: two batches at once wait, never deadlock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString, cast
from uuid import UUID

from psycopg import AsyncConnection, sql
from sqlalchemy import TextClause, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.deterministic.tracking.binary_rows import READ, TYPES, decoded, encoded
from vitasense.deterministic.tracking.blocks import LONGEST_INTERVAL, Block, Stream
from vitasense.deterministic.tracking.catalogue import Kind
from vitasense.deterministic.tracking.microseconds import NO_END, moment

MANY = 500  # from here on COPY is quicker than sending arrays
MERGED = UUID(int=0)
"""Stands for all devices together, in phi.rollup."""

# ruff: noqa: S608 - names only, from the constants of this room
_NAMES = ", ".join(TYPES)
_REPLACED = ("until", "category", "value", "unit", "quality", "flags", "note")
_SET = ", ".join(f"{name} = excluded.{name}" for name in _REPLACED)
_OLD, _GIVEN = (", ".join(f"{source}.{name}" for name in _REPLACED) for source in ("kept", "excluded"))
# A row that would not change is left alone: sending the same data again writes nothing.
_MERGE = f"""
with done as (
  insert into phi.device_sample as kept (patient_id, {_NAMES}, recorded_at)
  select :patient_id, {_NAMES}, :now from {{source}} order by metric, at, device_id
  on conflict (patient_id, metric, at, device_id) do update set {_SET}, recorded_at = excluded.recorded_at
  where ({_OLD}) is distinct from ({_GIVEN})
  returning kept.metric, old.patient_id is null as fresh, new.at, greatest(new.at, new.until, old.until) as ends)
select metric, count(*) filter (where fresh), count(*) filter (where not fresh), min(at), max(ends)
from done group by metric order by metric
"""
_ARRAYS = ", ".join(f"cast(:{name} as {kind}[])" for name, kind in TYPES.items())
_MERGE_ARRAYS = text(_MERGE.format(source=f"unnest({_ARRAYS}) as given ({_NAMES})"))
_MERGE_COPIED = text(_MERGE.format(source="incoming_stream"))
_INCOMING = text(
    f"create temp table incoming_stream ({', '.join(f'{n} {k}' for n, k in TYPES.items())}) on commit drop"
)
_COPY = sql.SQL("copy incoming_stream ({}) from stdin (format binary)").format(
    sql.SQL(", ").join(map(sql.Identifier, TYPES))
)
_CLOSED = text(
    "select metric, starts, ends from phi.rollup where patient_id = :patient_id and metric = any(:metrics) "
    "and span = 'day' and device_id = :merged and closed and starts <= :last and ends > :first order by metric, starts"
)
_READ = f"""
copy (
  select {", ".join(f"{given} as {name}" for name, (given, _) in READ.items())} from phi.device_sample
  where patient_id = {{patient_id}} and metric = {{metric}} and at >= {{earliest}} and at < {{until}}
    and coalesce(until, at) >= {{since}} and quality > {{above}}
  order by at desc limit {{most}})
to stdout (format binary)
"""
_COUNT = text(
    "select count(*) from (select 1 from phi.device_sample where patient_id = :patient_id and metric = :metric "
    "and at >= :since and at < :until limit :most) as first_ones"
)
_LAST = text(
    "select max(at) from (select at from phi.device_sample where patient_id = :patient_id and metric = :metric "
    "and at >= :since and at < :until and quality > 0 order by at desc limit 1) as newest"
)
_SPANS = text(
    "select w.metric, a.at, z.at from ({metrics}) as w cross join lateral ("
    " select at from phi.device_sample where patient_id = :patient_id and metric = w.metric order by at limit 1) as a "
    "cross join lateral (select at from phi.device_sample where patient_id = :patient_id and metric = w.metric "
    " order by at desc limit 1) as z order by w.metric".format(
        metrics="select unnest(cast(:metrics as text[])) as metric"
    )
)
_KEEP_MONTHS = text("select app.keep_sample_months(:first, :last)")


# The first time at or after :reached that a sample counts at: a sum wherever it reaches to, a duration where it ends.
_FROM_THERE = (
    "select min(at) from phi.device_sample where patient_id = :patient_id and metric = :metric and at >= :reached"
)
_BEFORE = (
    "from phi.device_sample where patient_id = :patient_id and metric = :metric "
    "and at >= cast(:reached as timestamptz) - cast(:longest as interval)"
)
_NEXT: dict[Kind, TextClause] = {
    "instant": text(_FROM_THERE),
    "sum": text(
        f"select case when exists (select {_BEFORE} and at < :reached and until > :reached) "
        f"then cast(:reached as timestamptz) else ({_FROM_THERE}) end"
    ),
    "duration": text(
        "select min(ends) from (select case when until > at then until - interval '1 microsecond' else at end as ends "
        f"{_BEFORE}) as given where ends >= :reached"
    ),
}
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('streams ' || cast(:patient_id as text), 0))")


@dataclass(frozen=True, slots=True)
class Written:
    """What one statement did to one metric: rows that are new or changed, and from when to when they reach."""

    metric: str
    new: int
    changed: int
    since: datetime
    until: datetime


async def lock(tx: AsyncSession, patient_id: UUID) -> None:
    """Until the end of the transaction nobody else changes the streams of this patient: what is counted is complete."""
    await tx.execute(_LOCK, {"patient_id": str(patient_id)})


async def merge(tx: AsyncSession, patient_id: UUID, blocks: list[Block], now: datetime) -> list[Written]:
    """Insert or replace the rows with one statement, which the audit log then holds one entry for."""
    constants = {"patient_id": patient_id, "now": now}
    if sum(block.at.size for block in blocks) < MANY:
        rows = await tx.execute(_MERGE_ARRAYS, _arrays(blocks) | constants)
        return [Written(*row) for row in rows]
    await tx.execute(_INCOMING)
    connection = await raw_connection(tx)
    async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for part in encoded(blocks):
            await copy.write(part)
    written = [Written(*row) for row in await tx.execute(_MERGE_COPIED, constants)]
    await tx.execute(text("drop table incoming_stream"))
    return written


def _arrays(blocks: Sequence[Block]) -> dict[str, object]:
    columns: dict[str, list[object]] = {name: [] for name in TYPES}
    for block in blocks:
        size = block.at.size
        columns["metric"] += [block.metric.code] * size
        columns["at"] += map(moment, block.at)
        columns["device_id"] += [block.device_id] * size
        columns["category"] += [block.metric.category.value] * size
        columns["value"] += block.value.tolist()
        columns["unit"] += [block.metric.unit] * size
        columns["quality"] += block.quality.tolist()
        columns["flags"] += block.flags.tolist()
        columns["until"] += [None if end == NO_END else moment(end) for end in block.until.tolist()]
        columns["note"] += block.notes or [None] * size
    return dict(columns)


async def raw_connection(tx: AsyncSession) -> AsyncConnection:
    """The transaction's own connection, for COPY."""
    return cast("AsyncConnection", (await (await tx.connection()).get_raw_connection()).driver_connection)


async def closed_days(
    tx: AsyncSession, patient_id: UUID, metrics: Sequence[str], first: datetime, last: datetime
) -> Mapping[str, list[tuple[datetime, datetime]]]:
    """Metric → beginning and end of its closed days that touch the time between, by time."""
    given = {"patient_id": patient_id, "metrics": list(metrics), "merged": MERGED, "first": first, "last": last}
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for metric, starts, ends in await tx.execute(_CLOSED, given):
        found.setdefault(metric, []).append((starts, ends))
    return found


async def streams(
    tx: AsyncSession,
    patient_id: UUID,
    metric: str,
    earliest: datetime,
    since: datetime,
    until: datetime,
    *,
    above: float = 0.0,
    most: int | None = None,
) -> dict[UUID, Stream]:
    """Device → what it measured and has a quality higher than `above`, by time; at most the newest `most` in all.

    It begins at `earliest` or later, reaches to `since` or further, and begins before `until`.
    """
    places = {
        "patient_id": patient_id,
        "metric": metric,
        "earliest": earliest,
        "since": since,
        "until": until,
        "above": above,
        "most": most,
    }
    statement = sql.SQL(cast("LiteralString", _READ)).format(
        **{name: sql.Literal(value) for name, value in places.items()}
    )
    connection = await raw_connection(tx)
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        data = b"".join([bytes(part) async for part in copy])
    return {device: stream.only(slice(None, None, -1)) for device, stream in decoded(data).items()}


async def count(tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime, most: int) -> int:
    """How many samples there are in that time, counted up to `most`."""
    given = {"patient_id": patient_id, "metric": metric, "since": since, "until": until, "most": most}
    return (await tx.execute(_COUNT, given)).scalar_one()


async def last_at(tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime) -> datetime | None:
    """The time of the last usable sample in that time; None when there is none."""
    given = {"patient_id": patient_id, "metric": metric, "since": since, "until": until}
    return (await tx.execute(_LAST, given)).scalar_one()


async def spans(tx: AsyncSession, patient_id: UUID, metrics: Sequence[str]) -> list[tuple[str, datetime, datetime]]:
    """Metric, time of its first and of its last sample, for those of the metrics that have any."""
    given = {"patient_id": patient_id, "metrics": list(metrics)}
    return [(metric, first, last) for metric, first, last in await tx.execute(_SPANS, given)]


async def next_sample(
    tx: AsyncSession, patient_id: UUID, metric: str, kind: Kind, reached: datetime
) -> datetime | None:
    """The first time at or after `reached` that counts into a day; None when there is no more."""
    given = {"patient_id": patient_id, "metric": metric, "reached": reached}
    longest = {} if kind == "instant" else {"longest": LONGEST_INTERVAL}
    return (await tx.execute(_NEXT[kind], given | longest)).scalar_one()


async def keep_months(tx: AsyncSession, first: date, last: date) -> int:
    """Make the partitions of these months; gives way to whoever reads or writes."""
    try:
        await tx.execute(text("set local lock_timeout = '1s'"))
        return (await tx.execute(_KEEP_MONTHS, {"first": first, "last": last})).scalar_one()
    except OperationalError as problem:
        raise Unavailable("The months of the streams are in use: made at the next upkeep.") from problem
