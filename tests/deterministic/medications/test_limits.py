"""The most a day is told with the label that says it; what has no limit, no name or another age says so."""

import pytest

from tests.deterministic.medications.factories import person
from vitasense.deterministic.medications import Kind, limits
from vitasense.deterministic.platform.findings import Status


def test_what_holds_without_a_prescription_stands_first() -> None:
    (told,) = limits(["Advil"])
    assert told.status is Status.FOUND and told.evidence
    assert told.text.startswith("Without a prescription adults take at most 1200 mg of ibuprofen a day")
    assert "up to 3200 mg" in told.text
    assert [(each.number, each.unit) for each in told.values if each.name == "limit a day"] == [
        (3200, "mg"),
        (1200, "mg"),
    ]


def test_how_often_stands_before_how_much() -> None:
    (told,) = limits(["methotrexate"])
    assert told.text.startswith("Methotrexate is taken once a week")
    assert "a week" in told.text.split(". ")[1]


def test_every_ingredient_of_a_product_is_told_or_said_to_have_none() -> None:
    told = limits(["Percocet"])
    assert [each.status for each in told] == [Status.FOUND, Status.NOT_EVALUATED]
    assert "acetaminophen" in told[0].text
    assert "oxycodone" in told[1].text


def test_limits_of_age_and_form_are_told_beside() -> None:
    (told,) = limits(["tramadol"])
    assert "From 75 years it is 300 mg." in told.text
    assert "In a form that acts long it is 300 mg." in told.text


def test_each_route_has_its_own_limit() -> None:
    inhaled = [each.text for each in limits(["albuterol"]) if "inhaled" in each.text]
    assert len(inhaled) == 1


@pytest.mark.parametrize("name", ["blorbixol", "warfarin"])
def test_what_has_no_limit_is_not_evaluated(name: str) -> None:
    (told,) = limits([name])
    assert told.kind == Kind.MAXIMUM
    assert told.status is Status.NOT_EVALUATED and told.reason


def test_the_limits_of_adults_are_not_told_of_a_child() -> None:
    (told,) = limits(["paracetamol"], person=person(age_years=4.0, who="they"))
    assert told.status is Status.NOT_EVALUATED
    assert "they are younger than 18 years" in told.text
    assert "4000" not in told.text


def test_of_another_whose_age_is_not_known_it_is_said_to_be_for_adults_first() -> None:
    (told,) = limits(["paracetamol"], person=person(who="they"))
    assert told.text.startswith("This is for adults alone, never for a child")
    assert not limits(["paracetamol"], person=person())[0].text.startswith("This is for adults alone")
