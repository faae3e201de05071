"""Grounding: how many false replies are stopped, by what makes them false, and how many faithful ones get through."""

import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from vitasense.deterministic.platform.findings import Finding
from vitasense.evals.figures import Figure, share
from vitasense.evals.grounding.alterations import ALTERATIONS
from vitasense.evals.grounding.cases import Told as Case, by_rule, from_rooms, mixed, single, written, wrong
from vitasense.guardrails import verify

_STOPPED, _STOPPED_OF_A_KIND = 0.995, 0.95
_LET_THROUGH, _LET_THROUGH_TOGETHER = 0.90, 0.80
_WORDS, _FINDINGS = 100, 10
_TUNED = "tuned"
_WRONG = "read after their first measurement, where 746 of 805 were stopped"
_READ = "read after their first measurement, where 277 of 391 got through"


def figures(data: Path) -> Iterator[Figure]:
    """Faithful replies let through by where they come from, altered ones stopped by kind and in total, and the time."""
    del data  # the findings are the project's own
    tuned, unseen = list(single("")), list(single("heldout"))
    together, rooms = [*mixed(""), *mixed("heldout")], list(from_rooms())
    groups = (
        ("own rephrasings", tuned, _LET_THROUGH, _TUNED),
        ("own rephrasings, held out", unseen, _LET_THROUGH, _READ),
        ("own rephrasings, never read", list(single("untouched")), None, "untouched"),
        ("other ways to write, by rule", list(by_rule([*tuned, *unseen])), _LET_THROUGH, _TUNED),
        ("four findings in one reply", together, _LET_THROUGH_TOGETHER, _TUNED),
        ("findings of the rooms, by rule", list(by_rule(rooms)), _LET_THROUGH, _TUNED),
    )
    for name, cases, goal, note in groups:
        passed = sum(map(_passes, cases))
        yield share("faithful replies let through", name, passed, len(cases), goal=goal, note=note)
    yield from _stopped([case for case in (*tuned, *unseen, *together, *rooms) if _passes(case)])
    sentences = list(wrong())
    stopped = sum(not _passes(case) for case in sentences)
    yield share("wrong sentences stopped", "own words", stopped, len(sentences), goal=_STOPPED_OF_A_KIND, note=_WRONG)
    yield _speed()


def altered(cases: Iterable[Case]) -> Iterator[tuple[str, Case]]:
    """Every case made false in every way that applies to it, with the name of the way."""
    for case in cases:
        for name, alter in ALTERATIONS.items():
            reply = alter(case.reply, Random(f"{name}|{case.reply}"))  # noqa: S311 (repeatable, not secret)
            if reply is not None and reply != case.reply:
                yield name, Case(case.source, case.findings, reply)


def _passes(case: Case) -> bool:
    return verify(case.reply, case.findings).supported


def _stopped(cases: Sequence[Case]) -> Iterator[Figure]:
    hits, totals = Counter[str](), Counter[str]()
    for name, case in altered(cases):
        totals[name] += 1
        hits[name] += not _passes(case)
    data = f"{len(cases)} faithful replies"
    for name in ALTERATIONS:
        yield share(f"altered replies stopped: {name}", data, hits[name], totals[name], goal=_STOPPED_OF_A_KIND)
    yield share("altered replies stopped, all kinds", data, hits.total(), totals.total(), goal=_STOPPED)


def _speed() -> Figure:
    """Without a goal: it depends on the machine."""
    random, rows = Random(1), written("")  # noqa: S311 (repeatable, not secret)
    times = [_milliseconds(random.sample(rows, _FINDINGS), random) for _ in range(200)]
    data = f"{_WORDS} words, {_FINDINGS} findings"
    return Figure(measure="time to check a reply, p50", data=data, value=statistics.median(times), unit="ms")


def _milliseconds(rows: Sequence[tuple[Finding, Sequence[str]]], random: Random) -> float:
    words = " ".join(random.choice(replies) for _, replies in rows).split(" ")
    reply, findings = " ".join(words[:_WORDS]), [finding for finding, _ in rows]
    return min(_timed(reply, findings) for _ in range(3))


def _timed(reply: str, findings: Sequence[Finding]) -> float:
    start = time.perf_counter()
    verify(reply, findings)
    return (time.perf_counter() - start) * 1000
