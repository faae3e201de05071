"""The one composition root: settings in, opened services out."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from vitasense.api.embedding import embedder_of
from vitasense.deterministic import medications
from vitasense.deterministic.auth import Accounts, AuthService, open_auth, system_access
from vitasense.deterministic.devices import Ingest, Webhooks
from vitasense.deterministic.knowledge import Shelf
from vitasense.deterministic.notices import Courier, Hooks, courier_of
from vitasense.deterministic.platform.clock import Clock, NewId, new_id, system_clock
from vitasense.deterministic.platform.database import ContextSigner, Database, EmbeddedPostgres, upgrade
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.graphs.assistant import Assistant
from vitasense.graphs.opening import open_assistant, open_memories
from vitasense.memory import Memories
from vitasense.memory.embeddings import Embedder
from vitasense.memory.stores.replica import Replica, open_replica

APPLICATION = "vs_app"
DRIVER = "postgresql+psycopg"


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that the edge hands to those who need it. `postgres` is None when a server is used."""

    settings: Settings
    database: Database
    admin_url: str
    postgres: EmbeddedPostgres | None
    clock: Clock
    new_id: NewId
    metrics: Metrics
    auth: AuthService
    accounts: Accounts
    courier: Courier
    embedder: Embedder
    memories: Memories
    assistant: Assistant
    ingest: Ingest
    webhooks: Webhooks
    hooks: Hooks
    shelf: Shelf
    replica: Replica | None = None


@dataclass(frozen=True, slots=True)
class _Addresses:
    application: str
    administrator: str
    password: str | None
    postgres: EmbeddedPostgres | None


@asynccontextmanager
async def open_services(
    settings: Settings, *, metrics: Metrics | None = None, clock: Clock = system_clock, ids: NewId = new_id
) -> AsyncGenerator[Services]:
    """Start or reach the database, migrate it and put the services together; closes all of it at the end.

    Raises Unavailable with the remedy when the database cannot be had.
    """
    async with AsyncExitStack() as stack:
        addresses = await _addresses(settings, stack)
        key = settings.keys.derive("context")
        await asyncio.to_thread(upgrade, addresses.administrator, context_key=key, app_password=addresses.password)
        database = Database(addresses.application, ContextSigner(key), pool_size=settings.pool_size)
        stack.push_async_callback(database.close)
        replica = _replica(settings, stack)
        yield assemble(
            settings,
            database,
            addresses.administrator,
            postgres=addresses.postgres,
            metrics=metrics or Metrics(),
            clock=clock,
            ids=ids,
            replica=replica,
        )


def assemble(
    settings: Settings,
    database: Database,
    admin_url: str,
    *,
    postgres: EmbeddedPostgres | None,
    metrics: Metrics,
    clock: Clock = system_clock,
    ids: NewId = new_id,
    replica: Replica | None = None,
) -> Services:
    """The services over a database that is migrated and open already."""
    auth, accounts = open_auth(database, settings, clock, ids)
    embedder = embedder_of(settings)
    memories = open_memories(embedder, ids, threshold=settings.embeddings_threshold, replica=replica)
    shelf = Shelf(database, system_access, clock, medications.volumes)
    return Services(
        settings=settings,
        database=database,
        admin_url=admin_url,
        postgres=postgres,
        clock=clock,
        new_id=ids,
        metrics=metrics,
        auth=auth,
        accounts=accounts,
        courier=courier_of(settings),
        embedder=embedder,
        memories=memories,
        assistant=open_assistant(settings, database, metrics, clock, ids, memories=memories, shelf=shelf),
        ingest=Ingest(database, clock, ids),
        webhooks=Webhooks(settings.keys.derive("webhooks")),
        hooks=Hooks(settings.keys.derive("outgoing webhooks"), settings.webhook_hosts),
        shelf=shelf,
        replica=replica,
    )


def _replica(settings: Settings, stack: AsyncExitStack) -> Replica | None:
    key = settings.qdrant_api_key
    replica = open_replica(settings.qdrant_url, key.get_secret_value() if key else None)
    if replica:
        stack.push_async_callback(replica.close)
    return replica


async def _addresses(settings: Settings, stack: AsyncExitStack) -> _Addresses:
    if settings.database_url and settings.database_admin_url:
        given = with_driver(settings.database_url), with_driver(settings.database_admin_url)
        return _Addresses(*given, password=None, postgres=None)
    keys = settings.keys
    postgres = EmbeddedPostgres(settings.home, keys.password("superuser"), binaries=settings.postgres_bin)
    stack.push_async_callback(asyncio.to_thread, postgres.stop)
    await asyncio.to_thread(postgres.start)
    password = keys.password(APPLICATION)
    return _Addresses(postgres.url(APPLICATION, password), postgres.url(), password, postgres)


def with_driver(url: str) -> str:
    """The SQLAlchemy address for a plain `postgres://` or `postgresql://` one."""
    scheme, separator, rest = url.partition("://")
    return f"{DRIVER}://{rest}" if separator and scheme in ("postgres", "postgresql") else url
