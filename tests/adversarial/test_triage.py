"""Ordinary measurements are no emergency: a false alarm teaches people to ignore the true one."""

import pytest

from vitasense.deterministic.platform.findings import Urgency
from vitasense.guardrails import PersonFacts, screen


@pytest.mark.parametrize(
    "words",
    [
        "My blood pressure was 120/80 and I ate two eggs",
        "My blood pressure this morning was 150/95",
        "Was my blood pressure 120/80 last week?",
        "Write down blood pressure 130/85",
        "My mother's blood pressure was 118/76",
    ],
)
def test_an_ordinary_pressure_raises_nothing(words: str) -> None:
    seen = screen(words, person=PersonFacts(age=50, sex="female"))
    assert (seen.decision, seen.reply) == ("pass", None)


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("My blood pressure is 200/125 and my chest hurts", Urgency.EMERGENCY),
        ("Low blood pressure, clammy and confused", Urgency.EMERGENCY),
        ("My blood pressure dropped and I fainted", Urgency.EMERGENCY),
        ("My blood pressure is 210/130", Urgency.URGENT),
        ("I am vomiting blood and there is pressure in my chest", Urgency.EMERGENCY),
    ],
)
def test_a_dangerous_one_still_does(words: str, level: Urgency) -> None:
    assert screen(words, person=PersonFacts(age=50, sex="female")).urgency is level
