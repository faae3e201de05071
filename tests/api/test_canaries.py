"""A word of a person's health goes to the conversation and to no log, metric, span, error or file beside it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import JSONResponse, Response

from tests.api.conftest import Person, Rows, SignIn
from tests.api.sinks import CANARY, WORDS, Sinks, watched
from tests.api.test_chat import MESSAGES
from tests.api.test_record import record, send
from tests.people import KEY
from vitasense.api.bootstrap import Services, assemble
from vitasense.deterministic import threads
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.evals.scripted_model import Asked, ScriptedModel, serving
from vitasense.tools.context import RunContext
from vitasense.tools.registry import Registry


@pytest.fixture
def sinks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: EmbeddedPostgres) -> Iterator[Sinks]:
    with watched(monkeypatch, tmp_path, server) as everywhere:
        yield everywhere


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    """A model whose every answer is a failure that quotes the person."""
    with serving() as scripted:
        scripted.script = _refuse
        yield scripted


def _refuse(asked: Asked) -> Response:
    assert CANARY in str(asked["messages"])
    return JSONResponse({"error": {"message": f"cannot parse {asked['messages']}", "type": CANARY}}, status_code=400)


@pytest.fixture
def services(
    database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path, request: pytest.FixtureRequest
) -> Services:
    """The usual ones, or with the failing model for the test that asks for it."""
    settings = Settings(home=tmp_path, secret=SecretStr(KEY.decode()))
    if "with_model" in request.fixturenames:
        scripted: ScriptedModel = request.getfixturevalue("model")
        about = {"model": "openai/scripted", "model_base_url": scripted.url, "model_api_key": SecretStr("none")}
        settings = settings.model_copy(update=about)
    return assemble(settings, database, admin_url, postgres=server, metrics=Metrics())


@pytest.fixture
def with_model() -> None:
    """Asks for the failing model."""


@pytest.fixture
async def patient(sign_in: SignIn) -> Person:
    person = await sign_in(Role.PATIENT)
    await send(person, record())
    return person


async def _raise(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(f"could not handle {WORDS!r}")


async def _ask_the_database(tx: AsyncSession) -> NoReturn:
    await tx.execute(text("select cast(:words as int)"), {"words": WORDS})
    raise AssertionError("the words are no number")


async def _ask_in_a_tool(_: Registry, __: object, ___: object, run: RunContext) -> NoReturn:
    async with run.database.transaction(run.access("test")) as tx:
        await _ask_the_database(tx)
    raise AssertionError("not reached")


async def _ask_in_a_service(tx: AsyncSession, *_: object, **__: object) -> NoReturn:
    await _ask_the_database(tx)
    raise AssertionError("not reached")


async def say(person: Person, accept: str) -> httpx.Response:
    return await person.client.post("/v1/chat", json={"message": WORDS}, headers={"Accept": accept})


BOTH = pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
TOOL_FAILURES = {"none": None, "program": _raise, "database": _ask_in_a_tool}


@BOTH
@pytest.mark.parametrize("failure", TOOL_FAILURES)
async def test_a_turn_also_with_a_failing_tool_leaves_the_word_in_the_conversation_alone(
    patient: Person,
    services: Services,
    sinks: Sinks,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    accept: str,
    failure: str,
) -> None:
    if broken := TOOL_FAILURES[failure]:
        monkeypatch.setattr(Registry, "_dispatch", broken)
    answer = await say(patient, accept)
    assert answer.status_code == 200
    assert bool(re.search(r"\b122\b", answer.text)) == (failure == "none")  # an id may hold the digits, too
    assert ("tool.failed" in sinks.log.getvalue()) == (failure != "none")
    assert sinks.leaks(services, "".join(capfd.readouterr()), rows) == []
    assert any(CANARY in str(said) for said in rows(MESSAGES, owner=patient.id))


@BOTH
async def test_a_failing_model_that_quotes_the_person_leaves_no_trace(
    patient: Person,
    services: Services,
    sinks: Sinks,
    model: ScriptedModel,
    with_model: None,
    capfd: pytest.CaptureFixture[str],
    accept: str,
) -> None:
    model.asked.clear()
    answer = await say(patient, accept)
    assert model.asked
    assert "122" in answer.text
    assert "model.failed" in sinks.log.getvalue()
    assert "vitasense_model_fallbacks_total{" in services.metrics.page().decode()
    assert sinks.leaks(services, "".join(capfd.readouterr())) == []


@BOTH
@pytest.mark.parametrize("broken", [_raise, _ask_in_a_service], ids=["program", "database"])
async def test_an_unexpected_failure_leaves_no_trace_and_says_nothing(
    patient: Person,
    services: Services,
    sinks: Sinks,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    accept: str,
    broken: Callable[..., object],
) -> None:
    monkeypatch.setattr(threads, "append", broken)
    answer = await say(patient, accept)
    assert answer.status_code == (500 if accept == "application/json" else 200)
    assert "/problems/unexpected" in answer.text
    assert CANARY not in answer.text
    assert "request.failed" in sinks.log.getvalue()
    assert sinks.leaks(services, "".join(capfd.readouterr())) == []


async def test_what_cannot_be_asked_is_not_quoted(
    patient: Person, services: Services, sinks: Sinks, capfd: pytest.CaptureFixture[str]
) -> None:
    bodies: list[dict[str, object]] = [
        {"message": {"text": CANARY}},
        {"message": CANARY * 1000},
        {"message": f"{CANARY}\0"},
        {"message": WORDS, "thread_id": CANARY},
        {"confirmation": {"id": CANARY, "approved": CANARY}, "thread_id": str(new_id())},
        {"confirmation": {"id": CANARY, "approved": True}, "thread_id": str(new_id())},
    ]
    for body in bodies:
        answer = await patient.client.post("/v1/chat", json=body)
        assert answer.status_code in (404, 422)
        assert CANARY not in answer.text
    assert sinks.leaks(services, "".join(capfd.readouterr())) == []
