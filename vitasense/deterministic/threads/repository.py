"""All SQL of threads. Row-level security limits every statement to the person's own threads about this record.

Words are given beside a statement and never within it: the engine keeps each statement that it has compiled, with the
values that stood in it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.threads.models import CHECKPOINT_TABLES, message, thread
from vitasense.deterministic.threads.schemas import Message, Thread


async def add_thread(tx: AsyncSession, owner_id: UUID, new: Thread) -> None:
    """Store a new thread."""
    await tx.execute(insert(thread), new.model_dump() | {"owner_id": owner_id})


async def find_thread(tx: AsyncSession, patient_id: UUID, thread_id: UUID) -> Thread | None:
    """The thread, or None when there is none or it is not the person's."""
    row = (await tx.execute(select(thread).where(thread.c.patient_id == patient_id, thread.c.id == thread_id))).first()
    return Thread.model_validate(row) if row else None


async def list_threads(tx: AsyncSession, patient_id: UUID, owner_id: UUID, limit: int) -> list[Thread]:
    """The person's threads about this record, the latest first."""
    mine = (thread.c.patient_id == patient_id, thread.c.owner_id == owner_id)
    rows = await tx.execute(select(thread).where(*mine).order_by(thread.c.updated_at.desc()).limit(limit))
    return [Thread.model_validate(row) for row in rows]


_HOLDING = text(
    "select t.id, t.patient_id, t.title, t.created_at, t.updated_at from phi.thread t where t.patient_id = :patient and "
    "(t.id = any(cast(:ids as uuid[])) or exists (select from phi.message m, unnest(cast(:words as text[])) w (said) "
    "where m.patient_id = t.patient_id and m.thread_id = t.id and strpos(lower(m.content::text), lower(w.said)) > 0)) "
    "order by t.updated_at desc"
)


async def threads_holding(
    tx: AsyncSession, patient_id: UUID, words: Sequence[str], ids: Sequence[UUID]
) -> list[Thread]:
    """The person's threads that have one of these ids, or a message with one of these phrases in it."""
    rows = await tx.execute(_HOLDING, {"patient": patient_id, "words": list(words), "ids": list(ids)})
    return [Thread.model_validate(row) for row in rows]


async def change_thread(
    tx: AsyncSession, patient_id: UUID, thread_id: UUID, *, title: str | None = None, updated_at: datetime | None = None
) -> bool:
    """Rename or touch; False when there is no such thread."""
    values = {name: value for name, value in (("title", title), ("updated_at", updated_at)) if value is not None}
    found = thread.c.patient_id == patient_id, thread.c.id == thread_id
    change = update(thread).where(*found).values({name: bindparam(f"new_{name}") for name in values})
    given = {f"new_{name}": value for name, value in values.items()}
    return bool((await tx.execute(change.returning(thread.c.id), given)).first())


async def remove_thread(tx: AsyncSession, patient_id: UUID, thread_id: UUID) -> bool:
    """Delete a thread, its messages and its checkpoints; False when there is no such thread."""
    for table in CHECKPOINT_TABLES:
        await tx.execute(text(f"delete from phi.{table} where thread_id = :id"), {"id": str(thread_id)})  # noqa: S608 fixed names
    found = thread.c.patient_id == patient_id, thread.c.id == thread_id
    return bool((await tx.execute(delete(thread).where(*found).returning(thread.c.id))).first())


async def add_messages(
    tx: AsyncSession, patient_id: UUID, owner_id: UUID, thread_id: UUID, messages: Sequence[Message]
) -> None:
    """Store messages in one statement, so that a question and its answer are kept together or not at all."""
    identity = {"patient_id": patient_id, "owner_id": owner_id, "thread_id": thread_id}
    rows = [each.model_dump() | identity | {"categories": sorted(each.categories)} for each in messages]
    places: list[dict[str, Any]] = [
        {name: bindparam(f"{name}_{place}", type_=message.c[name].type) for name in row}
        for place, row in enumerate(rows)
    ]
    given = {f"{name}_{place}": value for place, row in enumerate(rows) for name, value in row.items()}
    await tx.execute(insert(message).values(places), given)


async def list_messages(tx: AsyncSession, patient_id: UUID, thread_id: UUID, limit: int) -> list[Message]:
    """The last `limit` messages that may still be seen, the oldest of them first."""
    mine = message.c.patient_id == patient_id, message.c.thread_id == thread_id
    rows = await tx.execute(select(message).where(*mine).order_by(message.c.id.desc()).limit(limit))
    return [Message.model_validate(row) for row in reversed(rows.all())]


async def list_messages_after(
    tx: AsyncSession, patient_id: UUID, thread_id: UUID, after: datetime | None, limit: int
) -> list[Message]:
    """The first `limit` messages behind this moment that may still be seen, in order."""
    mine = [message.c.patient_id == patient_id, message.c.thread_id == thread_id]
    mine += [message.c.at > after] if after else []
    rows = await tx.execute(select(message).where(*mine).order_by(message.c.id).limit(limit))
    return [Message.model_validate(row) for row in rows]
