"""The real service in this process, over a PostgreSQL of its own that is gone at the end."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from langchain_core.tracers.context import register_configure_hook
from sqlalchemy import create_engine, text

from vitasense.api.app import create_app
from vitasense.api.bootstrap import Services, open_services
from vitasense.api.worker import worker_of
from vitasense.deterministic.auth import SYSTEM
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.settings import Settings
from vitasense.evals.accounts import Account
from vitasense.evals.place import Served, temporary_database
from vitasense.evals.usage import ModelCall, Usage
from vitasense.graphs.opening import warm

PASSWORD = "a password for the time of one run"  # noqa: S105 - the accounts are gone with their database


class InProcess:
    """The opened services behind their HTTP application."""

    base_url = "http://vitasense.eval"

    def __init__(self, services: Services, app: FastAPI) -> None:
        self.services = services
        self._app = app
        self._engine = create_engine(services.admin_url)

    def transport(self) -> httpx.AsyncBaseTransport:
        """A connection from a new address: limits count by address."""
        return httpx.ASGITransport(self._app, raise_app_exceptions=False, client=(str(new_id()), 1))

    async def newcomer(self, role: Role, name: str) -> Account:
        """A fresh account with an empty record."""
        email = f"{new_id()}@example.org"
        made = await self.services.accounts.create(SYSTEM, email, name, role, PASSWORD)
        return Account(email, name, role, PASSWORD, made.id)

    async def rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """What the database holds, read as its administrator."""
        return await asyncio.to_thread(self._rows, sql, values)

    async def settle(self) -> None:
        """Do what the worker does: load and embed what waits, and give every waiting event to its consumers."""
        worker = worker_of(self.services)
        await worker.load()
        while await worker.index():
            pass
        while await worker.relay():
            pass

    def watch(self) -> Usage:
        """The calls of a model that the current task and its children make from now on."""
        meter = _Meter()
        _METER.set(meter)
        return meter.usage

    def close(self) -> None:
        """Let the administrator's connections go."""
        self._engine.dispose()

    def _rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with self._engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]


@asynccontextmanager
async def reached(model: str | None) -> AsyncGenerator[InProcess]:
    """The service with this model; how the model is reached is told by the settings VITASENSE_MODEL_…"""
    async with temporary_database(durable=False) as served:
        settings = _settings(served, model)
        async with open_services(settings) as services:
            await asyncio.to_thread(warm, hides=settings.hides_identifiers)
            way = InProcess(services, create_app(services, web=settings.home / "no page"))
            await way.settle()
            yield way
            way.close()


def _settings(served: Served, model: str | None) -> Settings:
    """Nothing of the operator's own service is used, except how a model is reached."""
    return Settings(
        environment="development",
        home=served.settings.home,
        secret=served.settings.secret,
        database_url=served.application_url,
        database_admin_url=served.admin_url,
        model=model,
        smtp_url=None,
        demo=False,
    )


class _Meter(BaseCallbackHandler):
    """Counts what the model's own answers say that they took."""

    def __init__(self) -> None:
        super().__init__()
        self.usage = Usage()
        self._began: dict[UUID, float] = {}

    def on_chat_model_start(self, *_: Any, run_id: UUID, **__: Any) -> None:
        """A call begins."""
        self._began[run_id] = time.perf_counter()

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """A call was not answered."""
        del error
        self._began.pop(run_id, None)
        self.usage.failed += 1

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        """A call was answered."""
        seconds = time.perf_counter() - self._began.pop(run_id, time.perf_counter())
        self.usage.calls.extend(_calls(response, seconds))


def _calls(response: LLMResult, seconds: float) -> list[ModelCall]:
    made: list[ModelCall] = []
    for generations in response.generations:
        for each in generations[:1]:
            message = each.message if isinstance(each, ChatGeneration) else None
            told = message.usage_metadata if isinstance(message, AIMessage) else None
            if isinstance(message, AIMessage) and told:
                name = str(message.response_metadata.get("model_name", ""))
                made.append(ModelCall(name, told["input_tokens"], told["output_tokens"], seconds))
    return made


_METER: ContextVar[_Meter | None] = ContextVar("calls of the model in this turn", default=None)
register_configure_hook(_METER, inheritable=True)
