"""What a person is asked to do: one open task for each key, closed by an answer, by doing it, or by time."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.alarms import repository
from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.alarms.schemas import Asked, Task, TaskKind, TaskState
from vitasense.deterministic.alarms.timers import wind
from vitasense.deterministic.decisions import decision, tell
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound
from vitasense.deterministic.platform.untrusted import clean, visible

LONGEST_ANSWER = 2000
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a task's timer found: the task, and whether the person is to be reminded of it now."""

    task: Task
    is_due: bool


async def ask(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    kind: TaskKind,
    key: str,
    text: str,
    due_at: datetime,
    category: Category,
    decision_id: UUID,
    actor: Principal,
    now: datetime,
    ids: NewId,
    metric: str | None = None,
    alarm_id: UUID | None = None,
) -> Asked:
    """The open task of the key: a new one with a timer, or the one that is open already, as it is.

    Raises InvalidInput for an empty key or text, a time that is not to come, and for a task to measure again that does
    not name its metric (LOINC); NotFound for a decision that is not there.
    """
    if not key or not text.strip():
        raise InvalidInput("A task has a key and a text.")
    if due_at.tzinfo is None or due_at <= now:
        raise InvalidInput("A task is due at a time to come, with its time zone.")
    if kind is TaskKind.MEASURE_AGAIN and not metric:
        raise InvalidInput("A task to measure again names what to measure.")
    await decision(tx, patient_id, decision_id)
    new = Task(
        *(ids(), category, kind, key, clean(text), metric, due_at),
        *(TaskState.OPEN, None, alarm_id, decision_id, now, now),
    )
    if not await repository.add_task(tx, patient_id, new):
        known = await repository.open_task(tx, patient_id, key)
        if known is None:
            raise Conflict("This task was changed at the same moment. Ask again.")
        return Asked(known, False)
    await wind(tx, patient_id, "task", new.id, due_at, now, ids)
    await _tell(tx, patient_id, new, actor, ids)
    return Asked(new, True)


async def answer(
    tx: AsyncSession, patient_id: UUID, task_id: UUID, said: str, *, actor: Principal, now: datetime, ids: NewId
) -> Task:
    """The question with the person's answer, done. The same answer twice is one.

    Raises InvalidInput for an answer that is empty or longer than 2,000 characters, Conflict for a task that is no
    question or is closed, NotFound.
    """
    words = visible(said).strip()
    if not 0 < len(words) <= LONGEST_ANSWER:
        raise InvalidInput(f"An answer has from 1 to {LONGEST_ANSWER} characters.")
    known = await _held(tx, patient_id, task_id)
    if known.kind is not TaskKind.QUESTION:
        raise Conflict("This task asks for no answer.")
    if known.state is TaskState.DONE and known.answer == words:
        return known
    return await _close(tx, patient_id, replace(known, answer=words), known, TaskState.DONE, actor, now, ids)


async def finish(
    tx: AsyncSession, patient_id: UUID, task_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Task:
    """The task, done. Again changes nothing. Raises Conflict for a question, or a task closed otherwise; NotFound."""
    known = await _held(tx, patient_id, task_id)
    if known.kind is TaskKind.QUESTION and known.state is TaskState.OPEN:
        raise Conflict("A question is done by its answer.")
    return await _closed(tx, patient_id, known, TaskState.DONE, actor, now, ids)


async def dismiss(
    tx: AsyncSession, patient_id: UUID, task_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Task:
    """The task, set aside. Again changes nothing. Raises Conflict for a task closed otherwise; NotFound."""
    return await _closed(tx, patient_id, await _held(tx, patient_id, task_id), TaskState.DISMISSED, actor, now, ids)


async def expire(
    tx: AsyncSession, patient_id: UUID, task_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Task:
    """The task, closed by time. Again changes nothing. Raises Conflict before it was due, or closed otherwise; NotFound."""
    known = await _held(tx, patient_id, task_id)
    if known.state is TaskState.OPEN and now < known.due_at:
        raise Conflict("This task is not due yet.")
    return await _closed(tx, patient_id, known, TaskState.EXPIRED, actor, now, ids)


async def task(tx: AsyncSession, patient_id: UUID, task_id: UUID) -> Task:
    """The task. Raises NotFound when there is none, or none that may be seen."""
    found = await repository.task(tx, patient_id, task_id)
    if found is None:
        raise NotFound("There is no such task.")
    return found


async def tasks(
    tx: AsyncSession,
    patient_id: UUID,
    state: TaskState | None = None,
    limit: int = 100,
    *,
    changed_since: datetime | None = None,
) -> list[Task]:
    """Tasks of the state (of all without one), changed from then on, the one due first first; at most 500."""
    if not 0 < limit <= MOST_AT_ONCE:
        raise InvalidInput(f"From 1 to {MOST_AT_ONCE} tasks are given at once.")
    return await repository.tasks(tx, patient_id, state, limit, changed_since)


async def settle_by_reading(
    tx: AsyncSession, patient_id: UUID, metric: str, at: datetime, *, actor: Principal, now: datetime, ids: NewId
) -> list[Task]:
    """The tasks that a reading of the metric (LOINC), taken at `at`, has done by itself.

    A reading from before the task was asked, and one whose time lies ahead of the clock, has done none.
    """
    if at > now + intervals().tasks.clock_ahead:
        return []
    waiting = await repository.waiting_for(tx, patient_id, metric, at)
    return [await _close(tx, patient_id, each, each, TaskState.DONE, actor, now, ids) for each in waiting]


async def remind(
    tx: AsyncSession, patient_id: UUID, task_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Reminder | None:
    """What a timer of kind task finds: a task that is due (then task.due is the worker's to tell), or one that closes.

    None when the task is closed, or not there.
    """
    known = await repository.task(tx, patient_id, task_id, hold=True)
    if known is None or known.state is not TaskState.OPEN:
        return None
    closes = known.due_at + intervals().tasks.expire_after
    if now >= closes:
        return Reminder(await _close(tx, patient_id, known, known, TaskState.EXPIRED, actor, now, ids), False)
    is_due = now >= known.due_at
    await wind(tx, patient_id, "task", task_id, closes if is_due else known.due_at, now, ids)
    return Reminder(known, is_due)


async def _held(tx: AsyncSession, patient_id: UUID, task_id: UUID) -> Task:
    known = await repository.task(tx, patient_id, task_id, hold=True)
    if known is None:
        raise NotFound("There is no such task.")
    return known


async def _closed(
    tx: AsyncSession, patient_id: UUID, known: Task, state: TaskState, actor: Principal, now: datetime, ids: NewId
) -> Task:
    return known if known.state is state else await _close(tx, patient_id, known, known, state, actor, now, ids)


async def _close(
    tx: AsyncSession,
    patient_id: UUID,
    new: Task,
    known: Task,
    state: TaskState,
    actor: Principal,
    now: datetime,
    ids: NewId,
) -> Task:
    if known.state is not TaskState.OPEN:
        raise Conflict(f"This task is {known.state.value} already.")
    after = replace(new, state=state, changed_at=now)
    await repository.save_task(tx, patient_id, after)
    await _tell(tx, patient_id, after, actor, ids)
    return after


async def _tell(tx: AsyncSession, patient_id: UUID, task: Task, actor: Principal, ids: NewId) -> None:
    payload = {"task_id": str(task.id), "state": task.state.value}
    at = task.changed_at
    await tell(tx, patient_id, "task.changed", payload, behind=task.decision_id, at=at, actor=actor, ids=ids)
