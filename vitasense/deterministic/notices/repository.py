"""All SQL of the ledgers of mail and webhooks."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.notices.models import MailRow, OutgoingHookRow
from vitasense.deterministic.notices.schemas import Notice, OutgoingHook

ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)


async def add(tx: AsyncSession, notice: Notice) -> None:
    """Write a waiting notice."""
    await tx.execute(
        insert(MailRow).values(
            id=notice.id,
            recipient=notice.recipient,
            subject=notice.subject,
            body=notice.body,
            created_at=notice.created_at,
            attempts=0,
        )
    )


async def claim(tx: AsyncSession, now: datetime) -> Notice | None:
    """The oldest notice that is due, locked until the transaction ends; None when nothing is due."""
    row = await tx.scalar(
        select(MailRow)
        .where(MailRow.sent_at.is_(None), MailRow.body.is_not(None))
        .where(or_(MailRow.retry_at.is_(None), MailRow.retry_at <= now))
        .order_by(MailRow.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return row and Notice(row.id, row.recipient, row.subject, row.body or "", row.created_at)


async def mark_sent(tx: AsyncSession, notice_id: UUID, now: datetime) -> None:
    """Close the entry and empty its body."""
    await tx.execute(update(MailRow).where(MailRow.id == notice_id).values(sent_at=now, body=None, last_error=None))


async def mark_failed(tx: AsyncSession, notice_id: UUID, now: datetime, error: str) -> None:
    """Try again after 30 s, 1, 2, 4 … minutes; after the eighth attempt the notice is given up and emptied."""
    given_up = MailRow.attempts + 1 >= ATTEMPTS
    await tx.execute(
        update(MailRow)
        .where(MailRow.id == notice_id)
        .values(
            attempts=MailRow.attempts + 1,
            retry_at=now + FIRST_WAIT * func.power(2, MailRow.attempts),
            last_error=error,
            body=case((given_up, None), else_=MailRow.body),
        )
    )


async def add_hook(tx: AsyncSession, hook: OutgoingHook) -> None:
    """Write a waiting webhook, once for each id."""
    values = {
        "id": hook.id,
        "patient_id": hook.patient_id,
        "url": hook.url,
        "body": hook.body,
        "created_at": hook.created_at,
        "attempts": 0,
    }
    await tx.execute(upsert(OutgoingHookRow).values(values).on_conflict_do_nothing())


async def claim_hook(tx: AsyncSession, now: datetime) -> OutgoingHook | None:
    """The oldest webhook that is due, locked until the transaction ends; None when nothing is due."""
    row = await tx.scalar(
        select(OutgoingHookRow)
        .where(OutgoingHookRow.sent_at.is_(None), OutgoingHookRow.attempts < ATTEMPTS)
        .where(or_(OutgoingHookRow.retry_at.is_(None), OutgoingHookRow.retry_at <= now))
        .order_by(OutgoingHookRow.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return row and OutgoingHook(row.id, row.patient_id, row.url, row.body, row.created_at)


async def mark_hook_sent(tx: AsyncSession, hook_id: UUID, now: datetime) -> None:
    """Close the entry."""
    where = OutgoingHookRow.id == hook_id
    await tx.execute(update(OutgoingHookRow).where(where).values(sent_at=now, last_error=None))


async def mark_hook_failed(tx: AsyncSession, hook_id: UUID, now: datetime, error: str) -> None:
    """Try again after 30 s, 1, 2, 4 … minutes, eight times in all."""
    retry = now + FIRST_WAIT * func.power(2, OutgoingHookRow.attempts)
    values = {"attempts": OutgoingHookRow.attempts + 1, "retry_at": retry, "last_error": error}
    await tx.execute(update(OutgoingHookRow).where(OutgoingHookRow.id == hook_id).values(values))
