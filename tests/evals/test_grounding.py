"""The grounding suite asks every reply, and each alteration makes a reply another one."""

from pathlib import Path
from random import Random

import pytest

from vitasense.evals.grounding.alterations import ALTERATIONS
from vitasense.evals.grounding.cases import mixed, single
from vitasense.evals.grounding.rephrasings import REPHRASINGS
from vitasense.evals.suite import Answer, Case, Mark
from vitasense.evals.suites.grounding import ALL_KINDS, BY_RULE, OWN, STOPPED, SUITE

REPLIES = [case.reply for folder in ("", "heldout") for case in (*single(folder), *mixed(folder))]


def test_every_reply_is_asked_with_what_is_made_of_it() -> None:
    cases = {case.id: case for case in SUITE.cases(Path())}
    assert {case.input for case in cases.values()} >= set(REPLIES)
    together = [case for name, case in cases.items() if name.startswith("together")]
    assert len(together) == 300
    assert all(case.facts["asks"]["altered"] for case in together)


def test_what_gets_through_is_counted_by_its_kind_and_told() -> None:
    case = Case(
        "own-1", "You are well.", facts={"findings": [], "asks": {"reply": OWN, "by_rule": BY_RULE, "altered": True}}
    )
    told = {
        "passes": True,
        "ways": 3,
        "refused": ["**You** are well."],
        "altered": {"advice added": 2, "year changed": 1},
    }
    verdict = SUITE.judge(case, Answer("let through", {**told, "got_through": [["advice added", "Take aspirin."]]}))
    assert verdict.marks == (
        Mark(OWN, 1, 1),
        Mark(BY_RULE, 2, 3),
        Mark(f"{STOPPED}advice added", 1, 2),
        Mark(f"{STOPPED}year changed", 1, 1),
        Mark(ALL_KINDS, 2, 3),
    )
    assert verdict.wrong == (
        "stopped as written by rule: **You** are well.; let through with advice added: Take aspirin."
    )


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
