"""The auth room on the real database, with a clock that tests move and the mail that it wrote."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from tests.people import KEY
from vitasense.deterministic.auth import SYSTEM, Account, Accounts, AuthService, open_auth
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.settings import Settings

PASSWORD = "correct horse battery"
HOME = "198.51.100.7"


@dataclass
class MovedClock:
    """Now, plus what a test adds."""

    offset: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class Auth:
    """Both services and what a test looks at."""

    sessions: AuthService
    accounts: Accounts
    clock: MovedClock
    admin_url: str

    def rows(self, sql: str, **values: object) -> list[tuple[object, ...]]:
        """What the tables hold, read past row-level security."""
        engine = create_engine(self.admin_url)
        with engine.begin() as connection:
            rows = [tuple(row) for row in connection.execute(text(sql), values)]
        engine.dispose()
        return rows

    def mails(self, email: str) -> list[str]:
        """Bodies of the mails to an address, oldest first."""
        found = self.rows("select body from app.mail where recipient = :email order by created_at, id", email=email)
        return [str(body) for (body,) in found]

    def code(self, email: str) -> str:
        """The code of the newest mail to an address."""
        found = re.search(r"token=([\w-]+)", self.mails(email)[-1])
        assert found
        return found.group(1)

    def trail(self, account: Account) -> list[str]:
        """Verb and object of the account's audit entries."""
        found = self.rows(
            "select body->>'verb', body->>'object' from audit.entry where subject_id = :id order by seq", id=account.id
        )
        return [f"{verb} {thing}" for verb, thing in found]


@pytest.fixture
def auth(database: Database, admin_url: str, tmp_path: Path) -> Auth:
    clock = MovedClock()
    settings = Settings(home=tmp_path, secret=SecretStr(KEY.decode()))
    sessions, accounts = open_auth(database, settings, clock, new_id, even_seconds=0)
    return Auth(sessions, accounts, clock, admin_url)


NewAccount = Callable[..., Awaitable[Account]]


@pytest.fixture
def an_account(auth: Auth) -> NewAccount:
    """Opens an account that is ready to sign in with PASSWORD."""

    async def open_one(role: Role = Role.PATIENT) -> Account:
        return await auth.accounts.create(SYSTEM, f"{new_id()}@example.org", "A Person", role, PASSWORD)

    return open_one
