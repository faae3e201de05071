"""What a release changes. Edges are compared by their ends and relation: lines of a file move, what is said does not."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, Relation
from vitasense.deterministic.knowledge.releases.schemas import Changes, Difference, Rerated
from vitasense.deterministic.knowledge.schemas import Severity

_RATED = (Relation.INTERACTS, Relation.CONTRAINDICATED)
_ORDER = {severity: number for number, severity in enumerate((*Severity, None))}
_SAID = attrgetter(
    *("severity", "says", "origin", "level", "what", "advice", "strength", "sentence", "valid_from", "valid_to")
)
Link = tuple[str, Relation, str]
Said = frozenset[tuple[Any, ...]]
K = TypeVar("K")
V = TypeVar("V")


def difference(
    before: tuple[Iterable[NodeFact], Iterable[EdgeFact]], after: tuple[Iterable[NodeFact], Iterable[EdgeFact]]
) -> Difference:
    """What is in `after` and not, or otherwise, in `before`."""
    old_nodes, new_nodes = _by_key(before[0]), _by_key(after[0])
    old, new = _links(before[1]), _links(after[1])
    names = {key: node.name for key, node in (old_nodes | new_nodes).items()}
    return Difference(
        nodes=_changes(old_nodes, new_nodes, {key: f"{key.partition(':')[0]} {name}" for key, name in names.items()}),
        edges=_changes(old, new, {link: _words(link, names) for link in (*old, *new)}),
        rerated=_rerated(old, new, names),
    )


def _by_key(nodes: Iterable[NodeFact]) -> dict[str, NodeFact]:
    return {node.key: node for node in nodes}


def _links(edges: Iterable[EdgeFact]) -> dict[Link, Said]:
    """What is said of each two nodes, wherever in the file it stands."""
    found: dict[Link, list[tuple[Any, ...]]] = {}
    for edge in edges:
        found.setdefault((edge.source, edge.relation, edge.target), []).append(_SAID(edge))
    return {link: frozenset(said) for link, said in found.items()}


def _changes(old: Mapping[K, V], new: Mapping[K, V], words: Mapping[K, str]) -> Changes:
    return Changes(
        added=[words[key] for key in new if key not in old],
        changed=[words[key] for key, value in new.items() if key in old and old[key] != value],
        removed=[words[key] for key in old if key not in new],
    )


def _words(link: Link, names: Mapping[str, str]) -> str:
    source, relation, target = link
    return f"{names.get(source, source)} {relation.value} {names.get(target, target)}"


def _rerated(old: Mapping[Link, Said], new: Mapping[Link, Said], names: Mapping[str, str]) -> Sequence[Rerated]:
    """Pairs that are in both and are rated otherwise; an interaction is the same from either end."""
    before, after = _ratings(old), _ratings(new)
    return [
        Rerated(" and ".join(names.get(key, key) for key in pair), before[pair], severity)
        for pair, severity in after.items()
        if pair in before and before[pair] != severity
    ]


def _ratings(links: Mapping[Link, Said]) -> dict[tuple[str, str], Severity | None]:
    found: dict[tuple[str, str], Severity | None] = {}
    for (source, relation, target), said in links.items():
        if relation not in _RATED:
            continue
        pair = (min(source, target), max(source, target))
        rated = [found.get(pair), *(severity for severity, *_ in said)]
        found[pair] = min(rated, key=_ORDER.__getitem__)
    return found
