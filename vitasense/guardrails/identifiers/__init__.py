"""Finding identifiers in a text: what is known of the person and the contacts, and what looks like one."""

from vitasense.guardrails.identifiers.finding import Finder
from vitasense.guardrails.identifiers.found import KINDS, Found, IdentifierKind, KnownIdentifier

__all__ = ["KINDS", "Finder", "Found", "IdentifierKind", "KnownIdentifier"]
