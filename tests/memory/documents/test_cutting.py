"""Documents are cut by headings and sentences."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vitasense.memory.documents.cutting import MOST_WORDS, OVERLAP_WORDS, cut

LETTER = """DISCHARGE SUMMARY
Admitted on 3 May 2026 with chest pain. He denies
fever and cough.

Medications:
Apixaban 5 mg twice daily. Metoprolol 25 mg.

# Follow up
See Dr. Smith in 2 weeks.
"""


def test_each_heading_begins_a_passage_and_stays_with_it() -> None:
    pieces = cut(LETTER)
    assert [piece.heading for piece in pieces] == ["DISCHARGE SUMMARY", "Medications", "Follow up"]
    assert "He denies fever and cough." in pieces[0].text
    assert pieces[1].whole == "Medications:\nApixaban 5 mg twice daily.\nMetoprolol 25 mg."


def test_a_long_section_becomes_passages_that_share_a_sentence_and_keep_their_heading() -> None:
    text = "Course:\n" + " ".join(
        f"On day {day} the dose was {day}.5 mg and nothing else changed." for day in range(60)
    )
    pieces = cut(text)
    assert len(pieces) > 3
    assert all(piece.heading == "Course" and len(piece.text.split()) <= MOST_WORDS for piece in pieces)
    for before, after in pairwise(pieces):
        assert before.text.split("\n")[-1] == after.text.split("\n")[0]


def test_a_heading_with_nothing_below_it_is_not_lost() -> None:
    assert [piece.whole for piece in cut("PENICILLIN ALLERGY\n\nPlan:\nRest.\nNO SURGERY")] == [
        *("PENICILLIN ALLERGY", "Plan:\nRest.", "NO SURGERY")
    ]


def test_a_text_without_a_word_has_no_passage() -> None:
    assert cut("") == cut(" \n\n ") == []


_SENTENCE = st.integers(1, 999).map(
    lambda number: f"The patient has no allergy to drug{number} and takes {number}.5 mg."
)


@given(st.lists(_SENTENCE, min_size=1, max_size=60))
def test_every_sentence_stands_whole_in_a_passage(said: list[str]) -> None:
    pieces = cut(" ".join(said))
    lines = {line for piece in pieces for line in piece.text.split("\n")}
    assert set(said) == lines
    assert all(len(piece.text.split()) <= MOST_WORDS + OVERLAP_WORDS for piece in pieces)


@given(st.text(max_size=3000))
def test_any_text_is_cut_without_losing_a_letter_of_its_words(text: str) -> None:
    kept = "".join(piece.heading + piece.text for piece in cut(text))
    letters = {letter for letter in text if letter.isalnum()}
    assert letters <= set(kept)


def test_a_sentence_that_the_width_of_a_page_broke_before_a_number_is_whole() -> None:
    text = (
        "Suggestions: keep the home blood pressure diary and review treatment if the average stays at or above\n"
        "135/85 mmHg; less salt.\nDr. Ines Moreau"
    )
    (piece,) = cut(text)
    assert "at or above 135/85 mmHg; less salt." in piece.text
