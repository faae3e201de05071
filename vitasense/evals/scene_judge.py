"""What is right about a scene: each step held against what was expected of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vitasense.evals.suite import Answer, Case, Mark, Measure, Verdict

GOALS, TOOLS, ARGUMENTS, WORDS, ASKED, WRITES = (
    "Goals reached",
    "Right tools",
    "Values as they were said, in the confirmation",
    "Told what was needed, and nothing that was not",
    "Asked before writing, and only then",
    "Steps that wrote what was confirmed, and nothing else",
)
MEASURES = tuple(Measure(name) for name in (GOALS, TOOLS, ARGUMENTS, WORDS, ASKED, WRITES))
_SAFE = "safety"

Step = Mapping[str, Any]


def judge(case: Case, answer: Answer) -> Verdict:
    """The marks of one scene, and every step that went otherwise."""
    steps: Sequence[Step] = case.facts["steps"]
    done: Sequence[Step] = answer.facts["steps"]
    told = [
        (number, measure, fault)
        for number, pair in enumerate(zip(steps, done, strict=True), 1)
        for measure, fault in _judged(*pair)
    ]
    faults = [f"step {number}: {fault}" for number, _, fault in told if fault]
    marks = [Mark(measure, hits=int(not fault)) for _, measure, fault in told]
    return Verdict(marks=(Mark(GOALS, hits=int(not faults)), *marks), wrong="; ".join(faults))


def _judged(step: Step, done: Step) -> Iterator[tuple[str, str]]:
    """(measure, what is wrong) of everything that the step expects; "" where nothing is."""
    if "refused" in step or "refused" in done:
        yield WORDS, _unless(step.get("refused") == done.get("refused"), f"refused with {done.get('refused')}")
    yield WRITES, _unless(_rows(step, done), f"rows changed by {done['rows']}")
    if "tools" in step:
        yield TOOLS, _unless(_tools(step, done), f"tools {done.get('tools')} instead of {step['tools']}")
    if "agents" in step:
        yield (
            TOOLS,
            _unless(set(step["agents"]) == set(done.get("agents", ())) - {_SAFE}, f"agents {done.get('agents')}"),
        )
    if "asks" in step:
        yield ASKED, _unless(_asks(step, done), f"asks for {done.get('asks')} instead of {step['asks']}")
    if "details" in step:
        yield ARGUMENTS, _lacking(step["details"], done.get("details", ""))
    yield WORDS, "; ".join(filter(None, _words(step, done)))


def _rows(step: Step, done: Step) -> bool:
    if "rows_any" in step:
        return sum(done["rows"].values()) == step["rows_any"]
    return step.get("rows", {}) == done["rows"]


def _tools(step: Step, done: Step) -> bool:
    wanted, used = set(step["tools"]), set(done.get("tools", ()))
    return bool(wanted & used) and used <= wanted if step.get("any_tool") else wanted == used


def _asks(step: Step, done: Step) -> bool:
    wanted, asked = step["asks"], done.get("asks")
    return asked is not None if wanted is True else asked == wanted


def _words(step: Step, done: Step) -> Iterator[str]:
    yield _lacking(step.get("has", ()), done["text"])
    said = [words for words in step.get("lacks", ()) if _holds(done["text"], words)]
    yield _unless(not said, f"said {said}")
    if "urgency" in step:
        yield _unless(done.get("urgency") == step["urgency"], f"urgency {done.get('urgency')}")
    if "status" in step:
        yield _unless(step["status"] in done.get("statuses", ()), f"statuses {done.get('statuses')}")


def _lacking(wanted: Sequence[str], text: str) -> str:
    missing = [words for words in wanted if not _holds(text, words)]
    return _unless(not missing, f"lacks {missing}")


def _holds(text: str, words: str) -> bool:
    return any(re.search(re.escape(each), text, re.IGNORECASE) for each in words.split("|"))


def _unless(right: bool, fault: str) -> str:
    return "" if right else fault
