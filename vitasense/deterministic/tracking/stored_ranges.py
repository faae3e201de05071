"""Ranges of one's own, kept: one holds for each metric and for each of person and provider, the ended ones stay as history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.problems import NotAllowed, NotFound
from vitasense.deterministic.tracking import person_repository as repository
from vitasense.deterministic.tracking.catalogue import device_metrics
from vitasense.deterministic.tracking.ranges import PersonalRange, validate_range


@dataclass(frozen=True, slots=True)
class PastRange:
    """A range and when it ended; None while it holds."""

    range: PersonalRange
    ended_at: datetime | None


async def ranges(tx: AsyncSession, patient_id: UUID, metric: str | None = None) -> list[PersonalRange]:
    """The ranges that hold, of one metric or of all."""
    return [_past(row).range for row in await repository.ranges(tx, patient_id, metric, ended=False)]


async def range_history(tx: AsyncSession, patient_id: UUID, metric: str | None = None) -> list[PastRange]:
    """Every range there was, the newest of a metric first."""
    return [_past(row) for row in await repository.ranges(tx, patient_id, metric, ended=True)]


async def set_range(
    tx: AsyncSession,
    patient_id: UUID,
    metric: str,
    low: float | None,
    high: float | None,
    unit: str,
    reason: str,
    *,
    age_years: float | None,
    pregnant: bool | None = None,
    by: Principal,
    now: datetime,
    new_id: NewId,
) -> PersonalRange:
    """Keep a range that holds from now on, ending the one before of the same metric and role; tells `range.changed`.

    Raises NotAllowed for who is neither patient nor provider, InvalidInput as validate_range does.
    """
    role = "provider" if _role(by) is Role.PROVIDER else "patient"
    wanted = PersonalRange(metric, low, high, unit, role, reason, now)
    validate_range(wanted, age_years=age_years, pregnant=pregnant)
    await repository.end_range(tx, patient_id, metric, role, now)
    members = {
        "id": new_id(),
        "metric": metric,
        "category": device_metrics()[metric].category.value,
        "low": low,
        "high": high,
        "unit": unit,
        "reason": reason,
        "set_by": by.account_id,
        "set_by_role": role,
    }
    await repository.add_range(tx, patient_id, members, now)
    await events.append(tx, _changed(patient_id, metric, by, now, new_id))
    return wanted


async def end_range(
    tx: AsyncSession, patient_id: UUID, metric: str, *, by: Principal, now: datetime, new_id: NewId
) -> None:
    """End the range that the same role set; tells `range.changed`. Raises NotFound when none holds."""
    if not await repository.end_range(tx, patient_id, metric, _role(by).value, now):
        raise NotFound("There is no such range to end.")
    await events.append(tx, _changed(patient_id, metric, by, now, new_id))


def _role(by: Principal) -> Role:
    if by.role not in {Role.PATIENT, Role.PROVIDER}:
        raise NotAllowed("A range is set by the person or their provider.")
    return by.role


def _changed(patient_id: UUID, metric: str, by: Principal, now: datetime, new_id: NewId) -> Event:
    payload = {"metric": metric, "role": by.role.value}
    return Event(new_id(), "range.changed", 1, patient_id, by.account_id, now, now, payload=payload)


def _past(row: Row[Any]) -> PastRange:
    held = PersonalRange(row.metric, row.low, row.high, row.unit, row.set_by_role, row.reason or "", row.set_at)
    return PastRange(held, row.ended_at)
