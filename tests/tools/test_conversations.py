"""Which earlier conversation is meant is taken from the person's own words."""

from datetime import UTC, datetime

import pytest

from vitasense.deterministic.intake import read
from vitasense.tools.conversations import wanted

NOW = datetime(2026, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("what did we talk about last time?", ""),
        ("what did you tell me about my cholesterol in May?", "cholesterol"),
        ("did I ask you about my knee before?", "knee"),
        ("what was our last conversation about?", ""),
        ("have we discussed my blood pressure already?", "blood pressure"),
        ("when did we talk about my allergies?", "allergies"),
    ],
)
def test_the_subject_is_named_without_its_time(words: str, about: str) -> None:
    (asked,) = wanted(read(words, now=NOW))
    assert asked.about == about


def test_the_time_is_the_persons() -> None:
    (asked,) = wanted(read("what did you tell me about my cholesterol in May?", now=NOW))
    assert (asked.since, asked.until) == (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
