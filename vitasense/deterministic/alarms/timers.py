"""What is due at some time: wound with the change that wants it, rung by the worker."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.alarms import ledger
from vitasense.deterministic.alarms.schemas import Timer, TimerKind
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.problems import InvalidInput

MOST_AT_ONCE = 500


async def wind(
    tx: AsyncSession, patient_id: UUID, kind: TimerKind, ref: UUID, due_at: datetime, now: datetime, ids: NewId
) -> None:
    """Have the worker look at `ref` at `due_at`. A timer is never unwound: what it finds then decides what happens.

    Raises InvalidInput for a time without zone.
    """
    if due_at.tzinfo is None:
        raise InvalidInput("The time of the timer has no time zone.")
    await ledger.wind(tx, Timer(ids(), patient_id, kind, ref, due_at), now)


async def due(tx: AsyncSession, now: datetime, limit: int = 100) -> list[Timer]:
    """Timers that are due, in the service's own context; another worker is given others until this transaction ends."""
    if not 0 < limit <= MOST_AT_ONCE:
        raise InvalidInput(f"From 1 to {MOST_AT_ONCE} timers are given at once.")
    return await ledger.due(tx, now, limit)


async def done(tx: AsyncSession, timer_id: UUID, now: datetime) -> bool:
    """The timer rang and was seen to, in the transaction of what was done; False when it was done before."""
    return await ledger.done(tx, timer_id, now)
