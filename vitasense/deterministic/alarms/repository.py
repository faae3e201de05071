"""All SQL of alarms and their history, and of tasks. What leaves the service and what is due: ledger.py."""

from dataclasses import asdict
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, and_, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.alarms.models import AlarmChangeRow, AlarmRow, TaskRow
from vitasense.deterministic.alarms.schemas import Alarm, AlarmChange, State, Task, TaskKind, TaskState, Wanted
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.findings import Evidence, Urgency

_FRESH = {"populate_existing": True}
# One lock for each patient, not for each key: two that raise two alarms in two orders would wait for each other.
_TURN = text("select pg_advisory_xact_lock(hashtextextended('alarms ' || cast(:patient as text), 0))")
_CLOSED = (State.CLEARED.value, State.STALE.value)


async def wait_for_turn(tx: AsyncSession, patient_id: UUID) -> None:
    """One at a time raises alarms and plans messages for a patient, to the end of its transaction."""
    await tx.execute(_TURN, {"patient": patient_id})


async def of_key(tx: AsyncSession, patient_id: UUID, key: str) -> Alarm | None:
    """The newest alarm of the key, open or closed, held until the transaction ends."""
    statement = (
        select(AlarmRow)
        .where(AlarmRow.patient_id == patient_id, AlarmRow.key == key)
        .order_by(AlarmRow.state.in_(_CLOSED), AlarmRow.changed_at.desc())
        .limit(1)
        .with_for_update()
    )
    return _alarm((await tx.execute(statement, execution_options=_FRESH)).scalar_one_or_none())


async def alarm(tx: AsyncSession, patient_id: UUID, alarm_id: UUID, *, hold: bool = False) -> Alarm | None:
    """The alarm; `hold` keeps it from changing until the transaction ends, for those who may change it."""
    statement = select(AlarmRow).where(AlarmRow.patient_id == patient_id, AlarmRow.id == alarm_id)
    statement = statement.with_for_update() if hold else statement
    return _alarm((await tx.execute(statement, execution_options=_FRESH)).scalar_one_or_none())


async def alarms(tx: AsyncSession, patient_id: UUID, wanted: Wanted, limit: int) -> list[Alarm]:
    """The alarms that changed last, first."""
    statement = select(AlarmRow).where(AlarmRow.patient_id == patient_id)
    if wanted.only_open:
        statement = statement.where(AlarmRow.state.not_in(_CLOSED))
    if wanted.since is not None:
        statement = statement.where(AlarmRow.raised_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AlarmRow.raised_at < wanted.until)
    if wanted.changed_since is not None:
        statement = statement.where(AlarmRow.changed_at >= wanted.changed_since)
    if wanted.after is not None:
        at, alarm_id = wanted.after
        earlier = and_(AlarmRow.changed_at == at, AlarmRow.id > alarm_id)
        statement = statement.where(or_(AlarmRow.changed_at < at, earlier))
    statement = statement.order_by(AlarmRow.changed_at.desc(), AlarmRow.id).limit(limit)
    rows = (await tx.execute(statement, execution_options=_FRESH)).scalars()
    return [found for row in rows if (found := _alarm(row))]


async def history(tx: AsyncSession, patient_id: UUID, alarm_id: UUID) -> list[AlarmChange]:
    """Every step of the alarm, the first first."""
    statement = (
        select(AlarmChangeRow)
        .where(AlarmChangeRow.patient_id == patient_id, AlarmChangeRow.alarm_id == alarm_id)
        .order_by(AlarmChangeRow.version)
    )
    return [
        AlarmChange(row.alarm_id, row.version, State(row.state), row.at, row.actor_id, row.actor_role, row.note)
        for row in (await tx.execute(statement)).scalars()
    ]


async def add(tx: AsyncSession, patient_id: UUID, new: Alarm, actor: Principal, note: str | None) -> None:
    """Write a new alarm and its first step."""
    await tx.execute(insert(AlarmRow).values(patient_id=patient_id, id=new.id, key=new.key, **_columns(new)))
    await _add_change(tx, patient_id, new, actor, note)


