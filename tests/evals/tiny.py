"""A tiny suite for the tests of runs: sums, some of which a careless system gets wrong; and a run of it that hangs.

`python -m tests.evals.tiny FOLDER` asks one case after another, says which, and hangs at the fourth.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from vitasense.deterministic.platform.clock import system_clock
from vitasense.evals.progress import Progress
from vitasense.evals.runs import Choice, Kept
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System

RIGHT, BIG = "Sums that are right", "Sums called big"
HANGS = "sum-4"


def cases(_: Path) -> Iterator[Case]:
    """Six sums."""
    for number in range(1, 7):
        yield Case(f"sum-{number}", f"{number} + {number} <b>", str(2 * number), {"number": number})


def suite(wrong: Sequence[int] = (), asked: list[str] | None = None, fails: int | None = None) -> Suite:
    """The suite over a system that is wrong at these numbers, and fails at one; `asked` hears what was asked."""

    async def answer(case: Case, system: System) -> Answer:
        number: int = case.facts["number"]
        if asked is not None:
            asked.append(case.id)
        if number == fails:
            raise ZeroDivisionError("the words of a case stay out of the reason")
        return Answer(str(2 * number + (number in wrong)))

    return _suite(answer)


def _judge(case: Case, said: Answer) -> Verdict:
    right = said.text == case.target
    marks = (Mark(RIGHT, int(right)), Mark(BIG, int(int(said.text) > 8)))
    return Verdict(marks, "" if right else f"{said.text}, not {case.target}", case.target, said.text)


def _suite(answer: Callable[[Case, System], Awaitable[Answer]]) -> Suite:
    measures = (Measure(RIGHT, "sums"), Measure(BIG, "sums", goal_is="at most"))
    return Suite(name="tiny", title="Tiny", about="sums", cases=cases, answer=answer, judge=_judge, measures=measures)


async def _hanging(case: Case, system: System) -> Answer:
    print(case.id, file=sys.__stdout__, flush=True)  # a run keeps the standard output for its table
    if case.id == HANGS:
        await asyncio.Event().wait()
    return Answer(str(2 * case.facts["number"]))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background it is ignored
    from vitasense.evals.surroundings import keep_inspect_in

    keep_inspect_in(Path(sys.argv[1]) / ".inspect")
    from vitasense.evals.run import Plan, carry_out

    plan = Plan(
        suites=[_suite(_hanging)],
        choice=Choice(suites=("tiny",)),
        kept=Kept(Path(sys.argv[1]) / "one"),
        data=Path(),
    )
    asyncio.run(carry_out(plan, system_clock, Progress()))
