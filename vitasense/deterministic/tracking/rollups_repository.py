"""All SQL of the rollups, and of ending samples that were counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.tracking.catalogue import Kind
from vitasense.deterministic.tracking.streams_repository import MERGED

Span = Literal["hour", "day"]


@dataclass(frozen=True, slots=True)
class Rollup:
    """One row of phi.rollup: what a device, or all of them merged (MERGED), measured in an hour or a local day.

    `n` numbers with their sum, sum of squares, least, most, middle (median) and last; `quality` is their mean quality.
    """

    span: Span
    starts: datetime
    device_id: UUID
    ends: datetime
    n: int
    total: float
    total_squares: float
    least: float
    most: float
    middle: float
    last_value: float
    last_at: datetime
    quality: float
    closed: bool = False


_TYPES = {
    "span": "text",
    "starts": "timestamptz",
    "device_id": "uuid",
    "ends": "timestamptz",
    "n": "int4",
    "total": "float8",
    "total_squares": "float8",
    "least": "float8",
    "most": "float8",
    "middle": "float8",
    "last_value": "float8",
    "last_at": "timestamptz",
    "quality": "real",
}
# ruff: noqa: S608 - names only, from the table above
_NAMES = ", ".join(_TYPES)
_ARRAYS = ", ".join(f"cast(:{name} as {kind}[])" for name, kind in _TYPES.items())
_VALUES = [name for name in _TYPES if name not in {"span", "starts", "device_id"}]
_SET = ", ".join(f"{name} = excluded.{name}" for name in _VALUES)
_KEPT, _GIVEN = (", ".join(f"{source}.{name}" for name in _VALUES) for source in ("kept", "excluded"))
# Closed ones are never touched, unless :closed are merged again from closed ones. A row that would not change is left alone.
_REPLACE = text(f"""
with given as materialized (select * from unnest({_ARRAYS}) as given ({_NAMES})),
gone as (
  delete from phi.rollup r where r.patient_id = :patient_id and r.metric = :metric and r.closed = :closed
    and r.starts < :until and r.ends > :since and (not :closed or r.device_id = :merged)
    and not exists (select from given g where (g.span, g.starts, g.device_id) = (r.span, r.starts, r.device_id))
  returning 1),
done as (
  insert into phi.rollup as kept (patient_id, metric, category, unit, closed, {_NAMES})
  select :patient_id, :metric, :category, :unit, :closed, {_NAMES} from given order by span, starts, device_id
  on conflict (patient_id, metric, span, starts, device_id) do update set {_SET}
  where kept.closed = :closed and ({_KEPT}) is distinct from ({_GIVEN})
  returning 1)
select (select count(*) from gone) + (select count(*) from done)
""")
_READ = text(
    f"select {_NAMES}, closed from phi.rollup where patient_id = :patient_id and metric = :metric and span = :span "
    "and starts < :until and starts >= cast(:since as timestamptz) - interval '2 days' and ends > :since "
    "and (device_id = :merged) = :of_all and (not :closed or closed) order by starts, device_id"
)
_COUNT = text(
    "select count(*) from phi.rollup where patient_id = :patient_id and metric = :metric and span = :span "
    "and starts < :until and starts >= cast(:since as timestamptz) - interval '2 days' and ends > :since "
    "and device_id = :merged"
)
_REACH = text(
    "select min(starts), max(ends) from phi.rollup "
    "where patient_id = :patient_id and metric = :metric and closed = :closed"
)
_NEXT_OPEN = text(
    "select min(starts) from phi.rollup where patient_id = :patient_id and metric = :metric and span = 'day' "
    "and starts >= cast(:reached as timestamptz) - interval '2 days' and ends > :reached and not closed"
)
_METRICS = text(
    "select distinct metric from phi.rollup where patient_id = :patient_id and span = 'day' order by metric"
)
_CLOSE = text(
    "update phi.rollup set closed = true where patient_id = :patient_id and metric = :metric "
    "and starts >= :since and ends <= :until and not closed"
)
_FORGET = text("delete from phi.rollup where patient_id = :patient_id and ends <= :before and closed returning 1")
# Each kind counted anew, by other means than the rollups are made with.
_INSTANT = "select device_id, value from phi.device_sample where {mine} and at >= :since and at < :until"
_DURATION = (
    "select device_id, value from phi.device_sample where {mine} and at >= cast(:since as timestamptz) - interval '2 days' "
    "and case when until > at then until > :since and until <= :until else at >= :since and at < :until end"
)
_SUM = (
    "select device_id, case when until > at then value * "
    "extract(epoch from least(until, :until) - greatest(at, :since))::float8 / extract(epoch from until - at)::float8 "
    "else value end as value from phi.device_sample "
    "where {mine} and at >= cast(:since as timestamptz) - interval '2 days' and at < :until "
    "and case when until > at then until > :since else at >= :since end"
)
_MINE = "patient_id = :patient_id and metric = :metric and quality > 0"
_RECOUNT = {
    kind: text(
        f"select device_id, count(*), sum(value), min(value), max(value) from ({rows.format(mine=_MINE)}) as part "
        "group by device_id"
    )
    for kind, rows in {"instant": _INSTANT, "duration": _DURATION, "sum": _SUM}.items()
}
# What no open day needs any more: an interval that reaches over the end of this one stays until that day is closed too.
_ENDS_INSIDE = "case when until > at then until > :since and until <= :until else at >= :since end"
_END = {
    kind: text(
        "with gone as (delete from phi.device_sample where patient_id = :patient_id and metric = :metric "
        f"and at >= cast(:since as timestamptz) - interval '{back}' and at < :until and {belongs} returning quality) "
        "select count(*), count(*) filter (where quality = 0) from gone"
    )
    for kind, back, belongs in (
        ("instant", "0", "true"),
        ("duration", "2 days", _ENDS_INSIDE),
        ("sum", "2 days", _ENDS_INSIDE),
    )
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What SQL counted of one device in one day."""

    n: int
    total: float
    least: float
    most: float


