"""The application over ASGI on the real database, with people who are signed in."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from tests.conftest import APP_PASSWORD
from tests.people import KEY
from vitasense.api.app import create_app
from vitasense.api.backpressure import not_behind
from vitasense.api.bootstrap import Services, assemble
from vitasense.deterministic.auth import SYSTEM
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics

PASSWORD = "correct horse battery"


@dataclass
class Person:
    """Somebody with an account and a client that is signed in."""

    id: UUID
    email: str
    name: str
    client: httpx.AsyncClient = field(repr=False)


@pytest.fixture
def services(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Services:
    settings = Settings(home=tmp_path, secret=SecretStr(KEY.decode()), max_upload_bytes=4_000_000)
    return assemble(settings, database, admin_url, postgres=server, metrics=Metrics())


@pytest.fixture
def app(services: Services, tmp_path: Path) -> FastAPI:
    made = create_app(services, web=tmp_path / "no page")
    made.dependency_overrides[not_behind] = lambda: None  # no worker runs here, so whatever waits only grows
    return made


NewClient = Callable[[], httpx.AsyncClient]


@pytest.fixture
async def new_client(app: FastAPI) -> AsyncIterator[NewClient]:
    """Opens clients that are nobody, each with its own network address."""
    opened: list[httpx.AsyncClient] = []

    def open_one() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(str(new_id()), 1))
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://vitasense.test"))
        return opened[-1]

    yield open_one
    for client in opened:
        await client.aclose()


@pytest.fixture
def client(new_client: NewClient) -> httpx.AsyncClient:
    return new_client()


SignIn = Callable[[Role], Awaitable[Person]]


@pytest.fixture
def sign_in(services: Services, new_client: NewClient) -> SignIn:
    """Opens an account of a role and signs it in."""

    async def sign_in_one(role: Role) -> Person:
        email, name = f"{new_id()}@example.org", f"A {role.value}"
        account = await services.accounts.create(SYSTEM, email, name, role, PASSWORD)
        client = new_client()
        answer = await client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return Person(account.id, email, name, client)

    return sign_in_one


Rows = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def rows(admin_url: str) -> Rows:
    """What the tables hold, read past row-level security."""

    def read(sql: str, **values: object) -> list[tuple[object, ...]]:
        engine = create_engine(admin_url)
        with engine.begin() as connection:
            found = [tuple(row) for row in connection.execute(text(sql), values)]
        engine.dispose()
        return found

    return read


@pytest.fixture
def mailed_code(rows: Rows) -> Callable[[str], str]:
    """The code of the newest mail to an address."""

    def read(email: str) -> str:
        mails = rows("select body from app.mail where recipient = :email order by created_at, id", email=email)
        found = re.search(r"token=([\w-]+)", str(mails[-1][0]))
        assert found
        return found.group(1)

    return read


@pytest.fixture
def app_url(server: EmbeddedPostgres) -> str:
    return server.url("vs_app", APP_PASSWORD)
