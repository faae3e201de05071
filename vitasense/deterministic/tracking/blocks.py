"""Device samples column by column: what is taken as it is, and what was checked and may be stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.catalogue import DeviceMetric, device_metrics
from vitasense.deterministic.tracking.microseconds import MICROSECOND, NO_END, Moments, microseconds
from vitasense.deterministic.tracking.schemas import DeviceSample, flag_bits

LONGEST_INTERVAL = timedelta(hours=48)
"""Room for the sum of a whole day, also one of 25 hours; a longer interval belongs to no day."""
_LONGEST = LONGEST_INTERVAL // MICROSECOND
_FIRST, _LAST = (microseconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (1900, 2200))  # entry check of this project


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """Numbers of one metric and device, all columns of one length, values in the catalogue's unit.

    Times are microseconds since 1970-01-01 UTC; `until` is NO_END for a moment. Left out: all are moments, all of quality
    1, none has flags (bits as `flag_bits` gives them), none has a note.
    """

    metric: str
    device_id: UUID
    at: Moments
    value: NDArray[np.float64]
    until: Moments | None = None
    quality: NDArray[np.float32] | None = None
    flags: NDArray[np.int32] | None = None
    notes: Sequence[str | None] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Checked numbers of one metric and device, by time, each time once."""

    metric: DeviceMetric
    device_id: UUID
    at: Moments
    value: NDArray[np.float64]
    until: Moments
    quality: NDArray[np.float32]
    flags: NDArray[np.int32]
    notes: Sequence[str | None] | None

    def only(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> "Block":
        """The block with the chosen rows."""
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        notes = None if self.notes is None else [self.notes[place] for place in places.tolist()]
        return replace(
            self,
            at=self.at[places],
            value=self.value[places],
            until=self.until[places],
            quality=self.quality[places],
            flags=self.flags[places],
            notes=notes,
        )


@dataclass(frozen=True, slots=True)
class Stream:
    """What one device measured of one metric, by time: times in microseconds, `until` NO_END for a moment."""

    at: Moments
    until: Moments
    value: NDArray[np.float64]
    quality: NDArray[np.float32]
    flags: NDArray[np.int32]

    def only(self, chosen: NDArray[np.bool_] | slice) -> "Stream":
        """The stream with the chosen rows."""
        return Stream(self.at[chosen], self.until[chosen], self.value[chosen], self.quality[chosen], self.flags[chosen])


def blocks_of(samples: Iterable[DeviceSample]) -> list[SampleBlock]:
    """The samples as columns. Raises InvalidInput for another unit than the catalogue's, or a time without a zone."""
    streams: dict[tuple[str, UUID], list[DeviceSample]] = {}
    for sample in samples:
        streams.setdefault((sample.metric, sample.device_id), []).append(sample)
    return [_columns(each) for each in streams.values()]


def checked(blocks: Iterable[SampleBlock]) -> list[Block]:
    """One block for each metric and device, by time; of two rows with one time the last is kept.

    Raises InvalidInput for a metric that the catalogue does not have, columns of different lengths, a number that is not
    finite, a quality outside of 0 to 1, an interval that ends before it begins or is longer than LONGEST_INTERVAL.
    """
    ordered = sorted(blocks, key=_key)
    return [_unique(_sound(_joined(list(group)))) for _, group in groupby(ordered, key=_key)]


def _key(block: SampleBlock) -> tuple[str, UUID]:
    return block.metric, block.device_id


def _columns(samples: Sequence[DeviceSample]) -> SampleBlock:
    metric = _metric(samples[0].metric)
    for sample in samples:
        if sample.unit != metric.unit:
            raise InvalidInput(f"A stream of {metric.name} is kept in {metric.unit}: convert the values first.")
        if sample.at.tzinfo is None or (sample.until is not None and sample.until.tzinfo is None):
            raise InvalidInput("A sample needs a time with its zone.")
    notes = [sample.note for sample in samples]
    return SampleBlock(
        metric=metric.code,
        device_id=samples[0].device_id,
        at=np.array([microseconds(sample.at) for sample in samples], np.int64),
        value=np.array([sample.value for sample in samples], np.float64),
        until=np.array([NO_END if s.until is None else microseconds(s.until) for s in samples], np.int64),
        quality=np.array([sample.quality for sample in samples], np.float32),
        flags=np.array([flag_bits(sample.flags) for sample in samples], np.int32),
        notes=notes if any(notes) else None,
    )


def _metric(code: str) -> DeviceMetric:
    found = device_metrics().get(code)
    if found is None:
        raise InvalidInput("A stream of this metric is not taken: the catalogue of device metrics does not have it.")
    return found


def _joined(blocks: Sequence[SampleBlock]) -> Block:
    full = [_filled(block) for block in blocks]
    if len(full) == 1:
        return full[0]
    noted = any(each.notes for each in full)
    notes = [note for each in full for note in (each.notes or [None] * each.at.size)] if noted else None
    return replace(
        full[0],
        at=np.concatenate([each.at for each in full]),
        value=np.concatenate([each.value for each in full]),
        until=np.concatenate([each.until for each in full]),
        quality=np.concatenate([each.quality for each in full]),
        flags=np.concatenate([each.flags for each in full]),
        notes=notes,
    )


def _filled(block: SampleBlock) -> Block:
    size = block.at.size
    columns = (block.value, block.until, block.quality, block.flags, block.notes)
    if any(each is not None and len(each) != size for each in columns):
        raise InvalidInput("The columns of a block have different lengths.")
    return Block(
        metric=_metric(block.metric),
        device_id=block.device_id,
        at=block.at,
        value=block.value,
        until=np.full(size, NO_END, np.int64) if block.until is None else block.until,
        quality=np.ones(size, np.float32) if block.quality is None else block.quality,
        flags=np.zeros(size, np.int32) if block.flags is None else block.flags,
        notes=block.notes,
    )


def _sound(block: Block) -> Block:
    if not np.isfinite(block.value).all():
        raise InvalidInput("A sample needs a finite value.")
    if not ((block.quality >= 0) & (block.quality <= 1)).all():
        raise InvalidInput("The quality of a sample is a number from 0 to 1.")
    if not ((block.at >= _FIRST) & (block.at < _LAST)).all():
        raise InvalidInput("A sample needs a time of the years 1900 to 2199.")
    length = np.where(block.until == NO_END, 0, block.until - block.at)
    if not ((length >= 0) & (length <= _LONGEST)).all():
        raise InvalidInput("An interval ends after it begins and is not longer than 48 hours.")
    if block.notes and any(note and "\0" in note for note in block.notes):
        raise InvalidInput("A note holds a character that is no text.")
    return block


def _unique(block: Block) -> Block:
    if (np.diff(block.at) > 0).all():
        return block
    _, from_the_end = np.unique(block.at[::-1], return_index=True)
    return block.only(block.at.size - 1 - from_the_end)
