"""What the statement before told, for those that go on with it."""

from dataclasses import dataclass

from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.statements import Dated, Measured, Name


@dataclass(frozen=True, slots=True)
class Before:
    """What the statement before told: the facts behind it, its names, words, dates and numbers, its qualifications.

    A sentence that goes on with it ("It was …") is about the same names and need not repeat the qualifications.
    `sentence` are the words of its whole sentence, `quoted` is the number of a finding that was told word for word, -1 for none.
    """

    facts: int = 0
    names: frozenset[Name] = frozenset()
    keeps: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    dates: tuple[Dated, ...] = ()
    measured: tuple[Measured, ...] = ()
    sentence: frozenset[str] = frozenset()
    quoted: int = -1

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """The numbers that are no limits."""
        return tuple(each.amount for each in self.measured if not each.amount.reference)
