"""How old the one is whom a text speaks of; a measure, a dose or a week of pregnancy is no age."""

import pytest

from vitasense.guardrails import age_said


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("my 3 year old has a fever", 3),
        ("my daughter is 4 and weighs 16 kg", 4),
        ("my grandma (82) is on warfarin", 82),
        ("My grandmother is 88, can she take it?", 88),
        ("my son, 7, has a cough", 7),
        ("My son is 12 months old", 1),
    ],
)
def test_an_age_is_read(text: str, years: float) -> None:
    assert age_said(text) == years


@pytest.mark.parametrize(
    "text",
    [
        "she is 80 kg",
        "he is 38.5",
        "my mother is on 5 mg of warfarin",
        "my mother takes 2 pills and sleeps",
        "My father's INR is 3, can he take it",
        "my wife is 5 and a half months pregnant",
        "my sister is 30 weeks pregnant",
    ],
)
def test_another_number_is_no_age(text: str) -> None:
    assert age_said(text) is None
