"""Explanations and facts in plain words."""

import pytest

from tests.deterministic.knowledge.making import beside_rules, is_a
from vitasense.deterministic.knowledge import drug_facts, explain, rulebook
from vitasense.deterministic.platform.findings import Status


@pytest.mark.parametrize(
    "term", ["eGFR", "HbA1c", "A1C", "LDL", "blood pressure", "Potassium", "AFib", "ACE inhibitor"]
)
def test_a_term_is_explained_with_its_source(term: str) -> None:
    (finding,) = explain(term)
    assert finding.status is Status.FOUND
    assert finding.evidence[0].source


def test_numbers_of_an_explanation_are_values_with_units() -> None:
    (finding,) = explain("HbA1c")
    assert {(v.number, v.unit) for v in finding.values if v.number is not None} >= {(6.5, "%"), (5.7, "%")}


def test_an_unknown_term_is_not_found() -> None:
    (finding,) = explain("quuxosis")
    assert finding.status is Status.NOT_FOUND
    assert finding.reason


def test_a_medicine_is_explained_by_its_facts() -> None:
    use, handling, *_ = explain("Zocor")
    assert "“Zocor” contains simvastatin" in use.text
    assert {"simvastatin", "C10AA01"} <= {value.text for value in use.values}
    assert "simvastatin is cleared by CYP3A4" in handling.text


def test_an_unknown_medicine_is_not_evaluated() -> None:
    (finding,) = drug_facts("blorbixol")
    assert finding.status is Status.NOT_EVALUATED


def test_every_medicine_and_every_term_can_be_told() -> None:
    book = rulebook()
    assert all(finding.status is Status.FOUND for drug in book.drugs for finding in drug_facts(drug.name))
    assert all(explain(term.name)[0].values[0].text == term.name for term in book.terms)


def test_a_medicine_that_only_a_release_knows_is_told_with_what_the_release_says() -> None:
    known = beside_rules([is_a("ingredient:frumenol", "class:test_kind")])
    (told,) = drug_facts("Frumenol 5 mg", known)
    assert told.text == "I know frumenol only from a list made for tests: frumenol is_a test_kind."
    assert {each.ref.partition("#")[0] for each in told.evidence} == {"knowledge/csv"}
    assert explain("frumenol", known) == [told]
    assert drug_facts("Frumenol 5 mg")[0].status is Status.NOT_EVALUATED


def test_an_enzyme_that_makes_the_working_form_is_told() -> None:
    assert "codeine is turned into its working form by CYP2D6" in drug_facts("codeine")[1].text
