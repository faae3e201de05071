"""All SQL of threads. Row-level security limits every statement to the person's own threads about this record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.threads.models import CHECKPOINT_TABLES, message, thread
from vitasense.deterministic.threads.schemas import Message, Thread


async def add_thread(tx: AsyncSession, owner_id: UUID, new: Thread) -> None:
    """Store a new thread."""
    await tx.execute(insert(thread).values(**new.model_dump(), owner_id=owner_id))


async def find_thread(tx: AsyncSession, patient_id: UUID, thread_id: UUID) -> Thread | None:
    """The thread, or None when there is none or it is not the person's."""
    row = (await tx.execute(select(thread).where(thread.c.patient_id == patient_id, thread.c.id == thread_id))).first()
    return Thread.model_validate(row) if row else None


async def list_threads(tx: AsyncSession, patient_id: UUID, owner_id: UUID, limit: int) -> list[Thread]:
    """The person's threads about this record, the latest first."""
    mine = (thread.c.patient_id == patient_id, thread.c.owner_id == owner_id)
    rows = await tx.execute(select(thread).where(*mine).order_by(thread.c.updated_at.desc()).limit(limit))
    return [Thread.model_validate(row) for row in rows]


async def change_thread(
    tx: AsyncSession, patient_id: UUID, thread_id: UUID, *, title: str | None = None, updated_at: datetime | None = None
) -> bool:
    """Rename or touch; False when there is no such thread."""
    values = {name: value for name, value in (("title", title), ("updated_at", updated_at)) if value is not None}
    found = thread.c.patient_id == patient_id, thread.c.id == thread_id
    return bool((await tx.execute(update(thread).where(*found).values(**values).returning(thread.c.id))).first())


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
    await tx.execute(insert(message).values(rows))


async def list_messages(tx: AsyncSession, patient_id: UUID, thread_id: UUID, limit: int) -> list[Message]:
    """The last `limit` messages that may still be seen, the oldest of them first."""
    mine = message.c.patient_id == patient_id, message.c.thread_id == thread_id
    rows = await tx.execute(select(message).where(*mine).order_by(message.c.id.desc()).limit(limit))
    return [Message.model_validate(row) for row in reversed(rows.all())]
