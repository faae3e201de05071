"""Where a run happens: an embedded PostgreSQL of its own with the service's settings, and people with records."""

import json
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from vitasense.deterministic import records
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import ContextSigner, Database, EmbeddedPostgres, upgrade
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.graphs.assistant import Assistant
from vitasense.graphs.opening import open_assistant

APPLICATION = "vs_app"
SECRET = "a secret for the time of one benchmark, thrown away"
MOST_CONNECTIONS = 10  # for VitaSense and for the bare engine alike
DEMO = ("maria-alvarez", "james-okafor", "lena-fischer")


@dataclass(frozen=True, slots=True)
class Place:
    """A migrated database, and an assistant over it without a model."""

    database: Database
    assistant: Assistant
    admin_url: str

    @property
    def dsn(self) -> str:
        """The administrator's address for psycopg: bare engines log in with it and no policy slows them."""
        return self.admin_url.replace("postgresql+psycopg", "postgresql")


@contextmanager
def temporary_home() -> Generator[Path]:
    """A folder that the database's user may enter, removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="vitasense-bench-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def temporary_place() -> AsyncGenerator[Place]:
    """A server of its own, durable as in service (fsync on), gone at the end."""
    with temporary_home() as home:
        settings = Settings(home=home, secret=SECRET, model=None)  # pyright: ignore[reportArgumentType] pydantic reads a str
        postgres = EmbeddedPostgres(home, settings.keys.password("superuser"))
        postgres.start()
        try:
            key, password = settings.keys.derive("context"), settings.keys.password(APPLICATION)
            upgrade(postgres.url(), context_key=key, app_password=password)
            database = Database(postgres.url(APPLICATION, password), ContextSigner(key), pool_size=MOST_CONNECTIONS)
            assistant = open_assistant(settings, database, Metrics(), system_clock, new_id)
            yield Place(database, assistant, postgres.url())
            await database.close()
        finally:
            postgres.stop()


def somebody() -> Principal:
    """A patient whom nothing refers to yet."""
    account = new_id()
    return Principal(account, Role.PATIENT, new_id(), f"{account}@example.org", "Somebody")


def own_access(person: Principal, reads: frozenset[Category] = ALL_CATEGORIES) -> Access:
    """Access to the person's own record."""
    return Access(person, Purpose.SELF, "benchmark", person.account_id, reads, reads)


def demo_bundle(name: str) -> dict[str, object]:
    """A patient of the demo as a FHIR bundle."""
    return json.loads((files("vitasense.demo") / "patients" / f"{name}.json").read_bytes())


async def with_demo_record(database: Database) -> Principal:
    """A new person with the record of the first demo patient."""
    person = somebody()
    async with database.transaction(own_access(person)) as tx:
        await records.import_bundle(tx, person.account_id, demo_bundle(DEMO[0]), now=system_clock())
    return person
