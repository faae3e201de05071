"""Facts and libraries for tests: a node by kind and name, an edge by its ends, a library of both."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact, Relation
from vitasense.deterministic.knowledge.library import Book, Library, ground, volume, whole
from vitasense.deterministic.knowledge.schemas import Severity

BOOK = Book("csv", "2026", "a list made for tests")


def node(key: str, *names: str, **codes: str) -> NodeFact:
    """A node called as its key is, unless it has names."""
    called = names or (key.partition(":")[2].replace("_", " "),)
    return NodeFact(key, called[0], called[1:], {system: (code,) for system, code in codes.items()})


def edge(
    source: str,
    relation: Relation,
    target: str,
    *,
    severity: Severity | None = None,
    level: Level = Level.COMPENDIUM,
    ref: str = "1",
    what: str | None = None,
    advice: str | None = None,
    strength: str | None = None,
    origin: str = "Tester 2026",
    sentence: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> EdgeFact:
    """An edge that says its ends."""
    says = f"{source.partition(':')[2]} {relation.value} {target.partition(':')[2]}"
    return EdgeFact(
        source,
        relation,
        target,
        says,
        origin,
        ref,
        level,
        severity,
        what,
        advice,
        strength,
        sentence,
        since,
        until,
    )


def interacts(a: str, b: str, severity: Severity | None = Severity.MAJOR, **more: str) -> EdgeFact:
    """An interaction of two nodes."""
    return edge(a, Relation.INTERACTS, b, severity=severity, what="they meet", **more)  # pyright: ignore[reportArgumentType]


def is_a(member: str, group: str) -> EdgeFact:
    """A membership."""
    return edge(member, Relation.IS_A, group)


def alone(edges: Sequence[EdgeFact], nodes: Sequence[NodeFact] = (), on: date | None = None) -> Library:
    """A library of these facts and nothing else; the ends of edges become nodes by themselves."""
    return Library(whole([volume(BOOK, _with_ends(edges, nodes), edges)], on=on))


def beside_rules(edges: Sequence[EdgeFact], nodes: Sequence[NodeFact] = ()) -> Library:
    """A library of the rule files and one release with these facts."""
    added = volume(BOOK, _with_ends(edges, nodes), edges)
    return Library(whole(ground(), [added]), releases=[UUID(int=1)])


def _with_ends(edges: Sequence[EdgeFact], nodes: Sequence[NodeFact]) -> list[NodeFact]:
    named = {each.key for each in nodes}
    ends = dict.fromkeys(key for each in edges for key in (each.source, each.target) if key not in named)
    return [*nodes, *map(node, ends)]
