"""A sentence answers when it names what is asked for, in whatever words."""

import pytest

from tests.memory.factories import entry
from vitasense.deterministic.platform.clock import new_id
from vitasense.memory.documents.quoting import quotes, widened
from vitasense.memory.schemas import Kind

OWNER = new_id()


def found(question: str, *texts: str) -> list[str]:
    entries = [entry(OWNER, text, kind=Kind.PASSAGE) for text in texts]
    return [quote.sentence for quote in quotes(question, entries)]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("blood thinners", "Continue apixaban 5 mg twice daily."),
        ("warfarin", "He was on Coumadin before."),
        ("high blood pressure", "Hypertension is well controlled."),
        ("physiotherapy", "Start physiotherapy next week."),
        ("penicillin", "No known allergy to penicillin."),
    ],
)
def test_other_words_for_the_same_answer(question: str, sentence: str) -> None:
    assert found(question, f"The weather was fine. {sentence} She slept well.") == [sentence]


def test_what_a_medicine_is_given_for_does_not_answer() -> None:
    assert found("my leg", "Continue apixaban 5 mg twice daily.") == []


def test_a_sentence_that_names_more_of_the_question_comes_first_and_each_comes_once() -> None:
    one, both = "Take aspirin.", "Aspirin was stopped before surgery."
    assert found("aspirin and surgery", one, both, one) == [both, one]


def test_a_heading_helps_a_sentence_below_it_and_is_told_with_it() -> None:
    text = "Allergies:\nPenicillin: rash.\nNothing else."
    (quote,) = quotes("penicillin", [entry(OWNER, text, kind=Kind.PASSAGE)])
    assert (quote.heading, quote.sentence) == ("Allergies", "Penicillin: rash.")


def test_when_only_the_heading_names_it_the_first_sentence_below_is_quoted() -> None:
    (quote,) = quotes("blood thinners", [entry(OWNER, "Anticoagulation:\nNone for now.\nRest.", kind=Kind.PASSAGE)])
    assert (quote.heading, quote.sentence) == ("Anticoagulation", "None for now.")


def test_a_list_without_a_heading_has_its_first_line_quoted_too() -> None:
    assert found("apixaban", "Apixaban 5 mg\nMetoprolol 25 mg") == ["Apixaban 5 mg"]


def test_a_question_without_a_word_that_says_something_finds_nothing() -> None:
    assert found("it", "Take aspirin.") == []


def test_a_question_is_widened_by_the_names_of_what_it_names() -> None:
    assert {"apixaban", "warfarin"} <= set(widened("blood thinners").split())


def test_a_word_inside_a_known_phrase_is_found_too() -> None:
    assert found("salt", "Suggestions: less salt.") == ["Suggestions: less salt."]
