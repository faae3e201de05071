"""Taking what devices measured: the same twice is once, and a day whose samples were retired stays as it was counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.tracking import streams_repository
from vitasense.deterministic.tracking.blocks import Block, SampleBlock, blocks_of, checked
from vitasense.deterministic.tracking.microseconds import microseconds, moment
from vitasense.deterministic.tracking.schemas import DeviceSample

MONTHS_AROUND = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of samples: stored anew, changed, already there, or refused because their day is closed.

    `touched` says for each metric with new or changed samples from when to when it is to be rolled up again.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    touched: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict[str, tuple[datetime, datetime]])


async def put_stream(tx: AsyncSession, patient_id: UUID, samples: Sequence[DeviceSample], *, now: datetime) -> Taken:
    """Store the samples; a sample's key is its metric, time and device, and of two with one key the last is kept.

    Category comes from the catalogue. Samples of a closed day are left out and counted. Raises InvalidInput for a metric
    that the catalogue does not have, another unit than its own, a number that is not finite, a time without a zone, an
    interval that ends before it begins or is longer than LONGEST_INTERVAL: nothing is stored then.
    """
    return await put_columns(tx, patient_id, blocks_of(samples), now=now)


async def put_columns(tx: AsyncSession, patient_id: UUID, blocks: Iterable[SampleBlock], *, now: datetime) -> Taken:
    """The same for columns, without an object for each number: for whole files and batches."""
    given = checked(blocks)
    await streams_repository.lock(tx, patient_id)
    kept = await _open(tx, patient_id, given)
    count = sum(block.at.size for block in kept)
    refused = sum(block.at.size for block in given) - count
    written = await streams_repository.merge(tx, patient_id, kept, now) if count else []
    new, changed = sum(each.new for each in written), sum(each.changed for each in written)
    touched = {each.metric: (each.since, each.until) for each in written}
    return Taken(new, changed, count - new - changed, refused, touched)


async def keep_months(tx: AsyncSession, now: datetime) -> int:
    """Make the partitions of the months around now and return how many; upkeep calls it, in a transaction of its own.

    Taking samples never does, for it needs locks that wait for everybody: what has no month lies in the rest, where it is
    read as well, until its month is made. Raises Unavailable when it would have to wait long.
    """
    return await streams_repository.keep_months(tx, (now - MONTHS_AROUND).date(), (now + MONTHS_AROUND).date())


async def _open(tx: AsyncSession, patient_id: UUID, blocks: list[Block]) -> list[Block]:
    """Without the samples whose days are closed."""
    full = [block for block in blocks if block.at.size]
    if not full:
        return []
    first = moment(min(block.at[0] for block in full))
    last = moment(max(max(block.at[-1], block.until.max()) for block in full))
    days = await streams_repository.closed_days(tx, patient_id, [block.metric.code for block in full], first, last)
    return [_without(block, days[block.metric.code]) if block.metric.code in days else block for block in full]


def _without(block: Block, days: Sequence[tuple[datetime, datetime]]) -> Block:
    """Without what counts into one of the days: a sum at both its ends, a duration where it ends, a moment where it is."""
    begins, ends = block.at, np.maximum(block.at, block.until - 1)
    if block.metric.kind == "duration":
        begins = ends
    elif block.metric.kind == "instant":
        ends = begins
    return block.only(~(_inside(begins, days) | _inside(ends, days)))


def _inside(times: NDArray[np.int64], days: Sequence[tuple[datetime, datetime]]) -> NDArray[np.bool_]:
    starts = np.array([microseconds(start) for start, _ in days], np.int64)
    ends = np.array([microseconds(end) for _, end in days], np.int64)
    place = np.searchsorted(starts, times, "right") - 1
    return (place >= 0) & (times < ends[place])
