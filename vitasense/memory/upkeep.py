"""SQL that looks at personal memories by where they came from: what is not summarised or cut into passages yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category

# A category that was asked for is named: what the policies hide must not look like a document without passages.
_KEPT = text(
    "select distinct key, source->>'version' as version, source->>'label' as label, category, cast(source->>'at' as timestamptz) as at "
    "from phi.memory where patient_id = :patient and kind = 'passage' and category = any(:categories)"
)
_EARLIER = text(
    "select t.id, greatest(t.forgotten_until, (select max(m.occurred_at) from phi.memory m "
    "where m.patient_id = t.patient_id and m.thread_id = t.id and m.kind = 'episode')) as until "
    "from phi.thread t where t.patient_id = :patient and t.owner_id = :patient and t.id <> :current "
    "and t.updated_at > coalesce(t.forgotten_until, '-infinity') "
    "and not exists (select from phi.memory m where m.patient_id = t.patient_id and m.thread_id = t.id "
    "and m.kind = 'episode' and m.occurred_at >= t.updated_at) order by t.updated_at desc limit :most"
)
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('memory ' || :patient, 0))")
_SINCE = text(
    "select count(*) as said, max(u.until) as until from (select greatest((select t.forgotten_until from phi.thread t "
    "where t.patient_id = :patient and t.id = :thread), max(m.occurred_at)) as until from phi.memory m "
    "where m.patient_id = :patient and m.thread_id = :thread and m.kind = 'episode') u "
    "join phi.message s on s.patient_id = :patient and s.thread_id = :thread "
    "and s.at > coalesce(u.until, '-infinity')"
)


_LATEST = text(
    "select id from phi.memory where patient_id = :patient and kind = 'episode' "
    "and (cast(:since as timestamptz) is null or occurred_at >= :since) "
    "and (cast(:until as timestamptz) is null or occurred_at < :until) order by occurred_at desc, id limit :most"
)
_OF_THREAD = text(
    "select id from phi.memory where patient_id = :patient and thread_id = :thread and kind = 'episode' "
    "order by occurred_at, id"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with passages: its reference, the version and category that they are of, its name and time."""

    ref: str
    version: str
    category: Category
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Unsummarised:
    """A conversation with messages after `until`, when its last episode ends; None when it has none."""

    thread_id: UUID
    until: datetime | None


async def kept_documents(tx: AsyncSession, patient_id: UUID, categories: Iterable[Category]) -> list[Kept]:
    """The documents of these categories that have passages, the newest first."""
    rows = await tx.execute(_KEPT, {"patient": patient_id, "categories": sorted(categories)})
    kept = [Kept(row.key, row.version, Category(row.category), row.label, row.at) for row in rows]
    return sorted(kept, key=lambda each: (each.at.timestamp() if each.at else 0.0, each.ref), reverse=True)


async def one_at_a_time(tx: AsyncSession, patient_id: UUID) -> None:
    """Wait until nobody else changes what is remembered of this person, and keep others waiting until the commit."""
    await tx.execute(_ONE_AT_A_TIME, {"patient": str(patient_id)})


async def earlier(tx: AsyncSession, patient_id: UUID, current: UUID, most: int) -> list[Unsummarised]:
    """The person's own conversations, but the current one, with messages that no episode tells; the latest first."""
    rows = await tx.execute(_EARLIER, {"patient": patient_id, "current": current, "most": most})
    return [Unsummarised(row.id, row.until) for row in rows]


async def latest_episodes(
    tx: AsyncSession, patient_id: UUID, *, since: datetime | None = None, until: datetime | None = None, most: int
) -> list[UUID]:
    """The ids of episodes of this time, those of the latest conversation first, each conversation in its order."""
    span = {"patient": patient_id, "since": since, "until": until, "most": most}
    return list((await tx.scalars(_LATEST, span)).all())


async def episodes_of(tx: AsyncSession, patient_id: UUID, thread_id: UUID) -> list[UUID]:
    """The ids of a conversation's episodes, in order."""
    return list((await tx.scalars(_OF_THREAD, {"patient": patient_id, "thread": thread_id})).all())


async def since_summary(tx: AsyncSession, patient_id: UUID, thread_id: UUID) -> tuple[int, datetime | None]:
    """How many messages of a conversation no episode tells, and when its last episode ends."""
    row = (await tx.execute(_SINCE, {"patient": patient_id, "thread": thread_id})).one()
    return row.said, row.until
