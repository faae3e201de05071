"""What a library answers: pairs through kinds, the order of entries, equal nodes, names, periods."""

from datetime import date

import pytest

from tests.deterministic.knowledge.making import BOOK, alone, beside_rules, edge, interacts, is_a, node
from vitasense.deterministic.knowledge import library
from vitasense.deterministic.knowledge.facts import Level, Relation
from vitasense.deterministic.knowledge.library import Library, volume, whole
from vitasense.deterministic.knowledge.schemas import Severity

A, B, C = "ingredient:a", "ingredient:b", "ingredient:c"


def refs(known: Library, one: str, two: str) -> list[str]:
    places = [known.place(key) for key in (one, two)]
    assert places[0] is not None and places[1] is not None
    return [known.edge(each).ref for each in known.listed(places[0], places[1])]


def test_an_interaction_of_kinds_is_one_of_all_members_however_far_below() -> None:
    known = alone(
        [interacts("class:x", "class:y"), is_a(A, "class:low"), is_a("class:low", "class:x"), is_a(B, "class:y")]
    )
    assert refs(known, A, B) == refs(known, B, A) == ["1"]
    assert refs(known, "class:low", B) == ["1"]


def test_members_of_one_kind_interact_when_the_kind_interacts_with_itself_and_nothing_interacts_with_itself() -> None:
    known = alone([interacts("class:x", "class:x"), is_a(A, "class:x"), is_a(B, "class:x"), is_a(C, "class:y")])
    assert refs(known, A, B) == ["1"]
    assert refs(known, A, A) == []
    assert refs(known, A, C) == []


def test_the_most_severe_entry_is_first_then_the_best_supported_and_what_was_worked_out_last() -> None:
    known = alone(
        [
            interacts(A, B, Severity.CONTRAINDICATED, ref="guessed", level=Level.INFERRED),
            interacts(A, B, None, ref="unrated"),
            interacts(A, B, Severity.MINOR, ref="minor"),
            interacts(A, B, Severity.MAJOR, ref="study", level=Level.STUDY),
            interacts(B, A, Severity.MAJOR, ref="label", level=Level.LABEL),
        ]
    )
    assert refs(known, A, B) == ["label", "study", "minor", "unrated", "guessed"]


def test_a_pair_of_kinds_does_not_spread_to_the_kinds_above_it() -> None:
    known = alone([interacts("class:low", B), is_a("class:low", "class:x"), is_a(A, "class:x")])
    assert refs(known, A, B) == []


def test_an_edge_counts_from_its_first_to_its_last_day() -> None:
    period = edge(A, Relation.IS_A, "class:x", since=date(2026, 1, 1), until=date(2026, 1, 31))
    counted = [alone([period], on=date(2026, *day)).edge_count for day in ((1, 1), (1, 31), (2, 1))]
    assert counted == [1, 1, 0]
    assert alone([period], on=date(2025, 12, 31)).edge_count == 0
    assert alone([period]).edge(0).valid_to == date(2026, 1, 31)


def test_a_node_of_a_release_is_ours_by_key_or_by_its_names_and_adds_its_codes() -> None:
    known = beside_rules(
        [interacts("ingredient:coumadin", "ingredient:made_up")],
        [node("ingredient:coumadin", "Coumadin", "warfarin", unii="5Q7ZVV76EI")],
    )
    warfarin = known.place("ingredient:warfarin")
    assert warfarin is not None
    assert known.place("ingredient:coumadin") == warfarin
    assert known.name(warfarin) == "warfarin"
    assert known.node(warfarin).codes["unii"] == ("5Q7ZVV76EI",)
    assert known.code(warfarin, "rxnorm") == "11289"


def test_a_node_whose_names_are_those_of_two_of_ours_is_neither() -> None:
    known = beside_rules([], [node("ingredient:mixture", "warfarin", "ibuprofen")])
    assert known.place("ingredient:mixture") not in (
        known.place("ingredient:warfarin"),
        known.place("ingredient:ibuprofen"),
    )


