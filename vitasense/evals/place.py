"""A place for one run: an embedded PostgreSQL of its own with the service's settings, gone at the end."""

import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from vitasense.deterministic.platform.database import ContextSigner, Database, EmbeddedPostgres, upgrade
from vitasense.deterministic.platform.settings import Settings

APPLICATION = "vs_app"
MOST_CONNECTIONS = 10
_SECRET = SecretStr("a secret for the time of one run, thrown away")
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off"}


@dataclass(frozen=True, slots=True)
class Served:
    """The settings of the run, the migrated database as the application sees it, and the addresses of both roles."""

    settings: Settings
    database: Database
    admin_url: str
    application_url: str

    @property
    def dsn(self) -> str:
        """The administrator's address for psycopg: whoever logs in with it is slowed by no policy."""
        return self.admin_url.replace("postgresql+psycopg", "postgresql")


@contextmanager
def temporary_home() -> Generator[Path]:
    """A folder that the database's user may enter, removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="vitasense-run-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def temporary_database(*, durable: bool) -> AsyncGenerator[Served]:
    """A server with one migrated database; `durable` as in service (fsync on), else quicker."""
    with temporary_home() as home:
        settings = Settings(home=home, secret=_SECRET, model=None)
        options = {} if durable else _NOT_DURABLE
        postgres = EmbeddedPostgres(home, settings.keys.password("superuser"), options=options)
        postgres.start()
        try:
            key, password = settings.keys.derive("context"), settings.keys.password(APPLICATION)
            upgrade(postgres.url(), context_key=key, app_password=password)
            address = postgres.url(APPLICATION, password)
            database = Database(address, ContextSigner(key), pool_size=MOST_CONNECTIONS)
            yield Served(settings, database, postgres.url(), address)
            await database.close()
        finally:
            postgres.stop()
