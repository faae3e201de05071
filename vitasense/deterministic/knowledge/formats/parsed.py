"""What a reader gives: facts one after another, and beside them what it could not take as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from vitasense.deterministic.knowledge.facts import Fact
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.platform.untrusted import shown

MOST_FLAWS = 2000  # told one by one; what is beyond is counted
LONGEST_CONTENT = 200  # characters of a damaged row that are kept


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in a file that was left out or read otherwise than it stands: where, why, and its text cut short."""

    place: str
    reason: str
    content: str = ""


class Flaws(list[Flaw]):
    """The first MOST_FLAWS flaws of a file; `total` counts all."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def add(self, place: str, reason: str, content: str = "") -> None:
        """Note one flaw. Hidden characters of the file are not kept."""
        self.total += 1
        if len(self) < MOST_FLAWS:
            self.append(Flaw(place, reason, shown(content[: 2 * LONGEST_CONTENT])[:LONGEST_CONTENT]))


class Facts(Iterator[Fact]):
    """The facts of a file, read while they are asked for. `flaws` is complete when the last fact was given.

    Raises InvalidInput, with `expected` in its words, when the file ends without one fact.
    """

    def __init__(self, found: Iterator[Fact], flaws: Flaws, expected: str) -> None:
        self.flaws = flaws
        self._found = found
        self._expected = expected
        self._given = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Fact:
        try:
            fact = next(self._found)
        except StopIteration:
            if not self._given:
                raise InvalidInput(f"There is nothing in this file that could be taken. {self._told()}") from None
            raise
        self._given += 1
        return fact

    def _told(self) -> str:
        first = f" The first fault: {self.flaws[0].place}: {self.flaws[0].reason}" if self.flaws else ""
        return f"Expected was {self._expected}.{first}"
