"""Suite: cases, the system's answer to each, and what is right about it. One file in `suites/` declares one suite."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from vitasense.evals.system import System

Goal = Literal["at least", "at most", "below"]


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
    the sum for a count and the last value otherwise.
    """

    measure: str
    hits: int = 0
    total: int = 1
    value: float | None = None


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
    """What is measured. `needs` says what it cannot run without: public `data`, the `service`, a `model`.

    `cases` gets the folder of public data. `answer` asks the system and `judge` marks what it said, without asking
    anything. Measures that the suite only finds out while it runs may be left out of `measures`.
    """

    name: str
    title: str
    about: str
    cases: Callable[[Path], Iterable[Case]]
    answer: Callable[[Case, System], Awaitable[Answer]]
    judge: Callable[[Case, Answer], Verdict]
    measures: tuple[Measure, ...] = ()
    needs: frozenset[Literal["data", "service", "model"]] = frozenset()
