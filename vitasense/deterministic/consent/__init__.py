"""Who may see what of whose record, who looked, and whether that log is whole."""

from vitasense.deterministic.consent.chain import BrokenLink, ChainReport, verify_chain
from vitasense.deterministic.consent.findings import access_findings
from vitasense.deterministic.consent.schemas import AuditEntry, AuditPage, Grant, Party, SharedPatient, Terms
from vitasense.deterministic.consent.service import (
    audit_trail,
    given,
    grant,
    readers,
    received,
    revoke,
    shared_patients,
)

__all__ = [
    "AuditEntry",
    "AuditPage",
    "BrokenLink",
    "ChainReport",
    "Grant",
    "Party",
    "SharedPatient",
    "Terms",
    "access_findings",
    "audit_trail",
    "given",
    "grant",
    "readers",
    "received",
    "revoke",
    "shared_patients",
    "verify_chain",
]
