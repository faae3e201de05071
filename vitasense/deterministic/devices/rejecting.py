"""Keeping the rows of a delivery that could not be taken."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.devices import repository
from vitasense.deterministic.devices.formats.parsed import BadRow
from vitasense.deterministic.devices.schemas import Rejected

MOST_REJECTED = 10_000  # rows kept for repair of one delivery; beyond that they are counted


async def reject(
    tx: AsyncSession, patient_id: UUID, delivery_id: UUID, bad: Sequence[BadRow], already: int, now: datetime
) -> list[Rejected]:
    """Keep the rows, as far as there is room for them after `already` others; the same ones again change nothing."""
    kept = bad[: max(0, MOST_REJECTED - already)]
    rows = [Rejected(_id(delivery_id, each), delivery_id, each.place, each.reason, each.content, now) for each in kept]
    await repository.reject(tx, [{"patient_id": patient_id, **asdict(row)} for row in rows])
    return rows


def _id(delivery_id: UUID, row: BadRow) -> UUID:
    return uuid5(delivery_id, f"{row.place}|{row.reason}|{row.content}")
