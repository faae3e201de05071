"""`vitasense worker`: the event relay and the mail by themselves."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, with_services

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services


def worker() -> None:
    """Relay events and send mail until Ctrl-C.

    The service does this inside itself, unless VITASENSE_WORKER_IN_PROCESS=false. Several may run at once, and share
    the work; with VITASENSE_KAFKA_BOOTSTRAP as consumer groups.
    """
    with_services(_work)


async def _work(services: Services) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    say("The worker runs. Ctrl-C stops it.")
    await load.worker.worker_of(services).run(stop)
