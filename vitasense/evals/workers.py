"""Processes that compute beside the service: ended with the one that gives the work, however that ends."""

import asyncio
import os
import signal
import threading
from collections.abc import Generator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from time import perf_counter, sleep

from vitasense.evals.catalogue import suite as suite_of
from vitasense.evals.suite import Answer, Case
from vitasense.evals.system import System

_SECONDS_TO_TIDY = 10  # a database of its own is stopped meanwhile


@contextmanager
def workers(jobs: int) -> Generator[Executor | None]:
    """So many processes for suites that only compute; None for one job, which computes here.

    An interruption reaches them too, so that what they opened is closed.
    """
    if jobs < 2:
        yield None
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in active_children():
                os.kill(child.pid or os.getpid(), signal.SIGINT)
            raise


def alone(suite: str, case: Case) -> tuple[Answer, float]:
    """The answer of a suite that needs no service, in a worker, and the seconds that it took."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return asyncio.run(_timed(suite, case))
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


async def _timed(suite: str, case: Case) -> tuple[Answer, float]:
    began = perf_counter()
    return await suite_of(suite).answer(case, System()), perf_counter() - began


def _begin() -> None:
    """Between two cases Ctrl-C is for the process that gives the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """After kill -9 of the parent nobody else would end this process: it would wait for work for ever."""
    if (parent := parent_process()) is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGINT)
        sleep(_SECONDS_TO_TIDY)
        os._exit(1)
