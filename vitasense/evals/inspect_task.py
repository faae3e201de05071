"""A suite as a task of inspect-ai: the solver asks the system, the scorer lets the suite judge, the metrics are figures."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, model_graded_qa, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.evals.asking import Asking, Said, unanswered
from vitasense.evals.results import Result, figures
from vitasense.evals.suite import Case, Mark, Suite, Verdict

Tell = Callable[[Result], None]


def task_of(
    asking: Asking, cases: Sequence[Case], *, complete: bool = True, tell: Tell | None = None, judge: str | None = None
) -> Task:
    """The task over these cases; `tell` hears each result at once.

    `judge` is a model, in inspect's words, that grades the answers beside the suite's own judgement; it never counts
    for a figure or a gate.
    """
    exchange = _Exchange(asking, {case.id: case for case in cases}, tell or _keep_quiet)
    suite = asking.suite
    return Task(
        dataset=MemoryDataset([_sample(case) for case in cases], name=suite.name),
        solver=_service(exchange),
        scorer=[_suite_judge(exchange, complete=complete), *([model_graded_qa(model=judge)] if judge else [])],
        name=suite.name,
        display_name=suite.title,
        description=suite.about,
        fail_on_error=False,
        metadata={"system_model": asking.system.model, "by_url": asking.system.url is not None},
    )


class _Exchange:
    """What was said between the solver and the scorer of one task."""

    def __init__(self, asking: Asking, cases: dict[str, Case], tell: Tell) -> None:
        self.suite = asking.suite
        self._asking = asking
        self._cases = cases
        self._tell = tell
        self._said: dict[str, Said] = {}
        self._done = dict(asking.recorded)

    async def ask(self, case_id: str) -> str:
        """The words of the answer; "" where the case cannot be asked here. Raises what the suite raises."""
        if case_id in self._done:
            return self._done[case_id].answer
        case = self._cases[case_id]
        try:
            self._said[case_id] = await self._asking.ask(case)
        except Exception as error:
            self._finish(self._unanswered(case, error))
            if self._done[case_id].outcome == "failed":
                raise
            return ""
        return self._said[case_id].answer.text

    def judge(self, case_id: str) -> Result:
        """The result of a case that was asked."""
        if case_id not in self._done:
            case, said = self._cases[case_id], self._said[case_id]
            try:
                result = Result.of(case, said.answer, self._judged(case, said), said.seconds, said.usage)
            except Exception as error:
                self._finish(self._unanswered(case, error))
                raise
            self._finish(result)
        return self._done[case_id]

    def _judged(self, case: Case, said: Said) -> Verdict:
        verdict = self.suite.judge(case, said.answer)
        if not verdict.marks:
            raise InvalidInput("the suite marked nothing in it")
        return verdict

    def _unanswered(self, case: Case, error: Exception) -> Result:
        return unanswered(case, error, by_url=self._asking.system.url is not None)

    def facts(self, case_id: str) -> dict[str, Any]:
        """What the answer carried for the judge, where it was asked just now."""
        said = self._said.get(case_id)
        return dict(said.answer.facts) if said else {}

    def _finish(self, result: Result) -> None:
        self._done[result.id] = result
        self._tell(result)


def _sample(case: Case) -> Sample:
    return Sample(input=case.input or case.id, target=case.target, id=case.id, metadata={"facts": dict(case.facts)})


def _service(exchange: _Exchange) -> Solver:
    @solver(name="service")
    def ask() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            del generate
            state.output.completion = await exchange.ask(str(state.sample_id))
            return state

        return solve

    return ask()


def _suite_judge(exchange: _Exchange, *, complete: bool) -> Scorer:
    @scorer(metrics=[_figures(exchange.suite, complete=complete)], name="judged")
    def judged() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            del target
            case_id = str(state.sample_id)
            result = exchange.judge(case_id)
            if result.outcome != "answered":
                return Score.unscored(reason=result.outcome, explanation=result.reason)
            return _score(result, exchange.facts(case_id))

        return score

    return judged()


def _score(result: Result, facts: dict[str, Any]) -> Score:
    told = {"marks": [asdict(mark) for mark in result.marks], "expected": result.expected, "got": result.got}
    told |= {"seconds": result.seconds, "usage": asdict(result.usage)}
    shown = {"facts": facts} if result.wrong else {}
    value = 0.0 if result.wrong else 1.0
    return Score(value=value, answer=result.answer, explanation=result.wrong or None, metadata=told | shown)


def _figures(suite: Suite, *, complete: bool) -> Metric:
    @metric(name="figures")
    def measured() -> Metric:
        def compute(scores: list[SampleScore]) -> dict[str, float]:
            results = [_marked(each) for each in scores]
            return {each.measure: each.value for each in figures(suite, results, complete=complete)}

        return compute

    return measured()


def _marked(score: SampleScore) -> Result:
    marks: list[dict[str, Any]] = (score.score.metadata or {}).get("marks", [])
    return Result(id=str(score.sample_id), input="", marks=tuple(Mark(**mark) for mark in marks))


def _keep_quiet(result: Result) -> None:
    del result
