"""Rows that could not be taken: listed, mended by sending the right row instead, or dropped."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.devices import repository
from vitasense.deterministic.devices.models import RejectedRow
from vitasense.deterministic.devices.schemas import Rejected
from vitasense.deterministic.platform.problems import NotFound


async def rejected(tx: AsyncSession, patient_id: UUID, *, limit: int = 50, after: UUID | None = None) -> list[Rejected]:
    """Open rows in a stable order, those after the id `after`."""
    return [_rejected(row) for row in await repository.rejected(tx, patient_id, limit, after)]


async def rejected_row(tx: AsyncSession, patient_id: UUID, row_id: UUID) -> Rejected:
    """One open row, locked until the transaction ends. Raises NotFound."""
    row = await repository.rejected_row(tx, patient_id, row_id)
    if row is None:
        raise NotFound("There is no such row that is still open.")
    return _rejected(row)


async def delivering_device(tx: AsyncSession, patient_id: UUID, row: Rejected) -> UUID | None:
    """The device that the row's whole delivery was of, None when its rows named their own."""
    return await repository.delivering_device(tx, patient_id, row.delivery_id)


async def kept_rows(tx: AsyncSession, patient_id: UUID, ids: Sequence[UUID]) -> list[Rejected]:
    """These rows in this order, settled ones too; the content of a settled one is gone."""
    rows = {row.id: row for row in await repository.rejected_of(tx, patient_id, ids)}
    return [_rejected(rows[each]) for each in ids if each in rows]


async def drop(tx: AsyncSession, patient_id: UUID, row_id: UUID, now: datetime) -> None:
    """Throw the row away. Raises NotFound."""
    await rejected_row(tx, patient_id, row_id)
    await repository.settle(tx, patient_id, row_id, "dropped", now)


async def drop_delivery(tx: AsyncSession, patient_id: UUID, delivery_id: UUID, now: datetime) -> None:
    """Throw the open rows of a delivery away; none of them is no fault."""
    await repository.settle_delivery(tx, patient_id, delivery_id, "dropped", now)


async def mended(tx: AsyncSession, patient_id: UUID, row_id: UUID, now: datetime) -> None:
    """Close the row: what it should have been was taken. Raises NotFound."""
    await rejected_row(tx, patient_id, row_id)
    await repository.settle(tx, patient_id, row_id, "mended", now)


def _rejected(row: RejectedRow) -> Rejected:
    return Rejected(row.id, row.delivery_id, row.place, row.reason, row.content, row.received_at)
