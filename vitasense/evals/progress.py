"""How far a run is, on standard error: one line that moves in a terminal, one line for each suite elsewhere."""

import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TextIO

from vitasense.evals.results import Result
from vitasense.evals.runs import SuiteRun

_DRAW_SECONDS = 0.2
_COLUMNS = 100  # of a terminal: a longer line would not be drawn over


@dataclass
class Progress:
    """Says what is being done, and what came of each suite."""

    out: TextIO = field(default_factory=lambda: sys.stderr)
    _going_on: list[str] = field(default_factory=list[str])
    _total: int = 0
    _done: int = 0
    _wrong: int = 0
    _calls: int = 0
    _began: float = field(default_factory=monotonic)
    _drawn: float = 0.0

    def begin(self, suite: str, total: int, done: int) -> None:
        """A suite begins; `done` of its cases are known from before."""
        self._going_on.append(suite)
        self._total += total
        self._done += done
        self._draw(now=True)

    def result(self, result: Result) -> None:
        """A case is done."""
        self._done += 1
        self._wrong += bool(result.wrong) or result.outcome == "failed"
        self._calls += len(result.usage.calls)
        self._draw()

    def end(self, suite: SuiteRun) -> None:
        """A suite is done."""
        self._going_on = [each for each in self._going_on if each != suite.name]
        self._clear()
        self.say(f"{suite.name}: {_came_of(suite)}")

    def say(self, words: str) -> None:
        """One line."""
        self.out.write(f"{words}\n")
        self.out.flush()

    def _draw(self, *, now: bool = False) -> None:
        if not self.out.isatty() or not (now or monotonic() - self._drawn > _DRAW_SECONDS):
            return
        self._drawn = monotonic()
        told = f"{self._done:,} of {self._total:,} cases, {self._wrong:,} not right"
        calls = f", {self._calls:,} calls of the model" if self._calls else ""
        going_on = " ".join(self._going_on)
        self.out.write(f"\r\x1b[K{self._drawn - self._began:.0f} s: {told}{calls}: {going_on}"[:_COLUMNS])
        self.out.flush()

    def _clear(self) -> None:
        if self.out.isatty():
            self.out.write("\r\x1b[K")


def _came_of(suite: SuiteRun) -> str:
    if suite.broken:
        return f"broken: {suite.broken}"
    if suite.left_out:
        return f"not measured: {suite.left_out}"
    failed = f", {suite.failed} ended in an error" if suite.failed else ""
    return f"{suite.asked:,} of {suite.cases:,} cases, {suite.seconds:.1f} s of answers{failed}"
