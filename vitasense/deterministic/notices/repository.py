"""All SQL of the ledger of mail."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.notices.models import MailRow
from vitasense.deterministic.notices.schemas import Notice

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
