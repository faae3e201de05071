"""What a result means for a medicine, and what is said when there is none."""

import pytest

from vitasense.deterministic.genomics import GeneResult, drug_response, gene_facts
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency


def result(
    gene: str, phenotype: str | None = None, genotype: str | None = None, ref: str = "Observation/1"
) -> GeneResult:
    evidence = Evidence(kind="record", ref=ref, version="1", label=f"{gene} result")
    return GeneResult(gene=gene, genotype=genotype, phenotype=phenotype, at=None, evidence=evidence)


def only(drug: str, *results: GeneResult) -> Finding:
    (finding,) = drug_response(drug, results)
    return finding


def test_without_a_result_it_says_which_test_is_missing_and_that_a_guideline_exists() -> None:
    finding = only("clopidogrel", result("CYP2D6", "poor metabolizer"))
    assert finding.status is Status.NOT_EVALUATED
    assert finding.reason == "no CYP2C19 result"
    assert "Lee 2022" in finding.text
    assert "CYP2C19 gene test" in finding.text
    assert {value.text for value in finding.values} >= {"CYP2C19", "clopidogrel"}


@pytest.mark.parametrize("word", ["Poor Metabolizer", "poor metaboliser", "PM", "Likely Poor Metabolizer"])
def test_a_result_says_what_it_means_and_who_decides(word: str) -> None:
    finding = only("Plavix", result("CYP2C19", word, "*2/*2"))
    assert finding.status is Status.FOUND
    assert finding.urgency is Urgency.URGENT
    assert "*2/*2" in finding.text
    assert "decides" in finding.text
    assert {evidence.kind for evidence in finding.evidence} == {"record", "knowledge"}


def test_a_normal_result_gives_no_alarm() -> None:
    assert only("clopidogrel", result("CYP2C19", "Normal Metabolizer")).urgency is Urgency.SELF_CARE


def test_a_genotype_in_another_resource_is_shown_with_the_phenotype() -> None:
    finding = only("clopidogrel", result("CYP2C19", "PM"), result("CYP2C19", genotype="*2/*3", ref="Observation/2"))
    assert "*2/*3" in finding.text
    assert {"Observation/1", "Observation/2"} <= {evidence.ref for evidence in finding.evidence}


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        (
            [result("CYP2C19", "poor metabolizer"), result("CYP2C19", "normal metabolizer", ref="Observation/2")],
            "contra",
        ),
        ([result("CYP2C19", genotype="*2/*2")], "does not say"),
        ([result("CYP2C19", "indeterminate")], "no meaning listed"),
    ],
)
def test_what_cannot_be_read_is_not_evaluated(results: list[GeneResult], reason: str) -> None:
    finding = only("clopidogrel", *results)
    assert finding.status is Status.NOT_EVALUATED
    assert reason in (finding.reason or "")


@pytest.mark.parametrize(
    ("given", "status", "urgency"),
    [
        (result("HLA-B", "*57:01 positive"), Status.FOUND, Urgency.URGENT),
        (result("HLA-B", "*57:01 Negative"), Status.FOUND, Urgency.SELF_CARE),
        (result("HLA-B", genotype="*07:02/*57:01"), Status.FOUND, Urgency.URGENT),
        (result("HLA-B", genotype="*07:02/*08:01"), Status.FOUND, Urgency.SELF_CARE),
        (result("HLA-B", "*58:01 negative"), Status.NOT_EVALUATED, Urgency.ROUTINE),
        (result("HLA-B", "positive"), Status.NOT_EVALUATED, Urgency.ROUTINE),
    ],
)
def test_an_hla_result_counts_only_for_its_own_form(given: GeneResult, status: Status, urgency: Urgency) -> None:
    finding = only("abacavir", given)
    assert (finding.status, finding.urgency) == (status, urgency)


def test_every_gene_of_a_medicine_is_answered() -> None:
    findings = drug_response("warfarin", [result("VKORC1", "-1639 AA")])
    assert [finding.status for finding in findings].count(Status.NOT_EVALUATED) == 2
    assert [finding.status for finding in findings].count(Status.FOUND) == 1


def test_a_medicine_without_a_guideline_is_not_found_and_an_unknown_one_not_evaluated() -> None:
    assert only("lisinopril").status is Status.NOT_FOUND
    assert "not in the list of gene guidelines I can check" in only("lisinopril").text
    assert only("blorbixol").status is Status.NOT_EVALUATED


def test_gene_facts_name_the_medicines() -> None:
    (finding,) = gene_facts("cyp2c19")
    assert "clopidogrel" in finding.text
    assert gene_facts("BRCA1")[0].status is Status.NOT_FOUND
