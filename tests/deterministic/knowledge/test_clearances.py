"""What follows from enzymes: worked out by FDA's rule, never told as documented, and turned round for prodrugs."""

import pytest

from tests.deterministic.knowledge.making import alone, beside_rules, edge, interacts
from vitasense.deterministic.knowledge import interactions, pair, rulebook, why
from vitasense.deterministic.knowledge.clearances import clearances
from vitasense.deterministic.knowledge.facts import Level, Relation
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.platform.findings import Finding, Urgency

A, B, E = "ingredient:a", "ingredient:b", "enzyme:e"


def found(known: Library) -> int:
    one, two = known.place(A), known.place(B)
    assert one is not None and two is not None
    return len(clearances(known, one, two))


def values(finding: Finding, name: str) -> list[str | None]:
    return [value.text for value in finding.values if value.name == name]


@pytest.mark.parametrize(
    ("cleared", "change", "matters"),
    [
        ("sensitive", "strong", True),
        ("sensitive", "moderate", True),
        ("sensitive", "weak", False),
        ("moderate", "strong", True),
        ("moderate", "moderate", False),
        (None, None, True),
        (None, "strong", False),
        ("sensitive", None, False),
    ],
)
def test_a_sensitive_substrate_matters_beside_a_strong_or_moderate_inhibitor(
    cleared: str | None, change: str | None, matters: bool
) -> None:
    substrate = edge(A, Relation.SUBSTRATE, E, strength=cleared)
    assert found(alone([substrate, edge(B, Relation.INHIBITS, E, strength=change)])) == matters
    assert found(alone([substrate, edge(B, Relation.INDUCES, E, strength=change)])) == matters


def test_two_inhibitors_of_one_enzyme_change_nothing() -> None:
    assert found(alone([edge(A, Relation.INHIBITS, E, strength="strong"), edge(B, Relation.INHIBITS, E)])) == 0


def test_a_medicine_whose_working_form_an_enzyme_makes_works_less_beside_an_inhibitor() -> None:
    for prodrug, inhibitor in (("codeine", "paroxetine"), ("clopidogrel", "fluoxetine"), ("tamoxifen", "bupropion")):
        told = [each for each in why(prodrug, inhibitor) if values(each, "basis") == ["inferred"]]
        assert f"{prodrug} may work less" in told[0].text
        assert "turned into its working form" in told[0].text


def test_what_is_told_of_a_working_form_is_not_turned_round_by_the_clearance_through_the_same_enzyme() -> None:
    roles = [(Relation.SUBSTRATE, "sensitive"), (Relation.ACTIVATED_BY, "sensitive")]
    known = alone(
        [
            *(edge(A, role, E, strength=strength) for role, strength in roles),
            edge(B, Relation.INHIBITS, E, strength="strong"),
        ]
    )
    assert found(known) == 1


def test_what_was_worked_out_is_not_rated_and_does_not_interrupt() -> None:
    book = rulebook().drugs
    told = pair(book["nebivolol"], book["paroxetine"])
    assert told is not None
    assert (values(told, "severity"), values(told, "basis")) == (["not rated"], ["inferred"])
    assert told.urgency is Urgency.ROUTINE
    assert told.confidence < 1


def test_what_a_source_only_worked_out_is_never_told_as_documented() -> None:
    known = beside_rules([interacts("ingredient:loratadine", "ingredient:levothyroxine", level=Level.INFERRED)])
    (told,) = interactions(["loratadine", "levothyroxine"], known)
    assert values(told, "basis") == ["inferred"]
    assert told.urgency is Urgency.ROUTINE
    assert told.confidence < 1
    assert values(why("loratadine", "levothyroxine", known)[0], "basis") == ["inferred"]


def test_every_working_form_names_its_source() -> None:
    assert all(entry.source for entry in rulebook().prodrugs)
