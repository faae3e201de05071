"""Review of new material: documents read into proposals with their sentences, decided on by people, kept as releases."""

from vitasense.deterministic.knowledge.review.publishing import KIND
from vitasense.deterministic.knowledge.review.repository import body, works
from vitasense.deterministic.knowledge.review.schemas import (
    LITERATURE,
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
    Work,
)
from vitasense.deterministic.knowledge.review.service import Review
from vitasense.deterministic.knowledge.review.standing import known

__all__ = [
    "KIND",
    "LITERATURE",
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
    "Work",
    "body",
    "known",
    "works",
]
