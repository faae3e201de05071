"""All SQL of what a person says about being tracked: settings, leave to watch, the order of devices, own ranges."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

_SETTINGS = text(
    "select timezone, quiet_from, quiet_until, channels, hook_url, tells_providers from phi.tracking_settings "
    "where patient_id = :patient_id"
)
_SAVE_SETTINGS = text(
    "insert into phi.tracking_settings as kept "
    "(patient_id, timezone, quiet_from, quiet_until, channels, hook_url, tells_providers, changed_at) "
    "values (:patient_id, :timezone, :quiet_from, :quiet_until, :channels, :hook_url, :tells_providers, :now) "
    "on conflict (patient_id) do update set timezone = excluded.timezone, quiet_from = excluded.quiet_from, "
    "quiet_until = excluded.quiet_until, channels = excluded.channels, hook_url = excluded.hook_url, "
    "tells_providers = excluded.tells_providers, changed_at = excluded.changed_at "
    "where (kept.timezone, kept.quiet_from, kept.quiet_until, kept.channels, kept.hook_url, kept.tells_providers) "
    "is distinct from (excluded.timezone, excluded.quiet_from, excluded.quiet_until, excluded.channels, "
    "excluded.hook_url, excluded.tells_providers) returning true"
)
# Nobody but the person sees the row; the one who watches learns from the database whether that is allowed.
_ALLOWED = text(
    "select case when sec.role() = 'monitor' then cardinality(sec.watches()) > 0 "
    "when sec.own_record() then coalesce((select allowed from consent.monitoring where patient_id = :patient_id), true) end"
)
_ALLOW = text(
    "insert into consent.monitoring as kept (patient_id, allowed, changed_at) values (:patient_id, :allowed, :now) "
    "on conflict (patient_id) do update set allowed = excluded.allowed, changed_at = excluded.changed_at "
    "where kept.allowed is distinct from excluded.allowed returning true"
)
_PRIORITIES = text("select metric, device_ids from phi.source_priority where patient_id = :patient_id order by metric")
_SET_PRIORITY = text(
    "insert into phi.source_priority as kept (patient_id, metric, device_ids, changed_at) "
    "values (:patient_id, :metric, :device_ids, :now) on conflict (patient_id, metric) do update "
    "set device_ids = excluded.device_ids, changed_at = excluded.changed_at "
    "where kept.device_ids is distinct from excluded.device_ids returning true"
)
_DROP_PRIORITY = text(
    "delete from phi.source_priority where patient_id = :patient_id and metric = :metric returning true"
)
_DEVICES = text(
    "select id, kind, last_seen_at from phi.device where patient_id = :patient_id "
    "order by last_seen_at desc nulls last, id"
)
_RANGE = "metric, low, high, unit, set_by_role, reason, set_at, ended_at"
_RANGES = text(
    f"select {_RANGE} from phi.personal_range where patient_id = :patient_id "  # noqa: S608 - names only
    "and (cast(:metric as text) is null or metric = :metric) and (:ended or ended_at is null) "
    "order by metric, set_at desc, set_by_role, id"
)
_ADD_RANGE = text(
    "insert into phi.personal_range "
    "(patient_id, id, metric, category, low, high, unit, reason, set_by, set_by_role, set_at) values "
    "(:patient_id, :id, :metric, :category, :low, :high, :unit, :reason, :set_by, :set_by_role, :now)"
)
_END_RANGE = text(
    "update phi.personal_range set ended_at = :now where patient_id = :patient_id and metric = :metric "
    "and set_by_role = :set_by_role and ended_at is null returning id"
)


async def settings(tx: AsyncSession, patient_id: UUID) -> Row[Any] | None:
    """The row of settings, if there is one that may be seen."""
    return (await tx.execute(_SETTINGS, {"patient_id": patient_id})).one_or_none()


async def save_settings(tx: AsyncSession, patient_id: UUID, members: Mapping[str, object], now: datetime) -> bool:
    """Keep the settings; False when they are so already."""
    given = {**members, "patient_id": patient_id, "now": now}
    return (await tx.execute(_SAVE_SETTINGS, given)).scalar_one_or_none() is not None


async def allowed(tx: AsyncSession, patient_id: UUID) -> bool | None:
    """Whether the service may watch; None for who may not know."""
    return (await tx.execute(_ALLOWED, {"patient_id": patient_id})).scalar_one()


async def allow(tx: AsyncSession, patient_id: UUID, allowed: bool, now: datetime) -> bool:
    """Keep what the person said; False when it is so already."""
    given = {"patient_id": patient_id, "allowed": allowed, "now": now}
    return (await tx.execute(_ALLOW, given)).scalar_one_or_none() is not None


async def priorities(tx: AsyncSession, patient_id: UUID) -> dict[str, tuple[UUID, ...]]:
    """Metric, or '*' for all, → device ids in their order."""
    return {metric: tuple(ids) for metric, ids in await tx.execute(_PRIORITIES, {"patient_id": patient_id})}


async def set_priority(
    tx: AsyncSession, patient_id: UUID, metric: str, device_ids: Sequence[UUID], now: datetime
) -> bool:
    """Keep the order, or drop it when it is empty; False when it is so already."""
    given = {"patient_id": patient_id, "metric": metric, "device_ids": list(device_ids), "now": now}
    statement = _SET_PRIORITY if device_ids else _DROP_PRIORITY
    return (await tx.execute(statement, given)).scalar_one_or_none() is not None


async def devices(tx: AsyncSession, patient_id: UUID) -> list[tuple[UUID, str | None]]:
    """Id and kind of every device, the one seen last in front."""
    return [(device, kind) for device, kind, _ in await tx.execute(_DEVICES, {"patient_id": patient_id})]


async def ranges(tx: AsyncSession, patient_id: UUID, metric: str | None, *, ended: bool) -> Sequence[Row[Any]]:
    """Rows of the ranges that hold, or with `ended` of all there were; the newest of a metric first."""
    return (await tx.execute(_RANGES, {"patient_id": patient_id, "metric": metric, "ended": ended})).all()


async def add_range(tx: AsyncSession, patient_id: UUID, members: Mapping[str, object], now: datetime) -> None:
    """Keep a range; the one of the same metric and role has been ended before."""
    await tx.execute(_ADD_RANGE, {**members, "patient_id": patient_id, "now": now})


async def end_range(tx: AsyncSession, patient_id: UUID, metric: str, role: str, now: datetime) -> bool:
    """End the range that holds; False when there is none."""
    given = {"patient_id": patient_id, "metric": metric, "set_by_role": role, "now": now}
    return (await tx.execute(_END_RANGE, given)).scalar_one_or_none() is not None
