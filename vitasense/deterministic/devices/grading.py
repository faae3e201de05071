"""Quality of what came in: each sample judged by what its stream held before, and by a reference where there is one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.devices import references
from vitasense.deterministic.devices.quality import Batch, score
from vitasense.deterministic.devices.references import Kinds
from vitasense.deterministic.tracking import NO_END, SampleBlock, Stream, microseconds, moment

# What is looked at around a batch: longer than a day, so that daily values have neighbours.
AROUND = timedelta(hours=26)
HEART_RATE, STEPS = "8867-4", "55423-8"


async def graded(
    tx: AsyncSession, patient_id: UUID, blocks: Sequence[SampleBlock], kinds: Kinds, received: datetime | None
) -> list[SampleBlock]:
    """The blocks, at most one of a device and metric, with quality and flags; what is stored already is their history.

    `received` is when they arrived, if that was while they were measured. `kinds` are those of all the person's devices.
    """
    better = [await _reference(tx, patient_id, block, kinds) for block in blocks]
    compared = {block.metric for block, reference in zip(blocks, better, strict=True) if reference}
    stored = {metric: await _stored(tx, patient_id, metric, blocks, compared) for metric in _metrics(blocks)}
    beats = {block.device_id: block for block in blocks if block.metric == HEART_RATE}
    return [
        _graded(block, reference, stored, beats, kinds, received)
        for block, reference in zip(blocks, better, strict=True)
    ]


def _graded(
    block: SampleBlock,
    reference: Batch | None,
    stored: Mapping[str, Mapping[UUID, Stream]],
    beats: Mapping[UUID, SampleBlock],
    kinds: Kinds,
    received: datetime | None,
) -> SampleBlock:
    device_id, kind = block.device_id, kinds.get(block.device_id)
    walked = block.metric == STEPS
    scores = score(
        _arrived(block, kind, received),
        history=_batch(block.metric, stored[block.metric].get(device_id), kind),
        reference=reference,
        heart_rate=_pulse(stored[HEART_RATE].get(device_id), beats.get(device_id)) if walked else None,
    )
    return replace(block, quality=scores.quality.astype(np.float32), flags=scores.flags.astype(np.int32))


def _metrics(blocks: Sequence[SampleBlock]) -> list[str]:
    metrics = {block.metric: None for block in blocks}
    return [*(metrics | {HEART_RATE: None} if STEPS in metrics else metrics)]


async def _reference(tx: AsyncSession, patient_id: UUID, block: SampleBlock, kinds: Kinds) -> Batch | None:
    rule = references.rule_of(block.metric, block.device_id, kinds)
    if rule is None:
        return None
    first, last = _span([block])
    return await references.reference(
        tx, patient_id, rule, block.device_id, kinds, first - references.window(), last + AROUND
    )


async def _stored(
    tx: AsyncSession, patient_id: UUID, metric: str, blocks: Sequence[SampleBlock], compared: Collection[str]
) -> Mapping[UUID, Stream]:
    """Device → what is stored of the metric around what comes in, and before it for as long as a reference counts."""
    concerned = {metric, STEPS} if metric == HEART_RATE else {metric}
    first, last = _span([block for block in blocks if block.metric in concerned])
    before = references.window() if metric in compared else AROUND
    return await tracking.raw_streams(tx, patient_id, metric, first - before, last + AROUND)


def _span(blocks: Sequence[SampleBlock]) -> tuple[datetime, datetime]:
    return moment(min(block.at.min() for block in blocks)), moment(max(block.at.max() for block in blocks))


def _arrived(block: SampleBlock, kind: str | None, received: datetime | None) -> Batch:
    size = block.at.size
    return Batch(
        metric=block.metric,
        at=_times(block.at),
        value=block.value,
        until=None if block.until is None else _times(block.until),
        received=None if received is None else _times(np.full(size, microseconds(received), np.int64)),
        flags=block.flags,
        device_kind=kind,
    )


def _batch(metric: str, stream: Stream | None, kind: str | None) -> Batch | None:
    if stream is None or not stream.at.size:
        return None
    return Batch(metric, _times(stream.at), stream.value, _times(stream.until), flags=stream.flags, device_kind=kind)


def _pulse(stored: Stream | None, incoming: SampleBlock | None) -> Batch | None:
    """The pulse of a device, as it is stored and as it comes in with its steps."""
    parts = [(each.at, each.value) for each in (stored, incoming) if each is not None and each.at.size]
    if not parts:
        return None
    at, value = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Batch(HEART_RATE, _times(at), value)


def _times(moments: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Microseconds as datetime64, no end as not-a-time."""
    found = moments.astype("datetime64[us]")
    found[moments == NO_END] = np.datetime64("NaT")
    return found
