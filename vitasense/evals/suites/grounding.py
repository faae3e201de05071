"""Grounding: how many false replies are stopped, by what makes them false, and how many faithful ones get through."""

import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from vitasense.deterministic.platform.findings import Finding
from vitasense.evals.flags import listed
from vitasense.evals.grounding.alterations import ALTERATIONS
from vitasense.evals.grounding.cases import Told, by_rule, from_rooms, mixed, single, written, wrong
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System
from vitasense.evals.texts import checksum
from vitasense.guardrails import verify

THROUGH, STOPPED = "Faithful replies let through: ", "Altered replies stopped: "
OWN, HELD_OUT = f"{THROUGH}own rephrasings", f"{THROUGH}own rephrasings, held out"
NEVER_READ, TOGETHER = f"{THROUGH}own rephrasings, never read", f"{THROUGH}four findings in one reply"
BY_RULE, ROOMS = f"{THROUGH}other ways to write, by rule", f"{THROUGH}findings of the rooms, by rule"
ALL_KINDS, WRONG = f"{STOPPED}all kinds", "Wrong sentences stopped"
SPEED = "Time to check a reply, p50"
_WORDS, _FINDINGS, _TIMES = 100, 10, 200
_TUNED = "tuned"
_OF_WRONG = "read after their first measurement, where 746 of 805 were stopped"
_READ = "read after their first measurement, where 277 of 391 got through"


def cases(data: Path) -> Iterator[Case]:
    """Every faithful reply with what is made of it, the wrong sentences of each finding, and the time."""
    del data  # the findings are the project's own
    yield from _faithful("own", single(""), {"reply": OWN, "by_rule": BY_RULE, "altered": True})
    yield from _faithful("held-out", single("heldout"), {"reply": HELD_OUT, "by_rule": BY_RULE, "altered": True})
    yield from _faithful("never-read", single("untouched"), {"reply": NEVER_READ})
    for folder in ("", "heldout"):
        yield from _faithful(f"together-{folder or 'own'}", mixed(folder), {"reply": TOGETHER, "altered": True})
    yield from _faithful("room", from_rooms(), {"by_rule": ROOMS, "altered": True})
    yield from _wrong()
    yield Case(id="time", input=f"{_TIMES} replies of {_WORDS} words about {_FINDINGS} findings")


async def answer(case: Case, system: System) -> Answer:
    """Which replies the gate lets through: the reply itself, other ways to write it, and alterations of it."""
    del system
    if not case.facts:
        median = _median_ms()
        return Answer(f"{median:.2f} ms", {"ms": median})
    findings = [Finding.model_validate(each) for each in case.facts["findings"]]
    if "wrong" in case.facts:
        passed = [each for each in case.facts["wrong"] if _passes(each, findings)]
        return Answer(f"{len(passed)} let through", {"passed": passed})
    passes = _passes(case.input, findings)
    ways = (
        [each.reply for each in by_rule([Told(case.id, tuple(findings), case.input)])] if _asks(case, "by_rule") else []
    )
    refused = [each for each in ways if not _passes(each, findings)]
    altered = list(alterations(case.input)) if passes and _asks(case, "altered") else []
    got_through = [(name, each) for name, each in altered if _passes(each, findings)]
    facts = {"passes": passes, "ways": len(ways), "refused": refused, "got_through": got_through}
    kinds = Counter(name for name, _ in altered)
    return Answer("let through" if passes else "stopped", {**facts, "altered": dict(kinds)})


def judge(case: Case, said: Answer) -> Verdict:
    """A faithful reply is to get through however it is written, and an altered one is to be stopped."""
    if not case.facts:
        return Verdict((Mark(SPEED, value=said.facts["ms"]),))
    if "wrong" in case.facts:
        passed, total = said.facts["passed"], len(case.facts["wrong"])
        told = f"let through: {listed(passed)}" if passed else ""
        return Verdict((Mark(WRONG, total - len(passed), total),), told)
    return Verdict(tuple(_marks(case, said.facts)), "; ".join(_faults(case, said.facts)))


