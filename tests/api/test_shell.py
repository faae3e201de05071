"""What surrounds every request: ids, headers, problems, limits, the page."""

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import Body, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError

from tests.api.conftest import NewClient, SignIn
from vitasense.api.app import LONGEST_BODY, create_app
from vitasense.api.bootstrap import Services, open_services, with_driver
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import configure
from vitasense.deterministic.platform.problems import Conflict
from vitasense.deterministic.platform.settings import Settings


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure("info", stream)
    yield stream
    configure()


def problem(answer: httpx.Response, status: int) -> dict[str, object]:
    """The problem document of an answer, checked for its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, object] = answer.json()
    assert told["status"] == status and told["request_id"] == answer.headers["x-request-id"]
    assert set(told) >= {"type", "title", "detail", "instance"}
    return told


async def test_it_is_alive_and_ready_and_counts(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok"}
    await client.get("/v1/admin/accounts")
    page = (await client.get("/metrics")).text
    assert 'vitasense_http_requests_total{method="GET",route="/v1/admin/accounts",status="401"} 1.0' in page


async def test_without_its_database_it_is_alive_and_not_ready(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_self: Database) -> None:
        raise OperationalError("select 1", {}, OSError("password=hunter2"))

    monkeypatch.setattr(Database, "ping", gone)
    assert (await client.get("/healthz")).status_code == 200
    told = problem(await client.get("/readyz"), 503)
    assert "hunter2" not in json.dumps(told)


async def test_every_answer_carries_an_id_and_the_protecting_headers(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/nothing", "/v1/auth/me", "/"):
        answer = await client.get(path)
        UUID(answer.headers["x-request-id"])
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await client.get("/v1/auth/me")).headers["cache-control"] == "no-store"


async def test_a_callers_request_id_is_kept_when_it_is_one(client: httpx.AsyncClient) -> None:
    given = await client.get("/healthz", headers={"X-Request-Id": "trace-12345678"})
    assert given.headers["x-request-id"] == "trace-12345678"
    forged = await client.get("/healthz", headers={"X-Request-Id": 'x" maria@example.org'})
    UUID(forged.headers["x-request-id"])


async def test_what_is_not_there_or_not_so_is_a_problem(client: httpx.AsyncClient) -> None:
    assert problem(await client.get("/v1/nothing"), 404)["type"] == "/problems/not-found"
    problem(await client.post("/v1/nothing", json={}), 404)
    problem(await client.delete("/v1/auth/login"), 405)
    assert problem(await client.get("/v1/auth/me"), 401)["type"] == "/problems/not-signed-in"


async def test_a_wrong_form_is_told_by_place_and_never_by_value(client: httpx.AsyncClient, log: io.StringIO) -> None:
    body = {"email": ["Penicillin"], "password": 5, "allergy": "Penicillin"}
    told = problem(await client.post("/v1/auth/login", json=body), 422)
    assert {str(each["at"]) for each in told["errors"]} == {"body.email", "body.password", "body.allergy"}  # type: ignore[attr-defined]
    broken = await client.post("/v1/auth/login", content="{Penicillin", headers={"Content-Type": "application/json"})
    problem(broken, 422)
    assert "Penicillin" not in json.dumps(told) + broken.text + log.getvalue()


@pytest.fixture
def failing(app: FastAPI) -> FastAPI:
    async def unexpected() -> None:
        raise ValueError("allergic to Penicillin")

    async def conflict() -> None:
        raise Conflict("It is there already.", at=3)

    async def big(body: Annotated[bytes, Body()]) -> int:
        return len(body)

    app.add_api_route("/failing/{reading}", unexpected)
    app.add_api_route("/conflict", conflict)
    app.add_api_route("/big", big, methods=["POST"])
    return app


async def test_an_unexpected_failure_tells_neither_the_caller_nor_the_log_what_it_was(
    failing: FastAPI, client: httpx.AsyncClient, log: io.StringIO
) -> None:
    told = problem(await client.get("/failing/8480-6?maria@example.org"), 500)
    assert told["type"] == "/problems/unexpected"
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    (failure,) = [line for line in lines if line["event"] == "request.failed"]
    assert failure["error_type"] == "ValueError" and "test_shell.py" in failure["error_at"]
    assert failure["request_id"] == told["request_id"]
    (request,) = [line for line in lines if line["event"] == "request"]
    assert (request["route"], request["status"]) == ("/failing/{reading}", 500)
    for secret in ("Penicillin", "8480-6", "maria"):
        assert secret not in log.getvalue() + str(told["detail"])


async def test_a_typed_problem_keeps_its_members(failing: FastAPI, client: httpx.AsyncClient) -> None:
    assert problem(await client.get("/conflict"), 409)["at"] == 3


async def test_a_body_beyond_the_limit_is_refused_also_without_a_length(
    failing: FastAPI, client: httpx.AsyncClient
) -> None:
    async def parts():
        for _ in range(3):
            await asyncio.sleep(0)
            yield b"x" * (LONGEST_BODY // 2)

    json_type = {"Content-Type": "application/json"}
    problem(await client.post("/big", content=b"x" * (LONGEST_BODY + 1), headers=json_type), 413)
    problem(await client.post("/big", content=parts(), headers=json_type), 413)


async def test_the_contract_is_published_with_problems_and_examples(client: httpx.AsyncClient) -> None:
    contract = (await client.get("/openapi.json")).json()
    login = contract["paths"]["/v1/auth/login"]["post"]
    assert list(login["responses"]["default"]["content"]) == ["application/problem+json"]
    assert contract["components"]["schemas"]["Credentials"]["properties"]["email"]["examples"]
    reference = (await client.get("/docs")).text
    assert "POST /v1/auth/login" in reference and "<script" not in reference and "https://" not in reference


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(app: FastAPI) -> None:
    operations = [operation for methods in app.openapi()["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation.get("description") for operation in operations)


async def test_without_the_built_page_it_says_how_to_build_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert "make web" in answer.text and answer.headers["content-type"].startswith("text/html")


async def test_the_built_page_is_served_and_nothing_beside_it(services: Services, tmp_path: Path) -> None:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<title>page</title>")
    (web / "assets" / "app-1a2b.js").write_text("1")
    (tmp_path / "secret.key").write_text("secret")
    transport = httpx.ASGITransport(create_app(services, web=web))
    async with httpx.AsyncClient(transport=transport, base_url="http://vitasense.test") as client:
        index = await client.get("/")
        assert index.text == "<title>page</title>" and index.headers["cache-control"] == "no-cache"
        script = await client.get("/assets/app-1a2b.js")
        assert script.text == "1" and "immutable" in script.headers["cache-control"]
        for path in ("/assets/../secret.key", "/assets/%2e%2e/%2e%2e/secret.key", "/assets/", "/secret.key", "/web"):
            problem(await client.get(path), 404)


async def test_the_services_open_on_their_own_database_and_serve(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    for folder in (home, *home.parents):
        if folder.stat().st_mode & 0o005 != 0o005 and folder.stat().st_uid == home.stat().st_uid:
            folder.chmod(0o755)
    settings = Settings(home=home, demo=False)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://vitasense.test") as client:
            assert (await client.get("/readyz")).json() == {"status": "ok"}
    async with open_services(settings) as again:
        await again.database.ping()


def test_a_plain_address_gets_the_driver() -> None:
    assert with_driver("postgres://u:p@h/d") == "postgresql+psycopg://u:p@h/d"
    assert with_driver("postgresql+psycopg://u:p@h/d") == "postgresql+psycopg://u:p@h/d"


async def test_every_route_that_is_not_meant_for_strangers_refuses_them(
    app: FastAPI, new_client: NewClient, sign_in: SignIn
) -> None:
    """Deny by default: a new route is refused to strangers unless it is named here."""
    for_strangers = {"/healthz", "/readyz", "/metrics", "/.well-known/jwks.json", "/v1/auth/logout", "/v1/auth/refresh"}
    for_strangers |= {
        f"/v1/auth/{name}" for name in ("register", "verify", "login", "password/forgot", "password/reset")
    }
    for_strangers |= {"/fhir/R4/metadata"}
    for_strangers |= {"/v1/hooks/{hook_id}"}  # a device signs each delivery: tests/api/test_hooks.py
    person = await sign_in(Role.PATIENT)
    ended = str(person.client.headers["Authorization"])
    await person.client.post("/v1/auth/logout-everywhere")
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            if path in for_strangers:
                continue
            address = path.replace("{", "").replace("}", "")
            for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": ended}):
                answer = await new_client().request(method.upper(), address, headers=headers)
                assert answer.status_code == 401, f"{method} {path} answered {answer.status_code}"
    assert isinstance(APIRoute, type)
