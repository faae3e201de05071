"""Events of what followed from a decision: they stay in the chain that began with a reading."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.decisions import repository
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event


async def tell(
    tx: AsyncSession,
    patient_id: UUID,
    kind: str,
    payload: Mapping[str, object],
    *,
    behind: UUID | None,
    at: datetime,
    actor: Principal,
    ids: NewId,
) -> None:
    """Append an event of type `kind`, correlated with the event that the decision `behind` it was about.

    That event is its cause when the service acts; what a person does has none. A decision that cannot be seen leaves
    the event alone. `payload` holds ids, codes and times only.
    """
    chain = await repository.chain(tx, patient_id, behind) if behind else None
    event_id, correlation_id = chain or (None, None)
    await events.append(
        tx,
        Event(
            id=ids(),
            type=kind,
            version=1,
            patient_id=patient_id,
            actor_id=actor.account_id,
            occurred_at=at,
            recorded_at=at,
            causation_id=event_id if actor.role is Role.MONITOR else None,
            correlation_id=correlation_id,
            payload=payload,
        ),
    )
