"""Reads documents into candidate edges: what a label, guideline or article states, for a person to accept or refuse."""

from vitasense.deterministic.knowledge.reading.candidate import Candidate, Effect, Mechanism, Mention
from vitasense.deterministic.knowledge.reading.documents import Document, document_of, text_of
from vitasense.deterministic.knowledge.reading.proposing import Source, candidates

__all__ = [
    "Candidate",
    "Document",
    "Effect",
    "Mechanism",
    "Mention",
    "Source",
    "candidates",
    "document_of",
    "text_of",
]
