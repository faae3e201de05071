"""Puts volumes together: equal nodes become one, edges point to them, and each edge keeps the book it is from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from vitasense.deterministic.knowledge.library.rows import Bools, Ints
from vitasense.deterministic.knowledge.library.volume import ALWAYS, Book, Edges, Node, Volume, chosen, joined

_OF_THEIR_OWN = frozenset({"class", "drug"})  # kinds whose names say too little to take two of them for one


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """All volumes as one. `places` is by key; `names` by compared name, the first volume that has a name decides.

    `namesakes` are further nodes of a name.

    The first `ground` of the books are those of the rule files.
    """

    ground: int
    books: Sequence[Book]
    nodes: Sequence[Node]
    node_books: Sequence[int]
    places: Mapping[str, int]
    names: Mapping[str, int]
    namesakes: Mapping[str, Sequence[int]]
    edges: Edges
    edge_books: Ints


def whole(ground: Sequence[Volume], added: Sequence[Volume] = (), on: date | None = None) -> Whole:
    """The volumes as one; of edges only those that are valid on that day, when it is given.

    A node of `added` is one of `ground` when it has its key, or when it is of the same kind and its names are names of
    that one and of no other. Raises ValueError when an edge of a volume names a node that nobody has.
    """
    volumes = (*ground, *added)
    found = _Catalogue()
    taken = [found.take(volume.nodes, book, own=book < len(ground)) for book, volume in enumerate(volumes)]
    parts = [_placed(volume, places, found.places) for volume, places in zip(volumes, taken, strict=True)]
    edges = joined(parts)
    books = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
    if on is not None:
        valid = _valid(edges, on.toordinal())
        if not valid.all():
            edges, books = chosen(edges, np.flatnonzero(valid)), books[valid]
    sources = [volume.book for volume in volumes]
    return Whole(
        len(ground),
        sources,
        found.nodes,
        found.books,
        found.places,
        found.names,
        found.namesakes,
        edges,
        books,
    )


@dataclass(slots=True)
class _Catalogue:
    """Nodes as they come, each once."""

    nodes: list[Node] = field(default_factory=list[Node])
    books: list[int] = field(default_factory=list[int])
    places: dict[str, int] = field(default_factory=dict[str, int])
    names: dict[str, int] = field(default_factory=dict[str, int])
    namesakes: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    own: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def take(self, nodes: Sequence[Node], book: int, *, own: bool) -> list[int]:
        """The place of each node; those that are new get the next ones."""
        return [self._take(node, book, own=own) for node in nodes]

    def _take(self, node: Node, book: int, *, own: bool) -> int:
        kind = node.key.partition(":")[0]
        place = self.places.get(node.key)
        if place is None and not own and kind not in _OF_THEIR_OWN:
            place = self._namesake(kind, node.known_as)
        if place is None:
            place = len(self.nodes)
            self.nodes.append(node)
            self.books.append(book)
        else:
            self._add_codes(place, node.codes)
        self.places[node.key] = place
        for name in node.known_as:
            if self.names.setdefault(name, place) != place:
                self.namesakes.setdefault(name, []).append(place)
            if own:
                self.own.setdefault((kind, name), place)
        return place

    def _namesake(self, kind: str, known_as: tuple[str, ...]) -> int | None:
        found = {place for name in known_as if (place := self.own.get((kind, name))) is not None}
        return found.pop() if len(found) == 1 else None

    def _add_codes(self, place: int, codes: tuple[str, ...]) -> None:
        held = self.nodes[place]
        if not set(codes) <= set(held.codes):
            self.nodes[place] = held._replace(codes=tuple(dict.fromkeys((*held.codes, *codes))))


def _placed(volume: Volume, places: list[int], known: Mapping[str, int]) -> Edges:
    missing = [key for key in volume.referred if key not in known]
    if missing:
        raise ValueError(f"{volume.book.name} names nodes that nobody has: {', '.join(missing[:5])}")
    to = np.array([*places, *(known[key] for key in volume.referred)], np.int32)
    edges = volume.edges
    return replace(edges, sources=to[edges.sources], targets=to[edges.targets]) if len(edges) else edges


def _valid(edges: Edges, day: int) -> Bools:
    return (edges.since <= day) & ((edges.until == ALWAYS) | (edges.until >= day))
