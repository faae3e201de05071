"""Who does what about which event: the one table, and what its smallest entry does."""

import json
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.events import Event

Handle = Callable[[AsyncSession, Event], Awaitable[None]]
Handlers = Mapping[str, Mapping[str, Handle]]

_NOTE = text("select audit.note(:subject, 'raised', 'emergency', cast(:details as jsonb))")


async def note_emergency(tx: AsyncSession, event: Event) -> None:
    """Write to the patient's audit chain that a conversation about them raised an emergency, and who held it."""
    if event.patient_id is None:
        return
    details = {"event": str(event.id), "by": str(event.actor_id), "occurred_at": event.occurred_at.isoformat()}
    await tx.execute(_NOTE, {"subject": event.patient_id, "details": json.dumps(details)})


# Event type → consumer → what it does. It gets a transaction in the service's own context, and may switch it to another
# access; the worker switches back. What it does must be in that transaction alone: it may be rolled back and done again.
# A consumer's name is kept in the database.
HANDLERS: Handlers = {
    "conversation.emergency_raised": {"emergency_notes": note_emergency},
}


def by_consumer(handlers: Handlers) -> dict[str, dict[str, Handle]]:
    """The same table the other way round: consumer → event type → what it does, consumers in order of their names."""
    names = sorted({name for consumers in handlers.values() for name in consumers})
    return {name: {kind: each[name] for kind, each in handlers.items() if name in each} for name in names}
