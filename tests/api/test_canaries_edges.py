"""Uploads, addresses, headers, sign-ins, libraries and commands: what they were told is in no log, trace or file."""

import json
import logging
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr
from starlette.responses import Response

from tests.api.command import Command
from tests.api.conftest import Person, Rows, SignIn
from tests.api.sinks import CANARY, NAME, Sinks, has_canary, watched
from tests.api.test_cli import fresh_home
from tests.api.test_record import files, record, send
from tests.deterministic.records.resources import about, bundle, coded, patient_resource
from tests.people import KEY
from vitasense.api.bootstrap import Services, assemble
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.evals.scripted_model import Asked, ScriptedModel, says, serving
from vitasense.guardrails import Redactor

FULL_NAME = f"Wilhelmina {NAME.title()}"
LIBRARIES = (
    *("uvicorn.error", "uvicorn.access", "fastapi", "sqlalchemy.engine", "asyncio", "httpx", "httpcore", "openai"),
    *("LiteLLM", "litellm", "langchain", "langgraph", "presidio-analyzer", "decision_process", "alembic", "psycopg"),
    *("multipart", "some.library.nobody.knows"),
)


@pytest.fixture
def sinks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: EmbeddedPostgres) -> Iterator[Sinks]:
    with watched(monkeypatch, tmp_path, server) as everywhere:
        yield everywhere


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with serving() as scripted:
        yield scripted


@pytest.fixture
def services(
    database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path, request: pytest.FixtureRequest
) -> Services:
    settings = Settings(home=tmp_path, secret=SecretStr(KEY.decode()), max_upload_bytes=4_000_000)
    if "model" in request.fixturenames:
        scripted: ScriptedModel = request.getfixturevalue("model")
        told = {"model": "openai/scripted", "model_base_url": scripted.url, "model_api_key": SecretStr("none")}
        settings = settings.model_copy(update=told)
    return assemble(settings, database, admin_url, postgres=server, metrics=Metrics())


@pytest.fixture
async def patient(sign_in: SignIn) -> Person:
    return await sign_in(Role.PATIENT)


def malformed() -> dict[str, list[Any]]:
    """Files that cannot be taken, each with the words in another place."""
    sick = about("Condition", "c", code=coded("38341003", CANARY))
    other = patient_resource("p2", NAME.title(), "Wilhelmina", "1955-02-03")
    return {
        "broken": [f'{{"resourceType": "Patient", "name": "{NAME}", "{CANARY}": '.encode()],
        "text": [f"{FULL_NAME} has {CANARY}".encode()],
        "latin": [f"{FULL_NAME} has {CANARY} \xe9".encode("latin-1")],
        "type": [bundle({"resourceType": CANARY, "id": NAME})],
        "fields": [bundle(sick | {"subject": {"reference": [NAME]}, "onsetDateTime": CANARY, CANARY: NAME})],
        "nested": [b"[" * 100_000 + CANARY.encode()],
        "two people": [record(), bundle(other, sick)],
        "too much": [f"{CANARY} {NAME}".encode() * 300_000],
    }


