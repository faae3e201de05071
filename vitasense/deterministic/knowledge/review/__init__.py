"""Review of new material: documents read into proposals with their sentences, decided on by people, kept as releases."""

from vitasense.deterministic.knowledge.review.publishing import KIND
from vitasense.deterministic.knowledge.review.schemas import (
    Changes,
    Decision,
    Document,
    Draft,
    Known,
    Material,
    MaterialKind,
    Proposal,
    Standing,
    State,
)
from vitasense.deterministic.knowledge.review.service import Review
from vitasense.deterministic.knowledge.review.standing import known

__all__ = [
    "KIND",
    "Changes",
    "Decision",
    "Document",
    "Draft",
    "Known",
    "Material",
    "MaterialKind",
    "Proposal",
    "Review",
    "Standing",
    "State",
    "known",
]
