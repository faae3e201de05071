"""Writing the numbers of a patient's record; row-level security decides what may be written."""

import math
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import repository
from vitasense.deterministic.tracking.schemas import Sample

MANY = 2000  # from here on COPY is quicker than sending arrays


async def put(tx: AsyncSession, patient_id: UUID, samples: Sequence[Sample], *, now: datetime | None = None) -> None:
    """Store the samples; the same ones again change nothing, and of two with one key the last is kept.

    A sample's key is its metric, time and record. `now` is when they were recorded (the transaction's time unless
    given). Raises InvalidInput for a value that is not finite or a time without a zone: nothing is stored then.
    """
    for sample in samples:
        if not math.isfinite(sample.value) or sample.at.tzinfo is None:
            raise InvalidInput("A sample needs a finite value and a time with its zone.")
    unique = list({(sample.metric, sample.at, sample.record_id): sample for sample in samples}.values())
    if unique:
        write = repository.merge if len(unique) < MANY else repository.merge_by_copy
        await write(tx, patient_id, unique, now)


async def drop_record(tx: AsyncSession, patient_id: UUID, *record_ids: UUID) -> None:
    """Remove the samples of these records, before their new version is put."""
    if record_ids:
        await repository.drop_records(tx, patient_id, record_ids)
