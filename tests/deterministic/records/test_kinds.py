"""rules/categories.yaml: every type exists, and so does every path, in the published models."""

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.deterministic.records.resources import Resource, about, coded, observation, patient_resource
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records.kinds import Kind, category_of, label_of, rules, status_of


@pytest.mark.parametrize("kind", rules().entries, ids=lambda kind: kind.type)
def test_the_first_element_of_every_path_exists(kind: Kind) -> None:
    model = get_fhir_model_class(kind.type)
    paths = [*kind.code, *kind.times, *kind.status]
    assert [path for path in paths if path.partition(".")[0] not in names(model)] == []


UNCATEGORISED: Resource = {"category": []}


def names(model: Any) -> set[str]:
    return {field.alias or own for own, field in model.model_fields.items()}


@pytest.mark.parametrize(
    ("resource", "category"),
    [
        (patient_resource(), Category.PROFILE),
        (observation(), Category.VITALS),
        (observation(category="laboratory"), Category.LABS),
        (observation(category="survey"), Category.NOTES),
        (observation(category="social-history"), Category.NOTES),
        (observation() | UNCATEGORISED, Category.VITALS),
        (observation(code="1-1") | UNCATEGORISED, Category.NOTES),
        (observation(code="53037-8", category="laboratory"), Category.GENOMICS),
        (about("DiagnosticReport", "r", category=[coded("LAB", "")]), Category.LABS),
        (about("DiagnosticReport", "r", category=[coded("RAD", "")]), Category.PROCEDURES),
        (about("Claim", "c"), Category.NOTES),
        (about("Basic", "b"), Category.NOTES),
        (about("Practitioner", "p"), Category.ENCOUNTERS),
        (about("Medication", "m"), Category.MEDICATIONS),
        (about("Composition", "c"), Category.DOCUMENTS),
    ],
)
def test_what_a_resource_is_shared_as(resource: Resource, category: Category) -> None:
    assert category_of(resource) is category


def test_every_refinement_and_the_file_have_a_source() -> None:
    assert rules().source
    assert all(rule.source for rule in rules().refinements)


def test_a_withdrawn_resource_says_so_wherever_it_is_written() -> None:
    assert status_of(observation(status="entered-in-error")) == "entered-in-error"
    withdrawn = coded("entered-in-error", "")
    assert status_of(about("Condition", "c", verificationStatus=withdrawn)) == "entered-in-error"


@pytest.mark.parametrize(
    ("resource", "label"),
    [
        (patient_resource(), "Ida Berg"),
        (about("Condition", "c", code={"coding": [{"code": "1"}]}), "1"),
        (about("Organization", "o", name="Clinic", type=[coded("prov", "Provider")]), "Clinic"),
        (about("CarePlan", "p"), "CarePlan"),
        (about("Condition", "c", code={"text": "x" * 900}), "x" * 300),
    ],
)
def test_what_a_resource_is_called(resource: Resource, label: str) -> None:
    assert label_of(resource) == label
