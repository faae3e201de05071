"""The moves of an alarm by their names, as those who make them say them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.alarms.lifecycle import Move
from vitasense.deterministic.alarms.schemas import Alarm
from vitasense.deterministic.alarms.service import move
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import NewId


async def acknowledge(
    tx: AsyncSession,
    patient_id: UUID,
    alarm_id: UUID,
    actor: Principal,
    now: datetime,
    note: str | None = None,
    *,
    ids: NewId,
    version: int | None = None,
) -> Alarm:
    """A person has seen it; raises as `move`."""
    return await move(
        tx, patient_id, alarm_id, Move.ACKNOWLEDGE, actor=actor, now=now, ids=ids, note=note, version=version
    )


async def snooze(
    tx: AsyncSession,
    patient_id: UUID,
    alarm_id: UUID,
    until: datetime,
    actor: Principal,
    now: datetime,
    note: str | None = None,
    *,
    ids: NewId,
    version: int | None = None,
) -> Alarm:
    """A person puts it off until then; raises as `move`."""
    what = Move.SNOOZE
    return await move(
        tx, patient_id, alarm_id, what, actor=actor, now=now, ids=ids, note=note, until=until, version=version
    )


async def wake(
    tx: AsyncSession,
    patient_id: UUID,
    alarm_id: UUID,
    actor: Principal,
    now: datetime,
    note: str | None = None,
    *,
    ids: NewId,
) -> Alarm:
    """The time it was put off for is over; raises as `move`."""
    return await move(tx, patient_id, alarm_id, Move.WAKE, actor=actor, now=now, ids=ids, note=note)


async def escalate(
    tx: AsyncSession,
    patient_id: UUID,
    alarm_id: UUID,
    actor: Principal,
    now: datetime,
    note: str | None = None,
    *,
    ids: NewId,
) -> Alarm:
    """Nobody answered; raises as `move`."""
    return await move(tx, patient_id, alarm_id, Move.ESCALATE, actor=actor, now=now, ids=ids, note=note)


async def clear(
    tx: AsyncSession,
    patient_id: UUID,
    alarm_id: UUID,
    actor: Principal,
    now: datetime,
    note: str,
    *,
    ids: NewId,
    version: int | None = None,
) -> Alarm:
    """It is over, and `note` says why; raises as `move`."""
    return await move(tx, patient_id, alarm_id, Move.CLEAR, actor=actor, now=now, ids=ids, note=note, version=version)


async def mark_stale(
    tx: AsyncSession,
    patient_id: UUID,
    alarm_id: UUID,
    actor: Principal,
    now: datetime,
    note: str | None = None,
    *,
    ids: NewId,
) -> Alarm:
    """No reading confirms it any more; raises as `move`."""
    return await move(tx, patient_id, alarm_id, Move.EXPIRE, actor=actor, now=now, ids=ids, note=note)
