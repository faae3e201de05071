"""Every suite is well formed: cases with ids of their own, JSON in and out, and marks of measures that it declares."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from vitasense.evals import catalogue
from vitasense.evals.suite import Answer, Case, Suite
from vitasense.evals.system import System

OFFLINE = (
    "anomalies",
    "ansm",
    "change_points",
    "context",
    "drug_names",
    "grounding",
    "injection",
    "label_edges",
    "privacy",
    "reading",
    "refusal",
    "triage",
    "units",
)
SOME = 6


def some_cases(suite: Suite, data: Path) -> list[Case]:
    """The first case of some of the kinds that the suite has."""
    cases = list(suite.cases(data))
    first = {case.id.rstrip("0123456789abcdef").rstrip("-"): case for case in reversed(cases)}
    return list(first.values())[:SOME]


@pytest.mark.parametrize("name", catalogue.names())
def test_cases_have_ids_of_their_own_and_facts_in_json(name: str, shared_data: Callable[[str], Path]) -> None:
    cases = list(catalogue.suite(name).cases(shared_data("README.md").parent))
    assert cases
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert json.dumps(dict(case.facts), allow_nan=False)


@pytest.mark.parametrize("name", catalogue.names())
def test_measures_are_declared_once(name: str) -> None:
    suite = catalogue.suite(name)
    names = [measure.name for measure in suite.measures]
    assert suite.name == name
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", OFFLINE)
async def test_an_answer_is_judged_from_its_json_alone_by_declared_measures(
    name: str, shared_data: Callable[[str], Path]
) -> None:
    suite = catalogue.suite(name)
    declared = {measure.name for measure in suite.measures}
    for case in some_cases(suite, shared_data("README.md").parent):
        kept = Case(case.id, case.input, case.target, json.loads(json.dumps(dict(case.facts))))
        said = await suite.answer(kept, System())
        verdict = suite.judge(kept, Answer(said.text, json.loads(json.dumps(dict(said.facts)))))
        assert verdict == suite.judge(case, said)
        assert verdict.marks
        for mark in verdict.marks:
            assert mark.measure in declared
            assert 0 <= mark.hits <= mark.total


@pytest.mark.parametrize("name", ["grounding", "injection", "privacy", "reading", "refusal", "triage", "units"])
def test_own_cases_are_there_without_the_public_data(name: str, tmp_path: Path) -> None:
    assert list(catalogue.suite(name).cases(tmp_path))


def test_a_suite_of_public_data_alone_has_no_cases_without_it(tmp_path: Path) -> None:
    assert list(catalogue.suite("context").cases(tmp_path)) == []
