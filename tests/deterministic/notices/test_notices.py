"""Mail leaves once, in the order it was written, and nothing of it stays behind."""

import asyncio
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.people import access_of
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.notices import (
    Courier,
    FolderCourier,
    Notice,
    SmtpCourier,
    courier_of,
    post,
    send_waiting,
)
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import Clock, new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.platform.settings import Settings

SENDER = "VitaSense <no-reply@clinic.example>"


@pytest.fixture(autouse=True)
def empty_ledger(admin_url: str) -> None:
    engine = create_engine(admin_url)
    with engine.begin() as connection:
        connection.execute(text("delete from app.mail"))
    engine.dispose()


@dataclass
class FailingCourier:
    """Refuses the first deliveries."""

    failures: int
    taken: list[EmailMessage] = field(default_factory=list[EmailMessage])

    async def deliver(self, message: EmailMessage) -> None:
        await asyncio.sleep(0.01)
        if self.failures:
            self.failures -= 1
            raise smtplib.SMTPServerDisconnected(f"while sending to {message['To']}")
        self.taken.append(message)


async def posted(database: Database, recipient: str = "maria@example.org") -> Notice:
    notice = Notice(new_id(), recipient, "Confirm your e-mail address", "token=s3cret", system_clock())
    async with database.transaction(system_access("test")) as tx:
        await post(tx, notice)
    return notice


async def send(database: Database, courier: Courier, clock: Clock = system_clock) -> int:
    return await send_waiting(database, system_access("send mail"), courier, clock, sender=SENDER)


async def ledger(database: Database, notice: Notice) -> tuple[object, ...]:
    query = text("select sent_at is not null, attempts, last_error, body from app.mail where id = :id")
    async with database.transaction(system_access("test")) as tx:
        return tuple((await tx.execute(query, {"id": notice.id})).one())


async def test_without_a_mail_server_notices_become_private_files_once(database: Database, tmp_path: Path) -> None:
    notice = await posted(database)
    courier = courier_of(Settings(home=tmp_path))
    assert isinstance(courier, FolderCourier)
    assert (await send(database, courier), await send(database, courier)) == (1, 0)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    message = message_from_bytes(file.read_bytes())
    assert message["To"] == "maria@example.org" and message["Message-ID"] == f"<{notice.id}@clinic.example>"
    assert "token=s3cret" in str(message.get_payload())
    assert await ledger(database, notice) == (True, 0, None, None)


async def test_two_senders_at_once_send_each_notice_once(database: Database) -> None:
    notices = [await posted(database) for _ in range(6)]
    courier = FailingCourier(0)
    counts = await asyncio.gather(*(send(database, courier) for _ in range(3)))
    assert sum(counts) == len(courier.taken) == len(notices)


async def test_a_failed_notice_waits_and_tells_only_the_kind_of_error(database: Database) -> None:
    notice, courier = await posted(database), FailingCourier(1)
    assert await send(database, courier) == 0
    assert await ledger(database, notice) == (False, 1, "SMTPServerDisconnected", "token=s3cret")
    assert await send(database, courier) == 0
    assert await send(database, courier, lambda: datetime.now(UTC) + timedelta(seconds=31)) == 1
    assert (await ledger(database, notice))[0] is True


async def test_after_the_eighth_failure_a_notice_is_given_up_and_emptied(database: Database) -> None:
    notice, courier, clock = await posted(database), FailingCourier(99), [datetime.now(UTC)]
    for _ in range(9):
        clock[0] += timedelta(days=1)
        await send(database, courier, lambda: clock[0])
    assert await ledger(database, notice) == (False, 8, "SMTPServerDisconnected", None)


async def test_only_the_service_itself_posts(database: Database, patient: Principal) -> None:
    notice = Notice(new_id(), "maria@example.org", "x", "y", system_clock())
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(access_of(patient)) as tx:
            await post(tx, notice)
    assert await send(database, FailingCourier(0)) == 0


class _Smtp(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 to receive one message."""

    def handle(self) -> None:
        self._say(b"220 ready")
        lines: list[bytes] = []
        while line := self.rfile.readline().rstrip(b"\r\n"):
            if line.upper() == b"DATA":
                self._say(b"354 go on")
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                RECEIVED.append(b"".join(lines))
            self._say(b"221 bye" if line.upper() == b"QUIT" else b"250 ok")

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


RECEIVED: list[bytes] = []


@pytest.fixture
def mail_server() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


async def test_with_a_mail_server_notices_go_there(database: Database, mail_server: str) -> None:
    await posted(database)
    assert await send(database, SmtpCourier(mail_server)) == 1
    message = message_from_bytes(RECEIVED[-1])
    assert message["Subject"] == "Confirm your e-mail address" and "token=s3cret" in str(message.get_payload())


@pytest.mark.parametrize("url", ["http://host", "smtp://", "host:25"])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        SmtpCourier(url)
