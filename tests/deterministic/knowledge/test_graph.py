"""Paths through the graph, with their reasons."""

from vitasense.deterministic.knowledge import graph, relate
from vitasense.deterministic.platform.findings import Evidence, Status


def test_two_medicines_give_the_listed_pair_and_the_reason_by_enzyme() -> None:
    listed, worked_out, *_ = relate("simvastatin", "Biaxin")
    assert listed.confidence == 1
    assert "simvastatin is cleared by CYP3A4; clarithromycin strongly inhibits CYP3A4" in worked_out.text
    assert worked_out.text.startswith("Worked out")
    assert worked_out.confidence < 1


def test_a_medicine_and_its_condition_are_linked_step_by_step() -> None:
    (finding,) = relate("Zestril 10 mg", "hypertension")
    assert finding.status is Status.FOUND
    assert "ACE inhibitors are used for high blood pressure" in finding.text
    assert len(finding.evidence) == 2
    assert finding.confidence < 1


def test_one_step_is_documented() -> None:
    (finding,) = relate("repaglinide", "CYP2C8")
    assert finding.text == "Repaglinide is cleared by CYP2C8."
    assert finding.confidence == 1


def test_an_enzyme_and_its_gene_of_the_same_name_are_both_told() -> None:
    by_gene, by_enzyme = sorted(relate("warfarin", "CYP2C9"), key=lambda each: "gene" not in each.text)
    assert "goes by the gene CYP2C9" in by_gene.text
    assert by_enzyme.text == "Warfarin is cleared by CYP2C9."


def test_an_unknown_name_and_a_missing_path_are_told_apart() -> None:
    (unknown,) = relate("warfarin", "blorbixol")
    (no_path,) = relate("grapefruit", "ECG")
    assert unknown.status is Status.NOT_EVALUATED
    assert no_path.status is Status.NOT_FOUND


def test_a_thing_is_itself() -> None:
    assert relate("Advil", "ibuprofen")[0].status is Status.FOUND


def test_every_edge_says_something_and_has_a_source() -> None:
    for _, _, data in graph().edges(data=True):
        evidence = data["evidence"]
        assert data["says"]
        assert isinstance(evidence, Evidence)
        assert evidence.source
