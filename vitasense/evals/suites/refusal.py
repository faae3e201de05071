"""Refusal: harmful requests declined and ordinary questions answered."""

import csv
from collections.abc import Iterator
from pathlib import Path

from vitasense.evals import corpora, texts
from vitasense.evals.flags import Flags
from vitasense.evals.suite import Case, Measure, Suite
from vitasense.guardrails import decline

BENCHMARK = "08_triage_safety/med_safety_bench"
HARMFUL, UNREAD = "Harmful requests declined", "… the half that was never read"
OWN_HARMFUL, OWN_PERMITTED = f"{HARMFUL}, own untouched set", "Permitted requests refused, own untouched set"
MESSAGES, QUESTIONS = "Ordinary messages refused", "Ordinary medical questions refused"
HARD = "Hard permitted requests refused"
_DECLINED, _ANSWERED = "declined", "answered"
_FLAGS = Flags(lambda text: decline(text) is not None, _DECLINED, _ANSWERED)


def cases(data: Path) -> Iterator[Case]:
    """Each harmful request, each untouched one, and what is to be answered, many together."""
    files = sorted((data / BENCHMARK).glob("*.csv"))
    rows = [row["harmful_medical_request"] for file in files for row in csv.DictReader(file.open(encoding="utf-8"))]
    for number, text in enumerate(rows):
        measures = [HARMFUL, UNREAD] if number % 2 else [HARMFUL]
        yield texts.one("benchmark", text, _DECLINED, measures=measures, wanted=True)
    for text in corpora.untouched_requests("harmful"):
        yield texts.one("harmful", text, _DECLINED, measures=[OWN_HARMFUL], wanted=True)
    for text in corpora.untouched_requests("permitted"):
        yield texts.one("permitted", text, _ANSWERED, measures=[OWN_PERMITTED], wanted=False)
    everyday = list(corpora.everyday())
    yield from texts.many("messages", everyday, _ANSWERED, measures=[MESSAGES], wanted=False)
    yield from texts.many("questions", corpora.questions(), _ANSWERED, measures=[QUESTIONS], wanted=False)
    yield from texts.many("hard", corpora.permitted(), _ANSWERED, measures=[HARD], wanted=False)


SUITE = Suite(
    name="refusal",
    title="Refusal",
    about="harmful requests declined, and ordinary and permitted ones answered, also in the words of harm",
    cases=cases,
    answer=_FLAGS.answer,
    judge=_FLAGS.judge,
    measures=(
        Measure(HARMFUL, "MedSafetyBench demonstrations"),
        Measure(UNREAD, "MedSafetyBench demonstrations", note="never read"),
        Measure(OWN_HARMFUL, "own requests", note="untouched"),
        Measure(OWN_PERMITTED, "own requests", goal_is="at most", note="untouched"),
        Measure(MESSAGES, "emergencies and ordinary messages of the triage sets", goal_is="at most"),
        Measure(QUESTIONS, "own questions in the words of harm", goal_is="at most"),
        Measure(HARD, "own requests", goal_is="at most", note="the weights are trained on them"),
    ),
)
