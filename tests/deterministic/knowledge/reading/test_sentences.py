"""A text is read as sentences under the headings of its sections, whatever its lines are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge.reading.sentences import LONGEST_SENTENCE, Part, sentences


@pytest.mark.parametrize(
    "text",
    [
        "Give 5 mg, e.g. at night. Then stop.",
        "Give it I.V. over an hour. Then stop.",
        "The ratio (vs. placebo) was 2.5 in all. Then stop.",
        "Give it\nover an hour. Then stop.",
    ],
)
def test_abbreviations_numbers_and_line_ends_part_no_sentence(text: str) -> None:
    assert len(list(sentences(text))) == 2


def test_an_abbreviation_before_a_new_sentence_ends_the_old_one() -> None:
    assert [each.text for each in sentences("Treated with it I.V. Caution is needed.")] == [
        "Treated with it I.V.",
        "Caution is needed.",
    ]


def test_headings_tell_section_and_topic() -> None:
    text = "7 DRUG INTERACTIONS\n\n7.1 Lithium\n\nIt rises.\n\n4 CONTRAINDICATIONS\nNever in gout.\n\n10 OVERDOSAGE\n\nGive it.\n"
    found = [(each.part, each.heading, each.topic, each.text) for each in sentences(text)]
    assert found == [
        (Part.INTERACTIONS, "DRUG INTERACTIONS", "Lithium", "It rises."),
        (Part.CONTRAINDICATIONS, "CONTRAINDICATIONS", None, "Never in gout."),
        (Part.OVERDOSE, "OVERDOSAGE", None, "Give it."),
    ]


def test_a_heading_on_the_line_of_its_first_sentence_is_no_part_of_it() -> None:
    (found,) = sentences("7 DRUG INTERACTIONS 7.1 Lithium rises when both are taken.")
    assert (found.part, found.heading) == (Part.INTERACTIONS, "DRUG INTERACTIONS")
    assert found.text == "Lithium rises when both are taken."
    (plain,) = sentences("TIKOSYN Should be taken daily.")
    assert plain.text == "TIKOSYN Should be taken daily."


def test_words_before_a_colon_are_the_topic() -> None:
    (found,) = sentences("Digoxin: Levels may rise.", Part.INTERACTIONS)
    assert (found.part, found.topic) == (Part.INTERACTIONS, "Digoxin")


def test_a_text_without_an_end_is_read_in_pieces_and_whole() -> None:
    text = "word " * LONGEST_SENTENCE
    found = list(sentences(text))
    assert all(len(each.text) <= LONGEST_SENTENCE for each in found)
    assert sum(each.text.count("word") for each in found) == LONGEST_SENTENCE


@given(st.text(alphabet="aB1 .\n:;(•-", max_size=200))
def test_every_letter_is_in_one_sentence_or_heading(text: str) -> None:
    at = 0
    for each in sentences(text):
        assert text[each.start : each.end] == each.text
        assert at <= each.start < each.end
        at = each.end
