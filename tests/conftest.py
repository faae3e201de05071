"""The real embedded PostgreSQL, one fresh database for each run; people are made anew for each test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.people import KEY, new_principal
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.database import ContextSigner, Database, EmbeddedPostgres, upgrade

APP_PASSWORD = "only-in-tests"
DATA = Path(os.environ.get("VITASENSE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
REQUIRED = set(filter(None, os.environ.get("VITASENSE_TEST_REQUIRE", "").split(",")))


def need(what: str, present: bool, reason: str) -> None:
    """Skip when `what` is absent, or fail when VITASENSE_TEST_REQUIRE names it."""
    if present:
        return
    if what in REQUIRED:
        pytest.fail(f"{what} is required: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Gives the path of a folder or file of the public data; skips with the reason where it is absent."""

    def path(relative: str) -> Path:
        found = DATA / relative
        need("data", found.exists(), f"no {relative} in the data folder; set VITASENSE_TEST_DATA")
        return found

    return path


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """The running server of this test run."""
    home = Path(tempfile.mkdtemp(prefix="vitasense-test-"))
    home.chmod(0o755)
    postgres = EmbeddedPostgres(home, "superuser-in-tests", options={"fsync": "off", "synchronous_commit": "off"})
    postgres.start()
    yield postgres
    postgres.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def admin_url(server: EmbeddedPostgres) -> str:
    """The address of the migrated database for its administrator."""
    upgrade(server.url(), context_key=KEY, app_password=APP_PASSWORD)
    return server.url()


@pytest.fixture(scope="session")
async def database(server: EmbeddedPostgres, admin_url: str) -> AsyncIterator[Database]:
    """The application's way to the database, as the application's role."""
    database = Database(server.url("vs_app", APP_PASSWORD), ContextSigner(KEY))
    yield database
    await database.close()


@pytest.fixture
def patient() -> Principal:
    """A patient that nobody has seen before."""
    return new_principal(Role.PATIENT)


@pytest.fixture
def provider() -> Principal:
    """A provider without any grant."""
    return new_principal(Role.PROVIDER)
