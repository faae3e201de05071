"""Grounding: what is false is stopped, what is faithful passes, and each alteration makes a reply another one."""

from pathlib import Path
from random import Random

import pytest

from vitasense.evals.grounding.alterations import ALTERATIONS
from vitasense.evals.grounding.cases import mixed, single
from vitasense.evals.grounding.rephrasings import REPHRASINGS
from vitasense.evals.suites import grounding
from vitasense.evals.table import table

REPLIES = [case.reply for folder in ("", "heldout") for case in (*single(folder), *mixed(folder))]


def test_every_goal_of_the_suite_is_reached() -> None:
    figures = list(grounding.figures(Path()))
    print(f"\n{table(figures)}")
    missed = [figure for figure in figures if not figure.reached]
    assert not missed, table(missed)


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_changes_what_it_can_and_repeats_itself(name: str) -> None:
    altered = [(reply, ALTERATIONS[name](reply, Random(1))) for reply in REPLIES]
    assert any(changed is not None for _, changed in altered)
    assert all(changed != reply for reply, changed in altered)
    assert altered == [(reply, ALTERATIONS[name](reply, Random(1))) for reply in REPLIES]


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        ("day first", "March 14, 2026", "14 March 2026"),
        ("month first", "14 March 2026", "March 14, 2026"),
        ("ISO date", "4 March 2026", "2026-03-04"),
        ("short month", "4 March 2026", "4 Mar 2026"),
        ("ordinal day", "22 March 2026", "22nd March 2026"),
        ("units written out", "80 kg", "80 kilograms"),
        ("units shortened", "70 beats per minute", "70 bpm"),
        ("numbers in words", "You have 3 medicines.", "You have three medicines."),
        ("pair with over", "142/88", "142 over 88"),
        ("without brackets", "LDL (148) is high.", "LDL is high."),
        ("as bullets", "One. Two.", "- One.\n- Two."),
        ("in bold", "It was 7.", "It was **7**."),
    ],
)
def test_a_rephrasing_by_rule_says_the_same(name: str, text: str, written: str) -> None:
    assert REPHRASINGS[name](text) == written
