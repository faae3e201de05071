"""Where a run happens: an embedded PostgreSQL of its own with the service's settings, and people with records."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files

from vitasense.deterministic import records
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.evals.place import temporary_database
from vitasense.graphs.assistant import Assistant
from vitasense.graphs.opening import open_assistant

DEMO = ("maria-alvarez", "james-okafor", "lena-fischer")


@dataclass(frozen=True, slots=True)
class Place:
    """A migrated database, and an assistant over it without a model; `dsn` is for the bare engines."""

    database: Database
    assistant: Assistant
    admin_url: str
    dsn: str


@asynccontextmanager
async def temporary_place() -> AsyncGenerator[Place]:
    """A server of its own, durable as in service, gone at the end."""
    async with temporary_database(durable=True) as served:
        assistant = open_assistant(served.settings, served.database, Metrics(), system_clock, new_id)
        yield Place(served.database, assistant, served.admin_url, served.dsn)


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
