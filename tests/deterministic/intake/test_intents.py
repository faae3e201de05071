"""Intents on this project's own utterances: paraphrases, typing errors, casing and chatter."""

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
import yaml

from vitasense.deterministic.intake import IntentName, Reading, read

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
ENOUGH, SURE = 0.95, 0.5
Row = tuple[str, str | list[str]]


HELD_OUT = ("heldout", "heldout2", "heldout3", "heldout4")


def utterances(name: str = "utterances") -> list[Row]:
    text = Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8")
    return [cast("Row", tuple(row)) for row in yaml.load(text, Loader=yaml.CBaseLoader)]


def names(reading: Reading) -> list[str]:
    return [intent.name.value for intent in reading.intents if intent.confidence >= SURE]


def understood(text: str, wanted: str | list[str]) -> bool:
    found = names(read(text, now=NOW))
    if isinstance(wanted, list):
        return set(wanted) <= set(found)
    return found == [] if wanted == "none" else found[:1] != [] and found[0] in wanted.split("|")


def test_at_least_95_in_100_utterances_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    rows = utterances()
    missed = [(text, wanted) for text, wanted in rows if not understood(text, wanted)]
    accuracy = 1 - len(missed) / len(rows)
    with capsys.disabled():
        print(f"\nintake: {accuracy:.3f} of {len(rows)} utterances understood; missed: {missed}")
    assert len(rows) >= 120
    assert accuracy >= ENOUGH


@pytest.mark.parametrize("name", HELD_OUT)
def test_what_was_understood_of_sentences_written_without_the_rules_stays_understood(name: str) -> None:
    """Scores at first sight, before anything was mended for them: .738, .813, .843, .913 of the sets in turn.

    The rules of before the first set understood .738, .723, .664 and .850 of them.
    """
    rows = utterances(name)
    missed = [(text, wanted) for text, wanted in rows if not understood(text, wanted)]
    assert len(missed) / len(rows) <= 0.03, missed


def test_requests_that_are_none_of_ours_have_no_sure_intent() -> None:
    rows = [text for name in HELD_OUT for text, wanted in utterances(name) if wanted == "none"]
    sure = [text for text in rows if names(read(text, now=NOW))]
    assert len(rows) >= 100
    assert len(sure) / len(rows) <= 0.02, sure


def test_every_intent_has_its_utterances() -> None:
    wanted = {name for _, one in utterances() for name in (one if isinstance(one, list) else [one])}
    assert {name.value for name in IntentName} <= wanted


@pytest.mark.parametrize(
    ("text", "name", "low", "high"),
    [
        ("What was my last blood pressure?", "measurement.latest", 0.8, 1.0),
        ("list my medications", "medications.list", 0.8, 1.0),
        ("blood pressure", "measurement.latest", 0.5, 0.8),
        ("CYP2C19", "genomics.gene", 0.5, 0.8),
        ("I take metformin", "medications.list", 0.0, 0.5),
    ],
)
def test_confidence_says_how_clear_the_wish_is(text: str, name: str, low: float, high: float) -> None:
    found = {intent.name.value: intent.confidence for intent in read(text, now=NOW).intents}
    assert low <= found[name] <= high


def test_intents_come_by_falling_confidence() -> None:
    scores = [intent.confidence for intent in read("show my allergies and my last blood pressure", now=NOW).intents]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("first", "then", "name", "subject"),
    [
        ("Show my cholesterol over the last two years", "what about LDL?", "lab.history", "LDL cholesterol"),
        ("What was my last cholesterol?", "and last year?", "lab.history", "cholesterol"),
        ("What was my last cholesterol?", "and blood pressure?", "measurement.latest", "blood pressure"),
        ("What was my last blood pressure?", "is that normal?", "measurement.latest", "blood pressure"),
        ("What does my DNA say about clopidogrel?", "what about warfarin?", "genomics.drug", "warfarin"),
        ("side effects of lisinopril", "and metformin?", "knowledge.effects", "metformin"),
        ("calories in a banana", "how about an apple?", "nutrition.food", "apple"),
    ],
)
def test_a_follow_up_takes_over_what_it_does_not_say(first: str, then: str, name: str, subject: str) -> None:
    reading = read(then, now=NOW, previous=read(first, now=NOW))
    assert reading.top is not None
    assert reading.top.name == name
    assert subject in {entity.name for entity in reading.entities}


def test_a_follow_up_marks_what_it_took_over_and_keeps_the_period() -> None:
    history = read("Show my cholesterol over the last two years", now=NOW)
    ldl = read("what about LDL?", now=NOW, previous=history)
    assert ldl.period == history.period
    later = read("and last year?", now=NOW, previous=history)
    carried = next(entity for entity in later.entities if entity.name == "cholesterol")
    assert (carried.text, carried.start, carried.end) == ("", 0, 0)


def test_a_new_question_takes_nothing_over() -> None:
    previous = read("Show my cholesterol over the last two years", now=NOW)
    reading = read("What am I allergic to?", now=NOW, previous=previous)
    assert names(reading) == ["allergies.list"]
    assert reading.period is None