@pytest.mark.parametrize("kind", malformed())
async def test_a_file_that_cannot_be_taken_is_not_quoted_anywhere(
    patient: Person, services: Services, sinks: Sinks, rows: Rows, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    answer = await patient.client.post(
        "/v1/imports",
        files=[
            ("file", (f"{NAME} {CANARY}.json", each[1][1], "application/json")) for each in files(*malformed()[kind])
        ],
    )
    assert answer.status_code in (200, 409, 413, 422)
    assert sinks.leaks(services, "".join(capfd.readouterr()), rows) == []
    assert _spooled() == []


async def test_a_record_is_kept_and_told_of_without_its_words(
    patient: Person, services: Services, sinks: Sinks, rows: Rows, capfd: pytest.CaptureFixture[str]
) -> None:
    sick = about("Condition", "c", code=coded("38341003", CANARY))
    answer = await send(patient, bundle(patient_resource("p", NAME.title(), "Wilhelmina"), sick))
    assert answer.status_code == 200
    shown = (await patient.client.get("/v1/record/conditions")).text + (await patient.client.get("/v1/record")).text
    assert has_canary(shown.encode())
    assert sinks.leaks(services, "".join(capfd.readouterr()), rows) == []


WORDS_IN_ADDRESSES = (
    *("/{}", "/v1/{}", "/v1/record/{}", "/v1/record?q={}", "/v1/record/items/{}/{}", "/v1/record/measurements/{}"),
    *("/v1/threads/{}", "/v1/threads?cursor={}", "/fhir/R4/{}/{}", "/fhir/R4/Condition?code={}", "/v1/audit?cursor={}"),
    *("/v1/record/conditions?cursor={}", "/fhir/R4/Patient/{}/$everything", "/%00{}", "/..%2f{}", "/v1/chat/{}"),
)


@pytest.mark.parametrize("path", WORDS_IN_ADDRESSES)
async def test_an_address_is_not_kept(
    patient: Person, services: Services, sinks: Sinks, rows: Rows, capfd: pytest.CaptureFixture[str], path: str
) -> None:
    words = quote(f"{CANARY} {NAME}")
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        await patient.client.request(method, path.replace("{}", words))
    assert sinks.leaks(services, "".join(capfd.readouterr()), rows) == []


async def test_headers_and_cookies_are_not_kept(
    patient: Person, services: Services, sinks: Sinks, rows: Rows, capfd: pytest.CaptureFixture[str]
) -> None:
    words = f"{CANARY} {NAME}"
    names = (
        "User-Agent",
        "X-Request-ID",
        "Referer",
        "Origin",
        "Cookie",
        "X-Forwarded-For",
        "Accept-Language",
        "traceparent",
    )
    for name in names:
        await patient.client.get("/v1/record", headers={name: words})
    await patient.client.get("/v1/record", headers={"Authorization": f"Bearer {words}"})
    assert sinks.leaks(services, "".join(capfd.readouterr()), rows) == []


SignInAttempt = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
ATTEMPTS: dict[str, tuple[str, dict[str, Any]]] = {
    "login": ("/v1/auth/login", {"email": f"{NAME}@example.org", "password": CANARY}),
    "login wrongly formed": ("/v1/auth/login", {"email": NAME, "password": [CANARY]}),
    "refresh": ("/v1/auth/refresh", {"refresh_token": CANARY}),
    "verify": ("/v1/auth/verify", {"token": CANARY}),
    "forgot": ("/v1/auth/password/forgot", {"email": f"{NAME}@example.org"}),
    "reset": ("/v1/auth/password/reset", {"token": CANARY, "password": NAME}),
    "register wrongly": ("/v1/auth/register", {"email": NAME, "name": CANARY, "password": "short"}),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_a_failing_sign_in_is_not_quoted(
    client: httpx.AsyncClient,
    services: Services,
    sinks: Sinks,
    rows: Rows,
    capfd: pytest.CaptureFixture[str],
    attempt: str,
) -> None:
    path, body = ATTEMPTS[attempt]
    answer = await client.post(path, json=body)
    assert not has_canary(answer.content)
    assert sinks.leaks(services, "".join(capfd.readouterr()), rows) == []


async def test_validation_errors_quote_nothing(
    patient: Person, services: Services, sinks: Sinks, capfd: pytest.CaptureFixture[str]
) -> None:
    words = f"{CANARY} {NAME}"
    await patient.client.post("/v1/chat", json={words: words})  # a wrong name is told to its sender alone
    for body in (words, [words], {"message": {words: words}}, {"message": 7, "thread_id": words}):
        answer = await patient.client.post("/v1/chat", json=body)
        assert answer.status_code == 422
        assert not has_canary(answer.content)
    raw = await patient.client.post("/v1/chat", content=words.encode(), headers={"Content-Type": "application/json"})
    assert not has_canary(raw.content)
    assert sinks.leaks(services, "".join(capfd.readouterr())) == []


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_that_logs_is_cut(
    services: Services, sinks: Sinks, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    Redactor(()).redact("loads the libraries that it uses")
    words = f"{CANARY} {NAME}"
    library = logging.getLogger(name)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        library.log(level, "about %s", words, extra={"words": words})
    try:
        local = words
        raise ValueError(local)
    except ValueError:
        library.exception("failed with %s", words)
    assert sinks.leaks(services, "".join(capfd.readouterr())) == []


def test_our_own_logger_keeps_no_word_at_any_level(
    services: Services, sinks: Sinks, capfd: pytest.CaptureFixture[str]
) -> None:
    log = get_logger("vitasense.somewhere")
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(log, level)(f"{CANARY} happened", patient=NAME, words=CANARY, **{CANARY: NAME})
    try:
        raise ValueError(f"{CANARY} of {NAME}") from KeyError(NAME)
    except ValueError as failure:
        log.warning("it.failed", exc_info=failure)
        log.error("it.failed", exc_info=True)
    logging.getLogger("py.warnings").warning("%s of %s", CANARY, NAME)
    assert "ValueError" in sinks.log.getvalue()
    assert sinks.leaks(services, "".join(capfd.readouterr())) == []


async def test_a_remote_model_and_its_library_keep_the_secret(
    patient: Person,
    services: Services,
    sinks: Sinks,
    rows: Rows,
    model: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The model is told what is wrong, not with whom; the library at its most talkative writes neither."""
    import litellm

    monkeypatch.setenv("LITELLM_LOG", "DEBUG")
    litellm._turn_on_debug()  # type: ignore[attr-defined]
    model.asked.clear()
    model.script = _writes_what_it_was_told
    await send(patient, record() | {"entry": [{"resource": patient_resource("p", NAME.title(), "Wilhelmina")}]})
    said = f"I am {FULL_NAME}, {NAME}@example.org. What was my last blood pressure? I fear {CANARY}."
    answer = await patient.client.post("/v1/chat", json={"message": said})
    assert answer.status_code == 200
    sent = json.dumps(model.asked).lower()
    assert model.asked
    assert CANARY in sent
    assert NAME not in sent
    assert sinks.leaks(services, "".join(capfd.readouterr()), rows) == []


def _writes_what_it_was_told(asked: Asked) -> Response:
    return says("" if asked.get("tools") else str(asked["messages"][-1]["content"])[:200])


def test_commands_keep_no_word_in_their_home() -> None:
    home = fresh_home("vitasense-canary-")
    command = Command(home, VITASENSE_LOG_LEVEL="debug")
    try:
        email = f"{NAME}@example.org"
        words = ("user", "create", email, "--name", FULL_NAME, "--role", "patient", "--ask-password")
        assert command.run(*words, words="correct horse battery\n").returncode == 0
        bad = home.parent / f"{home.name}.json"
        bad.write_text(f'{{"{CANARY}": ')
        failed = command.run("import", str(bad), "--as", email)
        asked = command.run("ask", f"What about my {CANARY}?", "--as", email)
        unknown = command.run(CANARY, "--as", NAME)
        bad.unlink()
        assert failed.returncode != 0
        assert unknown.returncode != 0
        assert CANARY not in failed.stderr + asked.stderr
        own = ("bin", "lib", "share", "base", "global", "pg_wal", "pg_stat", "pg_stat_tmp")
        kept = [each for each in home.rglob("*") if each.is_file() and not set(own) & set(each.parts)]
        assert [str(each) for each in kept if has_canary(each.read_bytes())] == []
    finally:
        command.end()
        shutil.rmtree(home, ignore_errors=True)


def _spooled() -> list[str]:
    """Files beside the service that hold one of the words."""
    scratch = [each for each in Path(tempfile.gettempdir()).glob("*") if each.is_file()]
    return [str(each) for each in scratch if has_canary(each.read_bytes())]
