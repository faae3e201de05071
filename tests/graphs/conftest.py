"""The demo's patients in the test database, and an assistant with or without a scripted model."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.people import access_of, new_principal
from vitasense.deterministic.platform.access import Principal, Role, own_purpose
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.deterministic.records import import_bundle
from vitasense.evals.scripted_model import ScriptedModel, serving
from vitasense.graphs.assistant import Assistant
from vitasense.graphs.opening import open_assistant
from vitasense.graphs.turn import Answer, Ask, Done

SECRET = "a secret that only the tests use, long enough"


def demo_bundle(name: str) -> dict[str, Any]:
    """A patient of the demo as its FHIR bundle."""
    return json.loads((files("vitasense.demo") / "patients" / f"{name}.json").read_text())


async def with_record(database: Database, bundle: str) -> Principal:
    """A new patient account that holds the record of `bundle`."""
    person = new_principal(Role.PATIENT)
    async with database.transaction(access_of(person)) as tx:
        await import_bundle(tx, person.account_id, demo_bundle(bundle), now=system_clock())
    return person


@pytest.fixture(scope="session")
async def maria(database: Database) -> Principal:
    """Has diabetes, hypertension and no gene result; tests that write make a person of their own."""
    return await with_record(database, "maria-alvarez")


@pytest.fixture(scope="session")
async def james(database: Database) -> Principal:
    """Has gene results."""
    return await with_record(database, "james-okafor")


def assistant_of(database: Database, home: Path, model: ScriptedModel | None = None, **settings: Any) -> Assistant:
    """An assistant as the service opens it; a second one over the same database is the service after a restart."""
    if model is not None:
        settings |= {"model": "openai/scripted", "model_base_url": model.url, "model_api_key": "none"}
    built = Settings(home=home, secret=SECRET, **settings)  # pyright: ignore[reportArgumentType] pydantic reads a str
    return open_assistant(built, database, Metrics(), system_clock, new_id)


@pytest.fixture
def assistant(database: Database, tmp_path: Path) -> Assistant:
    """The assistant without a model."""
    return assistant_of(database, tmp_path)


@pytest.fixture(scope="session")
def model() -> Iterator[ScriptedModel]:
    """A scripted model over HTTP; each test gives it a script."""
    with serving() as scripted:
        yield scripted


@dataclass(frozen=True)
class Talk:
    """A person talking to an assistant, about the own record unless another is named."""

    assistant: Assistant
    person: Principal
    about: UUID | None = None

    async def say(self, words: str, thread: UUID | None = None) -> Done:
        """One message."""
        return await self.assistant.reply(self._ask(thread, message=words))

    async def answer(self, done: Done, approved: bool) -> Done:
        """Yes or no to the confirmation that a turn ended with."""
        assert done.confirmation is not None
        return await self.assistant.reply(self._ask(done.thread.id, answer=Answer(done.confirmation.id, approved)))

    def _ask(self, thread: UUID | None, **what: Any) -> Ask:
        patient = self.about or self.person.account_id
        return Ask(self.person, own_purpose(self.person), patient, thread_id=thread, **what)


@pytest.fixture
def talk(assistant: Assistant) -> Callable[..., Talk]:
    """Makes a talk of a person with the assistant without a model."""

    def with_person(person: Principal, about: UUID | None = None) -> Talk:
        return Talk(assistant, person, about)

    return with_person
