"""Medicines by the age of a child: limits of age, foods, and doses that go by weight."""

import pytest

from tests.deterministic.medications.factories import person, subject
from vitasense.deterministic.medications.checks.children import children
from vitasense.deterministic.medications.schemas import Eaten, Kind
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def of_age(age: float | None, *names: str) -> list[Finding]:
    return children(subject(*names, whom=person(age_years=age)))


def urgency(name: str, age: float) -> Urgency | None:
    found = [each for each in of_age(age, name) if each.status is Status.FOUND]
    return found[0].urgency if found else None


@pytest.mark.parametrize(
    ("name", "age", "expected"),
    [
        ("aspirin", 15, Urgency.URGENT),
        ("aspirin", 17, Urgency.ROUTINE),
        ("aspirin", 19, None),
        ("codeine", 11, Urgency.URGENT),
        ("codeine", 14, Urgency.ROUTINE),
        ("codeine", 18, None),
        ("tetracycline", 7.9, Urgency.URGENT),
        ("tetracycline", 8, None),
        ("promethazine", 1, Urgency.URGENT),
        ("dextromethorphan", 1, Urgency.URGENT),
        ("dextromethorphan", 3, Urgency.ROUTINE),
        ("loperamide", 1.5, Urgency.URGENT),
        ("ibuprofen", 0.3, Urgency.URGENT),
        ("ibuprofen", 0.6, None),
        ("ceftriaxone", 0.05, Urgency.URGENT),
        ("metoclopramide", 0.5, Urgency.URGENT),
        ("sertraline", 24, Urgency.ROUTINE),
        ("sertraline", 25, None),
    ],
)
def test_the_limits_of_age_hold_to_the_day(name: str, age: float, expected: Urgency | None) -> None:
    assert urgency(name, age) is expected


@pytest.mark.parametrize("age", [2, 11.9])
def test_a_dose_by_weight_is_never_taken_as_checked(age: float) -> None:
    found = of_age(age, "amoxicillin")
    assert [each.status for each in found] == [Status.NOT_FOUND, Status.NOT_EVALUATED]
    assert "weight" in found[-1].text


def test_grown_up_people_are_told_nothing() -> None:
    assert of_age(40, "aspirin", "codeine", "amoxicillin") == []


def test_without_the_age_only_what_interrupts_is_named() -> None:
    (found,) = of_age(None, "codeine", "amoxicillin")
    assert found.status is Status.NOT_EVALUATED and "codeine" in found.text and "amoxicillin" not in found.text
    assert of_age(None, "amoxicillin") == []


def test_honey_is_not_for_a_baby_whether_asked_or_eaten() -> None:
    asked = children(subject("honey", whom=person(age_years=0.5)))
    eaten = children(subject(whom=person(age_years=0.5, eaten=(Eaten("raw honey", 1, 14),))))
    assert [each.urgency for each in (*asked, *eaten)] == [Urgency.URGENT, Urgency.URGENT]
    assert {each.kind for each in asked} == {Kind.CHILD}
    assert children(subject("honeydew melon", whom=person(age_years=0.5))) == []
    assert children(subject("honey", whom=person(age_years=2))) == []
