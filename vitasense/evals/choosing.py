"""Which cases of a suite a run asks, and why it may not ask any."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.evals.suite import Case, Suite

NO_CASES = "it found no cases"
_APART = 1000  # between the seeds of two runs: more than the cases of one


def unmet(suite: Suite, *, data: Path, model: str | None) -> str:
    """What the suite cannot run without and is not here, in words; "" when nothing is missing."""
    if "data" in suite.needs and not data.is_dir():
        return f"the public data is not in {data} (--data)"
    if "model" in suite.needs and model is None:
        return "it needs a language model (--model)"
    return ""


def drawn(suite: Suite, cases: Sequence[Case], *, limit: int | None, seed: int) -> list[Case]:
    """At most `limit` of the cases, in their order; the seed decides which, the same ones each time.

    It also moves the seed of each case that has one among its facts. InvalidInput when two cases have one id.
    """
    _check(suite, cases)
    seeded = [_seeded(case, seed) for case in cases]
    if limit is None or limit >= len(cases):
        return seeded
    chance = random.Random(f"{seed}/{suite.name}")  # noqa: S311 (no secret: the same cases each time)
    return [seeded[place] for place in sorted(chance.sample(range(len(cases)), limit))]


def _seeded(case: Case, seed: int) -> Case:
    if "seed" not in case.facts:
        return case
    return replace(case, facts={**case.facts, "seed": case.facts["seed"] + _APART * seed})


def _check(suite: Suite, cases: Sequence[Case]) -> None:
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise InvalidInput(f"Two cases of the suite {suite.name} are called {case.id}.")
        seen.add(case.id)
