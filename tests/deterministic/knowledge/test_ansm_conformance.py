"""The ANSM thesaurus taken whole: every interaction of two classes is one of all their members, with its severity."""

import random
from collections.abc import Callable
from pathlib import Path

from vitasense.deterministic.knowledge import Library, interactions, releases
from vitasense.deterministic.knowledge.facts import EdgeFact, Relation
from vitasense.deterministic.knowledge.library import Book, ground, volume, whole
from vitasense.deterministic.platform.findings import Status

PAIRS = 2000


def taken(path: Path) -> tuple[Library, list[EdgeFact]]:
    """A library of rules and thesaurus, and the interactions of the thesaurus."""
    found = releases.read_release("ansm", path)
    added = volume(Book("ansm", found.version, found.source), found.nodes, found.edges)
    return Library(whole(ground(), [added])), [e for e in found.edges if e.relation is Relation.INTERACTS]


def members(library: Library) -> dict[int, list[int]]:
    """The ingredients of each kind, and each ingredient by itself."""
    found: dict[int, list[int]] = {}
    for place in range(library.node_count):
        if library.key(place).startswith(("ingredient:", "food:")):
            for kind in library.lineage(place):
                found.setdefault(kind, []).append(place)
    return found


def test_pairs_of_members_are_answered_with_the_severity_of_their_classes(shared_data: Callable[[str], Path]) -> None:
    library, edges = taken(shared_data("05_drug_interactions/worldvista_ansm"))
    below = members(library)
    chance = random.Random(6)
    lost: list[str] = []
    checked = 0
    while checked < PAIRS:
        edge = chance.choice(edges)
        sides = [
            below.get(place, []) for key in (edge.source, edge.target) if (place := library.place(key)) is not None
        ]
        if len(sides) < 2 or not all(sides):
            continue  # a class that the thesaurus lists no members of
        one, two = chance.choice(sides[0]), chance.choice(sides[1])
        if one == two:
            continue
        checked += 1
        told = [library.edge(each) for each in library.listed(one, two)]
        if edge not in told or (edge.severity and told[0].severity is None):
            lost.append(f"{library.name(one)} with {library.name(two)}: {edge.says}")
    assert lost == []


def test_a_pair_is_told_with_the_most_severe_of_its_entries(shared_data: Callable[[str], Path]) -> None:
    library, _ = taken(shared_data("05_drug_interactions/worldvista_ansm"))
    (told,) = interactions(["colchicine", "clarithromycin"], library)
    assert told.status is Status.FOUND
    assert "contraindicated" in [value.text for value in told.values]
    assert any(each.ref.startswith("knowledge/ansm#") for each in told.evidence)