async def replace(
    tx: AsyncSession,
    patient_id: UUID,
    rows: Sequence[Rollup],
    since: datetime,
    until: datetime,
    labels: Mapping[str, str],
    *,
    closed: bool = False,
) -> int:
    """Make the rollups of the time between be these rows, and return how many changed or vanished.

    `labels` are metric, category and unit. `closed` replaces merged ones that are closed, and nothing else.
    """
    columns: dict[str, object] = {name: [getattr(row, name) for row in rows] for name in _TYPES}
    given = {"patient_id": patient_id, "since": since, "until": until, "merged": MERGED, "closed": closed}
    return (await tx.execute(_REPLACE, columns | given | dict(labels))).scalar_one()


async def rollups(
    tx: AsyncSession,
    patient_id: UUID,
    metric: str,
    span: Span,
    since: datetime,
    until: datetime,
    *,
    merged: bool = True,
    closed: bool = False,
) -> list[Rollup]:
    """The rows that touch the time between, by time: of all devices merged or of each; with `closed` those only."""
    given = {"patient_id": patient_id, "metric": metric, "span": span, "since": since, "until": until}
    flags = {"merged": MERGED, "of_all": merged, "closed": closed}
    return [Rollup(*row) for row in await tx.execute(_READ, given | flags)]


async def count(tx: AsyncSession, patient_id: UUID, metric: str, span: Span, since: datetime, until: datetime) -> int:
    """How many merged rows touch the time between."""
    given = {"patient_id": patient_id, "metric": metric, "span": span, "since": since, "until": until, "merged": MERGED}
    return (await tx.execute(_COUNT, given)).scalar_one()


async def reach(tx: AsyncSession, patient_id: UUID, metric: str, *, closed: bool) -> tuple[datetime, datetime] | None:
    """From when to when there are rollups that are closed, or open ones."""
    given = {"patient_id": patient_id, "metric": metric, "closed": closed}
    first, last = (await tx.execute(_REACH, given)).one()
    return None if first is None else (first, last)


async def next_open(tx: AsyncSession, patient_id: UUID, metric: str, reached: datetime) -> datetime | None:
    """When the first open day begins that ends after `reached`; None when there is none."""
    given = {"patient_id": patient_id, "metric": metric, "reached": reached}
    return (await tx.execute(_NEXT_OPEN, given)).scalar_one()


async def metrics(tx: AsyncSession, patient_id: UUID) -> list[str]:
    """Every metric that has rollups."""
    return list((await tx.scalars(_METRICS, {"patient_id": patient_id})).all())


async def recount(
    tx: AsyncSession, patient_id: UUID, metric: str, kind: Kind, since: datetime, until: datetime
) -> dict[UUID, Counted]:
    """Device → what its samples of one day come to."""
    given = {"patient_id": patient_id, "metric": metric, "since": since, "until": until}
    return {device: Counted(*numbers) for device, *numbers in await tx.execute(_RECOUNT[kind], given)}


async def close(tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime) -> None:
    """Close the rollups of one day."""
    await tx.execute(_CLOSE, {"patient_id": patient_id, "metric": metric, "since": since, "until": until})


async def end_samples(
    tx: AsyncSession, patient_id: UUID, metric: str, kind: Kind, since: datetime, until: datetime
) -> tuple[int, int]:
    """Remove the samples of one day; how many, and how many of them were of quality 0."""
    given = {"patient_id": patient_id, "metric": metric, "since": since, "until": until}
    removed, unusable = (await tx.execute(_END[kind], given)).one()
    return removed, unusable


async def forget(tx: AsyncSession, patient_id: UUID, before: datetime) -> int:
    """Remove the rollups that ended before; how many."""
    done = await tx.execute(_FORGET, {"patient_id": patient_id, "before": before})
    return len(cast("Sequence[object]", done.all()))
