"""The knowledge graph in process: medicines, classes, enzymes and conditions, every edge with its sentence and source."""

from functools import cache
from itertools import pairwise
from typing import cast

import networkx as nx

from vitasense.deterministic.knowledge.names import ingredients, normalise
from vitasense.deterministic.knowledge.pairs import (
    clearance_evidence,
    clearances,
    documented,
    documented_pairs,
    explain_clearance,
    role_text,
)
from vitasense.deterministic.knowledge.rulebook import Rulebook, rulebook
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value

KIND = "relation"
LONGEST_PATH = 4
PATH_CONFIDENCE = 0.8
INFERRED_CONFIDENCE = 0.6


@cache
def graph() -> "nx.MultiDiGraph[str]":
    """The graph, built once. Nodes: `drug:`, `class:`, `protein:`, `term:` + key, with `name`.

    Edges are keyed by relation (is_a, used_for, substrate, inhibits, induces, interacts) and carry `says` and `evidence`.
    """
    book = rulebook()
    built: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    _add_nodes(built, book)
    _add_classes(built, book)
    _add_proteins(built, book)
    _add_interactions(built, book)
    return built


def relate(a: str, b: str) -> list[Finding]:
    """How two things hang together, the documented first, then what follows from enzymes, then the shortest path.

    found: the text spells out each step; what was worked out says so and has confidence below 1.
    not_found: no path of at most four steps. not_evaluated: a name is not in the graph.
    """
    one, two = node(a), node(b)
    if one is None or two is None:
        return [_unknown([name for name, found in ((a, one), (b, two)) if found is None])]
    if one == two:
        return [_finding(f"“{a}” and “{b}” are the same thing here: {_name(one)}.", (one,), _own_evidence(one), 1.0)]
    return _between_drugs(one, two) or _by_path(one, two)


def node(name: str) -> str | None:
    """The node of this name; None when it is not known."""
    key = normalise(name)
    if key in _node_names():
        return _node_names()[key]
    parts = ingredients(name)
    return f"drug:{parts[0].drug.key}" if len(parts) == 1 and parts[0].drug else None


def _between_drugs(one: str, two: str) -> list[Finding]:
    if not (one.startswith("drug:") and two.startswith("drug:")):
        return []
    book = rulebook().drugs
    first, second = book[one.removeprefix("drug:")], book[two.removeprefix("drug:")]
    listed = documented(first, second)
    worked_out = [
        _finding(
            f"Worked out from what is known of enzymes, not taken from a list of pairs: {explain_clearance(found)}",
            (one, two, f"protein:{found.cleared.protein}"),
            clearance_evidence([found]),
            INFERRED_CONFIDENCE,
        )
        for found in clearances(first, second)
    ]
    return [*([listed.model_copy(update={"kind": KIND})] if listed else []), *worked_out]


def _by_path(one: str, two: str) -> list[Finding]:
    try:
        path = nx.shortest_path(_walkable(), one, two)  # pyright: ignore[reportUnknownMemberType]
    except nx.NetworkXNoPath:
        path = []
    if not path or len(path) - 1 > LONGEST_PATH:
        return [_no_path(one, two)]
    steps = [_step(a, b) for a, b in pairwise(path)]
    text = " ".join(f"{says[:1].upper()}{says[1:]}." for says, _ in steps)
    if len(steps) == 1:
        return [_finding(text, path, (steps[0][1],), 1.0)]
    return [_finding(f"Put together step by step: {text}", path, tuple(e for _, e in steps), PATH_CONFIDENCE)]


@cache
def _walkable() -> "nx.Graph[str]":
    whole = graph()
    walk: nx.Graph[str] = nx.Graph()
    walk.add_nodes_from(whole.nodes)
    walk.add_edges_from((a, b) for a, b, relation in whole.edges(keys=True) if relation != "interacts")
    return walk


def _step(a: str, b: str) -> tuple[str, Evidence]:
    whole = graph()
    pair = (a, b) if whole.has_edge(a, b) else (b, a)
    edges = cast("dict[str, dict[str, object]]", whole.get_edge_data(*pair))
    data = next(data for relation, data in edges.items() if relation != "interacts")
    return cast(str, data["says"]), cast(Evidence, data["evidence"])


