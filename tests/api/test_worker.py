"""The worker gives every event to its consumers once, whatever happens in between."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of
from vitasense.api.worker import HANDLERS, Handle, Post, Worker
from vitasense.deterministic import notices
from vitasense.deterministic.auth import open_auth, system_access
from vitasense.deterministic.notices import FolderCourier, Notice
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event, append, backlog
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics

Make = Callable[..., Worker]
KIND = "thing.happened"


@pytest.fixture
def make(database: Database, tmp_path: Path) -> Make:
    def worker(handle: Handle | None = None, consumer: str = "") -> Worker:
        auth, _ = open_auth(database, Settings(home=tmp_path), system_clock, new_id)
        handlers = {KIND: {consumer: handle}} if handle else HANDLERS
        post = Post(FolderCourier(tmp_path / "mail"), "VitaSense <no-reply@localhost>")
        return Worker(database, auth, Metrics(), system_clock, post, handlers)

    return worker


async def happen(database: Database, patient: Principal, kind: str = KIND) -> Event:
    now = system_clock()
    event = Event(new_id(), kind, 1, patient.account_id, patient.account_id, now, now)
    async with database.transaction(access_of(patient)) as tx:
        await append(tx, event)
    return event


async def drain(worker: Worker) -> None:
    while await worker.relay():
        pass


def entries(admin_url: str, subject: UUID) -> list[dict[str, str]]:
    engine = create_engine(admin_url)
    with engine.connect() as admin:
        query = text("select body::text from audit.entry where subject_id = :subject order by seq")
        found = [json.loads(body) for body in admin.scalars(query, {"subject": subject})]
    engine.dispose()
    return found


async def test_an_emergency_is_noted_once_in_the_patients_audit_chain(
    database: Database, admin_url: str, patient: Principal, make: Make
) -> None:
    event = await happen(database, patient, "conversation.emergency_raised")
    await drain(make())
    await drain(make())
    noted = [each for each in entries(admin_url, patient.account_id) if each["verb"] == "raised"]
    assert [(each["object"], each["event"], each["by"], each["role"]) for each in noted] == [
        ("emergency", str(event.id), str(patient.account_id), "system")
    ]


async def test_two_workers_at_once_handle_an_event_once(database: Database, patient: Principal, make: Make) -> None:
    done: list[UUID] = []

    async def handle(tx: AsyncSession, event: Event) -> None:
        await asyncio.sleep(0.05)
        done.append(event.id)

    consumer = new_id().hex
    event = await happen(database, patient)
    await asyncio.gather(drain(make(handle, consumer)), drain(make(handle, consumer)))
    assert done.count(event.id) == 1


async def test_what_a_consumer_did_is_undone_when_it_is_killed_before_the_end_and_done_at_the_next_start(
    database: Database, admin_url: str, patient: Principal, make: Make
) -> None:
    consumer, reached = new_id().hex, asyncio.Event()
    event = await happen(database, patient)

    async def note(tx: AsyncSession, event: Event) -> None:
        words = {"subject": event.patient_id, "verb": consumer}
        await tx.execute(text("select audit.note(:subject, :verb, 'test')"), words)

    async def note_and_hang(tx: AsyncSession, happened: Event) -> None:
        if happened.id == event.id:
            await note(tx, happened)
            reached.set()
            await asyncio.sleep(60)

    killed = asyncio.create_task(drain(make(note_and_hang, consumer)))
    await reached.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    assert not [each for each in entries(admin_url, patient.account_id) if each["verb"] == consumer]
    await drain(make(note, consumer))
    assert len([each for each in entries(admin_url, patient.account_id) if each["verb"] == consumer]) == 1


async def test_a_failing_consumer_is_tried_later_and_others_go_on(
    database: Database, patient: Principal, make: Make
) -> None:
    consumer, tried = new_id().hex, list[UUID]()
    failing, fine = await happen(database, patient), await happen(database, patient)

    async def handle(tx: AsyncSession, event: Event) -> None:
        tried.append(event.id)
        if event.id == failing.id:
            raise ValueError("no")

    await drain(make(handle, consumer))
    assert {failing.id, fine.id} <= set(tried)
    async with database.transaction(system_access("test")) as tx:
        assert (await backlog(tx, consumer)).waiting == 1


async def test_it_measures_what_waits_sends_mail_and_stops_when_told(
    database: Database, patient: Principal, make: Make, tmp_path: Path
) -> None:
    async def handle(tx: AsyncSession, event: Event) -> None: ...

    notice = Notice(new_id(), "somebody@example.org", "Hello", "Words", system_clock())
    async with database.transaction(system_access("test")) as tx:
        await notices.post(tx, notice)
    event = await happen(database, patient)
    consumer, stop = new_id().hex, asyncio.Event()
    worker = make(handle, consumer)
    await worker.measure()
    assert f'vitasense_outbox_lag{{consumer="{consumer}"}} 0.0' not in worker.metrics.page().decode()
    running = asyncio.create_task(worker.run(stop))
    letter = tmp_path / "mail" / f"{notice.id}.eml"
    for _ in range(100):
        async with database.transaction(system_access("test")) as tx:
            waiting = (await backlog(tx, consumer)).waiting
        if letter.exists() and not waiting:
            break
        await asyncio.sleep(0.1)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert letter.exists()
    await worker.measure()
    assert f'vitasense_outbox_lag{{consumer="{consumer}"}} 0.0' in worker.metrics.page().decode()
    assert event
