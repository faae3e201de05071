"""The same thing twice: ingredients, kinds, and what is planned so."""

import pytest

from tests.deterministic.medications.factories import medicine, person, subject
from vitasense.deterministic.medications.checks.duplication import duplication
from vitasense.deterministic.medications.schemas import Kind, Medicine
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def found(*names: str | Medicine) -> list[Finding]:
    return [each for each in duplication(subject(*names)) if each.status is Status.FOUND]


@pytest.mark.parametrize(
    ("names", "urgency"),
    [
        (["Tylenol", "acetaminophen 500 mg"], Urgency.URGENT),
        (["Zestoretic", "lisinopril 5 mg"], Urgency.ROUTINE),
        (["levothyroxine 25 mcg", "levothyroxine 50 mcg"], Urgency.SELF_CARE),
    ],
)
def test_an_ingredient_in_two_medicines_is_told(names: list[str], urgency: Urgency) -> None:
    (only,) = found(*names)
    assert (only.kind, only.urgency) == (Kind.DUPLICATION, urgency)
    assert all(name in only.text for name in names)


def test_a_medicine_that_was_entered_twice_is_told_quietly() -> None:
    (only,) = found("Lisinopril 10 MG Oral Tablet", "lisinopril 10 mg oral tablet")
    assert only.urgency is Urgency.SELF_CARE and "twice" in only.text


@pytest.mark.parametrize(
    "names",
    [
        ["ibuprofen", "naproxen"],
        ["simvastatin", "atorvastatin"],
        ["lisinopril", "ramipril"],
        ["lisinopril", "losartan"],
        ["omeprazole", "pantoprazole"],
        ["sertraline", "fluoxetine"],
        ["metoprolol", "bisoprolol"],
        ["apixaban", "warfarin"],
        ["lorazepam", "zolpidem"],
    ],
)
def test_two_of_a_kind_are_told(names: list[str]) -> None:
    (only,) = found(*names)
    assert [value.text for value in only.values if value.name == "drug"] == names


@pytest.mark.parametrize(
    "names",
    [
        ["insulin glargine", "insulin lispro"],
        ["Aspirin 81 mg", "clopidogrel"],
        ["Aspirin 81 mg", "ibuprofen"],
        ["albuterol", "salmeterol"],
        ["levetiracetam", "lamotrigine"],
        ["diclofenac gel", "naproxen"],
        ["nitroglycerin", "isosorbide mononitrate"],
    ],
)
def test_what_belongs_together_is_not(names: list[str]) -> None:
    assert [each.status for each in duplication(subject(*names))] == [Status.NOT_FOUND]


def test_eye_drops_and_tablets_of_beta_blockers_meet_in_the_body() -> None:
    assert len(found("timolol eye drops", "metoprolol")) == 1


def test_one_product_with_two_of_a_kind_is_one_product() -> None:
    assert found("Hyzaar") == []


def test_with_something_asked_only_that_is_answered() -> None:
    asked = medicine("simvastatin", origin="asked")
    assert [("statins" in each.text) for each in found(asked, "atorvastatin", "omeprazole", "pantoprazole")] == [True]


def test_one_medicine_alone_is_nothing_to_compare() -> None:
    assert duplication(subject("ibuprofen", whom=person())) == []
