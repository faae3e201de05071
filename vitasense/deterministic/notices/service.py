"""Posting and sending notices."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.notices import repository
from vitasense.deterministic.notices.couriers import Courier
from vitasense.deterministic.notices.schemas import Notice
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import get_logger

log = get_logger(__name__)


async def post(tx: AsyncSession, notice: Notice) -> None:
    """Let the notice leave once this transaction commits. The transaction must be the service's own (role system)."""
    await repository.add(tx, notice)


async def send_waiting(
    database: Database, access: Access, courier: Courier, clock: Clock, *, sender: str, limit: int = 100
) -> int:
    """Send what waits and is due; returns how many left. `access` is the service's own.

    A notice is locked while it is sent, so two senders never send the same. A crash between sending and writing
    that down sends it again under the same Message-ID.
    """
    sent = 0
    for _ in range(limit):
        outcome = await _send_one(database, access, courier, clock, sender)
        if outcome is None:
            break
        sent += outcome
    return sent


async def _send_one(database: Database, access: Access, courier: Courier, clock: Clock, sender: str) -> bool | None:
    async with database.transaction(access) as tx:
        notice = await repository.claim(tx, clock())
        if notice is None:
            return None
        try:
            await courier.deliver(message_of(notice, sender))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            log.warning("mail.failed", exc_info=error)
            await repository.mark_failed(tx, notice.id, clock(), type(error).__name__)
            return False
        await repository.mark_sent(tx, notice.id, clock())
        return True


def message_of(notice: Notice, sender: str) -> EmailMessage:
    """The RFC 5322 message of a notice; its Message-ID is made of the notice's id and the sender's domain."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = notice.recipient
    message["Subject"] = notice.subject
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = f"<{notice.id}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.body)
    return message
