"""Why two medicines affect each other: each entry with its mechanism, then what follows from enzymes."""

from tests.deterministic.knowledge.making import beside_rules, edge, interacts, is_a, node
from vitasense.deterministic.knowledge import Severity, ingredients, interactions, reasons, relate, why
from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.platform.findings import Status, Urgency


def test_each_entry_is_told_with_what_happens_before_what_was_worked_out() -> None:
    told = why("simvastatin", "Biaxin")
    assert told[0].confidence == 1
    assert "slows the breakdown" in told[0].text
    assert told[0].evidence[0].source
    assert "simvastatin is cleared by CYP3A4; clarithromycin strongly inhibits CYP3A4" in told[1].text
    assert told[1].confidence < 1


def test_a_product_is_asked_about_by_what_is_in_it() -> None:
    told = why("Bactrim", "methotrexate")
    assert {value.text for each in told for value in each.values if value.name == "drug"} >= {"methotrexate"}
    assert told[0].confidence == 1
    assert relate("Bactrim", "methotrexate")[0].confidence == 1


def test_without_an_entry_it_is_the_path() -> None:
    assert why("lisinopril", "hypertension") == relate("lisinopril", "hypertension")
    assert why("warfarin", "blorbixol")[0].status is Status.NOT_EVALUATED


def test_a_release_speaks_beside_the_rules_and_the_most_severe_of_all_decides() -> None:
    known = beside_rules(
        [interacts("ingredient:lisinopril", "ingredient:ibuprofen", Severity.CONTRAINDICATED, ref="x1")]
    )
    (told,) = interactions(["lisinopril", "ibuprofen"], known)
    assert told.urgency is Urgency.URGENT
    assert {each.ref.partition("#")[0] for each in told.evidence} == {"knowledge/csv", "knowledge/interactions"}
    assert [each.version for each in told.evidence if each.ref == "knowledge/csv#x1"] == ["2026"]


def test_a_medicine_that_only_a_release_knows_is_known_with_it_and_unknown_without() -> None:
    known = beside_rules(
        [
            interacts("class:new_kind", "ingredient:warfarin"),
            is_a("ingredient:blorbixol", "class:new_kind"),
            edge("drug:blorbix", Relation.CONTAINS, "ingredient:blorbixol"),
        ],
        [node("ingredient:blorbixol", "blorbixol", rxnorm="999")],
    )
    assert interactions(["blorbixol", "warfarin"])[0].status is Status.NOT_EVALUATED
    for name in ("Blorbixol 10 mg", "Blorbix"):
        (told,) = interactions([name, "warfarin"], known)
        assert told.status is Status.FOUND
    (part,) = ingredients("Blorbix", known)
    assert part.drug is not None
    assert (part.drug.name, part.drug.rxcui) == ("blorbixol", "999")


def test_lists_that_were_imported_are_named_where_nothing_is_found() -> None:
    known = beside_rules([interacts("ingredient:aa", "ingredient:bb")])
    (told,) = interactions(["levothyroxine", "loratadine"], known)
    assert "a list made for tests (2026)" in told.text


def test_the_enzyme_behind_a_listed_pair_is_told_even_where_nothing_would_be_worked_out_from_it() -> None:
    listed, by_enzyme = reasons("atorvastatin", "grapefruit")
    assert "raise the statin level" in listed.text
    assert "Grapefruit moderately inhibits CYP3A4." in by_enzyme.text
    assert by_enzyme.confidence < 1


def test_reasons_are_empty_where_only_a_path_would_be_found() -> None:
    assert reasons("warfarin", "metformin") == []
    assert reasons("warfarin", "blorbixol") == []
