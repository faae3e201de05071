"""Which cases of a suite a run asks, and why it may not ask any."""

import random
from collections.abc import Sequence
from pathlib import Path

from vitasense.evals.suite import Case, Suite

NO_CASES = "it found no cases"


def unmet(suite: Suite, *, data: Path, model: str | None) -> str:
    """What the suite cannot run without and is not here, in words; "" when nothing is missing."""
    if "data" in suite.needs and not data.is_dir():
        return f"the public data is not in {data} (--data)"
    if "model" in suite.needs and model is None:
        return "it needs a language model (--model)"
    return ""


def drawn(suite: Suite, cases: Sequence[Case], *, limit: int | None, seed: int) -> list[Case]:
    """At most `limit` of the cases, in their order; the seed decides which, the same ones each time."""
    _check(suite, cases)
    if limit is None or limit >= len(cases):
        return list(cases)
    chance = random.Random(f"{seed}/{suite.name}")  # noqa: S311 (no secret: the same cases each time)
    return [cases[place] for place in sorted(chance.sample(range(len(cases)), limit))]


def _check(suite: Suite, cases: Sequence[Case]) -> None:
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise ValueError(f"Two cases of the suite {suite.name} are called {case.id}.")
        seen.add(case.id)
