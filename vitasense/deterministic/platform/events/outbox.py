"""The outbox: an event is written with the change that it tells of, and rings the workers' bell when it commits."""

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.events.rows import COLUMNS
from vitasense.deterministic.platform.events.schemas import Event

CHANNEL = "vitasense_event"
_VALUES = ", ".join(f":{name}" for name in COLUMNS)

# No RETURNING: who may tell an event may not read the outbox. The notification says that something happened, not what.
_APPEND = text(
    f"with told as (insert into app.event ({', '.join(COLUMNS)}) values ({_VALUES})) "  # noqa: S608 - constants alone
    f"select pg_notify('{CHANNEL}', '')"
).bindparams(bindparam("payload", type_=JSONB))


async def append(tx: AsyncSession, event: Event) -> None:
    """Write the event with the change it tells of; it exists when the transaction commits.

    Row-level security refuses an event of another actor, or about a patient that the actor may not touch.
    """
    members = {name: getattr(event, name) for name in COLUMNS}
    await tx.execute(_APPEND, members | {"payload": dict(event.payload)})
