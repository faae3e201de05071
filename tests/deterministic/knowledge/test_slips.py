"""What a slip costs: less for a key beside the right one and for letters that sound alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge.slips import as_heard, cost

WORDS = st.text(alphabet="abcdefghik", min_size=1, max_size=12)


@given(WORDS)
def test_no_slip_costs_nothing(word: str) -> None:
    assert cost(word, word) == 0


@given(WORDS, WORDS)
def test_any_other_word_costs_something(name: str, written: str) -> None:
    assert (cost(name, written) > 0) == (name != written)


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [("ibuprofrn", "ibuprofxn"), ("ibuprofin", "ibuprofzn"), ("ibupprofen", "ibupxrofen"), ("ibuproefn", "ibuprocdn")],
)
def test_slips_of_the_hand_and_ear_are_likelier_than_any_letter(likely: str, unlikely: str) -> None:
    assert cost("ibuprofen", likely) < cost("ibuprofen", unlikely)


def test_letters_that_sound_like_one_are_one_slip() -> None:
    assert cost("ibuprofen", "ibuprophen") < cost("ibuprofen", "ibupromxen")


@pytest.mark.parametrize(("one", "other"), [("phenytoin", "fenitoin"), ("cyclosporine", "siclosporine")])
def test_names_that_sound_alike_are_heard_the_same(one: str, other: str) -> None:
    assert as_heard(one) == as_heard(other)
