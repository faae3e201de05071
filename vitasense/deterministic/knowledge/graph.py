"""How things hang together: listed pairs, what follows from enzymes, and paths, each step with its sentence and source."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import networkx as nx

from vitasense.deterministic.knowledge.clearances import (
    INFERRED_CONFIDENCE,
    clearance_evidence,
    clearances,
    consequence,
    explain_clearance,
)
from vitasense.deterministic.knowledge.facts import EdgeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.library import library as rules_alone
from vitasense.deterministic.knowledge.pairs import NOT_RATED, capital, documented, mechanism, named, ordered
from vitasense.deterministic.knowledge.substances import ingredients, place_of
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value

KIND = "relation"
LONGEST_PATH = 4
_LONGEST_TO_CONDITION = 3  # product, ingredient, kind, use; a longer one leads over somebody else's medicine
PATH_CONFIDENCE = 0.8
_NAMED_ALIKE = frozenset(
    {NodeKind.LAB, NodeKind.CONDITION, NodeKind.SYMPTOM, NodeKind.FOOD, NodeKind.NUTRIENT, NodeKind.GENE}
)
_CHANGED = frozenset({Relation.SUBSTRATE, Relation.ACTIVATED_BY})
_CHANGING = frozenset({Relation.INHIBITS, Relation.INDUCES})
_WORKED_OUT = "Worked out from what is known of enzymes, not taken from a list of pairs"


def graph(library: Library | None = None) -> "nx.MultiDiGraph[str]":
    """The graph for algorithms of networkx. Nodes: kind and own name ("ingredient:warfarin"), with `name` and `kind`.

    Edges have `relation`, `says` and `evidence`. `library` is what is known; without it the rule files alone.
    """
    return (library or rules_alone()).networkx()


def relate(a: str, b: str, library: Library | None = None) -> list[Finding]:
    """How two things hang together: what lists and rules say, then what follows from enzymes, then the shortest path.

    found: the text spells out each step; what was worked out says so and has confidence below 1.
    not_found: no path of at most four steps, or three to a condition. not_evaluated: a name is not in the graph.
    """
    library = library or rules_alone()
    one, two = node(a, library), node(b, library)
    if one is None or two is None:
        return [_unknown([name for name, found in ((a, one), (b, two)) if found is None])]
    if one == two:
        text = f"“{a}” and “{b}” are the same thing here: {library.name(one)}."
        return [_finding(library, text, [one], (library.node_evidence(one),), 1.0)]
    pairs = list(_pairs(library, (a, one), (b, two)))
    found = [each for x, y in pairs for each in (_between(library, x, y) or _one_step(library, x, y))]
    return found or [_by_path(library, one, two, pairs)]


def why(a: str, b: str, library: Library | None = None) -> list[Finding]:
    """Why two things affect each other: what each list or rule says, then what follows from enzymes.

    found: one finding for each entry with its mechanism and source, the most severe first, and one for each enzyme.
    Of a name that means several things (potassium, a supplement and a value of the blood) each is looked at.
    Where neither says anything it is what `relate` answers.
    """
    return reasons(a, b, library) or relate(a, b, library)


def reasons(a: str, b: str, library: Library | None = None) -> list[Finding]:
    """The same without a path: empty where no list and no enzyme says why, and where a name is not known."""
    library = library or rules_alone()
    one, two = node(a, library), node(b, library)
    if one is None or two is None:
        return []
    pairs = list(_pairs(library, (a, one), (b, two)))
    told = [each for x, y in pairs for each in (*_entries(library, x, y), *_one_step(library, x, y))]
    return [*told, *(each for x, y in pairs for each in list(_derived(library, x, y)) or _by_enzyme(library, x, y))]


def node(name: str, library: Library | None = None) -> int | None:
    """The place of the node of this name or key, or of the one ingredient that it means; None when it is not known."""
    library = library or rules_alone()
    place = library.place(name) if ":" in name else None
    place = library.find(name) if place is None else place
    return place if place is not None else next(iter(contents(library, name, None)), None)


def contents(library: Library, name: str, place: int | None) -> list[int]:
    """The ingredients of a name, all of them known; else the place itself."""
    places = [place_of(library, part.drug) for part in ingredients(name, library) if part.drug]
    found = [each for each in places if each is not None]
    if place is None:
        return found if len(found) == 1 else []
    return found or [place]


def _pairs(library: Library, one: tuple[str, int], two: tuple[str, int]) -> Iterator[tuple[int, int]]:
    """Every pair of what the one and what the other means, medicines by their ingredients."""
    return ((x, y) for x in _meant(library, *one) for y in _meant(library, *two) if x != y)


def _meant(library: Library, name: str, place: int) -> list[int]:
    namesakes = (each for each in library.called(name) if library.kind(each) in _NAMED_ALIKE)
    return list(dict.fromkeys((*contents(library, name, place), *namesakes)))


def _between(library: Library, one: int, two: int) -> list[Finding]:
    listed = documented(library, one, two)
    return [
        *([listed.model_copy(update={"kind": KIND})] if listed else []),
        *_told(library, one, two, library.stated(one, two)),
        *_derived(library, one, two),
    ]


def _entries(library: Library, one: int, two: int) -> Iterator[Finding]:
    return _told(library, one, two, (*library.listed(one, two), *library.stated(one, two)))


def _told(library: Library, one: int, two: int, edges: Iterable[int]) -> Iterator[Finding]:
    """Each entry by itself: what it says happens, where that stands, and by what kinds it concerns the two."""
    for place in edges:
        edge, pair = library.edge(place), ordered(library, place, one, two)
        steps = [
            step for node, end in zip(pair, library.ends(place), strict=True) for step in library.belongs(node, end)
        ]
        kinds = "".join(f" {capital(library.says(step))}." for step in steps)
        rated = f" Severity: {edge.severity}." if edge.severity else ""
        text = f"{_statement(library, edge, pair)}{kinds}{rated}"
        sure = INFERRED_CONFIDENCE if library.is_inferred(place) else 1.0
        severity = Value(name="severity", text=edge.severity or NOT_RATED)
        found = _finding(library, text, pair, tuple(map(library.evidence, (place, *steps))), sure)
        yield found.model_copy(update={"values": (*found.values, severity)})


def _statement(library: Library, edge: EdgeFact, pair: tuple[int, int]) -> str:
    if edge.relation is Relation.INTERACTS:
        return f"{capital(library.name(pair[0]))} with {library.name(pair[1])}: {mechanism(edge)}"
    return f"{capital(edge.says)}.{f' {edge.advice}' if edge.advice else ''}"


def _derived(library: Library, one: int, two: int) -> Iterator[Finding]:
    for found in clearances(library, one, two):
        text = f"{_WORKED_OUT}: {explain_clearance(library, found)} So {consequence(library, found)}."
        nodes = (one, two, found.cleared.protein)
        yield _finding(library, text, nodes, clearance_evidence(library, [found]), INFERRED_CONFIDENCE)


def _by_path(library: Library, one: int, two: int, pairs: Sequence[tuple[int, int]]) -> Finding:
    ends = {library.kind(one), library.kind(two)}
    longest = _LONGEST_TO_CONDITION if NodeKind.CONDITION in ends else LONGEST_PATH
    paths = [path for x, y in pairs if (path := library.path(x, y, longest))]
    return _along(library, min(paths, key=len)) if paths else _no_path(library, one, two, longest)


def _one_step(library: Library, one: int, two: int) -> list[Finding]:
    path = library.path(one, two, 1)
    return [_along(library, path)] if path else []


def _by_enzyme(library: Library, one: int, two: int) -> list[Finding]:
    """The enzyme behind a listed pair of which alone nothing would be worked out, since the one changes it only a little."""
    path = library.path(one, two, 2) if library.listed(one, two) else []
    if len(path) != 3:
        return []
    roles = {library.relation(library.step(a, b)) for a, b in pairwise(path)}
    return [_along(library, path)] if roles & _CHANGED and roles & _CHANGING else []


def _along(library: Library, path: Sequence[int]) -> Finding:
    steps = [library.step(a, b) for a, b in pairwise(path)]
    text = " ".join(f"{capital(library.says(step))}." for step in steps)
    evidence = tuple(library.evidence(step) for step in steps)
    if len(steps) == 1 and not library.is_inferred(steps[0]):
        return _finding(library, text, path, evidence, 1.0)
    return _finding(library, f"Put together step by step: {text}", path, evidence, PATH_CONFIDENCE)


def _finding(library: Library, text: str, nodes: Sequence[int], evidence: tuple[Evidence, ...], sure: float) -> Finding:
    basis = Value(name="basis", text="documented" if sure == 1 else "inferred")
    return Finding(
        kind=KIND,
        text=text,
        status=Status.FOUND,
        values=(*named(library, *nodes), basis),
        confidence=sure,
        evidence=evidence,
    )


def _no_path(library: Library, one: int, two: int, longest: int) -> Finding:
    return Finding(
        kind=KIND,
        text=f"I found no link between {library.name(one)} and {library.name(two)} in what I can check. "
        "That does not prove there is none.",
        status=Status.NOT_FOUND,
        values=named(library, one, two),
        reason=f"no path of at most {longest} steps",
    )


def _unknown(names: list[str]) -> Finding:
    quoted = " and ".join(f"“{name}”" for name in names)
    return Finding(
        kind=KIND,
        text=f"I do not know {quoted}, so I could not look for a link.",
        status=Status.NOT_EVALUATED,
        reason=f"unknown: {quoted}",
    )
