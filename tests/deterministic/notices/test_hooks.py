"""Webhooks leave signed, to allowed hosts only, follow nobody, and are tried again until they are taken."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.deterministic.notices.receiver import Receiver, receiving
from tests.people import access_of
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.notices import Hooks, post_hook, send_hooks
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput

LINK = "https://vitasense.test/#/alarms/1"
HOOKS = Hooks(b"a key of the tests alone", frozenset({"127.0.0.1", "hooks.example.org"}))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as kept:
        yield kept


@pytest.fixture(autouse=True)
def empty_ledger(admin_url: str) -> None:
    engine = create_engine(admin_url)
    with engine.begin() as connection:
        connection.execute(text("delete from app.outgoing_hook"))
    engine.dispose()


async def posted(database: Database, patient: Principal, url: str, hook_id: UUID | None = None) -> UUID:
    hook_id = hook_id or new_id()
    async with database.transaction(system_access("test")) as tx:
        await post_hook(tx, hook_id, patient.account_id, url, LINK, system_clock())
    return hook_id


async def sent(database: Database, hooks: Hooks = HOOKS, at: datetime | None = None) -> int:
    moment = at or system_clock()
    async with httpx.AsyncClient(trust_env=False) as client:
        return await send_hooks(database, system_access("test"), hooks, lambda: moment, client)


async def ledger(database: Database, hook_id: UUID) -> tuple[object, ...]:
    query = text("select sent_at is not null, attempts, last_error from app.outgoing_hook where id = :id")
    async with database.transaction(system_access("test")) as tx:
        return tuple((await tx.execute(query, {"id": hook_id})).one())


async def test_a_webhook_arrives_signed_by_the_specification_once(
    database: Database, patient: Principal, receiver: Receiver
) -> None:
    hook_id = await posted(database, patient, receiver.url)
    await posted(database, patient, receiver.url, hook_id)
    assert (await sent(database), await sent(database)) == (1, 0)
    ((path, headers, body),) = receiver.got
    assert path == "/in" and headers["webhook-id"] == str(hook_id)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(HOOKS.secret(patient.account_id).removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    assert await ledger(database, hook_id) == (True, 0, None)


async def test_it_tells_a_link_and_nothing_else(database: Database, patient: Principal, receiver: Receiver) -> None:
    await posted(database, patient, receiver.url)
    await sent(database)
    ((_, _, body),) = receiver.got
    told = json.loads(body)
    assert set(told) == {"type", "timestamp", "data"}
    assert (told["type"], told["data"]) == ("message.waiting", {"link": LINK})
    assert str(patient.account_id) not in body.decode()


def test_each_person_has_a_secret_of_their_own() -> None:
    one, other = new_id(), new_id()
    assert HOOKS.secret(one) == HOOKS.secret(one) != HOOKS.secret(other)
    assert HOOKS.secret(one) != Hooks(b"another key", HOOKS.hosts).secret(one)
    assert "key" not in repr(HOOKS)


async def test_no_redirect_is_followed(database: Database, patient: Principal, receiver: Receiver) -> None:
    receiver.answers = [(status, {"location": receiver.url + "/elsewhere"}) for status in (301, 302, 303, 307, 308)]
    hook_id = await posted(database, patient, receiver.url)
    moment = system_clock()
    for _ in range(5):
        await sent(database, at=moment)
        moment += timedelta(hours=1)
    assert [path for path, _, _ in receiver.got] == ["/in"] * 5
    assert await ledger(database, hook_id) == (False, 5, "HTTPStatusError")


async def test_a_failure_is_tried_again_later_and_later_and_ends_in_the_end(
    database: Database, patient: Principal, receiver: Receiver
) -> None:
    receiver.answers = [(503, {})] * 20
    hook_id, moment = await posted(database, patient, receiver.url), system_clock()
    for seconds in (0, 29, 2, 58, 3, 118, 3):  # tried at once, after 30 s, after 1 min, after 2 min
        moment += timedelta(seconds=seconds)
        await sent(database, at=moment)
    assert len(receiver.got) == 4
    for _ in range(10):
        moment += timedelta(days=1)
        await sent(database, at=moment)
    assert len(receiver.got) == 8
    assert await ledger(database, hook_id) == (False, 8, "HTTPStatusError")


async def test_it_is_signed_anew_for_each_try_under_the_same_id(
    database: Database, patient: Principal, receiver: Receiver
) -> None:
    receiver.answers = [(500, {}), (200, {})]
    hook_id, moment = await posted(database, patient, receiver.url), system_clock()
    await sent(database, at=moment)
    await sent(database, at=moment + timedelta(minutes=1))
    (_, first, _), (_, second, _) = receiver.got
    assert first["webhook-id"] == second["webhook-id"] == str(hook_id)
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert first["webhook-signature"] != second["webhook-signature"]
    assert await ledger(database, hook_id) == (True, 1, None)


async def test_one_that_fails_holds_up_no_other(database: Database, patient: Principal, receiver: Receiver) -> None:
    dead = await posted(database, patient, "http://127.0.0.1:1/")
    await posted(database, patient, receiver.url)
    assert await sent(database) == 1
    assert len(receiver.got) == 1 and (await ledger(database, dead))[:2] == (False, 1)


async def test_a_host_that_is_allowed_no_more_is_not_called(
    database: Database, patient: Principal, receiver: Receiver
) -> None:
    hook_id = await posted(database, patient, receiver.url)
    assert await sent(database, Hooks(HOOKS.key, frozenset())) == 0
    assert receiver.got == [] and await ledger(database, hook_id) == (False, 1, "InvalidInput")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "https://",
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "file:///etc/passwd",
        "https://user:word@hooks.example.org/",
        "https://@hooks.example.org/",
        "https://hooks.example.org@evil.example/",
        "https://hooks.example.org.evil.example/",
        "https://evil.example/hooks.example.org",
        "https://evil.example#hooks.example.org",
        "https://[::1/",
        "https://hooks.example.org:99999/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://2130706433/",
        "https://hooks.example.org\\@evil.example/",
    ],
)
async def test_an_address_that_is_not_allowed_is_refused_and_never_called(
    database: Database, patient: Principal, url: str
) -> None:
    with pytest.raises(InvalidInput):
        HOOKS.check(url)
    hook_id = await posted(database, patient, url)
    assert await sent(database) == 0
    assert await ledger(database, hook_id) == (False, 1, "InvalidInput")


def test_the_refusal_names_the_host_and_the_setting_and_no_more() -> None:
    with pytest.raises(InvalidInput, match=r"nothing to evil\.example: .* VITASENSE_WEBHOOK_HOSTS") as refused:
        HOOKS.check("https://evil.example/path?key=secret")
    assert "secret" not in str(refused.value)


async def test_nobody_but_the_service_sees_or_writes_the_ledger(database: Database, patient: Principal) -> None:
    await posted(database, patient, "https://hooks.example.org/")
    async with database.transaction(access_of(patient)) as tx:
        assert (await tx.execute(text("select count(*) from app.outgoing_hook"))).scalar_one() == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(access_of(patient)) as tx:
            await post_hook(tx, new_id(), patient.account_id, "https://hooks.example.org/", LINK, system_clock())
