"""A notice: one mail to one person. An outgoing hook: one call of one address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail as it waits to be sent. It carries links and codes, never health data."""

    id: UUID
    recipient: str
    subject: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OutgoingHook:
    """A webhook as it waits to be sent; `body` is JSON with a link, and tells nothing of a record."""

    id: UUID
    patient_id: UUID
    url: str
    body: str
    created_at: datetime
