"""All SQL of the goals."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.goals.models import GoalRow
from vitasense.deterministic.goals.schemas import Direction, Goal, GoalState, Maker, Per
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence

# As a plain table: no RETURNING, for a provider may write what they may not read.
_GOALS = cast("Table", GoalRow.__table__)
_FRESH = {"populate_existing": True}
_TURN = text("select pg_advisory_xact_lock(hashtextextended('goals ' || cast(:patient as text), 0))")


async def wait_for_turn(tx: AsyncSession, patient_id: UUID) -> None:
    """One at a time changes the goals of a patient, to the end of its transaction."""
    await tx.execute(_TURN, {"patient": patient_id})


async def goal(tx: AsyncSession, patient_id: UUID, goal_id: UUID) -> Goal | None:
    """The goal of that id."""
    statement = select(GoalRow).where(GoalRow.patient_id == patient_id, GoalRow.id == goal_id)
    row = (await tx.execute(statement, execution_options=_FRESH)).scalar_one_or_none()
    return _goal(row) if row else None


async def goals(
    tx: AsyncSession, patient_id: UUID, states: Collection[GoalState], metric: str | None = None
) -> list[Goal]:
    """Goals of these states, the one that changed last first."""
    statement = select(GoalRow).where(
        GoalRow.patient_id == patient_id, GoalRow.state.in_([state.value for state in states])
    )
    if metric is not None:
        statement = statement.where(GoalRow.metric == metric)
    statement = statement.order_by(GoalRow.changed_at.desc(), GoalRow.id.desc())
    return [_goal(row) for row in (await tx.execute(statement, execution_options=_FRESH)).scalars()]


async def add(tx: AsyncSession, patient_id: UUID, new: Goal) -> bool:
    """Write the goal; False when one like it stands that may not be seen."""
    columns = asdict(new) | {"category": new.category.value, "state": new.state.value}
    columns["evidence"] = [each.model_dump(mode="json") for each in new.evidence]
    statement = insert(_GOALS).values(patient_id=patient_id, **columns).on_conflict_do_nothing()
    done = await tx.execute(statement, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[tuple[()]]", done).rowcount == 1


async def save(tx: AsyncSession, patient_id: UUID, after: Goal) -> None:
    """Write the state, since when it counts, what it replaces and when that changed."""
    statement = (
        update(GoalRow)
        .where(GoalRow.patient_id == patient_id, GoalRow.id == after.id)
        .values(state=after.state.value, since=after.since, replaces=after.replaces, changed_at=after.changed_at)
        .execution_options(synchronize_session=False)
    )
    await tx.execute(statement)


async def ran_out(tx: AsyncSession, patient_id: UUID, now: datetime) -> list[Goal]:
    """Active goals that are past their end."""
    statement = select(GoalRow).where(
        GoalRow.patient_id == patient_id, GoalRow.state == GoalState.ACTIVE.value, GoalRow.until <= now
    )
    return [_goal(row) for row in (await tx.execute(statement, execution_options=_FRESH)).scalars()]


def _goal(row: GoalRow) -> Goal:
    return Goal(
        id=row.id,
        category=Category(row.category),
        metric=row.metric,
        direction=cast("Direction", row.direction),
        target=row.target,
        unit=row.unit,
        per=cast("Per", row.per),
        state=GoalState(row.state),
        made_by=cast("Maker", row.made_by),
        reason=row.reason,
        evidence=tuple(Evidence.model_validate(each) for each in row.evidence),
        since=row.since,
        until=row.until,
        changed_at=row.changed_at,
        replaces=row.replaces,
        decision_id=row.decision_id,
    )
