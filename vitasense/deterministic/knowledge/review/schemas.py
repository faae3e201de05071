"""What a reviewer works with: documents that were read, and proposals, each an edge with the sentence it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.reading import Candidate
from vitasense.deterministic.knowledge.schemas import Severity
from vitasense.deterministic.platform.findings import Evidence

LITERATURE = "knowledge/literature#"  # what a pointer to the text of a document begins with
LONGEST_TITLE = 120
LONGEST_WORDS = 1000  # characters of what happens, of an advice, and of a reason


class MaterialKind(StrEnum):
    """What a document is."""

    LABEL = "label"
    GUIDELINE = "guideline"
    ARTICLE = "article"


class State(StrEnum):
    """Where a proposal stands; the last three are decisions."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REFUSED = "refused"


class Standing(StrEnum):
    """How a proposal stands to what is known: known with the same severity, with another one, not known, or not named.

    That nothing happens is `other` when something is known to happen. `unnamed`: one end is no node that we know.
    """

    NEW = "new"
    SAME = "same"
    OTHER = "other"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be read. `about` are the medicines that a label is of; `source` says who published it, and when."""

    title: str
    text: str
    source: str
    kind: MaterialKind = MaterialKind.ARTICLE
    about: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """A document that was read. `digest` is the SHA-256 of its words, `length` the number of its characters."""

    id: UUID
    kind: MaterialKind
    title: str
    source: str
    about: tuple[str, ...]
    digest: bytes
    length: int
    added_at: datetime
    added_by: UUID

    @property
    def origin(self) -> str:
        """What edges name as where they are from: the title, and the day on which it was read."""
        return _origin(self.title, self.added_at)


@dataclass(frozen=True, slots=True)
class Work:
    """A document of which something that was accepted counts now. `has_text`: what it says was kept, and can be searched."""

    id: UUID
    kind: MaterialKind
    title: str
    source: str
    about: tuple[str, ...]
    added_at: datetime
    has_text: bool

    @property
    def origin(self) -> str:
        """What edges name as where they are from: that of its material."""
        return _origin(self.title, self.added_at)

    @property
    def evidence(self) -> Evidence:
        """A pointer to the document; its version is the day on which it was read."""
        ref = f"{LITERATURE}{self.id}"
        version = f"read {self.added_at:%Y-%m-%d}"
        return Evidence(
            kind="knowledge", ref=ref, version=version, label=self.title, source=self.source, at=self.added_at
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """The edge that a proposal would become. `source` and `target` are keys of nodes, None where nobody knows the name.

    `source_name` and `target_name` are what the two are called, or how the text names what is not known. The other members
    are those of the edge.
    """

    source: str | None
    source_name: str
    relation: Relation
    target: str | None
    target_name: str
    says: str
    severity: Severity | None
    what: str | None
    advice: str | None
    strength: str | None

    def as_json(self) -> dict[str, Any]:
        """The draft as JSON values."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """The draft of what `as_json` gave."""
        severity = Severity(told["severity"]) if told["severity"] else None
        return replace(cls(**told), relation=Relation(told["relation"]), severity=severity)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reviewer mends: names of nodes, severity, words, strength of a role. What is None stays as it is."""

    source: str | None = None
    target: str | None = None
    severity: Severity | None = None
    what: str | None = None
    advice: str | None = None
    strength: str | None = None

    def __bool__(self) -> bool:
        return any(each is not None for each in astuple(self))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence of a material and the edge that it would become. `draft` is what was read; `edited` has been mended.

    `decisions` counts what was decided so far, `is_in_force` tells whether its edge is in a release that counts now.
    """

    id: UUID
    material: Material
    place: int
    candidate: Candidate
    draft: Draft
    state: State = State.PROPOSED
    decisions: int = 0
    edited: Draft | None = None
    reason: str | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    release_id: UUID | None = None
    is_in_force: bool = False

    @property
    def edge(self) -> Draft:
        """The edge as it stands: mended, if somebody mended it."""
        return self.edited or self.draft


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on a proposal, the first has number 1. `edge` is None for a refusal."""

    number: int
    state: State
    edge: Draft | None
    reason: str | None
    decided_by: UUID
    decided_at: datetime
    release_id: UUID | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the two ends of a proposal: the most severe rating, and the first entries that say so."""

    standing: Standing
    severity: Severity | None = None
    evidence: Sequence[Evidence] = field(default_factory=tuple[Evidence, ...])


def _origin(title: str, added_at: datetime) -> str:
    return f"{title} (read {added_at:%Y-%m-%d})"
