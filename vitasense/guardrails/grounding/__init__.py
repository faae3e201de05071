"""Grounding: a reply may say only what its findings say."""

from vitasense.guardrails.grounding.verification import Unsupported, Verification, verify

__all__ = ["Unsupported", "Verification", "verify"]
