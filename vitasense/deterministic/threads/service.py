"""Opening, reading, renaming and deleting conversations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.problems import InvalidInput, NotFound
from vitasense.deterministic.threads import repository
from vitasense.deterministic.threads.schemas import TITLE_LENGTH, Message, Thread

MOST_THREADS = 200
MOST_MESSAGES = 500


async def open_thread(
    tx: AsyncSession,
    owner: Principal,
    patient_id: UUID,
    thread_id: UUID | None,
    *,
    title: str,
    now: datetime,
    new_id: NewId,
) -> Thread:
    """The thread with this id, or a new one whose id the service makes. Raises NotFound for anyone else's."""
    if thread_id is not None:
        return await get(tx, patient_id, thread_id)
    thread = Thread(id=new_id(), patient_id=patient_id, title=_short(title), created_at=now, updated_at=now)
    await repository.add_thread(tx, owner.account_id, thread)
    return thread


async def get(tx: AsyncSession, patient_id: UUID, thread_id: UUID) -> Thread:
    """The thread; NotFound when it does not exist or is not the person's."""
    thread = await repository.find_thread(tx, patient_id, thread_id)
    if thread is None:
        raise NotFound("there is no such conversation")
    return thread


async def listed(tx: AsyncSession, owner: Principal, patient_id: UUID) -> list[Thread]:
    """The person's conversations about this record, the latest first."""
    return await repository.list_threads(tx, patient_id, owner.account_id, MOST_THREADS)


async def holding(tx: AsyncSession, patient_id: UUID, words: Sequence[str], ids: Sequence[UUID] = ()) -> list[Thread]:
    """The person's conversations in which one of these phrases stands, and those with these ids; the latest first."""
    return await repository.threads_holding(tx, patient_id, words, ids)


async def messages(tx: AsyncSession, patient_id: UUID, thread_id: UUID, limit: int = MOST_MESSAGES) -> list[Message]:
    """The conversation's messages in order, without those that drew on what is no longer shared."""
    return await repository.list_messages(tx, patient_id, thread_id, limit)


async def messages_after(
    tx: AsyncSession, patient_id: UUID, thread_id: UUID, after: datetime | None, limit: int = MOST_MESSAGES
) -> list[Message]:
    """The first messages behind this moment, or from the beginning, without those that drew on what is not shared."""
    return await repository.list_messages_after(tx, patient_id, thread_id, after, limit)


async def append(tx: AsyncSession, owner: Principal, thread: Thread, new: Sequence[Message], *, now: datetime) -> None:
    """Add messages to the conversation."""
    await repository.add_messages(tx, thread.patient_id, owner.account_id, thread.id, new)
    await repository.change_thread(tx, thread.patient_id, thread.id, updated_at=now)


async def rename(tx: AsyncSession, patient_id: UUID, thread_id: UUID, title: str) -> Thread:
    """Give the conversation another title."""
    if not title.strip():
        raise InvalidInput("the title is empty")
    if not await repository.change_thread(tx, patient_id, thread_id, title=_short(title)):
        raise NotFound("there is no such conversation")
    return await get(tx, patient_id, thread_id)


async def remove(tx: AsyncSession, patient_id: UUID, thread_id: UUID) -> None:
    """Delete the conversation with everything it holds."""
    if not await repository.remove_thread(tx, patient_id, thread_id):
        raise NotFound("there is no such conversation")


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"
