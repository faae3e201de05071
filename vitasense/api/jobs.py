"""Work that is done again and again until the service is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from vitasense.deterministic.platform.logging import get_logger

LONGEST_WAIT_SECONDS = 10.0  # between looks while the database does not answer

log = get_logger(__name__)


async def every(
    seconds: float,
    job: str,
    work: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
    woken: asyncio.Event | None = None,
) -> None:
    """Do the work again and again; at once when it says True or is woken, later and later while it fails."""
    failures = 0
    while not stop.is_set():
        more: object = False
        if woken:
            woken.clear()
        try:
            more = await work()
            failures = 0
        except Exception as error:
            failures = min(failures + 1, 10)
            log.warning("job.failed", job=job, attempt=failures, exc_info=error)
        wait = 0.0 if more is True else min(seconds * 2**failures, max(seconds, LONGEST_WAIT_SECONDS))
        with suppress(TimeoutError):
            await asyncio.wait_for((woken if woken and not failures else stop).wait(), wait)
