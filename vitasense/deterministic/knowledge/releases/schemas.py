"""Release: one file of knowledge that was taken, and what taking one would change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact
from vitasense.deterministic.knowledge.formats.parsed import Flaw
from vitasense.deterministic.knowledge.library import Book
from vitasense.deterministic.knowledge.schemas import Severity


class State(StrEnum):
    """One release of a kind and name is active; a newer one supersedes it, and it comes back when that is reverted."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True)
class Release:
    """A file that was taken. `kind` is how it is read, `name` tells several of a kind apart; `digest` is its SHA-256."""

    id: UUID
    kind: str
    name: str
    version: str
    source: str
    digest: bytes
    nodes: int
    edges: int
    state: State
    taken_at: datetime
    reverted_at: datetime | None = None

    @property
    def book(self) -> Book:
        """What evidence names: the kind, and the name where it is another."""
        return book_of(self.kind, self.name, self.version, self.source)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was read and is not taken yet; `flaws` are the first things that were left out, of `flaw_count`."""

    kind: str
    name: str
    version: str
    source: str
    digest: bytes
    nodes: Sequence[NodeFact]
    edges: Sequence[EdgeFact]
    flaws: Sequence[Flaw] = ()
    flaw_count: int = 0

    @property
    def book(self) -> Book:
        """What evidence will name."""
        return book_of(self.kind, self.name, self.version, self.source)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new, other than before, or gone; each by its words."""

    added: Sequence[str] = ()
    changed: Sequence[str] = ()
    removed: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Rerated:
    """A pair whose documented severity is another now: the most severe of all its entries, None where it has none."""

    pair: str
    before: Severity | None
    after: Severity | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking a release changes, compared with the active one of its kind and name."""

    nodes: Changes = field(default_factory=Changes)
    edges: Changes = field(default_factory=Changes)
    rerated: Sequence[Rerated] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges or self.rerated)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen: the release that would be replaced, the difference to it, and what speaks against it.

    `nodes` are those of the file, and those of the rules or of other releases that its edges name.
    """

    incoming: Incoming
    nodes: Sequence[NodeFact]
    before: Release | None
    difference: Difference
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A node of a release in force, found by its names."""

    key: str
    name: str
    names: tuple[str, ...]
    book: Book


def book_of(kind: str, name: str, version: str, source: str) -> Book:
    """What evidence names: the kind of a release, and its name where that is another."""
    return Book(kind if name == kind else f"{kind}/{name}", version, source)
