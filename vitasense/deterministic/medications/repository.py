"""All SQL of the room. The newest version of a dose is the one that holds; earlier ones are kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from vitasense.deterministic.medications.log import (
    Count,
    DoseStatus,
    Link,
    LoggedDose,
    Override,
    Reminder,
    ReminderKind,
)
from vitasense.deterministic.medications.models import DoseRow, OverrideRow, ReminderRow, SideEffectRow, SupplyRow
from vitasense.deterministic.platform.access import Category

_FRESH = {"populate_existing": True}
# One lock for each patient: who changes several medicines at once would else wait for each other.
_TURN = text("select pg_advisory_xact_lock(hashtextextended('medications ' || cast(:patient as text), 0))")
_NEWER = aliased(DoseRow)
_IS_NEWEST = ~exists().where(
    _NEWER.patient_id == DoseRow.patient_id, _NEWER.id == DoseRow.id, _NEWER.version > DoseRow.version
)


async def wait_for_turn(tx: AsyncSession, patient_id: UUID) -> None:
    """One at a time changes the medicines of a patient, to the end of its transaction."""
    await tx.execute(_TURN, {"patient": patient_id})


async def _add(tx: AsyncSession, table: object, values: Mapping[str, object]) -> bool:
    """Write a row as a plain table does, without RETURNING: who may write may not read. False when it is there."""
    statement = insert(cast("Table", table)).values(**values).on_conflict_do_nothing()
    done = await tx.execute(statement, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[tuple[()]]", done).rowcount == 1


async def add_dose(tx: AsyncSession, patient_id: UUID, dose: LoggedDose) -> bool:
    """Write one version; False when that version is already there."""
    values = asdict(dose) | {"patient_id": patient_id, "status": dose.status.value}
    return await _add(tx, DoseRow.__table__, values)


async def dose(tx: AsyncSession, patient_id: UUID, dose_id: UUID) -> LoggedDose | None:
    """The newest version, also when it says that the entry was removed."""
    statement = select(DoseRow).where(DoseRow.patient_id == patient_id, DoseRow.id == dose_id, _IS_NEWEST)
    row = (await tx.execute(statement, execution_options=_FRESH)).scalar_one_or_none()
    return _dose(row) if row else None


async def dose_versions(tx: AsyncSession, patient_id: UUID, dose_id: UUID) -> list[LoggedDose]:
    """Every version, the first first."""
    statement = select(DoseRow).where(DoseRow.patient_id == patient_id, DoseRow.id == dose_id)
    rows = (await tx.execute(statement.order_by(DoseRow.version), execution_options=_FRESH)).scalars()
    return [_dose(row) for row in rows]


async def doses(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_ids: Collection[UUID] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[LoggedDose]:
    """The newest versions that were not removed, from `since` to before `until`, oldest first."""
    statement = select(DoseRow).where(DoseRow.patient_id == patient_id, _IS_NEWEST, DoseRow.removed_at.is_(None))
    if medicine_ids is not None:
        statement = statement.where(DoseRow.medicine_id.in_(medicine_ids))
    if since is not None:
        statement = statement.where(DoseRow.at >= since)
    if until is not None:
        statement = statement.where(DoseRow.at < until)
    rows = (await tx.execute(statement.order_by(DoseRow.at, DoseRow.id), execution_options=_FRESH)).scalars()
    return [_dose(row) for row in rows]


def _dose(row: DoseRow) -> LoggedDose:
    return LoggedDose(
        id=row.id,
        version=row.version,
        medicine_id=row.medicine_id,
        status=DoseStatus(row.status),
        at=row.at,
        due=row.due,
        extra=row.extra,
        amount=row.amount,
        unit=row.unit,
        reason=row.reason,
        actor_id=row.actor_id,
        actor_role=row.actor_role,
        recorded_at=row.recorded_at,
        removed_at=row.removed_at,
    )


async def add_count(tx: AsyncSession, patient_id: UUID, count: Count) -> bool:
    """Write a count; False when its id is taken."""
    return await _add(tx, SupplyRow.__table__, asdict(count) | {"patient_id": patient_id})


async def counts(tx: AsyncSession, patient_id: UUID, medicine_ids: Iterable[UUID]) -> list[Count]:
    """Counts of a medicine, the newest first: of one moment the one that was written later."""
    statement = (
        select(SupplyRow)
        .where(SupplyRow.patient_id == patient_id, SupplyRow.medicine_id.in_(list(medicine_ids)))
        .order_by(SupplyRow.at.desc(), SupplyRow.recorded_at.desc(), SupplyRow.id.desc())
    )
    return [
        Count(row.id, row.medicine_id, row.at, row.quantity, row.unit, row.actor_id, row.recorded_at)
        for row in (await tx.execute(statement, execution_options=_FRESH)).scalars()
    ]


async def save_reminder(tx: AsyncSession, patient_id: UUID, reminder: Reminder) -> None:
    """Write what the person wants, in place of what they wanted before."""
    values = asdict(reminder) | {"patient_id": patient_id, "clock": dict(reminder.clock)}
    statement = insert(ReminderRow).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in ("patient_id", "medicine_id", "kind")}
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["patient_id", "medicine_id", "kind"], set_=changed),
        execution_options={"synchronize_session": False},
    )


async def look_again(
    tx: AsyncSession, patient_id: UUID, medicine_id: UUID, kind: ReminderKind, at: datetime | None
) -> None:
    """Write when the service looks next."""
    statement = (
        update(ReminderRow)
        .where(ReminderRow.patient_id == patient_id, ReminderRow.medicine_id == medicine_id, ReminderRow.kind == kind)
        .values(next_at=at)
        .execution_options(synchronize_session=False)
    )
    await tx.execute(statement)


async def reminders(tx: AsyncSession, patient_id: UUID, medicine_ids: Collection[UUID] | None = None) -> list[Reminder]:
    """What the person wants to be reminded of."""
    statement = select(ReminderRow).where(ReminderRow.patient_id == patient_id)
    if medicine_ids is not None:
        statement = statement.where(ReminderRow.medicine_id.in_(medicine_ids))
    rows = (await tx.execute(statement.order_by(ReminderRow.kind), execution_options=_FRESH)).scalars()
    return [
        Reminder(
            medicine_id=row.medicine_id,
            kind=cast("ReminderKind", row.kind),
            is_on=row.is_on,
            days_before=row.days_before,
            decision_id=row.decision_id,
            next_at=row.next_at,
            changed_at=row.changed_at,
            clock=row.clock,
        )
        for row in rows
    ]


async def add_link(tx: AsyncSession, patient_id: UUID, link: Link) -> bool:
    """Write a side effect; False when its id is taken."""
    return await _add(tx, SideEffectRow.__table__, asdict(link) | {"patient_id": patient_id})


async def links(tx: AsyncSession, patient_id: UUID, medicine_ids: Collection[UUID] | None = None) -> list[Link]:
    """Side effects that were not taken back, the newest first."""
    statement = select(SideEffectRow).where(SideEffectRow.patient_id == patient_id, SideEffectRow.removed_at.is_(None))
    if medicine_ids is not None:
        statement = statement.where(SideEffectRow.medicine_id.in_(medicine_ids))
    statement = statement.order_by(SideEffectRow.recorded_at.desc(), SideEffectRow.id)
    return [_link(row) for row in (await tx.execute(statement, execution_options=_FRESH)).scalars()]


async def link(tx: AsyncSession, patient_id: UUID, link_id: UUID) -> Link | None:
    """The side effect of that id, also one that was taken back."""
    statement = select(SideEffectRow).where(SideEffectRow.patient_id == patient_id, SideEffectRow.id == link_id)
    row = (await tx.execute(statement, execution_options=_FRESH)).scalar_one_or_none()
    return _link(row) if row else None


def _link(row: SideEffectRow) -> Link:
    return Link(
        id=row.id,
        medicine_id=row.medicine_id,
        symptom_id=row.symptom_id,
        note=row.note,
        actor_id=row.actor_id,
        actor_role=row.actor_role,
        recorded_at=row.recorded_at,
        removed_at=row.removed_at,
    )


async def remove_link(tx: AsyncSession, patient_id: UUID, link_id: UUID, now: datetime) -> None:
    """Take a side effect back."""
    statement = (
        update(SideEffectRow)
        .where(SideEffectRow.patient_id == patient_id, SideEffectRow.id == link_id, SideEffectRow.removed_at.is_(None))
        .values(removed_at=now)
        .execution_options(synchronize_session=False)
    )
    await tx.execute(statement)


async def add_override(tx: AsyncSession, patient_id: UUID, override: Override) -> bool:
    """Write an override; False when its id is taken."""
    values = asdict(override) | {
        "patient_id": patient_id,
        "categories": sorted(each.value for each in override.categories),
    }
    return await _add(tx, OverrideRow.__table__, values)


async def overrides(
    tx: AsyncSession, patient_id: UUID, keys: Sequence[str] | None = None, *, ended: bool = False
) -> list[Override]:
    """Overrides that hold, and with `ended` those that do not any more, the newest first."""
    statement = select(OverrideRow).where(OverrideRow.patient_id == patient_id)
    if keys is not None:
        statement = statement.where(OverrideRow.key.in_(keys))
    if not ended:
        statement = statement.where(OverrideRow.ended_at.is_(None))
    statement = statement.order_by(OverrideRow.at.desc(), OverrideRow.id.desc())
    return [
        Override(
            id=row.id,
            key=row.key,
            fingerprint=row.fingerprint,
            categories=frozenset(map(Category, row.categories)),
            kind=row.kind,
            reason=row.reason,
            actor_id=row.actor_id,
            actor_role=row.actor_role,
            at=row.at,
            ended_at=row.ended_at,
        )
        for row in (await tx.execute(statement, execution_options=_FRESH)).scalars()
    ]


async def end_overrides(tx: AsyncSession, patient_id: UUID, ids: Collection[UUID], now: datetime) -> None:
    """These hold no longer."""
    statement = (
        update(OverrideRow)
        .where(OverrideRow.patient_id == patient_id, OverrideRow.id.in_(ids), OverrideRow.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    await tx.execute(statement)
