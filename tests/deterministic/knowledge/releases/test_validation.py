"""What is not believed: dangling nodes and codes, contradictions, circles."""

from datetime import date

import pytest

from tests.deterministic.knowledge.making import edge, interacts, is_a, node
from vitasense.deterministic.knowledge import Severity, library
from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, Relation
from vitasense.deterministic.knowledge.releases.validation import known_contradictions, reasons

A, B, E = "ingredient:a", "ingredient:b", "enzyme:e"
NODES = [node(A), node(B), node(E), node("class:x"), node("class:y"), node("gene:g")]


@pytest.mark.parametrize(
    ("edges", "words"),
    [
        ([interacts(A, "ingredient:nobody")], "no node"),
        ([interacts(A, B, Severity.MINOR), interacts(B, A, Severity.MAJOR)], "in two ways"),
        ([edge(A, Relation.INHIBITS, E), edge(A, Relation.INDUCES, E)], "holds back"),
        ([is_a("class:x", "class:y"), is_a("class:y", "class:x")], "circle: class:x, class:y"),
        ([is_a("class:x", "class:x")], "circle"),
        ([edge(A, Relation.SUBSTRATE, B)], "does not point to enzyme or transporter"),
        ([edge(A, Relation.GUIDED_BY, E)], "does not point to gene or lab"),
        ([edge(A, Relation.IS_A, "class:x", severity=Severity.MAJOR)], "has a severity"),
        ([edge(A, Relation.IS_A, "class:x", since=date(2026, 2, 1), until=date(2026, 1, 1))], "ends before"),
        ([edge(A, Relation.IS_A, "class:x", origin="")], "says nothing"),
    ],
)
def test_such_edges_are_a_reason_to_refuse(edges: list[EdgeFact], words: str) -> None:
    found = reasons(NODES, edges)
    assert any(words in reason for reason in found), found


@pytest.mark.parametrize(
    "bad",
    [
        node("planet:mars"),
        node("drug:"),
        node(A, ""),
        node(A, "a", rxnorm="12x"),
        node(A, "a", atc="Z"),
        node(A, "a", loinc="4548"),
        node(A, "a", own="a|b"),
    ],
)
def test_such_nodes_are_a_reason_to_refuse(bad: NodeFact) -> None:
    assert reasons([bad], [])


def test_two_sources_may_differ_and_one_source_may_say_the_same_twice() -> None:
    two = [interacts(A, B, Severity.MINOR, origin="One 2025"), interacts(A, B, Severity.MAJOR, origin="Two 2026")]
    same = [interacts(A, B, Severity.MINOR, ref="1"), interacts(B, A, Severity.MINOR, ref="2")]
    unrated = [interacts(A, B, None), interacts(A, B, Severity.MINOR)]
    other = [edge(A, Relation.INHIBITS, E), edge(B, Relation.INDUCES, E)]
    assert [reasons(NODES, edges) for edges in (two, same, unrated, other)] == [[], [], [], []]


def test_a_contradiction_that_is_listed_is_let_pass() -> None:
    listed = next(each for each in known_contradictions() if each.kind == "severity")
    both = [interacts(listed.one, listed.two, each) for each in (Severity.MAJOR, Severity.MODERATE)]
    assert reasons([node(listed.one), node(listed.two)], both) == []
    assert listed.source


def test_every_reason_is_given_at_once() -> None:
    found = reasons(NODES, [interacts(A, "ingredient:nobody"), is_a("class:x", "class:x")])
    assert len(found) == 2


def test_the_rule_files_themselves_keep_these_rules() -> None:
    known = library()
    assert reasons(known.nodes(), list(known.edges())) == []
