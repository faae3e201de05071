"""Occasion: an event that somebody reacts to, with the transaction, the time and the ids of the reaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge import Library
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event


@dataclass(frozen=True, slots=True)
class Occasion:
    """One event about one patient. The transaction is that of the service which watches for them.

    `library` is what is known of medicines; without it the rules of the service.
    """

    tx: AsyncSession
    event: Event
    patient_id: UUID
    actor: Principal
    now: datetime
    ids: NewId
    default_zone: str = "UTC"
    library: Library | None = None

    @property
    def correlation_id(self) -> UUID:
        """What everything that follows from the first event has in common."""
        return self.event.correlation_id or self.event.id
