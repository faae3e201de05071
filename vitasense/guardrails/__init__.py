"""The gates before and after the specialists: triage, scope, injection, privacy, grounding. All deterministic."""

from vitasense.guardrails.grounding import Unsupported, Verification, verify
from vitasense.guardrails.injection import Instruction, find_instructions, wrap_untrusted
from vitasense.guardrails.pipeline import Decision, PersonFacts, Screening, screen
from vitasense.guardrails.privacy import IdentifierKind, KnownIdentifier, Redactor, strip_links_and_images
from vitasense.guardrails.scope import Decline, decline
from vitasense.guardrails.triage import Flag, Triage, red_flags_version, triage

__all__ = [
    "Decision",
    "Decline",
    "Flag",
    "IdentifierKind",
    "Instruction",
    "KnownIdentifier",
    "PersonFacts",
    "Redactor",
    "Screening",
    "Triage",
    "Unsupported",
    "Verification",
    "decline",
    "find_instructions",
    "red_flags_version",
    "screen",
    "strip_links_and_images",
    "triage",
    "verify",
    "wrap_untrusted",
]
