"""`vitasense serve`."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, settings_of_environment
from vitasense.deterministic.platform.problems import Unavailable

if TYPE_CHECKING:
    from vitasense.api.demo import DemoAccount
    from vitasense.deterministic.platform.settings import Settings


def serve(
    port: int | None = typer.Option(None, help="The port; VITASENSE_PORT or 8000 when not given."),
) -> None:
    """Start the service on 127.0.0.1 and serve until Ctrl-C.

    The first run creates the database and, in development, a demo whose passwords are shown once.
    """
    settings = settings_of_environment()
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    load.logging.configure(settings.log_level)
    with _bound(settings.host, settings.port) as listener:  # before anything slow is loaded or started
        asyncio.run(load.server.serve(settings, listener, lambda demo: _ready(settings, demo)))
    say("VitaSense has stopped. Your data is in " + str(settings.home))


def _ready(settings: Settings, demo: Sequence[DemoAccount] | None) -> None:
    if demo:
        say("\nThe demo is ready. These passwords are shown only this once:")
        for account in demo:
            say(f"  {account.email:<22} {account.password}   {account.role.value}")
        load.demo.forget_seed(settings)
    say(f"\nVitaSense is at {settings.base_url}   (Ctrl-C stops it)")


def _bound(host: str, port: int) -> socket.socket:
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
