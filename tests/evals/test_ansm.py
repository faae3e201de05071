"""The suite of the ANSM thesaurus asks about all that the file holds, and takes no answer for another."""

from collections.abc import Callable
from pathlib import Path

from vitasense.evals.suite import Answer, Case, Mark
from vitasense.evals.suites.ansm import ANSWERED, FOLDER, KEPT, MEMBERS, PAIRS, RATED, SUITE
from vitasense.evals.system import System


def test_every_interaction_and_2000_pairs_are_asked_about(shared_data: Callable[[str], Path]) -> None:
    cases = list(SUITE.cases(shared_data(FOLDER).parents[1]))
    assert sum(len(case.facts.get("lines", ())) for case in cases) == 2886
    assert sum(len(case.facts.get("rows", ())) for case in cases) == PAIRS


async def test_the_thesaurus_answers_for_a_member_of_each_class(shared_data: Callable[[str], Path]) -> None:
    cases = {case.id: case for case in SUITE.cases(shared_data(FOLDER).parents[1])}
    verdict = SUITE.judge(cases["pairs-01"], await SUITE.answer(cases["pairs-01"], System()))
    assert {mark.measure: (mark.hits, mark.total) for mark in verdict.marks}[ANSWERED] == (100, 100)


def test_a_lost_interaction_and_another_severity_are_counted() -> None:
    case = Case("severity-01", "", facts={"severity": "Not recommended", "wanted": "major", "lines": [3, 9, 20]})
    verdict = SUITE.judge(case, Answer("", {"severities": {"3": "major", "9": "minor"}}))
    assert verdict.marks == (Mark(KEPT, 2, 3), Mark(RATED, 1, 3))
    assert verdict.wrong == "“Not recommended”: 3 in the file, 2 kept, 1 as wanted"


def test_a_pair_is_right_only_with_the_interaction_and_severity_of_its_classes() -> None:
    rows = [{"line": line, "names": ["a", "b"], "wanted": "major"} for line in (1, 2, 3)]
    case = Case("pairs-02", "", facts={"rows": rows})
    said = [[[7, "minor"], [1, "major"]], [[2, "minor"]], None]
    assert SUITE.judge(case, Answer("", {"said": said})).marks == (Mark(ANSWERED, 1, 3), Mark(MEMBERS, 2, 3))
