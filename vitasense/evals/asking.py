"""Asking the system one case after another: what it answers, what it took, and why it could not."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from time import perf_counter

from vitasense.deterministic.platform.problems import NotAllowed, Problem
from vitasense.evals.results import Result
from vitasense.evals.suite import Answer, Case, Suite
from vitasense.evals.system import System
from vitasense.evals.usage import Usage, metered
from vitasense.evals.workers import alone


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a case, with the seconds and the usage that it took."""

    answer: Answer
    seconds: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks the cases of a suite. What is `recorded` already is not asked again.

    `lane` lets only so many cases of all suites at the service at once.
    """

    suite: Suite
    system: System
    workers: Executor | None = None
    lane: asyncio.Semaphore | None = None
    recorded: Mapping[str, Result] = field(default_factory=dict[str, Result])

    async def ask(self, case: Case) -> Said:
        """The system's answer. Whatever the suite raises goes up."""
        if self.workers is not None and "service" not in self.suite.needs:
            loop = asyncio.get_running_loop()
            answer, seconds = await loop.run_in_executor(self.workers, alone, self.suite.name, case)
            return Said(answer, seconds, Usage())
        if self.lane is None:
            return await self._here(case)
        async with self.lane:
            return await self._here(case)

    async def _here(self, case: Case) -> Said:
        began = perf_counter()
        with metered() as usage:
            answer = await self.suite.answer(case, self.system)
        return Said(answer, perf_counter() - began, usage)


def unanswered(case: Case, error: Exception, *, by_url: bool) -> Result:
    """The result of a case that ended in an error: not measured when it is not allowed by URL, else failed."""
    outcome = "not measured" if by_url and isinstance(error, NotAllowed) else "failed"
    reason = f"{type(error).__name__}: {error.detail}" if isinstance(error, Problem) else type(error).__name__
    return Result(id=case.id, input=case.input, target=case.target, outcome=outcome, reason=reason)
