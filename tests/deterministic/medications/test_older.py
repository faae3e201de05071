"""Criteria for older people: from 65 years, calm, and not where an illness makes it the right medicine."""

from typing import Any

import pytest

from tests.deterministic.medications.factories import person, stated, subject
from vitasense.deterministic.medications.checks.older import older, older_rules
from vitasense.deterministic.medications.schemas import Kind
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def at(age: float | None, *names: str, **of_person: Any) -> list[Finding]:
    return older(subject(*names, whom=person(age_years=age, **of_person)))


@pytest.mark.parametrize(
    "name",
    [
        "diphenhydramine",
        "amitriptyline",
        "diazepam",
        "zolpidem",
        "glyburide",
        "cyclobenzaprine",
        "doxazosin",
        "digoxin",
    ],
)
def test_the_criteria_are_told_without_an_interruption(name: str) -> None:
    (found,) = at(65, name)
    assert (found.kind, found.status, found.urgency) == (Kind.OLDER, Status.FOUND, Urgency.ROUTINE)


def test_few_rules_interrupt() -> None:
    rules = list(older_rules())
    assert sum(rule.severity.interrupts for rule in rules) <= len(rules) / 10
    assert at(80, "meperidine")[0].urgency is Urgency.URGENT


def test_nothing_is_told_before_65() -> None:
    assert at(64.9, "diphenhydramine") == []


def test_an_illness_can_make_it_the_right_medicine() -> None:
    assert at(80, "haloperidol", conditions=())[0].urgency is Urgency.ROUTINE
    assert at(80, "haloperidol", conditions=stated("Schizophrenia"))[0].urgency is Urgency.SELF_CARE
    assert at(80, "Aspirin 81 mg", conditions=stated("Coronary artery disease"))[0].status is Status.NOT_FOUND


def test_one_medicine_is_told_once_by_its_severest_rule() -> None:
    assert len(at(80, "paroxetine")) == 1


def test_without_the_age_it_is_not_evaluated_where_a_rule_matters() -> None:
    assert [each.status for each in at(None, "diphenhydramine")] == [Status.NOT_EVALUATED]
    assert at(None, "loratadine") == []


def test_what_no_criterion_speaks_of_is_not_found_and_never_called_safe() -> None:
    (found,) = at(80, "loratadine")
    assert found.status is Status.NOT_FOUND and "does not rule out" in found.text
