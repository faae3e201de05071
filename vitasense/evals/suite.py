"""Suite: cases, the system's answer to each, and what is right about it. One file in `suites/` declares one suite."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Literal

from vitasense.evals.system import System

Goal = Literal["at least", "at most", "below"]
Need = Literal["data", "service", "model", "quiet"]


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the system. `facts` are JSON values that its suite needs to ask and to judge."""

    id: str
    input: str
    target: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Answer:
    """What the system said: text for people, and JSON values for the judge."""

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Mark:
    """`hits` of `total` of one measure in one case; a measure's figure is the sum over all cases.

    A measure in another unit than a share (ms, MB, a count of breaches) has its `value` instead, and its figure is
    the sum for a count and the last value otherwise. ValueError for a mark that counts nothing, such as 3 of 2 or NaN.
    """

    measure: str
    hits: int = 0
    total: int = 1
    value: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.total or (self.value is not None and not isfinite(self.value)):
            raise ValueError(f"No mark of “{self.measure}”: {self.hits} of {self.total}, {self.value}.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The marks of one case, and what was wrong in words; `expected` and `got` are one cell of a confusion matrix."""

    marks: tuple[Mark, ...]
    wrong: str = ""
    expected: str | None = None
    got: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a suite. Its floor is in gates.yaml; `data` says on what it is measured, `note` how far that is known."""

    name: str
    data: str = ""
    unit: Literal["%", "ms", "MB", ""] = "%"
    goal_is: Goal = "at least"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What is measured. `needs` says what it cannot run without: public `data`, the `service`, a `model`, or `quiet`.

    A suite without the service computes in a process of its own, beside the others; one that needs quiet has the
    machine for itself, since it measures time. `cases` gets the folder of public data; a fact `seed` of a case moves
    with the seed of the run. `answer` asks the system and `judge` marks what it said, without asking
    anything. Measures that the suite only finds out while it runs may be left out of `measures`.
    """

    name: str
    title: str
    about: str
    cases: Callable[[Path], Iterable[Case]]
    answer: Callable[[Case, System], Awaitable[Answer]]
    judge: Callable[[Case, Answer], Verdict]
    measures: tuple[Measure, ...] = ()
    needs: frozenset[Need] = frozenset()
