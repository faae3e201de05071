"""Negation, time and owner of findings, in clinical and in lay words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.intake import Context, assertions


def said_of(text: str, finding: str) -> Context:
    start = text.index(finding)
    return assertions(text, [(start, start + len(finding))])[0]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("No fever, chills or cough.", "cough"),
        ("She denies chest pain, nausea, vomiting.", "vomiting"),
        ("There is no evidence of pneumonia.", "pneumonia"),
        ("The test for malaria is negative.", "malaria"),
        ("Appendicitis was ruled out.", "Appendicitis"),
        ("i dont have a headache", "headache"),
        ("without any swelling of the ankles", "swelling"),
        ("EXTREMITIES: No edema.", "edema"),
    ],
)
def test_what_is_denied_is_negated(text: str, finding: str) -> None:
    assert said_of(text, finding).negated


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("No fever, but a bad headache.", "headache"),
        ("no fever, my head hurts", "head hurts"),
        ("The pain did not improve. He has a rash.", "rash"),
        ("Not only nausea", "nausea"),
        ("COMPLICATIONS: None  DIAGNOSIS: gastritis", "gastritis"),
        ("Pneumonia cannot be ruled out.", "Pneumonia"),
        ("gram negative sepsis", "sepsis"),
        ("lungs without effusion", "lungs without effusion"),
    ],
)
def test_what_stands_outside_a_denial_is_not_negated(text: str, finding: str) -> None:
    assert not said_of(text, finding).negated


@pytest.mark.parametrize(
    ("text", "finding", "time"),
    [
        ("PAST MEDICAL HISTORY: asthma, gout.", "gout", "historical"),
        ("I had pneumonia three years ago", "pneumonia", "historical"),
        ("history of present illness: cough", "cough", "recent"),
        ("Return if you develop fever or vomiting.", "vomiting", "hypothetical"),
        ("what if I get a migraine", "migraine", "hypothetical"),
        ("has a history of diabetes and now presents with chest pain", "chest pain", "recent"),
    ],
)
def test_the_time_of_a_finding(text: str, finding: str, time: str) -> None:
    assert said_of(text, finding).temporality == time


@pytest.mark.parametrize(
    ("text", "finding", "owner"),
    [
        ("My mother had breast cancer.", "breast cancer", "other"),
        ("FAMILY HISTORY: stroke", "stroke", "other"),
        ("diabetes runs in the family, and I have gout", "gout", "patient"),
        ("I have asthma", "asthma", "patient"),
    ],
)
def test_the_owner_of_a_finding(text: str, finding: str, owner: str) -> None:
    assert said_of(text, finding).experiencer == owner


def test_a_span_outside_the_text_says_nothing() -> None:
    assert assertions("no fever", [(90, 95)]) == (Context(),)
    assert assertions("", [(0, 0)]) == (Context(),)


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 40))
def test_any_text_is_read(text: str, start: int, length: int) -> None:
    assert len(assertions(text, [(start, start + length)])) == 1
