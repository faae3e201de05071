"""What came of a suite: one result for each case, and the figures that they add up to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict

from vitasense.evals.certainty import wilson
from vitasense.evals.suite import Answer, Case, Goal, Mark, Measure, Suite, Verdict
from vitasense.evals.usage import Usage

Outcome = Literal["answered", "failed", "not measured"]
Unit = Literal["%", "ms", "MB", ""]


def _storable(text: str) -> str:
    """Half a surrogate pair cannot be written to any file."""
    return text.encode("utf-8", "replace").decode()


Text = Annotated[str, BeforeValidator(_storable)]


class Result(BaseModel):
    """One case: what was said, what was right about it, and what it took.

    `failed` is a case whose answer ended in an error: it is never passed. `not measured` could not be asked here, as
    what needs new accounts by URL. `reason` says why, by the type of the error alone where it was not expected.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    input: Text
    target: Text = ""
    outcome: Outcome = "answered"
    reason: Text = ""
    answer: Text = ""
    marks: tuple[Mark, ...] = ()
    wrong: Text = ""
    expected: str | None = None
    got: str | None = None
    seconds: float = 0.0
    usage: Usage = Usage()

    @classmethod
    def of(cls, case: Case, answer: Answer, verdict: Verdict, seconds: float, usage: Usage) -> Self:
        """The result of an answered case."""
        told = {"marks": verdict.marks, "wrong": verdict.wrong, "expected": verdict.expected, "got": verdict.got}
        asked = {"id": case.id, "input": case.input, "target": case.target}
        return cls.model_validate(asked | told | {"answer": answer.text, "seconds": seconds, "usage": asdict(usage)})


class Figure(BaseModel):
    """One measured number. A share has `hits` of `total`; any other has no counts, and its `value` is in `unit`.

    `complete` is False when not every case of the suite went into it. `cases` is how many did, of which each may hold
    several of `total`.
    """

    model_config = ConfigDict(frozen=True)

    suite: str
    measure: str
    unit: Unit = "%"
    goal_is: Goal = "at least"
    value: float
    hits: int | None = None
    total: int | None = None
    complete: bool = True
    cases: int | None = None
    data: str = ""
    note: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of a share (Wilson, J Am Stat Assoc 1927;22:209-212); None for anything else."""
        return wilson(self.hits, self.total) if self.hits is not None and self.total else None

    @property
    def drawn(self) -> tuple[float, float]:
        """(hits, total) to be judged by chance: in a part of the cases, a case counts as one, whatever it holds.

        The texts of one case are alike, so they are one draw: Kish, Survey Sampling, 1965, 5.4, with the intraclass
        correlation at its highest. A complete run drew nothing.
        """
        assert self.hits is not None and self.total
        if self.complete or self.cases is None or self.cases >= self.total:
            return self.hits, self.total
        return self.value * self.cases, self.cases


def right(mark: Mark, goal_is: Goal) -> bool | None:
    """Whether the case is as it should be in this measure; None where that cannot be said of one case."""
    if mark.value is not None or not mark.total:
        return None
    return mark.hits == mark.total if goal_is == "at least" else mark.hits == 0


def figures(suite: Suite, results: Sequence[Result], *, complete: bool) -> list[Figure]:
    """The figure of each measure that any case was marked in: declared ones in their order, then the others.

    A share of nothing, 0 of 0, is no figure.
    """
    declared = {measure.name: measure for measure in suite.measures}
    marks: dict[str, list[Mark]] = {name: [] for name in declared}
    for mark in (mark for result in results for mark in result.marks if mark.total or mark.value is not None):
        marks.setdefault(mark.measure, []).append(mark)
    whole = complete and all(result.outcome == "answered" for result in results)
    known = ((declared.get(name) or Measure(name, unit=_unit(made)), made) for name, made in marks.items() if made)
    return [_figure(suite.name, measure, made, complete=whole) for measure, made in known]


def confusion(results: Iterable[Result]) -> Mapping[tuple[str, str], int]:
    """How often each (expected, got) came; empty for suites without such cells."""
    cells: dict[tuple[str, str], int] = {}
    for result in results:
        if result.expected is not None and result.got is not None:
            cell = (result.expected, result.got)
            cells[cell] = cells.get(cell, 0) + 1
    return cells


def _unit(marks: Sequence[Mark]) -> Unit:
    return "%" if marks[0].value is None else ""


def _figure(suite: str, measure: Measure, marks: Sequence[Mark], *, complete: bool) -> Figure:
    told = {"suite": suite, "measure": measure.name, "unit": measure.unit, "goal_is": measure.goal_is}
    told |= {"data": measure.data, "note": measure.note, "complete": complete, "cases": len(marks)}
    values = [mark.value for mark in marks if mark.value is not None]
    if values:
        return Figure.model_validate(told | {"value": sum(values) if measure.unit == "" else values[-1]})
    hits, total = sum(mark.hits for mark in marks), sum(mark.total for mark in marks)
    return Figure.model_validate(told | {"value": hits / total, "hits": hits, "total": total})
