"""The likeness to a corpus: a probability, the same for the same words, and quick on long texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Urgency
from vitasense.guardrails import triage
from vitasense.guardrails.likeness import Weights, like, weights_of
from vitasense.guardrails.rulebook import likeness, red_flags

WEIGHTS = weights_of("triage")["emergency"]


@given(st.text(max_size=400))
def test_a_likeness_is_a_probability(text: str) -> None:
    found = like(text, WEIGHTS)
    assert 0 <= found.probability <= 1
    assert 0 <= found.start <= found.end <= len(text)


def test_a_text_without_words_is_like_nothing() -> None:
    assert like("… !?", WEIGHTS).probability == 0


def test_the_word_that_speaks_most_is_shown() -> None:
    weights = Weights(0.0, {"alarm": (1.0, 2.0), "walk": (1.0, -1.0)})
    found = like("a walk, an alarm", weights)
    assert (found.start, found.end) == (11, 16)


@pytest.mark.parametrize("table", ["triage", "scope", "advice"])
def test_every_table_has_an_intercept_and_weights(table: str) -> None:
    assert all(weights.table and weights.intercept for weights in weights_of(table).values())


def test_every_kind_of_emergency_has_its_advice() -> None:
    assert set(weights_of("advice")) <= set(red_flags().advice)


def test_what_no_red_flag_names_is_still_found_and_says_so() -> None:
    found = triage("his words are coming out like soup and he can only smile with half of it")
    assert found.level is Urgency.EMERGENCY
    assert all(flag.source for flag in found.flags)


def test_the_limits_are_in_their_order() -> None:
    limits = likeness()
    assert 0 < limits.urgent < limits.emergency < 1
