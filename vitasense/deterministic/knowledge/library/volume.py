"""Volume: the facts of one book of rules or one release, as columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact, Relation
from vitasense.deterministic.knowledge.library.rows import Ints
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.schemas import Severity

Codes = NDArray[np.uint8]
RELATIONS = tuple(Relation)
LEVELS = tuple(Level)
SEVERITIES = (*Severity, None)
"""What the numbers in the columns stand for; the most severe and the best supported have the smallest."""
TEXTS = ("says", "origin", "ref", "what", "advice", "strength", "sentence")
_SHARED = ("origin", "what", "advice", "strength")
ALWAYS = 0  # a period that is open on this side

_RELATION = {relation: number for number, relation in enumerate(RELATIONS)}
_LEVEL = {level: number for number, level in enumerate(LEVELS)}
_SEVERITY = {severity: number for number, severity in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Book:
    """Where facts come from: a file of rules ("interactions") or a release ("ansm"), its version and its publication.

    `room` is the room that keeps the file.
    """

    name: str
    version: str
    source: str
    room: str = "knowledge"


class Node(NamedTuple):
    """A node as it is kept: `codes` are "system|code", `known_as` all its names in the form in which names are compared."""

    key: str
    name: str
    others: tuple[str, ...]
    codes: tuple[str, ...]
    known_as: tuple[str, ...]
    ref: str


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges as columns. `sources` and `targets` are places of nodes; texts that an edge does not have are empty.

    `since` and `until` are `date.toordinal()`, or ALWAYS.
    """

    sources: Ints
    targets: Ints
    relations: Codes
    levels: Codes
    severities: Codes
    since: Ints
    until: Ints
    texts: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.sources)


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """The facts of one book. Keys beyond those of `nodes` are only referred to: another volume has their nodes."""

    book: Book
    nodes: Sequence[Node]
    edges: Edges
    referred: Sequence[str] = ()


@dataclass(slots=True)
class _Shelfmarks:
    """The place of each key, given when it is first named."""

    places: dict[str, int] = field(default_factory=dict[str, int])

    def of(self, key: str) -> int:
        return self.places.setdefault(key, len(self.places))


def volume(book: Book, nodes: Iterable[NodeFact], edges: Iterable[EdgeFact], refs: Mapping[str, str] = {}) -> Volume:
    """The facts as columns, in their order. `refs` names the entry of a node's key, else it is the key itself."""
    distinct = {each.key: node_of(each, refs.get(each.key)) for each in nodes}
    places = _Shelfmarks()
    for key in distinct:
        places.of(key)
    facts = list(edges)
    columns = edge_columns(
        facts, [places.of(each.source) for each in facts], [places.of(each.target) for each in facts]
    )
    return Volume(book, list(distinct.values()), columns, list(places.places)[len(distinct) :])


def node_of(fact: NodeFact, ref: str | None = None) -> Node:
    """The node as it is kept."""
    entry = ref or fact.key.partition(":")[2]
    return Node(fact.key, fact.name, tuple(fact.names), tuple(tokens(fact.codes)), known_as(fact), entry)


def edge_columns(facts: Sequence[EdgeFact], sources: Sequence[int], targets: Sequence[int]) -> Edges:
    """The edges as columns, between nodes at the places given."""
    return Edges(
        sources=np.array(sources, np.int32),
        targets=np.array(targets, np.int32),
        relations=np.array([_RELATION[each.relation] for each in facts], np.uint8),
        levels=np.array([_LEVEL[each.level] for each in facts], np.uint8),
        severities=np.array([_SEVERITY[each.severity] for each in facts], np.uint8),
        since=np.array([_day(each.valid_from) for each in facts], np.int32),
        until=np.array([_day(each.valid_to) for each in facts], np.int32),
        texts={name: [getattr(each, name) or "" for each in facts] for name in TEXTS},
    )


def edge_fact(edges: Edges, place: int, source: str, target: str) -> EdgeFact:
    """One edge of the columns, between the nodes with these keys."""
    texts = {name: column[place] for name, column in edges.texts.items()}
    return EdgeFact(
        source=source,
        relation=RELATIONS[int(edges.relations[place])],
        target=target,
        says=texts["says"],
        origin=texts["origin"],
        ref=texts["ref"],
        level=LEVELS[int(edges.levels[place])],
        severity=SEVERITIES[int(edges.severities[place])],
        what=texts["what"] or None,
        advice=texts["advice"] or None,
        strength=texts["strength"] or None,
        sentence=texts["sentence"] or None,
        valid_from=_date(int(edges.since[place])),
        valid_to=_date(int(edges.until[place])),
    )


def node_fact(node: Node) -> NodeFact:
    """The node as a fact."""
    return NodeFact(node.key, node.name, node.others, by_system(node.codes))


def edge_facts(volume: Volume) -> Iterator[EdgeFact]:
    """The edges of a volume as facts, in order."""
    keys = [*(node.key for node in volume.nodes), *volume.referred]
    ends = zip(map(int, volume.edges.sources), map(int, volume.edges.targets), strict=True)
    return (edge_fact(volume.edges, at, keys[source], keys[target]) for at, (source, target) in enumerate(ends))


def joined(parts: Sequence[Edges]) -> Edges:
    """All edges in one, in order; of texts that many edges share one is kept."""
    return Edges(
        sources=np.concatenate([part.sources for part in parts]),
        targets=np.concatenate([part.targets for part in parts]),
        relations=np.concatenate([part.relations for part in parts]),
        levels=np.concatenate([part.levels for part in parts]),
        severities=np.concatenate([part.severities for part in parts]),
        since=np.concatenate([part.since for part in parts]),
        until=np.concatenate([part.until for part in parts]),
        texts={name: _joined([part.texts[name] for part in parts], shared=name in _SHARED) for name in TEXTS},
    )


def chosen(edges: Edges, at: NDArray[np.integer[Any]]) -> Edges:
    """The edges at these places, in this order."""
    return Edges(
        sources=edges.sources[at],
        targets=edges.targets[at],
        relations=edges.relations[at],
        levels=edges.levels[at],
        severities=edges.severities[at],
        since=edges.since[at],
        until=edges.until[at],
        texts={name: tuple([edges.texts[name][place] for place in map(int, at)]) for name in TEXTS},
    )


def tokens(codes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Codes as "system|code", the form of a token in FHIR."""
    for system, values in codes.items():
        yield from (f"{system}|{value}" for value in values)


def by_system(found: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The other way round."""
    codes: dict[str, tuple[str, ...]] = {}
    for token in found:
        system, _, code = token.partition("|")
        codes[system] = (*codes.get(system, ()), code)
    return codes


def known_as(node: NodeFact) -> tuple[str, ...]:
    """Every name of a node in the form in which names are compared, each once."""
    return tuple(filter(None, dict.fromkeys(normalise(name) for name in (node.name, *node.names))))


def _joined(columns: Iterable[Sequence[str]], *, shared: bool) -> tuple[str, ...]:
    whole = tuple(chain.from_iterable(columns))
    if not shared:
        return whole
    kept = dict(zip(whole, whole, strict=True))
    return tuple(map(kept.__getitem__, whole))


def _day(day: date | None) -> int:
    return day.toordinal() if day else ALWAYS


def _date(day: int) -> date | None:
    return None if day == ALWAYS else date.fromordinal(day)
