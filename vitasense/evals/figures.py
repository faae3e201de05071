"""Figure: one measured number with its goal, and how sure it is."""

import math
from dataclasses import dataclass
from typing import Literal

_Z95 = 1.959964  # two-sided 95% quantile of the normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the quality table.

    `value` is a share (unit "%", between 0 and 1), or a number in `unit` (ms, MB, count). `hits` of `total` cases
    stand behind a share. `goal` compares by `goal_is`; None is a figure that is only reported. `note` says what the
    cases are: untouched, tuned, or read while the rules were written.
    """

    measure: str
    data: str
    value: float
    unit: Literal["%", "ms", "MB", ""] = "%"
    hits: int | None = None
    total: int | None = None
    goal: float | None = None
    goal_is: Literal["at least", "at most", "below"] = "at least"
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the goal is reached; True when there is none."""
        if self.goal is None:
            return True
        if self.goal_is == "at least":
            return self.value >= self.goal
        return self.value < self.goal if self.goal_is == "below" else self.value <= self.goal

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of a share (Wilson, J Am Stat Assoc 1927;22:209-212); None without counts."""
        return wilson(self.hits, self.total) if self.hits is not None and self.total else None


def share(measure: str, data: str, hits: int, total: int, **rest: object) -> Figure:
    """The figure of `hits` among `total` cases; 0 of 0 counts as 0."""
    value = hits / total if total else 0.0
    return Figure(measure=measure, data=data, value=value, hits=hits, total=total, **rest)  # type: ignore[arg-type]


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95% score interval of `hits` of `total`."""
    rate, squared = hits / total, _Z95**2
    middle = (rate + squared / (2 * total)) / (1 + squared / total)
    half = _Z95 * math.sqrt(rate * (1 - rate) / total + squared / (4 * total**2)) / (1 + squared / total)
    return max(0.0, middle - half), min(1.0, middle + half)
