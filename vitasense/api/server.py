"""Serves the API on one address until it is told to stop, with the worker beside it."""

import asyncio
import signal
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress

import psycopg
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from vitasense.api.app import create_app
from vitasense.api.bootstrap import Services, open_services
from vitasense.api.demo import DemoAccount, seed_demo
from vitasense.api.jobs import every
from vitasense.api.worker import worker_of
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import Problem
from vitasense.deterministic.platform.settings import Settings
from vitasense.graphs.opening import warm

GRACE_SECONDS = 5  # an open stream gets this long to end
KNOWLEDGE_SECONDS = 20.0  # between looks whether other releases of knowledge are in force
LOOK_SECONDS = 2.0  # between looks at the embedded database

log = get_logger(__name__)

Ready = Callable[[Sequence[DemoAccount] | None], None]


class _Server(uvicorn.Server):
    """Signals are handled once, around everything: uvicorn would raise them again and cut the cleaning up short."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


async def serve(settings: Settings, listener: socket.socket, ready: Ready) -> None:
    """Open the services, make the demo on the first run, serve until SIGINT or SIGTERM, and close all of it.

    `ready` is called once requests are answered, with the demo's accounts when they were made just now.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_services(settings) as services:
        demo = None if stop.is_set() else await seed_demo(services)
        config = uvicorn.Config(
            create_app(services),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        async with asyncio.TaskGroup() as tasks:

            def answering() -> None:
                ready(demo)
                tasks.create_task(_work(services, stop))

            server = _Server(config, answering)
            tasks.create_task(_end(server, stop))
            tasks.create_task(_keep_database(services, stop))
            await server.serve(sockets=[listener])
            stop.set()


async def _work(services: Services, stop: asyncio.Event) -> None:
    """First read what answers need, then begin the work behind them: side by side, and before it, all would be slower."""
    await asyncio.to_thread(warm, hides=services.settings.hides_identifiers)
    if services.settings.worker_in_process:
        await worker_of(services).run(stop)  # it looks after the releases, too
    else:
        await every(KNOWLEDGE_SECONDS, "knowledge", services.shelf.refresh, stop)


async def _end(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


async def _keep_database(services: Services, stop: asyncio.Event) -> None:
    """Start the embedded database again when it died under us; nothing that was committed is lost by that."""
    while services.postgres and not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        try:
            await services.database.ping()
        except (SQLAlchemyError, OSError):
            log.warning("database.died")
            try:
                await asyncio.to_thread(services.postgres.start)
            except (Problem, OSError, psycopg.Error) as error:
                log.warning("database.not_started", exc_info=error)
