"""Library: what is known, as one immutable view in the process. Places are small numbers that stand for nodes and edges."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

import networkx as nx
import numpy as np

from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.library.assembly import Whole
from vitasense.deterministic.knowledge.library.network import network
from vitasense.deterministic.knowledge.library.paths import shortest, within
from vitasense.deterministic.knowledge.library.rows import Bools, Ints, Rows, closure
from vitasense.deterministic.knowledge.library.volume import LEVELS, RELATIONS, Book, edge_fact, node_fact
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.platform.findings import Evidence, Finding
from vitasense.deterministic.platform.untrusted import shown

_REMEMBERED = 512  # nodes whose partners and roles are kept at hand
_ROLES = (Relation.SUBSTRATE, Relation.ACTIVATED_BY, Relation.INHIBITS, Relation.INDUCES)
_BETWEEN = tuple(f"{kind}:" for kind in NodeKind if kind not in (NodeKind.INGREDIENT, NodeKind.FOOD, NodeKind.DRUG))
_STATED = (Relation.CONTRAINDICATED, Relation.CAUSES, Relation.CHANGES, Relation.GUIDED_BY)


@dataclass(frozen=True, slots=True)
class Held:
    """One role of a medicine at an enzyme or transporter: the edge, and the place of the protein."""

    edge: int
    relation: Relation
    protein: int
    strength: str | None


class Library:
    """Nodes by name and key, edges by node, pairs that interact, roles at proteins, and what is above each node.

    `releases` are the ids of the releases that it was made from beside the rule files. `said` keeps what was said of
    pairs, so that it is put into words once.
    """

    def __init__(self, made_of: Whole, releases: Sequence[UUID] = ()) -> None:
        self.releases = tuple(releases)
        self._whole = made_of
        self._kinds = self._rows(Relation.IS_A)
        self._above = closure(self._rows(Relation.IS_A, towards=True), self.node_count)
        self._meeting = self._both_ends(self._are(Relation.INTERACTS))
        self._rank = self._order()
        self._touching = self._both_ends(np.ones(self.edge_count, np.bool_))
        self._stating = self._both_ends(self._are(*_STATED))
        self._is_step = ~self._are(Relation.INTERACTS, *_STATED)
        self._between = np.array([node.key.startswith(_BETWEEN) for node in self._whole.nodes], np.bool_)
        self._near = self._neighbours(self._is_step)
        self._by_role = self._rows(*_ROLES)
        self.partners: Callable[[int], Mapping[int, Sequence[int]]] = lru_cache(_REMEMBERED)(self._partners)
        self.lineage: Callable[[int], frozenset[int]] = lru_cache(_REMEMBERED)(self._lineage)
        self.roles: Callable[[int], tuple[Held, ...]] = lru_cache(_REMEMBERED)(self._roles)
        self.said: dict[tuple[int, int], Finding | None] = {}

    @property
    def node_count(self) -> int:
        """How many nodes there are; their places are 0 to one less."""
        return len(self._whole.nodes)

    @property
    def edge_count(self) -> int:
        """How many edges there are."""
        return len(self._whole.edges)

    @property
    def added(self) -> Sequence[Book]:
        """The releases that it was made from, beside the rule files."""
        return self._whole.books[self._whole.ground :]

    @cached_property
    def lists(self) -> Sequence[Book]:
        """Those of the releases that say which things interact."""
        first, books = self._whole.ground, self._whole.edge_books[self._are(Relation.INTERACTS)]
        return [self._whole.books[at] for at in map(int, np.unique(books)) if at >= first]

    def find(self, name: str) -> int | None:
        """The place of the node of this name, written in any way; None when nothing is called so."""
        return self._whole.names.get(normalise(name))

    def called(self, name: str) -> tuple[int, ...]:
        """Every node of this name, that of `find` first: potassium is a supplement and a value of the blood."""
        said, first = normalise(name), self.find(name)
        return () if first is None else tuple(dict.fromkeys((first, *self._whole.namesakes.get(said, ()))))

    def place(self, key: str) -> int | None:
        """The place of the node with this key."""
        return self._whole.places.get(key)

    def name(self, place: int) -> str:
        """What the node is called."""
        return self._whole.nodes[place].name

    def key(self, place: int) -> str:
        """The node's key: its kind and own name."""
        return self._whole.nodes[place].key

    def kind(self, place: int) -> NodeKind:
        """What the node stands for."""
        return NodeKind(self.key(place).partition(":")[0])

    def code(self, place: int, system: str) -> str | None:
        """The node's first code in that system ("rxnorm", "atc")."""
        start = f"{system}|"
        for token in self._whole.nodes[place].codes:
            if token.startswith(start):
                return token[len(start) :]
        return None

    def node(self, place: int) -> NodeFact:
        """The node."""
        return node_fact(self._whole.nodes[place])

    def edge(self, place: int) -> EdgeFact:
        """The edge, between the keys of its nodes."""
        source, target = self.ends(place)
        return edge_fact(self._whole.edges, place, self.key(source), self.key(target))

    def ends(self, edge: int) -> tuple[int, int]:
        """The places of an edge's source and target."""
        return int(self._whole.edges.sources[edge]), int(self._whole.edges.targets[edge])

    def relation(self, edge: int) -> Relation:
        """How its source stands to its target."""
        return RELATIONS[int(self._whole.edges.relations[edge])]

    def says(self, edge: int) -> str:
        """The clause of an edge."""
        return self._whole.edges.texts["says"][edge]

    def book(self, edge: int) -> Book:
        """Where an edge is from."""
        return self._whole.books[int(self._whole.edge_books[edge])]

    def evidence(self, edge: int, label: str | None = None) -> Evidence:
        """A pointer to the entry of an edge; the label is its clause unless another is given, with the sentence it is from."""
        texts, book = self._whole.edges.texts, self.book(edge)
        ref = f"{book.room}/{book.name}#{texts['ref'][edge]}"
        said, sentence = label or texts["says"][edge], texts["sentence"][edge]
        said = f"{said}: “{shown(sentence)}”" if sentence else said
        return Evidence(kind="knowledge", ref=ref, version=book.version, label=said, source=texts["origin"][edge])

    def node_evidence(self, place: int) -> Evidence:
        """A pointer to the entry that a node is from."""
        node, book = self._whole.nodes[place], self._whole.books[self._whole.node_books[place]]
        ref = f"{book.room}/{book.name}#{node.ref}"
        return Evidence(kind="knowledge", ref=ref, version=book.version, label=node.name, source=book.source)

    def nodes(self) -> Iterator[NodeFact]:
        """Every node, in order of places."""
        return (self.node(place) for place in range(self.node_count))

    def edges(self) -> Iterator[EdgeFact]:
        """Every edge, in order of places."""
        return (self.edge(place) for place in range(self.edge_count))

    def edges_of(self, place: int) -> tuple[int, ...]:
        """The edges that begin or end at a node."""
        return tuple(self._touching[place].tolist())

    def listed(self, one: int, two: int) -> tuple[int, ...]:
        """The interactions of two different nodes, or of kinds that they belong to, the most severe and best first.

        What a source only worked out (Level.INFERRED) comes last.
        """
        partners = self.partners(one)
        found = partners.keys() & self.lineage(two) if one != two else ()
        return tuple(sorted({edge for place in found for edge in partners[place]}, key=self._rank.__getitem__))

    def stated(self, one: int, two: int) -> tuple[int, ...]:
        """What speaks against two together, or how one changes, causes or guides the other; kinds of both count.

        It holds for the two alone: two medicines that an illness speaks against have nothing to do with each other.
        """
        edges, below = self._whole.edges, self.lineage(two)
        owners, stating = self._stating.gathered(self._above[one])
        others = edges.sources[stating] + edges.targets[stating] - owners
        found = {edge for other, edge in zip(others.tolist(), stating.tolist(), strict=True) if other in below}
        return tuple(sorted(found, key=self._rank.__getitem__)) if one != two else ()

    def stated_by(self, place: int) -> tuple[int, ...]:
        """What is stated of a node and of its kinds, its own first, then that of the nearest kind."""
        owners, stating = self._stating.gathered(self._above[place])
        return tuple(stating[self._whole.edges.sources[stating] == owners].tolist())

    def is_inferred(self, edge: int) -> bool:
        """Whether a source only worked this out."""
        return LEVELS[int(self._whole.edges.levels[edge])] is Level.INFERRED

    def belongs(self, member: int, group: int) -> list[int]:
        """The edges that lead from a node up to a kind that it belongs to, the fewest; empty when it is not below it."""
        ways: list[list[int]] = [[edge] for edge in map(int, self._kinds[member])]
        seen = {member}
        while ways:
            ends = {self.ends(way[-1])[1]: way for way in reversed(ways)}
            if group in ends:
                return ends[group]
            ways = [[*way, edge] for end, way in ends.items() if end not in seen for edge in map(int, self._kinds[end])]
            seen |= ends.keys()
        return []

    def reviewed(self) -> list[int]:
        """The edges that a person accepted together with the sentence that each was read in."""
        at = np.flatnonzero(self._whole.edges.levels == LEVELS.index(Level.REVIEWED))
        return [place for place in map(int, at) if self._whole.edges.texts["sentence"][place]]

    def around(self, place: int, steps: int) -> list[int]:
        """The nodes that a path of at most so many steps reaches, itself left out."""
        return within(self._near, self.node_count, place, steps)

    def path(self, one: int, two: int, longest: int) -> list[int]:
        """The places of a shortest path along kinds, contents, uses and roles; empty when none has at most `longest` steps.

        Interactions and what is `stated` of two things are no steps of it, and it leads through no other medicine or food.
        """
        return shortest(self._near, self._between, one, two, longest)

    def step(self, one: int, two: int) -> int:
        """The best supported edge between two neighbours on a path. Raises IndexError when there is none."""
        edges = self._whole.edges
        near = self._touching[one]
        between = near[(edges.sources[near] + edges.targets[near] - one == two) & self._is_step[near]]
        return int(between[np.lexsort((between, edges.levels[between]))[0]])

    def networkx(self) -> "nx.MultiDiGraph[str]":
        """The same for algorithms of networkx, made when it is first asked for. Nodes are keys, with `name` and `kind`.

        Edges have `relation`, `says`, `evidence`, and `severity` where they are rated.
        """
        return self._network

    @cached_property
    def _network(self) -> "nx.MultiDiGraph[str]":
        rows = ((edge, self.edge(edge), self.evidence(edge)) for edge in range(self.edge_count))
        return network(self.nodes(), rows)

    def _partners(self, place: int) -> dict[int, list[int]]:
        """The nodes with which a node, or a kind that it belongs to, interacts, and the edges that say so."""
        edges, found = self._whole.edges, dict[int, list[int]]()
        owners, meeting = self._meeting.gathered(self._above[place])
        others = edges.sources[meeting] + edges.targets[meeting] - owners
        for other, edge in zip(others.tolist(), meeting.tolist(), strict=True):
            found.setdefault(other, []).append(edge)
        return found

    def _lineage(self, place: int) -> frozenset[int]:
        """The node itself and every kind that it belongs to."""
        return frozenset(self._above[place].tolist())

    def _roles(self, place: int) -> tuple[Held, ...]:
        """What a medicine has to do with enzymes and transporters."""
        strengths = self._whole.edges.texts["strength"]
        return tuple(
            Held(edge, self.relation(edge), self.ends(edge)[1], strengths[edge] or None)
            for edge in map(int, self._by_role[place])
        )

    def _order(self) -> Ints:
        """The rank of each edge: documented before inferred, then by severity, by how well it is supported, by place."""
        edges = self._whole.edges
        ranks = np.empty(self.edge_count, np.int32)
        order = np.lexsort((edges.levels, edges.severities, edges.levels == LEVELS.index(Level.INFERRED)))
        ranks[order] = np.arange(self.edge_count, dtype=np.int32)
        return ranks

    def _are(self, *relations: Relation) -> Bools:
        wanted = np.isin(np.arange(len(RELATIONS)), [RELATIONS.index(each) for each in relations])
        return wanted[self._whole.edges.relations]

    def _rows(self, *relations: Relation, towards: bool = False) -> Rows:
        """By source the edges of these relations, or where they lead to."""
        at = np.flatnonzero(self._are(*relations)).astype(np.int32)
        sources, targets = self._whole.edges.sources[at], self._whole.edges.targets[at]
        return Rows.of(sources, targets if towards else at, self.node_count)

    def _both_ends(self, which: Bools) -> Rows:
        """The chosen edges by either end."""
        at = np.flatnonzero(which).astype(np.int32)
        ends = np.concatenate([self._whole.edges.sources[at], self._whole.edges.targets[at]])
        return Rows.of(ends, np.concatenate([at, at]), self.node_count)

    def _neighbours(self, which: Bools) -> Rows:
        """The nodes beside each node, along the chosen edges in either direction."""
        at = np.flatnonzero(which)
        one, two = self._whole.edges.sources[at], self._whole.edges.targets[at]
        return Rows.of(np.concatenate([one, two]), np.concatenate([two, one]), self.node_count)
