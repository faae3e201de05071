"""Medicines in pregnancy: by week, with what is not known said, and never called safe."""

from typing import Any

import pytest

from tests.deterministic.medications.factories import medicine, person, subject
from vitasense.deterministic.medications.checks.check import check
from vitasense.deterministic.medications.checks.pregnancy import pregnancy, pregnancy_rules
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def only(name: str, **of_person: Any) -> Finding:
    (found,) = pregnancy(subject(name, whom=person(sex="female", age_years=30, **of_person)))
    return found


@pytest.mark.parametrize(
    "name",
    ["isotretinoin", "valproate", "thalidomide", "methotrexate", "mycophenolate", "warfarin", "ribavirin", "bosentan"],
)
def test_what_causes_malformations_interrupts(name: str) -> None:
    found = only(name, pregnant=True)
    assert (found.kind, found.status, found.urgency) == (Kind.PREGNANCY, Status.FOUND, Urgency.URGENT)
    assert ("severity", "contraindicated") in [(value.name, value.text) for value in found.values]
    assert found.evidence[0].source


@pytest.mark.parametrize(("weeks", "urgency"), [(10, Urgency.ROUTINE), (20, Urgency.URGENT), (33, Urgency.URGENT)])
def test_a_painkiller_is_judged_by_the_week(weeks: float, urgency: Urgency) -> None:
    assert only("ibuprofen", pregnant=True, weeks=weeks).urgency is urgency


def test_without_the_week_the_strictest_rule_is_told_and_that_is_said() -> None:
    found = only("ibuprofen", pregnant=True)
    assert found.urgency is Urgency.URGENT and "I do not know the week" in found.text


def test_low_dose_aspirin_counts_apart_from_aspirin_for_pain() -> None:
    assert only("Aspirin 81 MG Oral Tablet", pregnant=True, weeks=25).urgency is Urgency.SELF_CARE
    assert only("aspirin 500 mg", pregnant=True, weeks=25).urgency is Urgency.URGENT
    assert only("aspirin", pregnant=True, weeks=25).urgency is Urgency.URGENT


def test_what_guidelines_use_is_told_quietly_with_its_source() -> None:
    found = only("levothyroxine", pregnant=True)
    assert found.urgency is Urgency.SELF_CARE and "Thyroid" in (found.evidence[0].source or "")


def test_a_medicine_without_a_rule_is_not_evaluated() -> None:
    found = only("physostigmine", pregnant=True)
    assert found.status is Status.NOT_EVALUATED and "physostigmine" in found.text


@pytest.mark.parametrize(
    ("own", "words"), [(True, "whether you are pregnant"), (False, "whether the patient is pregnant")]
)
def test_whether_she_is_pregnant_is_asked_of_whom_it_may_concern(own: bool, words: str) -> None:
    found = only("isotretinoin", who="you" if own else "the patient")
    assert found.status is Status.NOT_EVALUATED and words in found.text


@pytest.mark.parametrize(
    "whom", [person(sex="male", age_years=30), person(sex="female", age_years=70), person(sex="female", age_years=8)]
)
def test_it_is_not_asked_where_it_cannot_be(whom: Person) -> None:
    assert pregnancy(subject("isotretinoin", whom=whom)) == []


def test_nobody_in_particular_is_asked_only_where_a_rule_matters() -> None:
    assert [each.status for each in pregnancy(subject("isotretinoin"))] == [Status.NOT_EVALUATED]
    assert pregnancy(subject("levothyroxine")) == []


def test_who_is_not_pregnant_is_told_of_birth_control_without_an_interruption() -> None:
    found = only("isotretinoin", pregnant=False)
    assert found.urgency is Urgency.ROUTINE and "birth control" in found.text
    assert pregnancy(subject("ibuprofen", whom=person(sex="female", pregnant=False))) == []


def test_what_stays_on_the_skin_is_not_held_against_rules_for_tablets() -> None:
    assert only("diclofenac gel", pregnant=True, weeks=33).status is Status.NOT_EVALUATED


def test_with_something_asked_only_that_is_answered() -> None:
    whom = person(sex="female", age_years=30, pregnant=True)
    found = pregnancy(subject(medicine("ibuprofen", origin="asked"), "lisinopril", whom=whom))
    assert ["lisinopril" in each.text.lower() for each in found] == [False]


def test_somebody_else_is_not_called_you() -> None:
    found = check(["warfarin", "lithium"], person=person(pregnant=True, who="the patient"))
    assert {each.kind for each in found} >= {Kind.PREGNANCY, Kind.INTERACTION}
    assert not [each.text for each in found if {"you", "your", "yourself"} & set(each.text.lower().split())]


def test_there_are_rules_on_many_medicines_and_none_overlaps_with_gaps_in_the_weeks() -> None:
    assert len({key for rule in pregnancy_rules() for key in rule.members}) >= 300
    for rule in pregnancy_rules():
        assert rule.before_week is None or rule.from_week < rule.before_week
