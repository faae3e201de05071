"""Texts are cut where a reader would cut them."""

from hypothesis import given
from hypothesis import strategies as st

from vitasense.memory.sentences import bounded, sentences

DENIAL = "no known allergy to penicillin"
NUMBER = "takes 500 mg"


def test_a_sentence_ends_at_its_mark_and_not_at_a_short_form_or_a_decimal() -> None:
    text = "Dr. Smith gave 2.5 mg. It helped! See e.g. the list.\nNext line"
    assert sentences(text) == ["Dr. Smith gave 2.5 mg.", "It helped!", "See e.g. the list.", "Next line"]


def test_a_sentence_without_end_is_cut_after_no_number_and_within_no_denial() -> None:
    text = f"{DENIAL} and {NUMBER} of metformin each day " * 30
    pieces = bounded(text, 100)
    assert len(pieces) > 5
    assert sum(piece.count(DENIAL) for piece in pieces) == 30
    assert sum(piece.count("500 mg") for piece in pieces) == 30


@given(st.lists(st.sampled_from(["word", DENIAL, NUMBER, "5", "mg", "x" * 150, "Ends."]), max_size=80))
def test_cutting_loses_no_word_and_keeps_to_twice_the_limit(words: list[str]) -> None:
    text = " ".join(words)
    pieces = bounded(text, 120)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= 240 for piece in pieces)
