# inspect-ai leaves types of other packages open:
# pyright: reportUnknownVariableType=false
"""A run: the chosen suites, one after another, each as a task of inspect-ai, kept so that it can be resumed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any

from inspect_ai import Task, eval_async
from inspect_ai.util import display_type

from vitasense.deterministic.platform.clock import Clock, NewId
from vitasense.deterministic.platform.problems import NotFound
from vitasense.evals.asking import Asking, workers
from vitasense.evals.certainty import mean_interval, percentile
from vitasense.evals.choosing import NO_CASES, drawn, unmet
from vitasense.evals.inspect_task import task_of
from vitasense.evals.progress import Progress
from vitasense.evals.results import Figure, Result, figures
from vitasense.evals.runs import INSPECT, Choice, Kept, Latency, Run, Spent, SuiteRun, line_of
from vitasense.evals.suite import Case, Suite
from vitasense.evals.surroundings import commit, versions
from vitasense.evals.system import open_system
from vitasense.evals.usage import Usage
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

    An interruption leaves what was answered so far, and the same plan can be carried out again from there.
    """
    before, began, choice = _before(plan.kept), perf_counter(), plan.choice
    run = _begun(plan, before.began if before else clock())
    plan.kept.write(run)
    spent = Usage()
    with workers(plan.jobs) as pool:
        async with open_system(url=choice.url, model=choice.model, accounts=plan.accounts) as system:
            for suite in plan.suites:
                turn = _Turn(plan, suite, Asking(suite, system, pool), progress)
                done = turn.taken(before) or await turn.take()
                progress.end(done.suite)
                for result in done.results:
                    spent.add(result.usage)
                run = _with(run, done, spent, perf_counter() - began)
                plan.kept.write(run)
    run = run.model_copy(update={"ended": clock()})
    plan.kept.write(run)
    return run


@dataclass(frozen=True, slots=True)
class _Done:
    suite: SuiteRun
    figures: Sequence[Figure] = ()
    results: Sequence[Result] = ()


@dataclass(frozen=True, slots=True)
class _Turn:
    """One suite in its turn."""

    plan: Plan
    suite: Suite
    asking: Asking
    progress: Progress

    def taken(self, before: Run | None) -> _Done | None:
        """What came of it before an interruption, when nothing of it is open."""
        suite = next((each for each in before.suites if each.name == self.suite.name), None) if before else None
        if before is None or suite is None or suite.failed or suite.left_out:
            return None
        made = [figure for figure in before.figures if figure.suite == suite.name]
        return _Done(suite, made, self.plan.kept.results(suite.name))

    async def take(self) -> _Done:
        """Ask what is still open, and put the results in the order of the cases."""
        suite, choice, data = self.suite, self.plan.choice, self.plan.data
        told = SuiteRun(name=suite.name, title=suite.title, about=suite.about)
        why = unmet(suite, data=data, model=choice.model)
        every = [] if why else list(suite.cases(data))
        if not every:
            return _Done(told.model_copy(update={"left_out": why or NO_CASES}))
        cases = drawn(suite, every, limit=choice.limit, seed=choice.seed)
        began, complete = perf_counter(), len(cases) == len(every)
        results = await self._results(cases, complete=complete)
        counted: dict[str, float] = {"cases": len(every), "asked": len(cases), "seconds": perf_counter() - began}
        counted |= {"failed": _count(results, "failed"), "not_measured": _count(results, "not measured")}
        return _Done(told.model_copy(update=counted), figures(suite, results, complete=complete), results)

    async def _results(self, cases: Sequence[Case], *, complete: bool) -> list[Result]:
        kept, name = self.plan.kept, self.suite.name
        wanted = {case.id for case in cases}
        known = {each.id: each for each in kept.results(name) if each.outcome == "answered" and each.id in wanted}
        self.progress.begin(name, len(cases), len(known))
        found = dict(known)
        with kept.journal(name).open("a", encoding="utf-8") as journal:

            def tell(result: Result) -> None:
                found[result.id] = result
                journal.write(f"{line_of(result)}\n")
                journal.flush()
                self.progress.result(result)

            asking = replace(self.asking, recorded=known)
            await self._evaluated(task_of(asking, cases, complete=complete, tell=tell))
        results = [found[case.id] for case in cases]
        kept.rewrite(name, results)
        return results

    def _logs(self) -> set[Path]:
        return set((self.plan.kept.folder / INSPECT).glob(f"*_{self.suite.name}_*.eval"))

    async def _evaluated(self, task: Task) -> None:
        """Let inspect-ai run the task; its log of an interrupted run goes once there is a whole one."""
        display_type()  # takes INSPECT_DISPLAY, which says none: progress is told here
        older = self._logs()
        logs = await eval_async(
            task,
            model=None,
            log_dir=str(self.plan.kept.folder / INSPECT),
            max_samples=self.plan.jobs,
            metadata={"run": self.plan.kept.folder.name, **self.plan.choice.model_dump(mode="json")},
            **_QUIET,
        )
        if not logs or logs[0].status == "cancelled":
            raise KeyboardInterrupt
        if (error := logs[0].error) is not None:
            raise RuntimeError(f"inspect-ai gave up the suite {self.suite.name}: {error.message}")
        for file in older:
            file.unlink()


def _before(kept: Kept) -> Run | None:
    """The record of the run that is resumed; None for a new one."""
    try:
        return kept.run
    except NotFound:
        return None


def _begun(plan: Plan, began: datetime) -> Run:
    folder = plan.kept.folder
    return Run(id=folder.name, choice=plan.choice, began=began, jobs=plan.jobs, commit=commit(), versions=versions())


def _with(run: Run, done: _Done, usage: Usage, seconds: float) -> Run:
    return run.model_copy(
        update={
            "suites": (*run.suites, done.suite),
            "figures": (*run.figures, *done.figures),
            "seconds": seconds,
            "latency": _latency(usage.turns),
            "spent": _spent(usage, run.choice.model),
        }
    )


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
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        dollars=dollars,
        measured=usage.measured,
    )


def _count(results: Iterable[Result], outcome: str) -> int:
    return sum(result.outcome == outcome for result in results)
