"""Medicines while breastfeeding: found, quietly allowed, or not evaluated."""

from typing import Any

import pytest

from tests.deterministic.medications.factories import person, subject
from vitasense.deterministic.medications.checks.breastfeeding import breastfeeding
from vitasense.deterministic.medications.schemas import Kind
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def only(name: str, **of_person: Any) -> Finding:
    (found,) = breastfeeding(subject(name, whom=person(sex="female", age_years=30, **of_person)))
    return found


@pytest.mark.parametrize("name", ["codeine", "tramadol", "lithium", "amiodarone", "cyclophosphamide", "ergotamine"])
def test_what_can_harm_the_baby_interrupts(name: str) -> None:
    found = only(name, breastfeeding=True)
    assert (found.kind, found.status, found.urgency) == (Kind.BREASTFEEDING, Status.FOUND, Urgency.URGENT)


@pytest.mark.parametrize("name", ["ibuprofen", "sertraline", "amoxicillin", "warfarin"])
def test_what_the_lists_accept_is_told_quietly(name: str) -> None:
    assert only(name, breastfeeding=True).urgency is Urgency.SELF_CARE


def test_low_dose_aspirin_counts_apart() -> None:
    assert only("Aspirin 81 mg", breastfeeding=True).urgency is Urgency.SELF_CARE
    assert only("aspirin 500 mg", breastfeeding=True).urgency is Urgency.URGENT


def test_a_medicine_without_a_rule_is_not_evaluated() -> None:
    assert only("physostigmine", breastfeeding=True).status is Status.NOT_EVALUATED


def test_it_is_asked_only_where_a_rule_interrupts_and_it_can_be() -> None:
    assert only("codeine").status is Status.NOT_EVALUATED
    assert breastfeeding(subject("ibuprofen", whom=person(sex="female"))) == []
    assert breastfeeding(subject("codeine", whom=person(sex="male"))) == []


def test_who_does_not_breastfeed_is_told_nothing() -> None:
    assert breastfeeding(subject("codeine", whom=person(sex="female", breastfeeding=False))) == []
