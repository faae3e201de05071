"""How many samples of each device carry which marks of data quality."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.tracking.schemas import Flag, flags_of

_MARKS = text(
    "select device_id, flags, count(*) as samples, avg(quality) as quality from phi.device_sample "
    "where patient_id = :patient_id and metric = any(:metrics) and at >= :since group by device_id, flags"
)


@dataclass(frozen=True, slots=True)
class SampleMarks:
    """`count` samples of a device with exactly these flags, and their mean quality."""

    device_id: UUID
    flags: frozenset[Flag]
    count: int
    quality: float


async def sample_marks(tx: AsyncSession, patient_id: UUID, since: datetime, metrics: list[str]) -> list[SampleMarks]:
    """Every combination of flags that a device's samples of these metrics had since then."""
    found = await tx.execute(_MARKS, {"patient_id": patient_id, "since": since, "metrics": metrics})
    return [SampleMarks(row.device_id, flags_of(row.flags), row.samples, float(row.quality)) for row in found]
