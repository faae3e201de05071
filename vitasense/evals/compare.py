"""Two runs side by side: what changed, case by case and measure by measure, and whether chance explains it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vitasense.evals.certainty import SURE, mcnemar
from vitasense.evals.results import Figure, Result, right
from vitasense.evals.runs import Kept
from vitasense.evals.suite import Goal

Kind = Literal["broken", "fixed", "failed now", "still wrong, other answer"]


@dataclass(frozen=True, slots=True)
class Change:
    """One case that is not what it was."""

    suite: str
    kind: Kind
    before: Result
    now: Result


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure in both runs. `broken` and `fixed` count the cases that both asked; `p` is McNemar's."""

    suite: str
    measure: str
    before: Figure
    now: Figure
    both: int
    broken: int
    fixed: int
    p: float

    @property
    def sure(self) -> bool:
        """Whether chance does not explain the change."""
        return self.p < SURE


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that two runs have in common; `only` names suites that one of them did not run.

    `unpaired` counts cases of the common suites that are not in both, or whose words or target are not the same.
    """

    before: Kept
    now: Kept
    measures: Sequence[Compared]
    changes: Sequence[Change]
    only: Mapping[str, str]
    unpaired: int = 0


def compared(before: Kept, now: Kept) -> Comparison:
    """The comparison of the suites that both runs have results of."""
    old, new = before.run, now.run
    ran = [{suite.name for suite in run.suites if not suite.left_out} for run in (old, new)]
    common = [suite.name for suite in new.suites if suite.name in ran[0] & ran[1]]
    measures: list[Compared] = []
    changes: list[Change] = []
    unpaired = 0
    for suite in common:
        results = before.results(suite), now.results(suite)
        pairs = _pairs(*results)
        unpaired += max(map(len, results)) - len(pairs)
        measures.extend(_measures(suite, pairs, old.figures, new.figures))
        changes.extend(_changes(suite, pairs))
    only = dict.fromkeys(ran[0] - ran[1], old.id) | dict.fromkeys(ran[1] - ran[0], new.id)
    return Comparison(before, now, measures, changes, only, unpaired)


_Pairs = Sequence[tuple[Result, Result]]


def _pairs(before: Sequence[Result], now: Sequence[Result]) -> _Pairs:
    """The cases that both asked in the same words, for the same target."""
    known = {result.id: result for result in before}
    both = ((known[each.id], each) for each in now if each.id in known)
    return [(was, is_) for was, is_ in both if (was.input, was.target) == (is_.input, is_.target)]


def _measures(suite: str, pairs: _Pairs, before: Sequence[Figure], now: Sequence[Figure]) -> Iterator[Compared]:
    known = {figure.measure: figure for figure in before if figure.suite == suite}
    for figure in now:
        if figure.suite == suite and figure.measure in known:
            split = [_split(figure.measure, figure.goal_is, pair) for pair in pairs]
            told = [each for each in split if each is not None]
            broken, fixed = told.count((True, False)), told.count((False, True))
            p = mcnemar(broken, fixed)
            yield Compared(suite, figure.measure, known[figure.measure], figure, len(told), broken, fixed, p)


def _split(measure: str, goal_is: Goal, pair: tuple[Result, Result]) -> tuple[bool, bool] | None:
    """Whether the case was and is as it should be; None when one of them cannot be said."""
    was, is_ = (_right(measure, goal_is, result) for result in pair)
    return None if was is None or is_ is None else (was, is_)


def _right(measure: str, goal_is: Goal, result: Result) -> bool | None:
    told = [right(mark, goal_is) for mark in result.marks if mark.measure == measure]
    return None if not told or None in told else all(told)


def _changes(suite: str, pairs: _Pairs) -> Iterator[Change]:
    for before, now in pairs:
        if kind := _kind(before, now):
            yield Change(suite, kind, before, now)


def _kind(before: Result, now: Result) -> Kind | None:
    if now.outcome == "failed":
        return None if before.outcome == "failed" else "failed now"
    if "not measured" in (before.outcome, now.outcome):
        return None
    was_wrong = bool(before.wrong) or before.outcome == "failed"
    if was_wrong != bool(now.wrong):
        return "fixed" if was_wrong else "broken"
    return "still wrong, other answer" if now.wrong and now.answer != before.answer else None
