"""What a consumer failed to do: tried again later and later, then parked for an operator to see and to replay."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.events.rows import EVENT, event_of
from vitasense.deterministic.platform.events.schemas import Course, Event, Parked, State
from vitasense.deterministic.platform.logging import describe_error

ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
KEPT_FAILURES = 16  # of an event that was replayed and failed again

# The wait is spread by a fifth to both sides: what failed together is not tried again together.
_WAIT = "(0.8 + 0.4 * random()) * least(cast(:first as interval) * power(2, {attempts}), cast(:longest as interval))"
_FAILURE = "cast(:failure as jsonb) || jsonb_build_object('at', clock_timestamp())"
# ruff: noqa: S608 - the statements are put together from constants alone
_FAILED = text(
    "insert into app.inbox (consumer, event_id, key, seq, attempts, last_error, failures, retry_at) "
    f"select :consumer, e.id, e.key, e.seq, 1, :error, jsonb_build_array({_FAILURE}), "
    f" clock_timestamp() + {_WAIT.format(attempts='0')} from app.event e where e.id = :event "
    "on conflict (consumer, event_id) do update set attempts = inbox.attempts + 1, last_error = excluded.last_error, "
    "key = excluded.key, seq = excluded.seq, failures = case when jsonb_array_length(inbox.failures) "
    f" >= {KEPT_FAILURES} then inbox.failures - 0 else inbox.failures end || excluded.failures, "
    f"retry_at = clock_timestamp() + {_WAIT.format(attempts='inbox.attempts')}, "
    "parked_at = case when inbox.attempts + 1 >= :most then clock_timestamp() end "
    "where inbox.handled_at is null and inbox.parked_at is null returning parked_at is not null"
).bindparams(bindparam("failure", type_=JSONB))
_PARKED = text(
    "select e.id, e.type, i.consumer, i.attempts, i.last_error, i.failures->-1->>'place', e.recorded_at, i.parked_at "
    "from app.inbox i join app.event e on e.id = i.event_id where i.parked_at is not null "
    "order by i.parked_at, e.id limit :limit"
)
_REPLAY = text(
    "update app.inbox i set parked_at = null, retry_at = null, attempts = 0, key = e.key, seq = e.seq "
    "from app.event e where e.id = i.event_id and i.parked_at is not null "
    "and (cast(:event as uuid) is null or e.id = :event) and (cast(:consumer as text) is null or consumer = :consumer) "
    "and (cast(:type as text) is null or e.type = :type) returning i.consumer"
)
_FIND = text(f"select {EVENT} from app.event e where e.id = :event")
_COURSES = text(
    "select consumer, attempts, handled_at, retry_at, parked_at, failures from app.inbox where event_id = :event "
    "order by consumer"
)


async def failed(tx: AsyncSession, consumer: str, event_id: UUID, error: BaseException) -> bool:
    """Try the event again after about 2, 4, 8 … seconds; True when this was the eighth failure and it is parked now.

    Only the error's type and place are kept: its message may quote health data.
    """
    told = describe_error(error)
    failure = {"type": told["error_type"], "place": told["error_at"]}
    waits = {"first": FIRST_WAIT, "longest": LONGEST_WAIT, "most": ATTEMPTS}
    names = {"consumer": consumer, "event": event_id, "error": failure["type"], "failure": failure}
    return bool(await tx.scalar(_FAILED, names | waits))


async def parked(tx: AsyncSession, limit: int = 1000) -> list[Parked]:
    """What was given up, the longest ago first, for an operator to look at."""
    return [Parked(*row) for row in await tx.execute(_PARKED, {"limit": limit})]


async def replay(tx: AsyncSession, event_id: UUID) -> list[str]:
    """Let every consumer that gave the event up try it again from the beginning; returns their names, none if none."""
    return await _replayed(tx, event=event_id)


async def replay_all(tx: AsyncSession, *, consumer: str | None = None, kind: str | None = None) -> int:
    """The same for all that was given up, or what one consumer did or one type of event; returns how many."""
    return len(await _replayed(tx, consumer=consumer, kind=kind))


async def find(tx: AsyncSession, event_id: UUID) -> Event | None:
    """The event, or None when there is none that the context may read."""
    row = (await tx.execute(_FIND, {"event": event_id})).one_or_none()
    return event_of(row) if row else None


async def courses(tx: AsyncSession, event_id: UUID) -> list[Course]:
    """How the event went with each consumer that has taken note of it."""
    return [_course(row) for row in await tx.execute(_COURSES, {"event": event_id})]


async def _replayed(
    tx: AsyncSession, *, event: UUID | None = None, consumer: str | None = None, kind: str | None = None
) -> list[str]:
    chosen = {"event": event, "consumer": consumer, "type": kind}
    names: Sequence[str] = (await tx.scalars(_REPLAY, chosen)).all()
    return sorted(names)


def _course(row: Row[tuple[object, ...]]) -> Course:
    return Course(
        row.consumer, _state(row), row.attempts, row.handled_at, row.retry_at, row.parked_at, tuple(row.failures)
    )


def _state(row: Row[tuple[object, ...]]) -> State:
    if row.handled_at:
        return "handled"
    if row.parked_at:
        return "parked"
    return "retrying" if row.attempts else "waiting"
