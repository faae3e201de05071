"""Where the attack happens: an embedded PostgreSQL of its own with two patients, gone at the end."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.deterministic.records import import_bundle
from vitasense.evals.hostile.canaries import Marks, RecordOfMarks
from vitasense.evals.place import temporary_database
from vitasense.graphs.assistant import Assistant
from vitasense.graphs.opening import open_assistant


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody with a record of marks."""

    principal: Principal
    marks: Marks


@dataclass(frozen=True, slots=True)
class Place:
    """A migrated database, how its administrator reaches it, and the two patients."""

    settings: Settings
    database: Database
    dsn: str
    person: Patient
    other: Patient

    def assistant(self, model_url: str, *, trusted: bool) -> Assistant:
        """The assistant as the service opens it with the model at `model_url`; nothing is hidden from a trusted one."""
        model = {"model": "openai/scripted", "model_base_url": model_url, "model_api_key": SecretStr("none")}
        settings = self.settings.model_copy(update=model | {"model_trusted": trusted})
        return open_assistant(settings, self.database, Metrics(), system_clock, new_id)


@asynccontextmanager
async def temporary_place(seed: int) -> AsyncGenerator[Place]:
    """The place, for as long as the context lasts."""
    async with temporary_database(durable=False) as served:
        one = RecordOfMarks(seed)
        two = RecordOfMarks(seed + 1, one.marks.all)
        person, other = await _patient(served.database, one), await _patient(served.database, two)
        yield Place(served.settings, served.database, served.dsn, person, other)


async def _patient(database: Database, record: RecordOfMarks) -> Patient:
    account = new_id()
    name = _name(record.bundle)
    principal = Principal(account, Role.PATIENT, new_id(), f"{account}@example.org", name)
    access = Access(principal, Purpose.SELF, "import", account, ALL_CATEGORIES, ALL_CATEGORIES)
    async with database.transaction(access) as tx:
        await import_bundle(tx, account, record.bundle, now=system_clock())
    return Patient(principal, record.marks)


def _name(bundle: dict[str, Any]) -> str:
    name = bundle["entry"][0]["resource"]["name"][0]
    return f"{name['given'][0]} {name['family']}"
