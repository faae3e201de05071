"""The worker does what the table says, and everything else that waits, until it is told to stop."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.api.draining import let_go
from tests.people import access_of
from vitasense.api.consumers import HANDLERS, Handle, by_consumer
from vitasense.api.worker import Post, Worker
from vitasense.deterministic import notices
from vitasense.deterministic.auth import open_auth, system_access
from vitasense.deterministic.notices import FolderCourier, Notice
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import EVENT_TYPES, Event, append, backlog
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics

Make = Callable[..., Worker]


@pytest.fixture(scope="module", autouse=True)
def alone(admin_url: str) -> None:
    let_go(admin_url)


@pytest.fixture
def make(database: Database, tmp_path: Path) -> Make:
    def worker(handle: Handle | None = None, consumer: str = "") -> Worker:
        auth, _ = open_auth(database, Settings(home=tmp_path), system_clock, new_id)
        handlers = {kind_of(consumer): {consumer: handle}} if handle else HANDLERS
        post = Post(FolderCourier(tmp_path / "mail"), "VitaSense <no-reply@localhost>")
        return Worker(database, auth, Metrics(), system_clock, post, handlers)

    return worker


def kind_of(consumer: str) -> str:
    """A type of its own for each test: others tell nothing of it."""
    return f"thing.{consumer}"


async def happen(database: Database, patient: Principal, kind: str) -> Event:
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


def test_consumers_take_types_that_exist_and_have_names_that_can_name_a_group() -> None:
    assert set(HANDLERS) <= set(EVENT_TYPES)
    for consumer, handles in by_consumer(HANDLERS).items():
        assert consumer.replace("_", "").isalnum()
        assert handles


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


async def test_a_failing_consumer_is_tried_later_and_counted(
    database: Database, patient: Principal, make: Make
) -> None:
    consumer, tried = new_id().hex, list[UUID]()
    failing = await happen(database, patient, kind_of(consumer))

    async def handle(tx: AsyncSession, event: Event) -> None:
        tried.append(event.id)
        raise ValueError("no")

    worker = make(handle, consumer)
    await drain(worker)
    assert tried == [failing.id]
    async with database.transaction(system_access("test")) as tx:
        assert (await backlog(tx, consumer, [kind_of(consumer)])).retrying == 1
    await worker.measure()
    page = worker.metrics.page().decode()
    assert f'vitasense_events_total{{consumer="{consumer}",outcome="failed"}} 1.0' in page
    assert f'vitasense_outbox_lag{{consumer="{consumer}"}} 1.0' in page


async def test_it_measures_what_waits_sends_mail_and_stops_when_told(
    database: Database, patient: Principal, make: Make, tmp_path: Path
) -> None:
    async def handle(tx: AsyncSession, event: Event) -> None: ...

    notice = Notice(new_id(), "somebody@example.org", "Hello", "Words", system_clock())
    async with database.transaction(system_access("test")) as tx:
        await notices.post(tx, notice)
    consumer, stop = new_id().hex, asyncio.Event()
    event = await happen(database, patient, kind_of(consumer))
    worker = make(handle, consumer)
    await worker.measure()
    assert f'vitasense_outbox_lag{{consumer="{consumer}"}} 1.0' in worker.metrics.page().decode()
    running = asyncio.create_task(worker.run(stop))
    letter = tmp_path / "mail" / f"{notice.id}.eml"
    for _ in range(100):
        async with database.transaction(system_access("test")) as tx:
            waiting = (await backlog(tx, consumer, [event.type])).waiting
        if letter.exists() and not waiting:
            break
        await asyncio.sleep(0.1)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert letter.exists()
    await worker.measure()
    page = worker.metrics.page().decode()
    assert f'vitasense_outbox_lag{{consumer="{consumer}"}} 0.0' in page
    assert f'vitasense_events_total{{consumer="{consumer}",outcome="handled"}} 1.0' in page
    assert f'vitasense_event_seconds_count{{consumer="{consumer}"}} 1.0' in page
