"""Asking the system one case after another: what it answers, what it took, and why it could not."""

import asyncio
import signal
from collections.abc import Generator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from time import perf_counter

from vitasense.deterministic.platform.problems import NotAllowed, Problem
from vitasense.evals.catalogue import suite as suite_of
from vitasense.evals.results import Result
from vitasense.evals.suite import Answer, Case, Suite
from vitasense.evals.system import System
from vitasense.evals.usage import Usage, metered


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a case, with the seconds and the usage that it took."""

    answer: Answer
    seconds: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks the cases of a suite. What is `recorded` already is not asked again."""

    suite: Suite
    system: System
    workers: Executor | None = None
    recorded: Mapping[str, Result] = field(default_factory=dict[str, Result])

    async def ask(self, case: Case) -> Said:
        """The system's answer. Whatever the suite raises goes up."""
        began = perf_counter()
        with metered() as usage:
            answer = await self._answer(case)
        return Said(answer, perf_counter() - began, usage)

    async def _answer(self, case: Case) -> Answer:
        if self.workers is None or "service" in self.suite.needs:
            return await self.suite.answer(case, self.system)
        return await asyncio.get_running_loop().run_in_executor(self.workers, _alone, self.suite.name, case)


def unanswered(case: Case, error: Exception) -> Result:
    """The result of a case that ended in an error: not measured when it is not allowed here, else failed."""
    outcome = "not measured" if isinstance(error, NotAllowed) else "failed"
    reason = f"{type(error).__name__}: {error.detail}" if isinstance(error, Problem) else type(error).__name__
    return Result(id=case.id, input=case.input, target=case.target, outcome=outcome, reason=reason)


@contextmanager
def workers(jobs: int) -> Generator[Executor | None]:
    """Processes for suites that only compute; None for one job, which computes here."""
    if jobs < 2:
        yield None
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_leave_interrupts) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _alone(suite: str, case: Case) -> Answer:
    """The answer of a suite that needs no service, in a worker."""
    return asyncio.run(_answered(suite, case))


async def _answered(suite: str, case: Case) -> Answer:
    return await suite_of(suite).answer(case, System())


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that gives the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
