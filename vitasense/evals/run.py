# inspect-ai leaves types of other packages open:
# pyright: reportUnknownVariableType=false
"""A run: the chosen suites side by side, each as a task of inspect-ai, kept so that it can be resumed."""

import asyncio
import io
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any

from inspect_ai import Task, eval_async
from inspect_ai.util import display_type

from vitasense.deterministic.platform.clock import Clock, NewId
from vitasense.deterministic.platform.problems import Conflict, NotFound, Problem, Unavailable
from vitasense.evals.asking import Asking
from vitasense.evals.certainty import mean_interval, percentile
from vitasense.evals.choosing import NO_CASES, drawn, unmet
from vitasense.evals.inspect_task import task_of
from vitasense.evals.progress import Progress
from vitasense.evals.results import Figure, Result, figures
from vitasense.evals.runs import INSPECT, Choice, Kept, Latency, Run, Spent, SuiteRun, line_of
from vitasense.evals.suite import Case, Suite
from vitasense.evals.surroundings import code, commit, versions
from vitasense.evals.system import System, open_system
from vitasense.evals.usage import Usage
from vitasense.evals.workers import workers
from vitasense.graphs.model import price

# What a resumed run needs is in the journal at once, so inspect's own log may come in large pieces.
_QUIET: dict[str, Any] = {
    "log_buffer": 500,
    "log_realtime": False,
    "score_display": False,
    "acp_server": False,
    "ctl_server": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run does and where: the suites, the choice that names them, and the folders."""

    suites: Sequence[Suite]
    choice: Choice
    kept: Kept
    data: Path
    jobs: int = 1
    accounts: Path | None = None


def new_run(folder: Path, clock: Clock, new_id: NewId) -> Kept:
    """A place for a new run, named by its time."""
    return Kept(folder / f"{clock():%Y%m%d-%H%M%S}-{new_id().hex[-4:]}")


async def carry_out(plan: Plan, clock: Clock, progress: Progress) -> Run:
    """Ask every case that was not asked yet, and keep what came of it; the record of the run.

    An interruption leaves what was answered so far, and the same plan can be carried out again from there. Conflict
    when another process does so now, or when the code, the cases or the public data are not those that it began with.
    """
    with plan.kept.held():
        record = _Record(plan, _begun(plan, clock()), progress)
        with workers(plan.jobs) as pool:
            async with open_system(url=plan.choice.url, model=plan.choice.model, accounts=plan.accounts) as system:
                lane = asyncio.Semaphore(plan.jobs)
                turns = [_turn(record, suite, system, pool, lane) for suite in plan.suites]
                for quiet in (False, True):
                    await _evaluated(plan, [turn for turn in turns if turn.quiet is quiet])
        return record.end(clock())


@dataclass
class _Record:
    """What is known of the run so far; each suite that is done is written at once."""

    plan: Plan
    run: Run
    progress: Progress
    usage: Usage = field(default_factory=Usage)
    _began: float = field(default_factory=perf_counter)

    def __post_init__(self) -> None:
        self.plan.kept.write(self.run)

    def done(self, suite: SuiteRun, figures: Sequence[Figure] = (), results: Sequence[Result] = ()) -> None:
        """A suite came to its end; suites and figures stay in the order of the choice."""
        for result in results:
            self.usage.add(result.usage)
        order = {name: place for place, name in enumerate(self.run.choice.suites)}
        suites = sorted((*self.run.suites, suite), key=lambda each: order[each.name])
        told = sorted((*self.run.figures, *figures), key=lambda each: order[each.suite])
        self._write(suites=tuple(suites), figures=tuple(told))
        self.progress.end(suite)

    def end(self, at: datetime) -> Run:
        """The whole run."""
        self._write(ended=at)
        return self.run

    def _write(self, **more: Any) -> None:
        spent, seconds = _spent(self.usage, self.run.choice.model), perf_counter() - self._began
        told = {"latency": _latency(self.usage.turns), "spent": spent, "seconds": seconds}
        self.run = self.run.model_copy(update=told | more)
        self.plan.kept.write(self.run)


@dataclass
class _Turn:
    """One suite: the cases that it asks, and what came of those that are known."""

    record: _Record
    suite: Suite
    asking: Asking
    cases: Sequence[Case]
    every: int
    found: dict[str, Result]

    @property
    def quiet(self) -> bool:
        """Whether it has the machine for itself."""
        return "quiet" in self.suite.needs

    @property
    def complete(self) -> bool:
        """Whether every case is asked."""
        return len(self.cases) == self.every

    def begin(self) -> Task:
        """The task for inspect-ai. What comes of a case is kept at once, and the suite when its last one is done."""
        self.record.progress.begin(self.suite.name, len(self.cases), len(self.found))
        return task_of(self.asking, self.cases, complete=self.complete, tell=self._tell)

    def finish(self) -> None:
        """Count, and put the results in the order of the cases."""
        results = [self.found[case.id] for case in self.cases]
        self.record.plan.kept.rewrite(self.suite.name, results)
        counted: dict[str, float] = {"cases": self.every, "asked": len(self.cases)}
        counted |= {"failed": _count(results, "failed"), "not_measured": _count(results, "not measured")}
        counted["seconds"] = sum(result.seconds for result in results)
        done = _told(self.suite).model_copy(update=counted)
        self.record.done(done, figures(self.suite, results, complete=self.complete), results)

    def _tell(self, result: Result) -> None:
        self.found[result.id] = result
        with self.record.plan.kept.journal(self.suite.name).open("a", encoding="utf-8") as journal:
            journal.write(f"{line_of(result)}\n")
        self.record.progress.result(result)
        if len(self.found) == len(self.cases):
            self.finish()


def _turn(record: _Record, suite: Suite, system: System, pool: Executor | None, lane: asyncio.Semaphore) -> _Turn:
    """The suite in its turn. One that cannot run, or whose cases cannot be told, is done at once."""
    plan = record.plan
    every, cases = _cases(record, suite)
    wanted = {case.id for case in cases}
    answered = (each for each in plan.kept.results(suite.name) if each.outcome == "answered" and each.id in wanted)
    known = {each.id: each for each in answered}
    asking = Asking(suite, system, pool, lane, dict(known))
    return _Turn(record, suite, asking, cases, every, known)


def _cases(record: _Record, suite: Suite) -> tuple[int, Sequence[Case]]:
    """How many cases there are, and those that are asked; none of a suite that is done at once."""
    plan, choice = record.plan, record.run.choice
    if why := unmet(suite, data=plan.data, model=choice.model):
        record.done(_told(suite).model_copy(update={"left_out": why}))
        return 0, ()
    try:
        every = list(suite.cases(plan.data))
        cases = drawn(suite, every, limit=choice.limit, seed=choice.seed)
    except Exception as error:  # noqa: BLE001 - one suite that is broken fails, and the others are measured
        why = f"{type(error).__name__}: {error.detail}" if isinstance(error, Problem) else type(error).__name__
        record.done(_told(suite).model_copy(update={"broken": why}))
        return 0, ()
    if not cases:
        record.done(_told(suite).model_copy(update={"left_out": NO_CASES}))
    return len(every), cases


def _told(suite: Suite) -> SuiteRun:
    measures = tuple(measure.name for measure in suite.measures)
    return SuiteRun(name=suite.name, title=suite.title, about=suite.about, measures=measures)


async def _evaluated(plan: Plan, turns: Sequence[_Turn]) -> None:
    """Let inspect-ai run the suites side by side, those with few and long cases first.

    The log of an interrupted run goes once there is a whole one; a suite whose cases are all known is only counted.
    """
    open_ = [turn for turn in turns if len(turn.found) < len(turn.cases)]
    for turn in turns:
        if turn.cases and turn not in open_:
            turn.finish()
    if not open_:
        return
    display_type()  # takes INSPECT_DISPLAY, which says none: progress is told here
    older = {file for turn in open_ for file in _logs(plan, turn)}
    with redirect_stdout(io.StringIO()):  # inspect greets on standard output, which is the table's
        logs = await eval_async(
            [turn.begin() for turn in sorted(open_, key=lambda turn: len(turn.cases))],
            model=None,
            log_dir=str(plan.kept.folder / INSPECT),
            max_tasks=len(open_),
            max_samples=plan.jobs,
            metadata={"run": plan.kept.folder.name, **plan.choice.model_dump(mode="json")},
            **_QUIET,
        )
    if not logs or any(log.status == "cancelled" for log in logs):
        raise KeyboardInterrupt
    for log in logs:
        if log.error is not None:
            raise Unavailable(f"inspect-ai gave up the suite {log.eval.task}: {log.error.message}")
    for file in older:
        file.unlink()


def _logs(plan: Plan, turn: _Turn) -> set[Path]:
    return set((plan.kept.folder / INSPECT).glob(f"*_{turn.suite.name}_*.eval"))


def _before(kept: Kept) -> Run | None:
    """The record of the run that is resumed; None for a new one."""
    try:
        return kept.run
    except NotFound:
        return None


def _begun(plan: Plan, now: datetime) -> Run:
    """The record at the beginning: a new one, or that of the interrupted run without its suites."""
    here = Run(
        id=plan.kept.folder.name,
        choice=plan.choice,
        began=now,
        jobs=plan.jobs,
        commit=commit(),
        code=code(),
        data=plan.data.is_dir(),
        versions=versions(),
    )
    before = _before(plan.kept)
    if before is None:
        return here
    if (before.choice, before.code, before.data) != (here.choice, here.code, here.data):
        raise Conflict(
            f"The run {here.id} began with another choice, other code or cases, or other data: begin a new one."
        )
    return here.model_copy(update={"began": before.began})


def _latency(seconds: Sequence[float]) -> Latency | None:
    if not seconds:
        return None
    p50, p95, p99 = (percentile(seconds, percent) for percent in (50, 95, 99))
    interval = mean_interval(seconds)
    return Latency(turns=len(seconds), mean=fmean(seconds), interval=interval, p50=p50, p95=p95, p99=p99)


def _spent(usage: Usage, model: str | None) -> Spent:
    dollars = price(model, usage.tokens_in, usage.tokens_out) if model and usage.calls else None
    return Spent(
        calls=len(usage.calls),
        failed=usage.failed,
        by_model=usage.by_model,
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        dollars=dollars,
        measured=usage.measured,
    )


def _count(results: Iterable[Result], outcome: str) -> int:
    return sum(result.outcome == outcome for result in results)
