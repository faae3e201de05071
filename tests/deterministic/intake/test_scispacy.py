"""The scispaCy extra: abbreviations that the text defines, and misspelt medicines by the letters they share."""

import pytest

from vitasense.deterministic.intake import EntityType, drug_names, read
from vitasense.deterministic.intake.scispacy import Abbreviations, SharedLetters, installed

pytestmark = pytest.mark.skipif(not installed(), reason="the extra scispaCy is not installed")


def test_abbreviations_that_the_text_defines_are_resolved() -> None:
    defined = Abbreviations().defined("I have chronic kidney disease (CKD). The CKD is stable.")
    assert defined == {"CKD": "chronic kidney disease"}


def test_a_defined_abbreviation_is_read_as_what_it_stands_for() -> None:
    reading = read("I take hydroxychloroquine (HCQ) 200 mg daily. I forgot my HCQ.")
    assert [drug.text for drug in reading.of_type(EntityType.DRUG)] == ["hydroxychloroquine", "HCQ", "HCQ"]
    assert {drug.name for drug in reading.of_type(EntityType.DRUG)} == {"hydroxychloroquine"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("hydroclorothyazide", "hydrochlorothiazide"),
        ("escitalprom", "escitalopram"),
        ("methyltrexate", "methotrexate"),
        ("rosuvastin", "rosuvastatin"),
    ],
)
def test_a_misspelt_medicine_is_found_by_shared_letters(said: str, name: str) -> None:
    found = SharedLetters(dict(drug_names())).candidates(said)
    assert {candidate.name for candidate in found} == {name}
    assert [drug.name for drug in read(f"I take {said} daily").of_type(EntityType.DRUG)] == [name]


@pytest.mark.parametrize("text", ["hydroxyalazine", "zzyprexolin", "the ability to wait", "a wonderful metropolis"])
def test_between_two_medicines_and_for_other_words_nothing_is_guessed(text: str) -> None:
    assert read(text).of_type(EntityType.DRUG) == ()


def test_the_same_word_has_the_same_candidates() -> None:
    one, other = SharedLetters(dict(drug_names())), SharedLetters(dict(drug_names()))
    assert one.candidates("levothyroxin") == other.candidates("levothyroxin")
