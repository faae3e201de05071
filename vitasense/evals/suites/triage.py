"""Triage: emergencies found and ordinary messages left in peace, on the project's own sets and on public vignettes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from vitasense.deterministic.platform.findings import Urgency
from vitasense.evals import corpora, texts
from vitasense.evals.edits import EDITS, typed_badly
from vitasense.evals.flags import listed
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System
from vitasense.guardrails import red_flags_version, triage

VIGNETTES = "08_triage_safety/triage/avey_vignettes.jsonl"
FOUND, EDITED, ALARMED = "Emergencies found", "… under edits that must not lower them", "Ordinary called emergency"
DENIED = "Red flags fired by denied findings"
_EMERGENCY, _ORDINARY, _OTHER = "emergency", "ordinary", "no emergency"
_TOGETHER = 10


def cases(data: Path) -> Iterator[Case]:
    """Every message, the tuned emergencies with their edits, and the denied findings of the vignettes."""
    for name in (*corpora.TUNED, *corpora.UNTOUCHED):
        for text in corpora.emergencies(name):
            edits = list(_edited(text)) if name in corpora.TUNED else []
            yield texts.one(f"{name}-emergency", text, _EMERGENCY, measure=_in_set(FOUND, name), edits=edits)
        for text in corpora.ordinary(name):
            yield texts.one(f"{name}-ordinary", text, _ORDINARY, measure=_in_set(ALARMED, name), edits=[])
    if (data / VIGNETTES).exists():
        denied = [json.loads(line)["absent_findings"] for line in (data / VIGNETTES).read_text("utf-8").splitlines()]
        yield from texts.many("denied", denied, "below urgent", size=_TOGETHER, measure=DENIED, edits=[])


async def answer(case: Case, system: System) -> Answer:
    """The gate's level of each text, and of each edit."""
    del system
    levels, edited = _levels(case.facts["texts"]), _levels(case.facts["edits"])
    return Answer(", ".join(levels), {"levels": levels, "edited": edited})


def judge(case: Case, said: Answer) -> Verdict:
    """Whether an emergency was found, also when edited; whether anything else was called one."""
    levels = [Urgency(level) for level in said.facts["levels"]]
    if case.facts["measure"] == DENIED:
        return _denied(case, levels)
    hit, is_one = levels[0] is Urgency.EMERGENCY, case.target == _EMERGENCY
    edits: Sequence[str] = case.facts["edits"]
    lowered = [text for text, level in zip(edits, said.facts["edited"], strict=True) if level != Urgency.EMERGENCY]
    marks = [Mark(case.facts["measure"], int(hit))]
    marks += [Mark(EDITED, len(edits) - len(lowered), len(edits))] if edits else []
    wrong = [f"called {levels[0].value}"] if hit is not is_one else []
    wrong += [f"lowered by edits: {listed(lowered)}"] if lowered else []
    return Verdict(tuple(marks), "; ".join(wrong), _called(is_one), _called(hit))


def is_emergency(text: str) -> bool:
    """Whether the gate calls the message an emergency."""
    return triage(text).level is Urgency.EMERGENCY


def _levels(messages: Sequence[str]) -> list[str]:
    return [triage(text).level.value for text in messages]


def _denied(case: Case, levels: Sequence[Urgency]) -> Verdict:
    told = zip(case.facts["texts"], levels, strict=True)
    fired = [text for text, level in told if level.rank >= Urgency.URGENT.rank]
    return Verdict((Mark(DENIED, len(fired), len(levels)),), f"fired: {listed(fired)}" if fired else "")


def _edited(text: str) -> Iterator[str]:
    yield from (edit(text) for edit in EDITS)
    yield from typed_badly(text)


def _called(is_emergency: bool) -> str:
    return _EMERGENCY if is_emergency else _OTHER


def _in_set(measure: str, name: str) -> str:
    return measure if name in corpora.TUNED else f"{measure}, {name} set"


def _measures() -> Iterator[Measure]:
    note = f"tuned; rules {red_flags_version()}"
    yield Measure(FOUND, "own messages", note=note)
    yield Measure(EDITED, "own messages", note=note)
    yield Measure(ALARMED, "own messages", goal_is="below", note=note)
    for name in corpora.UNTOUCHED:
        yield Measure(_in_set(FOUND, name), "own messages", note="untouched")
        yield Measure(_in_set(ALARMED, name), "own messages", goal_is="below", note="untouched")
    yield Measure(DENIED, "Avey vignettes, absent findings alone", goal_is="below")


SUITE = Suite(
    name="triage",
    title="Triage",
    about="emergencies found, also when somebody else speaks or types badly, and ordinary messages left in peace",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
)
