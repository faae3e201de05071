"""How far a run is, on standard error: one line that moves in a terminal, one line for each suite elsewhere."""

import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TextIO

from vitasense.evals.results import Result
from vitasense.evals.runs import SuiteRun

_DRAW_SECONDS = 0.2


@dataclass
class Progress:
    """Says what is being done, and what came of each suite."""

    out: TextIO = field(default_factory=lambda: sys.stderr)
    _suite: str = ""
    _total: int = 0
    _done: int = 0
    _wrong: int = 0
    _drawn: float = 0.0

    def begin(self, suite: str, total: int, done: int) -> None:
        """A suite begins; `done` of its cases are known from before."""
        self._suite, self._total, self._done, self._wrong = suite, total, done, 0
        self._draw(now=True)

    def result(self, result: Result) -> None:
        """A case is done."""
        self._done += 1
        self._wrong += bool(result.wrong) or result.outcome == "failed"
        self._draw()

    def end(self, suite: SuiteRun) -> None:
        """A suite is done."""
        self._clear()
        told = suite.left_out or f"{suite.asked:,} of {suite.cases:,} cases in {suite.seconds:.1f} s"
        failed = f", {suite.failed} ended in an error" if suite.failed else ""
        self.say(f"{suite.name}: {'not measured: ' if suite.left_out else ''}{told}{failed}")

    def say(self, words: str) -> None:
        """One line."""
        self.out.write(f"{words}\n")
        self.out.flush()

    def _draw(self, *, now: bool = False) -> None:
        if not self.out.isatty() or not (now or monotonic() - self._drawn > _DRAW_SECONDS):
            return
        self._drawn = monotonic()
        self.out.write(f"\r\x1b[K{self._suite}: {self._done:,} of {self._total:,}, {self._wrong:,} not right")
        self.out.flush()

    def _clear(self) -> None:
        if self.out.isatty():
            self.out.write("\r\x1b[K")
