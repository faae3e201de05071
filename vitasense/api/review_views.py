"""What the routes of review take and answer with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.knowledge import Relation, Severity
from vitasense.deterministic.knowledge.reading import Effect, Mechanism, Mention
from vitasense.deterministic.knowledge.review import (
    Changes,
    Decision,
    Draft,
    Known,
    Material,
    MaterialKind,
    Proposal,
    Standing,
    State,
)
from vitasense.deterministic.platform.findings import Evidence

LONGEST_WORDS = 1000
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS)]
Name = Annotated[str, Field(min_length=1, max_length=400)]
Version = Annotated[
    int,
    Field(
        ge=0,
        description="`version` of the candidate that you saw; what was decided already needs it to be decided again",
    ),
]


class Acceptance(BaseModel):
    """It becomes an edge as it was read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"version": 0}]})

    version: Version = 0


class Edit(BaseModel):
    """It becomes an edge with these changes; what is left out stays as it was read."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"version": 0, "severity": "moderate", "target": "gemfibrozil"}]},
    )

    version: Version = 0
    source: Name | None = None
    target: Name | None = None
    severity: Severity | None = None
    what: Words | None = None
    advice: Words | None = None
    strength: Literal["strong", "moderate", "weak", "sensitive"] | None = None

    @property
    def changes(self) -> Changes:
        """The changes alone."""
        return Changes(**self.model_dump(exclude={"version"}))


class Refusal(BaseModel):
    """It becomes no edge."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 0, "reason": "The sentence is about a test tube."}]}
    )

    version: Version = 0
    reason: Words


class MaterialView(BaseModel):
    """A document that was read, and how many of its candidates are in each state. `length` counts characters."""

    id: UUID
    kind: MaterialKind
    title: str
    source: str
    about: list[str]
    length: int
    added_at: datetime
    added_by: UUID
    candidates: dict[State, int]

    @classmethod
    def of(cls, material: Material, counts: Mapping[State, int]) -> Self:
        """The view of a material."""
        plain = {name: getattr(material, name) for name in cls.model_fields if name not in ("about", "candidates")}
        return cls(**plain, about=list(material.about), candidates=dict(counts))


class Materials(BaseModel):
    """Every document that was read, the oldest first."""

    items: list[MaterialView]


class MentionView(BaseModel):
    """How the text names a thing; `key` is the node of that name, null for what is only described."""

    text: str
    start: int
    end: int
    kind: str
    key: str | None

    @classmethod
    def of(cls, mention: Mention) -> Self:
        """The view of a mention."""
        return cls(**{name: getattr(mention, name) for name in cls.model_fields})


class EdgeDraft(BaseModel):
    """The edge that it would become. `source` and `target` are keys of nodes, null where nobody knows the name."""

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
    level: Literal["reviewed"] = "reviewed"

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """The view of a draft."""
        return cls(**draft.as_json())


class KnownView(BaseModel):
    """What is known of the two: not known (new), the same, other (rated otherwise, or denied), or not named."""

    standing: Standing
    severity: Severity | None
    evidence: list[Evidence]

    @classmethod
    def of(cls, known: Known) -> Self:
        """The view of what is known."""
        return cls(standing=known.standing, severity=known.severity, evidence=list(known.evidence))


class CandidateView(BaseModel):
    """A sentence of a document and the edge that it would become: as read (`draft`), and as mended (`edited`).

    `start` and `end` are characters of the text. `denied`: the text says that there is no such thing. `in_force`: the edge
    counts now. `version` counts the decisions: send it back to decide again.
    """

    id: UUID
    material_id: UUID
    material: str
    place: int
    section: str | None
    sentence: str
    start: int
    end: int
    subject: MentionView
    object: MentionView
    effect: Effect | None
    mechanism: Mechanism | None
    cues: list[str]
    denied: bool
    confidence: float
    draft: EdgeDraft
    edited: EdgeDraft | None
    known: KnownView
    state: State
    version: int
    reason: str | None
    decided_by: UUID | None
    decided_at: datetime | None
    release_id: UUID | None
    in_force: bool

    @classmethod
    def of(cls, proposal: Proposal, known: Known) -> Self:
        """The view of a proposal."""
        read = proposal.candidate
        same = ("section", "sentence", "start", "end", "effect", "mechanism", "confidence")
        decided = ("id", "place", "state", "reason", "decided_by", "decided_at", "release_id")
        return cls(
            **{name: getattr(read, name) for name in same},
            **{name: getattr(proposal, name) for name in decided},
            material_id=proposal.material.id,
            material=proposal.material.title,
            subject=MentionView.of(read.subject),
            object=MentionView.of(read.object),
            cues=list(read.cues),
            denied=read.is_absent,
            draft=EdgeDraft.of(proposal.draft),
            edited=EdgeDraft.of(proposal.edited) if proposal.edited else None,
            known=KnownView.of(known),
            version=proposal.decisions,
            in_force=proposal.is_in_force,
        )


class CandidatePage(BaseModel):
    """Candidates in order of their documents and places; `next` is the cursor of those after them."""

    items: list[CandidateView]
    next: UUID | None


class DecisionView(BaseModel):
    """One decision; `edge` is null for a refusal."""

    number: int
    state: State
    edge: EdgeDraft | None
    reason: str | None
    decided_by: UUID
    decided_at: datetime
    release_id: UUID | None

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """The view of a decision."""
        plain = {name: getattr(decision, name) for name in cls.model_fields if name != "edge"}
        return cls(**plain, edge=EdgeDraft.of(decision.edge) if decision.edge else None)


class CandidateDetail(BaseModel):
    """A candidate with every decision on it, the first one first."""

    candidate: CandidateView
    history: list[DecisionView]

    @classmethod
    def of(cls, candidate: CandidateView, history: Sequence[Decision]) -> Self:
        """The view of a candidate and its history."""
        return cls(candidate=candidate, history=[DecisionView.of(each) for each in history])