def alterations(reply: str) -> Iterator[tuple[str, str]]:
    """The reply made false in every way that applies to it, with the name of the way."""
    for name, alter in ALTERATIONS.items():
        altered = alter(reply, Random(f"{name}|{reply}"))  # noqa: S311 (repeatable, not secret)
        if altered is not None and altered != reply:
            yield name, altered


def _faithful(group: str, told: Iterable[Told], asks: Mapping[str, Any]) -> Iterator[Case]:
    seen = Counter[str]()
    for each in told:
        findings = [finding.model_dump(mode="json") for finding in each.findings]
        mark = checksum(f"{each.reply}|{findings}")
        seen[mark] += 1
        name = f"{group}-{mark}" if seen[mark] == 1 else f"{group}-{mark}-{seen[mark]}"
        yield Case(id=name, input=each.reply, target="let through", facts={"findings": findings, "asks": dict(asks)})


def _wrong() -> Iterator[Case]:
    sentences: dict[Finding, list[str]] = {}
    for each in wrong():
        sentences.setdefault(each.findings[0], []).append(each.reply)
    for number, (finding, chosen) in enumerate(sentences.items(), start=1):
        facts = {"findings": [finding.model_dump(mode="json")], "wrong": chosen}
        yield Case(id=f"wrong-{number:03}", input="\n".join(chosen), target="stopped", facts=facts)


def _asks(case: Case, name: str) -> Any:
    return case.facts["asks"].get(name)


def _passes(reply: str, findings: Sequence[Finding]) -> bool:
    return verify(reply, findings).supported


def _marks(case: Case, said: Mapping[str, Any]) -> Iterator[Mark]:
    if _asks(case, "reply"):
        yield Mark(_asks(case, "reply"), int(said["passes"]))
    if _asks(case, "by_rule"):
        yield Mark(_asks(case, "by_rule"), said["ways"] - len(said["refused"]), said["ways"])
    let = Counter(name for name, _ in said["got_through"])
    for name, total in said["altered"].items():
        yield Mark(STOPPED + name, total - let[name], total)
    total = sum(said["altered"].values())
    if total:
        yield Mark(ALL_KINDS, total - let.total(), total)


def _faults(case: Case, said: Mapping[str, Any]) -> Iterator[str]:
    if _asks(case, "reply") and not said["passes"]:
        yield "stopped"
    if said["refused"]:
        yield f"stopped as written by rule: {listed(said['refused'])}"
    for name, reply in said["got_through"]:
        yield f"let through with {name}: {listed([reply])}"


def _median_ms() -> float:
    random, rows = Random(1), written("")  # noqa: S311 (repeatable, not secret)
    return statistics.median(_milliseconds(random.sample(rows, _FINDINGS), random) for _ in range(_TIMES))


def _milliseconds(rows: Sequence[tuple[Finding, Sequence[str]]], random: Random) -> float:
    words = " ".join(random.choice(replies) for _, replies in rows).split(" ")
    reply, findings = " ".join(words[:_WORDS]), [finding for finding, _ in rows]
    return min(_timed(reply, findings) for _ in range(3))


def _timed(reply: str, findings: Sequence[Finding]) -> float:
    start = time.perf_counter()
    verify(reply, findings)
    return (time.perf_counter() - start) * 1000


def _measures() -> Iterator[Measure]:
    told = {OWN: _TUNED, HELD_OUT: _READ, NEVER_READ: "untouched", BY_RULE: _TUNED, TOGETHER: _TUNED, ROOMS: _TUNED}
    yield from (Measure(name, "findings of the dataset and of the rooms", note=note) for name, note in told.items())
    data = "faithful replies that get through"
    yield Measure(ALL_KINDS, data)
    yield from (Measure(STOPPED + name, data) for name in ALTERATIONS)
    yield Measure(WRONG, "own words", note=_OF_WRONG)
    yield Measure(SPEED, f"{_WORDS} words, {_FINDINGS} findings", unit="ms", goal_is="at most")


SUITE = Suite(
    name="grounding",
    title="Grounding",
    about="replies that say something else than their findings are stopped, and faithful ones get through",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
)
