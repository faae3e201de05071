"""A gate that says yes or no to a text, and what is right about its answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vitasense.evals.suite import Answer, Case, Mark, Verdict
from vitasense.evals.system import System

_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Flags:
    """Asks `says` about each text of a case; `yes` and `no` are what its two answers are called.

    Facts of a case: `texts`, whether they are to be flagged (`wanted`), and the `measures` that count the flagged.
    """

    says: Callable[[str], bool]
    yes: str
    no: str

    async def answer(self, case: Case, system: System) -> Answer:
        """Which texts were flagged. The gate is asked in this process."""
        del system
        flagged = [self.says(text) for text in case.facts["texts"]]
        return Answer(f"{self.yes}: {sum(flagged)} of {len(flagged)}", {"flagged": flagged})

    def judge(self, case: Case, said: Answer) -> Verdict:
        """How many were flagged, and those that should not have been or that should."""
        flagged: Sequence[bool] = said.facts["flagged"]
        marks = tuple(Mark(measure, sum(flagged), len(flagged)) for measure in case.facts["measures"])
        texts = zip(case.facts["texts"], flagged, strict=True)
        other = [text for text, is_flagged in texts if is_flagged is not case.facts["wanted"]]
        wrong = f"{self._named(not case.facts['wanted'])}: {listed(other)}" if other else ""
        if len(flagged) > 1:
            return Verdict(marks, wrong)
        return Verdict(marks, wrong, self._named(case.facts["wanted"]), self._named(flagged[0]))

    def _named(self, flag: bool) -> str:
        return self.yes if flag else self.no


def listed(texts: Sequence[str]) -> str:
    """The first of some texts, each once and in one line, and how many more there are."""
    told = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    more = (f"and {len(told) - _MOST_TOLD} more",) if len(told) > _MOST_TOLD else ()
    return " | ".join((*told[:_MOST_TOLD], *more))