async def save(
    tx: AsyncSession, patient_id: UUID, before: Alarm, after: Alarm, actor: Principal, note: str | None
) -> bool:
    """Write what the alarm became, with its step when it has one; False when it changed in between."""
    statement = (
        update(AlarmRow)
        .where(AlarmRow.patient_id == patient_id, AlarmRow.id == before.id, AlarmRow.version == before.version)
        .values(**_columns(after))
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[tuple[()]]", await tx.execute(statement)).rowcount != 1:
        return False
    if after.version != before.version:
        await _add_change(tx, patient_id, after, actor, note)
    return True


async def _add_change(tx: AsyncSession, patient_id: UUID, now: Alarm, actor: Principal, note: str | None) -> None:
    step = {"alarm_id": now.id, "version": now.version, "category": now.category.value, "state": now.state.value}
    by = {"at": now.changed_at, "actor_id": actor.account_id, "actor_role": actor.role.value, "note": note}
    await tx.execute(insert(AlarmChangeRow).values(patient_id=patient_id, **step, **by))


def _columns(alarm: Alarm) -> dict[str, object]:
    columns = asdict(alarm)
    del columns["id"], columns["key"]
    columns |= {name: columns[name].value for name in ("category", "state", "urgency")}
    columns["evidence"] = [each.model_dump(mode="json") for each in alarm.evidence]
    return columns


def _alarm(row: AlarmRow | None) -> Alarm | None:
    if row is None:
        return None
    return Alarm(
        id=row.id,
        category=Category(row.category),
        key=row.key,
        title=row.title,
        text=row.text,
        state=State(row.state),
        urgency=Urgency(row.urgency),
        raised_at=row.raised_at,
        changed_at=row.changed_at,
        seen=row.seen,
        last_seen_at=row.last_seen_at,
        decision_id=row.decision_id,
        evidence=tuple(Evidence.model_validate(each) for each in row.evidence),
        snoozed_until=row.snoozed_until,
        version=row.version,
    )


async def add_task(tx: AsyncSession, patient_id: UUID, new: Task) -> bool:
    """Write the task; False when one of its key is open."""
    columns = asdict(new) | {"category": new.category.value, "kind": new.kind.value, "state": new.state.value}
    statement = upsert(TaskRow).values(patient_id=patient_id, **columns)
    statement = statement.on_conflict_do_nothing(
        index_elements=["patient_id", "key"], index_where=text("state = 'open'")
    ).returning(TaskRow.id)
    return (await tx.execute(statement)).scalar_one_or_none() is not None


async def task(tx: AsyncSession, patient_id: UUID, task_id: UUID, *, hold: bool = False) -> Task | None:
    """The task; `hold` keeps it from changing until the transaction ends, for those who may change it."""
    statement = select(TaskRow).where(TaskRow.patient_id == patient_id, TaskRow.id == task_id)
    statement = statement.with_for_update() if hold else statement
    row = (await tx.execute(statement, execution_options=_FRESH)).scalar_one_or_none()
    return _task(row) if row else None


async def open_task(tx: AsyncSession, patient_id: UUID, key: str) -> Task | None:
    """The open task of the key."""
    statement = select(TaskRow).where(
        TaskRow.patient_id == patient_id, TaskRow.key == key, TaskRow.state == TaskState.OPEN.value
    )
    row = (await tx.execute(statement, execution_options=_FRESH)).scalar_one_or_none()
    return _task(row) if row else None


async def tasks(
    tx: AsyncSession, patient_id: UUID, state: TaskState | None, limit: int, changed_since: datetime | None = None
) -> list[Task]:
    """Tasks of the state, the one due first first."""
    statement = select(TaskRow).where(TaskRow.patient_id == patient_id)
    if state is not None:
        statement = statement.where(TaskRow.state == state.value)
    if changed_since is not None:
        statement = statement.where(TaskRow.changed_at >= changed_since)
    statement = statement.order_by(TaskRow.due_at, TaskRow.id).limit(limit)
    return [_task(row) for row in (await tx.execute(statement, execution_options=_FRESH)).scalars()]


async def waiting_for(tx: AsyncSession, patient_id: UUID, metric: str, at: datetime) -> list[Task]:
    """Open tasks to measure the metric again that were asked before that time, held until the transaction ends."""
    statement = (
        select(TaskRow)
        .where(TaskRow.patient_id == patient_id, TaskRow.state == TaskState.OPEN.value)
        .where(TaskRow.kind == TaskKind.MEASURE_AGAIN.value, TaskRow.metric == metric, TaskRow.created_at < at)
        .order_by(TaskRow.id)
        .with_for_update()
    )
    return [_task(row) for row in (await tx.execute(statement, execution_options=_FRESH)).scalars()]


async def save_task(tx: AsyncSession, patient_id: UUID, after: Task) -> None:
    """Write the state, the answer and the time of change."""
    statement = (
        update(TaskRow)
        .where(TaskRow.patient_id == patient_id, TaskRow.id == after.id)
        .values(state=after.state.value, answer=after.answer, changed_at=after.changed_at)
        .execution_options(synchronize_session=False)
    )
    await tx.execute(statement)


def _task(row: TaskRow) -> Task:
    return Task(
        id=row.id,
        category=Category(row.category),
        kind=TaskKind(row.kind),
        key=row.key,
        text=row.text,
        metric=row.metric,
        due_at=row.due_at,
        state=TaskState(row.state),
        answer=row.answer,
        alarm_id=row.alarm_id,
        decision_id=row.decision_id,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
