"""What is looked for, and in which documents, is taken from the person's own words."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitasense.deterministic.intake import Reading, read
from vitasense.tools.literature import question

WORDS = ("the", "label", "of", "literature", "says", "about", "simvastatin", "on", "in", "guidelines", "mention", "for")


@pytest.mark.parametrize(
    ("words", "about", "named", "kind"),
    [
        ("what does the label of simvastatin say about grapefruit?", "grapefruit", "simvastatin", "label"),
        ("what do the guidelines say about potassium?", "potassium", "", "guideline"),
        ("is there anything in the literature about ferritin", "ferritin", "", None),
        ("which article mentions spironolactone?", "spironolactone", "", "article"),
        ("what is written about alcohol in the leaflet?", "alcohol", "", "label"),
        ("does the metformin leaflet mention vitamin b12", "vitamin b12", "metformin", "label"),
        ("what do the guidelines on heart failure say about salt?", "salt", "heart failure", "guideline"),
        ("do the studies recommend magnesium for cramps?", "magnesium for cramps", "", "article"),
        ("is potassium mentioned in the guidelines?", "potassium", "", "guideline"),
        ("what does the literature say?", "", "", None),
    ],
)
def test_the_question_and_the_document_are_told_apart(words: str, about: str, named: str, kind: str | None) -> None:
    (asked,) = question(read(words))
    assert (asked.about, asked.named, asked.kind) == (about, named, kind)


@settings(deadline=None)
@given(st.lists(st.text(max_size=20) | st.sampled_from(WORDS), max_size=20).map(" ".join))
def test_no_message_is_too_odd_and_every_word_is_the_persons(text: str) -> None:
    reading = read(text)
    (asked,) = question(reading)
    assert all(word in reading.text for word in f"{asked.about} {asked.named}".replace(", ", " ").split())


@pytest.mark.parametrize("text", ["the label of " * 400, "in a a a " * 500, "label for for " * 300, "x" * 5000])
def test_a_long_message_is_read_at_once(text: str) -> None:
    started = process_time()
    question(Reading(text=text))
    assert process_time() - started < 1