def test_a_release_does_not_take_a_name_away() -> None:
    known = beside_rules([], [node("class:brand_names", "Advil")])
    found = known.find("Advil")
    assert found is not None
    assert known.name(found) == "ibuprofen"


def test_an_edge_to_a_node_that_nobody_has_is_refused() -> None:
    with pytest.raises(ValueError, match="ingredient:b"):
        whole([volume(BOOK, [node(A)], [interacts(A, B)])])


def test_a_path_uses_no_interaction_and_its_steps_are_the_best_supported_edges() -> None:
    known = alone(
        [
            interacts(A, B),
            edge(A, Relation.SUBSTRATE, "enzyme:e", ref="study", level=Level.STUDY),
            edge(A, Relation.SUBSTRATE, "enzyme:e", ref="label", level=Level.LABEL),
            edge(B, Relation.INHIBITS, "enzyme:e"),
        ]
    )
    one, two, middle = (known.place(key) for key in (A, B, "enzyme:e"))
    assert one is not None and two is not None and middle is not None
    assert known.path(one, two, 4) == [one, middle, two]
    assert known.edge(known.step(one, middle)).ref == "label"
    assert known.path(one, two, 1) == []


def test_facts_come_out_as_they_went_in() -> None:
    facts = [
        edge(A, Relation.INTERACTS, B, severity=Severity.MINOR, what="w", advice="do", sentence="s", ref="r"),
        edge(A, Relation.INHIBITS, "enzyme:e", strength="strong", level=Level.GUIDELINE, since=date(2020, 2, 3)),
    ]
    nodes = [node(A, "a", "alpha", rxnorm="1", atc="A01"), node(B), node("enzyme:e")]
    known = alone(facts, nodes)
    assert list(known.edges()) == facts
    assert list(known.nodes()) == nodes


def test_every_edge_of_the_rules_says_something_and_names_its_source() -> None:
    known = library()
    for place, fact in enumerate(known.edges()):
        assert fact.says
        assert fact.origin
        assert known.evidence(place).ref.startswith("knowledge/")


def test_networkx_has_the_same_nodes_and_edges() -> None:
    known = library()
    assert known.networkx() is known.networkx()
    assert (len(known.networkx()), known.networkx().size()) == (known.node_count, known.edge_count)


def stated(known: Library, one: str, two: str) -> list[str]:
    places = [known.place(key) for key in (one, two)]
    assert places[0] is not None and places[1] is not None
    return [known.edge(each).ref for each in known.stated(places[0], places[1])]


def test_what_is_stated_of_a_kind_or_a_wider_illness_holds_for_both_however_they_are_asked() -> None:
    known = alone(
        [
            edge("class:x", Relation.CONTRAINDICATED, "condition:wide", severity=Severity.MAJOR, ref="against"),
            edge(A, Relation.CAUSES, "condition:narrow", ref="causes"),
            edge(A, Relation.USED_FOR, "condition:narrow", ref="use"),
            edge("condition:narrow", Relation.IS_A, "condition:wide"),
            is_a(A, "class:x"),
        ]
    )
    assert stated(known, A, "condition:narrow") == stated(known, "condition:narrow", A) == ["against", "causes"]
    assert stated(known, A, "condition:wide") == ["against"]
    assert stated(known, A, A) == []


def test_two_things_that_one_illness_speaks_against_are_not_joined_by_it() -> None:
    against = [edge(each, Relation.CONTRAINDICATED, "condition:wide") for each in (A, B)]
    known = alone(against)
    one, two = known.place(A), known.place(B)
    assert one is not None and two is not None
    assert known.stated(one, two) == ()
    assert known.path(one, two, 4) == []


def test_a_name_that_several_things_have_is_each_of_them_the_first_first() -> None:
    known = alone([], [node("ingredient:salt", "salt"), node("lab:salt", "serum salt", "salt")])
    assert [known.key(each) for each in known.called("Salt")] == ["ingredient:salt", "lab:salt"]
    assert known.called("pepper") == ()
