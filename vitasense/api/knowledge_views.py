"""What the routes of knowledge answer with."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel

from vitasense.deterministic.knowledge import Explanation, Level, Library, NodeKind, Relation, Severity
from vitasense.deterministic.knowledge.releases import Release, State
from vitasense.deterministic.platform.findings import Evidence, Finding
from vitasense.deterministic.platform.untrusted import shown
from vitasense.memory import Entry, Quote, called


class NodeRef(BaseModel):
    """A node by its key and name."""

    key: str
    kind: NodeKind
    name: str

    @classmethod
    def of(cls, library: Library, place: int) -> Self:
        """The node at a place."""
        return cls(key=library.key(place), kind=library.kind(place), name=library.name(place))


class EdgeView(BaseModel):
    """An edge of a node, in words (`says`); `outgoing` when it begins there. `sentence` is set where a person read it.

    `via` is the kind that the node belongs to, where the edge is one of that kind.
    """

    relation: Relation
    outgoing: bool
    other: NodeRef
    via: NodeRef | None
    says: str
    level: Level
    severity: Severity | None
    what: str | None
    advice: str | None
    strength: str | None
    sentence: str | None
    valid_from: date | None
    valid_to: date | None
    evidence: Evidence

    @classmethod
    def of(cls, library: Library, edge: int, place: int, node: int) -> Self:
        """An edge as it is seen from a node; `place` is that end of it which is the node or a kind of it."""
        fact, (source, target) = library.edge(edge), library.ends(edge)
        plain = {name: getattr(fact, name) for name in cls.model_fields if name in fact.__slots__}
        other = NodeRef.of(library, target if source == place else source)
        via = NodeRef.of(library, place) if place != node else None
        return cls(**plain, outgoing=source == place, other=other, via=via, evidence=library.evidence(edge))


class NodeView(BaseModel):
    """A node with its names and codes, and a page of its edges of `total`: its own, and interactions of its kinds.

    `next` is where the following page begins.
    """

    key: str
    kind: NodeKind
    name: str
    names: list[str]
    codes: dict[str, list[str]]
    evidence: Evidence
    total: int
    edges: list[EdgeView]
    next: int | None


class PathView(BaseModel):
    """How two things hang together.

    `findings`: what is listed, what follows from enzymes, else the shortest path. `reasons`: why, entry by entry, where
    that says more.
    """

    one: NodeRef | None
    two: NodeRef | None
    findings: list[Finding]
    reasons: list[Finding]


class EntryView(BaseModel):
    """Something that is explained. `node` is the key of the node of its name, `how` whether a name or the meaning fits."""

    key: str
    name: str
    names: list[str]
    text: str
    node: str | None
    how: Literal["name", "meaning"]
    evidence: Evidence

    @classmethod
    def of(cls, told: Explanation, library: Library) -> Self:
        """An entry that was found by a name."""
        node = _node(told.name, library)
        return cls(
            key=told.key,
            name=told.name,
            names=list(told.names),
            text=told.text,
            node=node,
            how="name",
            evidence=told.evidence,
        )

    @classmethod
    def of_entry(cls, entry: Entry, library: Library) -> Self:
        """An entry of the shared collection that was found by its meaning."""
        name, *others = called(entry)
        text, node = entry.text.partition("\n")[0], _node(name, library)
        return cls(
            key=entry.key or str(entry.id),
            name=name,
            names=others,
            text=text,
            node=node,
            how="meaning",
            evidence=entry.source,
        )


class PassageView(BaseModel):
    """A sentence of a document that was read for knowledge, word for word, with the heading that it stands under."""

    quotation: str
    title: str
    heading: str | None
    evidence: Evidence

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """A sentence that was found; nothing that is hidden or acts is in it."""
        source = quote.entry.source
        heading = shown(quote.heading) or None
        return cls(quotation=shown(quote.sentence), title=shown(source.label), heading=heading, evidence=source)


class Found(BaseModel):
    """What was found, names first, and what documents say of which something that was accepted counts.

    `by_words`: meaning could not be compared now, so more may be there. `not_searched`: titles of documents whose text was
    not kept, or is not loaded yet.
    """

    items: list[EntryView]
    passages: list[PassageView]
    not_searched: list[str]
    by_words: bool


class ReleaseView(BaseModel):
    """A release that was taken, and whether it counts now."""

    id: UUID
    kind: str
    name: str
    version: str
    source: str
    nodes: int
    edges: int
    state: State
    taken_at: datetime
    reverted_at: datetime | None

    @classmethod
    def of(cls, release: Release) -> Self:
        """The view of a release."""
        return cls(**{name: getattr(release, name) for name in cls.model_fields})


class Releases(BaseModel):
    """Every release that was ever taken, the oldest first."""

    items: list[ReleaseView]


def _node(name: str, library: Library) -> str | None:
    place = library.find(name)
    return library.key(place) if place is not None else None
