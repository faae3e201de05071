"""The gates before and after the specialists: triage, scope, injection, privacy, grounding. All deterministic."""

from vitasense.guardrails.deference import Deference, deference
from vitasense.guardrails.grounding import Unsupported, Verification, verify
from vitasense.guardrails.identifiers import IdentifierKind, KnownIdentifier
from vitasense.guardrails.injection import Instruction, find_instructions
from vitasense.guardrails.links import strip_links_and_images
from vitasense.guardrails.pipeline import Decision, PersonFacts, Screening, screen
from vitasense.guardrails.privacy import Redactor
from vitasense.guardrails.scope import Decline, decline
from vitasense.guardrails.seeing import age_said
from vitasense.guardrails.triage import Flag, Triage, red_flags_version, triage
from vitasense.guardrails.untrusted import Untrusted, origin, quoted, told

__all__ = [
    "Decision",
    "Decline",
    "Deference",
    "Flag",
    "IdentifierKind",
    "Instruction",
    "KnownIdentifier",
    "PersonFacts",
    "Redactor",
    "Screening",
    "Triage",
    "Unsupported",
    "Untrusted",
    "Verification",
    "age_said",
    "decline",
    "deference",
    "find_instructions",
    "origin",
    "quoted",
    "red_flags_version",
    "screen",
    "strip_links_and_images",
    "told",
    "triage",
    "verify",
]
