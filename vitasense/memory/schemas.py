"""What is remembered, how it is asked for, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence

Vector: TypeAlias = NDArray[np.float32]
PERSONAL = "personal"  # the collection of every person's own memories


class Kind(StrEnum):
    """What an entry is: about the person (fact, preference), a past conversation, a piece of a document, or shared."""

    FACT = "fact"
    PREFERENCE = "preference"
    EPISODE = "episode"
    PASSAGE = "passage"
    KNOWLEDGE = "knowledge"


class Entry(BaseModel):
    """One thing remembered, with where it came from.

    `owner` is the patient, or None in a shared collection. `key` says what it is about (`allergy/penicillin`), so that
    a later statement about the same supersedes it: then `ended_at` and `superseded_by` are set and the entry stays as
    history. `occurred_at` is when it was said or happened, `recorded_at` when it was written down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    owner: UUID | None
    collection: str = PERSONAL
    kind: Kind
    category: Category | None
    text: str = Field(min_length=1, max_length=8000)
    key: str | None = None
    source: Evidence
    confidence: float = Field(default=1.0, ge=0, le=1)
    occurred_at: datetime
    recorded_at: datetime
    ended_at: datetime | None = None
    superseded_by: UUID | None = None

    @model_validator(mode="after")
    def _owned_or_shared(self) -> "Entry":
        if (self.owner is None) == (self.collection == PERSONAL):
            raise ValueError("a personal entry has an owner, and a shared one has none")
        if (self.category is None) != (self.owner is None):
            raise ValueError("a personal entry has a category of the record, and a shared one has none")
        return self


@dataclass(frozen=True, slots=True)
class Space:
    """Where vectors can be compared: those of one model in one version, with `dimensions` numbers each."""

    model: str
    version: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """An entry with its unit vector in one space; None while it waits to be embedded and only its words find it."""

    entry: Entry
    space: Space | None = None
    vector: Vector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which entries: one owner's, or those of one shared collection. Empty sets do not narrow.

    `since` and `until` bound `occurred_at`, the end excluded. What was superseded is left out unless `history`.
    """

    owner: UUID | None = None
    collection: str = PERSONAL
    kinds: frozenset[Kind] = frozenset()
    categories: frozenset[Category] = frozenset()
    key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to one store: its words, its vector in `space`, and where to look.

    An entry counts when its cosine similarity is at least `threshold` or it holds the words that matter.
    """

    text: str
    where: Where
    space: Space | None = None
    vector: Vector | None = None
    limit: int = 10
    threshold: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that answers. `score` is the fused reciprocal rank; `similarity` the cosine, None if only words found it."""

    entry: Entry
    score: float
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The hits, best first; `waiting` entries in the same place have no vector yet and were sought by words alone."""

    hits: tuple[Hit, ...] = ()
    waiting: int = 0

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries of the hits, best first."""
        return [hit.entry for hit in self.hits]
