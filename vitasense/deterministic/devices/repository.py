"""All SQL of devices, deliveries, rejected rows and webhooks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.devices.models import DeliveryRow, DeviceRow, RejectedRow, WebhookRow, WorkoutRow

_KNOWN = ("kind", "maker", "model", "external_id", "firmware", "battery")


async def devices(tx: AsyncSession, patient_id: UUID) -> Sequence[DeviceRow]:
    """Every device that may be seen, the last seen first."""
    query = select(DeviceRow).where(DeviceRow.patient_id == patient_id)
    order = query.order_by(DeviceRow.last_seen_at.desc().nulls_last(), DeviceRow.id)
    return (await tx.scalars(order, execution_options={"populate_existing": True})).all()


async def device(tx: AsyncSession, patient_id: UUID, device_id: UUID) -> DeviceRow | None:
    """One device."""
    query = select(DeviceRow).where(DeviceRow.patient_id == patient_id, DeviceRow.id == device_id)
    return await tx.scalar(query, execution_options={"populate_existing": True})


async def keep_device(tx: AsyncSession, values: dict[str, Any]) -> None:
    """Add the device, or add to it what was not known of it before; its name stays as the person has it."""
    row = insert(DeviceRow).values(values)
    known = {name: func.coalesce(getattr(row.excluded, name), getattr(DeviceRow, name)) for name in _KNOWN}
    seen = func.greatest(DeviceRow.last_seen_at, row.excluded.last_seen_at)
    reported = func.coalesce(row.excluded.reported_at, DeviceRow.reported_at)
    keys = ["patient_id", "id"]
    changes = {**known, "last_seen_at": seen, "reported_at": reported}
    await tx.execute(row.on_conflict_do_update(index_elements=keys, set_=changes))


async def change_device(tx: AsyncSession, patient_id: UUID, device_id: UUID, values: dict[str, Any]) -> bool:
    """Change a device; False when there is none that may be changed."""
    where = (DeviceRow.patient_id == patient_id, DeviceRow.id == device_id)
    changed = await tx.execute(update(DeviceRow).where(*where).values(values).returning(DeviceRow.id))
    return changed.first() is not None


async def delivery(tx: AsyncSession, patient_id: UUID, key: str) -> DeliveryRow | None:
    """What came under this key before."""
    return await tx.scalar(select(DeliveryRow).where(DeliveryRow.patient_id == patient_id, DeliveryRow.key == key))


async def add_delivery(tx: AsyncSession, values: dict[str, Any]) -> bool:
    """Note a delivery; False when its key was noted before."""
    added = insert(DeliveryRow).values(values).on_conflict_do_nothing(index_elements=["patient_id", "key"])
    return (await tx.execute(added.returning(DeliveryRow.id))).first() is not None


async def reject(tx: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep rows that could not be taken; the same ones again change nothing."""
    if rows:
        await tx.execute(insert(RejectedRow).on_conflict_do_nothing(), list(rows))


async def rejected(tx: AsyncSession, patient_id: UUID, limit: int, after: UUID | None) -> Sequence[RejectedRow]:
    """Open rejected rows in a stable order."""
    query = select(RejectedRow).where(RejectedRow.patient_id == patient_id, RejectedRow.settled_at.is_(None))
    if after:
        query = query.where(RejectedRow.id > after)
    return (await tx.scalars(query.order_by(RejectedRow.id).limit(limit))).all()


async def rejected_of(tx: AsyncSession, patient_id: UUID, ids: Sequence[UUID]) -> Sequence[RejectedRow]:
    """These rejected rows, settled ones too."""
    query = select(RejectedRow).where(RejectedRow.patient_id == patient_id, RejectedRow.id.in_(ids))
    return (await tx.scalars(query)).all() if ids else ()


async def delivering_device(tx: AsyncSession, patient_id: UUID, delivery_id: UUID) -> UUID | None:
    """The device whose rows a delivery was, when it was said of all of them."""
    query = select(DeliveryRow.device_id).where(DeliveryRow.patient_id == patient_id, DeliveryRow.id == delivery_id)
    return await tx.scalar(query)


async def rejected_row(tx: AsyncSession, patient_id: UUID, row_id: UUID) -> RejectedRow | None:
    """One open rejected row, locked until the transaction ends."""
    where = (RejectedRow.patient_id == patient_id, RejectedRow.id == row_id, RejectedRow.settled_at.is_(None))
    return await tx.scalar(select(RejectedRow).where(*where).with_for_update())


async def settle(tx: AsyncSession, patient_id: UUID, row_id: UUID, how: str, now: datetime) -> None:
    """Close a rejected row and empty it: what it held is in the record now, or was thrown away."""
    where = (RejectedRow.patient_id == patient_id, RejectedRow.id == row_id)
    await tx.execute(update(RejectedRow).where(*where).values(settled_at=now, settled_as=how, content=""))


async def settle_delivery(tx: AsyncSession, patient_id: UUID, delivery_id: UUID, how: str, now: datetime) -> None:
    """Close the open rejected rows of a delivery and empty them."""
    where = (RejectedRow.patient_id == patient_id, RejectedRow.delivery_id == delivery_id)
    settled = {"settled_at": now, "settled_as": how, "content": ""}
    await tx.execute(update(RejectedRow).where(*where, RejectedRow.settled_at.is_(None)).values(settled))


async def keep_workouts(tx: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add workouts, or replace what the same ones were."""
    for row in rows:
        statement = insert(WorkoutRow).values(row)
        changes = {name: getattr(statement.excluded, name) for name in row if name not in ("patient_id", "id")}
        await tx.execute(statement.on_conflict_do_update(index_elements=["patient_id", "id"], set_=changes))


async def workouts(tx: AsyncSession, patient_id: UUID, since: datetime, until: datetime) -> Sequence[WorkoutRow]:
    """Workouts that began in the time, newest first."""
    query = select(WorkoutRow).where(WorkoutRow.patient_id == patient_id, WorkoutRow.started_at.between(since, until))
    return (await tx.scalars(query.order_by(WorkoutRow.started_at.desc(), WorkoutRow.id))).all()


async def add_webhook(tx: AsyncSession, values: dict[str, Any]) -> None:
    """Add a webhook; the transaction must be the service's own."""
    await tx.execute(insert(WebhookRow).values(values))


async def webhook(tx: AsyncSession, hook_id: UUID) -> WebhookRow | None:
    """One webhook that is in force."""
    return await tx.scalar(select(WebhookRow).where(WebhookRow.id == hook_id, WebhookRow.revoked_at.is_(None)))


async def webhooks(tx: AsyncSession, patient_id: UUID) -> Sequence[WebhookRow]:
    """The webhooks of a person, newest first."""
    query = select(WebhookRow).where(WebhookRow.patient_id == patient_id)
    return (await tx.scalars(query.order_by(WebhookRow.created_at.desc(), WebhookRow.id))).all()


async def revoke_webhooks(tx: AsyncSession, patient_id: UUID, ids: Iterable[UUID], now: datetime) -> int:
    """End webhooks of a person; returns how many."""
    where = (WebhookRow.patient_id == patient_id, WebhookRow.id.in_(list(ids)), WebhookRow.revoked_at.is_(None))
    done = await tx.execute(update(WebhookRow).where(*where).values(revoked_at=now).returning(WebhookRow.id))
    return len(done.all())
