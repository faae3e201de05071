"""Serves the API on one address until it is told to stop, with the worker beside it."""

import asyncio
import errno
import signal
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

import uvicorn

from vitasense.api.app import create_app
from vitasense.api.bootstrap import open_services
from vitasense.api.demo import DemoAccount, seed_demo
from vitasense.api.worker import worker_of
from vitasense.deterministic.platform.problems import Unavailable
from vitasense.deterministic.platform.settings import Settings

GRACE_SECONDS = 5  # an open stream gets this long to end

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


def bind(host: str, port: int) -> socket.socket:
    """The address, taken before anything is started; Unavailable says who to ask when it is taken already."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise Unavailable(
                f"Port {port} of {host} is taken by another program: stop it, or choose another port "
                "(PORT=8001 make serve, or VITASENSE_PORT=8001)."
            ) from error
        raise Unavailable(f"Cannot serve on {host}:{port}: {error.strerror}") from error
    return listener


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
        server = _Server(config, lambda: ready(demo))
        async with asyncio.TaskGroup() as tasks:
            if settings.worker_in_process:
                tasks.create_task(worker_of(services).run(stop))
            tasks.create_task(_end(server, stop))
            await server.serve(sockets=[listener])
            stop.set()


async def _end(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True
