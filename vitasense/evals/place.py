"""A place for one run: an embedded PostgreSQL of its own with the service's settings, gone at the end."""

import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from vitasense.deterministic.platform.database import ContextSigner, Database, EmbeddedPostgres, upgrade
from vitasense.deterministic.platform.database.processes import is_postgres
from vitasense.deterministic.platform.settings import Settings

APPLICATION = "vs_app"
MOST_CONNECTIONS = 10
_SECRET = SecretStr("a secret for the time of one run, thrown away")
_PREFIX, _OWNED = "vitasense-run-", "owned"
_SECONDS_TO_STOP = 10
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
    """A folder that the database's user may enter, removed at the end; and what killed runs left, removed first."""
    clear_leftovers()
    home = Path(tempfile.mkdtemp(prefix=_PREFIX))
    home.chmod(0o755)
    owned = os.open(home, os.O_RDONLY)
    fcntl.flock(owned, fcntl.LOCK_EX)  # which the kernel releases also after kill -9
    (home / _OWNED).touch()
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
        os.close(owned)


def clear_leftovers() -> None:
    """Stop the databases of runs whose process is gone, and remove their folders."""
    for home in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if (home / _OWNED).exists():
            with suppress(OSError):  # of another user, or removed by another run at this moment
                _clear(home)


def _clear(home: Path) -> None:
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _stop(home / "postgres" / "data" / "postmaster.pid")
        shutil.rmtree(home, ignore_errors=True)
    finally:
        os.close(handle)


def _stop(pid_file: Path) -> None:
    """End the server at once: what it holds is thrown away."""
    first = pid_file.read_text().partition("\n")[0] if pid_file.exists() else ""
    if first.isdigit() and is_postgres(int(first)):
        os.kill(int(first), signal.SIGQUIT)
        give_up = time.monotonic() + _SECONDS_TO_STOP
        while is_postgres(int(first)) and time.monotonic() < give_up:
            time.sleep(0.05)


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
