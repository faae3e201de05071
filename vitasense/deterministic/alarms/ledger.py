"""All SQL of messages that leave the service, and of timers."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.alarms.models import AlarmRow, NotificationRow, TimerRow
from vitasense.deterministic.alarms.schemas import (
    Alarm,
    Channel,
    Notification,
    Planned,
    Timer,
    TimerKind,
)
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Urgency

_NOT_URGENT = (Urgency.ROUTINE.value, Urgency.SELF_CARE.value)
# No RETURNING: who may wind a timer may not read the others.
_WIND = text(
    "insert into app.timer (id, patient_id, kind, ref, due_at, created_at) "
    "values (:id, :patient, :kind, :ref, :due_at, :now)"
)


async def told_between(
    tx: AsyncSession, patient_id: UUID, recipient_id: UUID, since: datetime, until: datetime, but_for: Alarm
) -> int:
    """How many messages that are not urgent leave the service for the recipient in that time, of other steps.

    Two ways of saying one thing are one message.
    """
    step = tuple_(NotificationRow.alarm_id, NotificationRow.alarm_version)
    statement = (
        select(func.count(step.distinct()))
        .join(
            AlarmRow,
            (AlarmRow.patient_id == NotificationRow.patient_id) & (AlarmRow.id == NotificationRow.alarm_id),
        )
        .where(NotificationRow.patient_id == patient_id, NotificationRow.recipient_id == recipient_id)
        .where(NotificationRow.channel != "page", AlarmRow.urgency.in_(_NOT_URGENT))
        .where(NotificationRow.not_before >= since, NotificationRow.not_before < until)
        .where(step != (but_for.id, but_for.version))
    )
    return (await tx.execute(statement)).scalar_one()


async def add_notification(
    tx: AsyncSession, patient_id: UUID, alarm: Alarm, planned: Planned, now: datetime, ids: NewId
) -> Notification | None:
    """Write the message; None when that step of the alarm has it for the channel and recipient."""
    new = Notification(ids(), alarm.id, alarm.version, planned.channel, planned.recipient_id, planned.not_before)
    statement = (
        upsert(NotificationRow)
        .values(
            patient_id=patient_id,
            id=new.id,
            category=alarm.category.value,
            alarm_id=new.alarm_id,
            alarm_version=new.alarm_version,
            channel=new.channel,
            recipient_id=new.recipient_id,
            not_before=new.not_before,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["patient_id", "alarm_id", "alarm_version", "channel", "recipient_id"])
        .returning(NotificationRow.id)
    )
    return new if (await tx.execute(statement)).scalar_one_or_none() else None


async def due_notifications(tx: AsyncSession, patient_id: UUID, now: datetime, limit: int) -> list[Notification]:
    """Messages to give on now, held until the transaction ends; what another sender holds is passed over.

    What was said of an earlier step of an alarm is no longer sent: an answer is a step, too.
    """
    statement = (
        select(NotificationRow)
        .join(
            AlarmRow,
            (AlarmRow.patient_id == NotificationRow.patient_id)
            & (AlarmRow.id == NotificationRow.alarm_id)
            & (AlarmRow.version == NotificationRow.alarm_version),
        )
        .where(NotificationRow.patient_id == patient_id, NotificationRow.sent_at.is_(None))
        .where(NotificationRow.not_before <= now)
        .order_by(NotificationRow.not_before, NotificationRow.id)
        .limit(limit)
        .with_for_update(of=NotificationRow, skip_locked=True)
    )
    rows = (await tx.execute(statement, execution_options={"populate_existing": True})).scalars()
    return [_notification(row) for row in rows]


async def mark_sent(tx: AsyncSession, patient_id: UUID, notification_id: UUID, now: datetime) -> bool:
    """Remember that it was given on; False when it was, or is not there."""
    statement = (
        update(NotificationRow)
        .where(NotificationRow.patient_id == patient_id, NotificationRow.id == notification_id)
        .where(NotificationRow.sent_at.is_(None))
        .values(sent_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[tuple[()]]", await tx.execute(statement)).rowcount == 1


def _notification(row: NotificationRow) -> Notification:
    return Notification(
        row.id,
        row.alarm_id,
        row.alarm_version,
        cast("Channel", row.channel),
        row.recipient_id,
        row.not_before,
        row.sent_at,
    )


async def wind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Write the timer."""
    own = {"id": timer.id, "patient": timer.patient_id, "kind": timer.kind, "ref": timer.ref, "due_at": timer.due_at}
    await tx.execute(_WIND, own | {"now": now})


async def due(tx: AsyncSession, now: datetime, limit: int) -> list[Timer]:
    """Timers that are due, the longest first, held until the transaction ends."""
    statement = (
        select(TimerRow.id, TimerRow.patient_id, TimerRow.kind, TimerRow.ref, TimerRow.due_at)
        .where(TimerRow.done_at.is_(None), TimerRow.due_at <= now)
        .order_by(TimerRow.due_at, TimerRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        Timer(row.id, row.patient_id, cast("TimerKind", row.kind), row.ref, row.due_at)
        for row in (await tx.execute(statement)).all()
    ]


async def done(tx: AsyncSession, timer_id: UUID, now: datetime) -> bool:
    """Remember that it rang; False when it had."""
    statement = (
        update(TimerRow)
        .where(TimerRow.id == timer_id, TimerRow.done_at.is_(None))
        .values(done_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[tuple[()]]", await tx.execute(statement)).rowcount == 1
