"""The suite of drug names: made the same each time, and judged by ingredients."""

import random

import pytest

from vitasense.evals import misspellings as made
from vitasense.evals.suite import Answer, Case, Mark
from vitasense.evals.suites.drug_names import BETWEEN, OWN, SUITE, WRONG

NAMES = ("ibuprofen", "warfarin", "zocor", "vitamin b12", "simvastatin", "insulin glargine")


def test_the_two_halves_share_no_name_and_hold_none_that_is_short_or_has_numbers() -> None:
    one, other = made.half(NAMES, 0), made.half(NAMES, 1)
    assert not {*one} & {*other}
    assert {*one} | {*other} == {"ibuprofen", "warfarin", "simvastatin", "insulin glargine"}


@pytest.mark.parametrize("way", [made.anywhere, made.on_the_keys, made.by_ear])
def test_misspellings_are_the_same_each_time_and_differ_from_the_name(way: made.Way) -> None:
    once, again = ([*made.misspelt(NAMES[:2], way, 1, 50)] for _ in range(2))
    assert once == again
    assert all(written != name for written, name in once)


@pytest.mark.parametrize("way", [made.anywhere, made.on_the_keys])
def test_one_slip_changes_the_length_by_at_most_one(way: made.Way) -> None:
    rng = random.Random(1)
    assert all(abs(len(way(rng, "warfarin")) - 8) <= 1 for _ in range(200))


def test_a_name_read_as_another_is_missed_and_wrong_an_unknown_one_only_missed() -> None:
    facts: dict[str, object] = {"measure": OWN, "texts": ["a", "b", "c"], "wanted": [["x"], ["y"], ["z"]]}
    verdict = SUITE.judge(Case("own-001", "", facts=facts), Answer("", {"read": [["x"], ["x"], []]}))
    assert verdict.marks == (Mark(OWN, 1, 3), Mark(WRONG, 1, 3))


def test_what_means_nothing_must_not_be_read() -> None:
    facts: dict[str, object] = {"measure": BETWEEN, "texts": ["a", "b"], "wanted": [[], []]}
    verdict = SUITE.judge(Case("between-001", "", facts=facts), Answer("", {"read": [["x"], []]}))
    assert verdict.marks == (Mark(BETWEEN, 1, 2),)
