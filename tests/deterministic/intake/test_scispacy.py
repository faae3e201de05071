"""The scispaCy extra: abbreviations that the text defines; it guesses no medicine."""

import pytest

from vitasense.deterministic.intake import EntityType, read
from vitasense.deterministic.intake.scispacy import Abbreviations, installed

pytestmark = pytest.mark.skipif(not installed(), reason="the extra scispaCy is not installed")


def test_abbreviations_that_the_text_defines_are_resolved() -> None:
    defined = Abbreviations().defined("I have chronic kidney disease (CKD). The CKD is stable.")
    assert defined == {"CKD": "chronic kidney disease"}


def test_a_defined_abbreviation_is_read_as_what_it_stands_for() -> None:
    reading = read("I take hydroxychloroquine (HCQ) 200 mg daily. I forgot my HCQ.")
    assert [drug.text for drug in reading.of_type(EntityType.DRUG)] == ["hydroxychloroquine", "HCQ", "HCQ"]
    assert {drug.name for drug in reading.of_type(EntityType.DRUG)} == {"hydroxychloroquine"}


@pytest.mark.parametrize("text", ["hydroxyalazine", "zzyprexolin", "the ability to wait", "a wonderful metropolis"])
def test_between_two_medicines_and_for_other_words_nothing_is_guessed(text: str) -> None:
    assert read(text).of_type(EntityType.DRUG) == ()
