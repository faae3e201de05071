"""An hour of the day or a score is no count of pills."""

import pytest

from vitasense.guardrails.counts import NO_COUNT, without_times_and_scores
from vitasense.guardrails.rulebook import language
from vitasense.guardrails.words import AS_WRITTEN, read_words

UNITS = frozenset({"weeks", "mg"})


def counted(text: str) -> list[str]:
    words = read_words(text, AS_WRITTEN, language().fillers)
    return [word.text for word in without_times_and_scores(text, words, UNITS)]


@pytest.mark.parametrize(
    "text",
    [
        "pills at 8",
        "10 am pills",
        "until ten",
        "pain 4/10",
        "my egfr is 25",
        "inr 12",
        "hba1c came back at 48",
        "bp 190/120",
        "150 over 95",
        "im 80",
    ],
)
def test_hours_and_scores_count_nothing(text: str) -> None:
    assert NO_COUNT in counted(text)


@pytest.mark.parametrize(
    "text",
    [
        "took 30 pills",
        "at 30 weeks",
        "at 8 weeks",
        "pain 9/10",
        "sats at 84",
        "10, 20 pills",
        "egfr and 20 pills",
        "potassium is 30",
        "inr 12 pills",
        "cholesterol 30 of them",
        "im 30 pills in",
        "took 20 over 2 hours",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert NO_COUNT not in counted(text)
