"""The rules of the checks as edges: what they join, what they say, and that they agree with the checks."""

from functools import cache

import pytest

from tests.deterministic.medications.factories import measured, person, stated
from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.knowledge import EdgeFact, Library, NodeKind
from vitasense.deterministic.knowledge.library import ground, whole
from vitasense.deterministic.knowledge.library.volume import edge_facts, node_fact
from vitasense.deterministic.knowledge.releases.validation import reasons
from vitasense.deterministic.medications.checks.naming import condition_names
from vitasense.deterministic.platform.findings import Finding, Status

EGFR, POTASSIUM = "98979-8", "2823-3"


@cache
def library() -> Library:
    return Library(whole((*ground(), *medications.volumes())))


def stated_edges() -> list[EdgeFact]:
    return [edge for volume in medications.volumes() for edge in edge_facts(volume)]


def why(one: str, two: str) -> list[Finding]:
    return knowledge.why(one, two, library())


@pytest.mark.parametrize(
    ("medicine", "other", "words"),
    [
        ("ibuprofen", "chronic kidney disease", "Severity: major"),
        ("propranolol", "asthma", "Severity: contraindicated"),
        ("metformin", "eGFR", "below 30 mL/min/1.73 m²"),
        ("isotretinoin", "pregnancy", "should not be taken in pregnancy"),
        ("codeine", "breastfeeding", "can harm a breastfed baby"),
        ("ciprofloxacin", "milk", "binds the antibiotic"),
        ("levothyroxine", "coffee", "before breakfast"),
        ("warfarin", "INR", "above 3"),
        ("Advil", "kidney disease", "Ibuprofen can do harm with kidney disease"),
    ],
)
def test_what_a_rule_says_of_two_things_is_told_with_its_source(medicine: str, other: str, words: str) -> None:
    for found in (why(medicine, other), why(other, medicine)):
        assert words in " ".join(each.text for each in found)
        assert all(each.status is Status.FOUND and each.evidence and each.evidence[0].source for each in found)
        assert any(each.evidence[0].ref.startswith("medications/") for each in found)


@pytest.mark.parametrize(
    ("medicine", "other"),
    [
        ("ibuprofen", "metformin"),
        ("acetaminophen", "migraine"),
        ("amoxicillin", "asthma"),
        ("levothyroxine", "gout"),
        ("lisinopril", "milk"),
        ("atorvastatin", "INR"),
    ],
)
def test_what_no_rule_joins_has_no_link(medicine: str, other: str) -> None:
    (only,) = why(medicine, other)
    assert only.status is Status.NOT_FOUND


def test_a_rule_of_some_doses_or_places_alone_says_so() -> None:
    """Aspirin in a low dose is given in pregnancy; the rule is of the dose against pain."""
    told = [each.text for each in why("aspirin", "pregnancy")]
    assert told
    assert all("Aspirin in more than the low dose" in text for text in told)
    in_vagina = [edge for edge in stated_edges() if "used in the vagina" in edge.says]
    assert in_vagina


def test_a_name_of_two_things_is_looked_at_as_both() -> None:
    supplement, *values = why("lisinopril", "potassium")
    assert "salt substitutes" in supplement.text
    limits, effect = sorted(values, key=lambda each: "mmol/L" not in each.text)
    assert "mmol/L" in limits.text
    assert effect.text.startswith("ACE inhibitors can raise potassium.")


def test_the_edges_can_be_believed_as_those_of_a_release_must_be() -> None:
    """A rule of some weeks of a pregnancy may rate a medicine otherwise than one of other weeks."""
    nodes = [node_fact(node) for volume in medications.volumes() for node in volume.nodes]
    edges = [edge for edge in stated_edges() if " week " not in edge.says]
    assert len(edges) > 5_000
    assert reasons(nodes, edges, [node.key for node in knowledge.library().nodes()]) == []


def test_every_edge_is_a_plain_clause() -> None:
    for edge in stated_edges():
        assert "None" not in edge.says, edge
        assert not edge.says.endswith("."), edge


def test_no_entry_is_there_twice() -> None:
    edges = stated_edges()
    assert len({(edge.source, edge.relation, edge.target, edge.ref) for edge in edges}) == len(edges)


def test_a_condition_or_value_of_both_rooms_is_one_node() -> None:
    names = [(node.kind, node.name) for node in library().nodes() if node.kind in (NodeKind.CONDITION, NodeKind.LAB)]
    assert len(set(names)) == len(names)
    for each in condition_names():
        assert not each.told or library().place(f"{NodeKind.CONDITION}:{each.term or each.key}") is not None


def test_two_medicines_do_not_meet_over_an_illness() -> None:
    related = knowledge.relate("ibuprofen", "pioglitazone", library())
    assert [each.status for each in related] == [Status.NOT_FOUND]


def test_the_nodes_of_a_person_are_their_illnesses_states_and_values() -> None:
    somebody = person(
        measured(EGFR, 28, "mL/min/{1.73_m2}"), conditions=stated("Asthma"), pregnant=True, breastfeeding=None
    )
    nodes = medications.nodes_of(somebody)
    assert {"condition:asthma", "condition:pregnancy"} <= set(nodes)
    assert any(node.startswith("lab:") for node in nodes)
    assert "condition:breastfeeding" not in nodes
    assert all(library().place(node) is not None for node in nodes)
    assert medications.nodes_of(person()) == ()