def _add_nodes(built: "nx.MultiDiGraph[str]", book: Rulebook) -> None:
    for drug in book.drugs:
        built.add_node(f"drug:{drug.key}", name=drug.name)
    for group in book.classes:
        built.add_node(f"class:{group.key}", name=group.plural)
    for role in book.enzymes:
        built.add_node(f"protein:{role.protein}", name=role.protein)
    for term in book.terms:
        built.add_node(f"term:{term.key}", name=term.name)


def _add_classes(built: "nx.MultiDiGraph[str]", book: Rulebook) -> None:
    for drug in book.drugs:
        for key in drug.classes:
            says = f"{drug.name} belongs to the {book.classes[key].plural}"
            _edge(built, f"drug:{drug.key}", f"class:{key}", "is_a", says, book.drugs.evidence(drug, says))
    for group in book.classes:
        for key in group.treats:
            says = f"{group.plural} are used for {book.terms[key].name}"
            _edge(built, f"class:{group.key}", f"term:{key}", "used_for", says, book.classes.evidence(group, says))


def _add_proteins(built: "nx.MultiDiGraph[str]", book: Rulebook) -> None:
    for role in book.enzymes:
        for key in role.members:
            says = role_text(book.drugs[key], role)
            evidence = book.enzymes.evidence(role, says)
            _edge(built, f"drug:{key}", f"protein:{role.protein}", role.role.value, says, evidence)


def _add_interactions(built: "nx.MultiDiGraph[str]", book: Rulebook) -> None:
    for pair, entries in documented_pairs().items():
        a, b = sorted(pair)
        says = f"{book.drugs[a].name} and {book.drugs[b].name}: {entries[0].what}"
        _edge(
            built, f"drug:{a}", f"drug:{b}", "interacts", says, book.interactions.evidence(entries[0], entries[0].key)
        )


def _edge(built: "nx.MultiDiGraph[str]", a: str, b: str, relation: str, says: str, evidence: Evidence) -> None:
    built.add_edge(a, b, key=relation, says=says, evidence=evidence)


@cache
def _node_names() -> dict[str, str]:
    book = rulebook()
    named = [(f"term:{t.key}", (t.name, *t.names)) for t in book.terms]
    named += [(f"class:{c.key}", (c.name, c.plural)) for c in book.classes]
    named += [(f"protein:{role.protein}", (role.protein,)) for role in book.enzymes]
    named += [(f"drug:{d.key}", (d.name, *d.names, *d.brands)) for d in book.drugs]
    return {normalise(name): key for key, names in named for name in names}


def _name(key: str) -> str:
    return cast(str, graph().nodes[key]["name"])


def _own_evidence(key: str) -> tuple[Evidence, ...]:
    kind, _, entry = key.partition(":")
    book = rulebook()
    if kind == "protein":
        role = next(role for role in book.enzymes if role.protein == entry)
        return (book.enzymes.evidence(role, entry),)
    if kind == "drug":
        return (book.drugs.evidence(book.drugs[entry], _name(key)),)
    if kind == "class":
        return (book.classes.evidence(book.classes[entry], _name(key)),)
    return (book.terms.evidence(book.terms[entry], _name(key)),)


def _finding(text: str, nodes: "tuple[str, ...] | list[str]", evidence: tuple[Evidence, ...], sure: float) -> Finding:
    values = tuple(Value(name=key.partition(":")[0], text=_name(key)) for key in nodes)
    basis = Value(name="basis", text="documented" if sure == 1 else "inferred")
    return Finding(
        kind=KIND, text=text, status=Status.FOUND, values=(*values, basis), confidence=sure, evidence=evidence
    )


def _no_path(one: str, two: str) -> Finding:
    return Finding(
        kind=KIND,
        text=f"I found no link between {_name(one)} and {_name(two)} in what I can check. "
        "That does not prove there is none.",
        status=Status.NOT_FOUND,
        values=tuple(Value(name=key.partition(":")[0], text=_name(key)) for key in (one, two)),
        reason=f"no path of at most {LONGEST_PATH} steps",
    )


def _unknown(names: list[str]) -> Finding:
    quoted = " and ".join(f"“{name}”" for name in names)
    return Finding(
        kind=KIND,
        text=f"I do not know {quoted}, so I could not look for a link.",
        status=Status.NOT_EVALUATED,
        reason=f"unknown: {quoted}",
    )
