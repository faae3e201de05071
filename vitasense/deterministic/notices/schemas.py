"""A notice: one mail to one person."""

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
