"""Streams of several devices as one: merging.merge where devices or intervals overlap, and a short way where none does."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.tracking.blocks import Stream
from vitasense.deterministic.tracking.catalogue import DeviceMetric
from vitasense.deterministic.tracking.merging import LOW_QUALITY, merge
from vitasense.deterministic.tracking.microseconds import NO_END, microseconds, moment
from vitasense.deterministic.tracking.schemas import DeviceSample, Flag, flag_bits, flags_of

_UNWORN = flag_bits([Flag.UNWORN])


def merged(streams: Mapping[UUID, Stream], order: Sequence[UUID], metric: DeviceMetric) -> Stream:
    """What counts of the streams, by time; the device in front of `order` counts first."""
    if len(streams) == 1 and (alone := _alone(next(iter(streams.values())), metric)) is not None:
        return alone
    return _stream(merge_samples(streams, order, metric))


def merge_samples(streams: Mapping[UUID, Stream], order: Sequence[UUID], metric: DeviceMetric) -> list[DeviceSample]:
    """The same as samples, each with the device it came from."""
    if len(streams) == 1:
        device, stream = next(iter(streams.items()))
        if (alone := _alone(stream, metric)) is not None:
            return samples_of(device, alone, metric)
    given = {device: samples_of(device, stream, metric) for device, stream in streams.items()}
    return merge(given, order, metric.kind)


def samples_of(device_id: UUID, stream: Stream, metric: DeviceMetric) -> list[DeviceSample]:
    """The numbers of the stream one by one."""
    return [
        DeviceSample(
            metric=metric.code,
            at=moment(at),
            value=value,
            unit=metric.unit,
            device_id=device_id,
            until=None if until == NO_END else moment(until),
            quality=quality,
            flags=flags_of(flags),
        )
        for at, until, value, quality, flags in zip(
            *(column.tolist() for column in (stream.at, stream.until, stream.value, stream.quality, stream.flags)),
            strict=True,
        )
    ]


def _alone(stream: Stream, metric: DeviceMetric) -> Stream | None:
    """What merge gives for one device whose intervals do not overlap; None for others."""
    usable = stream.only(stream.quality > 0)
    if metric.kind == "instant":
        return usable
    lasting = usable.until > usable.at
    intervals = usable.only(lasting)
    if (intervals.at[1:] < intervals.until[:-1]).any():
        return None
    return usable.only(~(lasting & _says_nothing(usable)))


def _says_nothing(stream: Stream) -> NDArray[np.bool_]:
    """A zero that covers nothing: merging._covers."""
    return (stream.value == 0) & ((stream.quality < LOW_QUALITY) | (stream.flags & _UNWORN > 0))


def _stream(samples: Sequence[DeviceSample]) -> Stream:
    return Stream(
        at=np.array([microseconds(each.at) for each in samples], np.int64),
        until=np.array([NO_END if each.until is None else microseconds(each.until) for each in samples], np.int64),
        value=np.array([each.value for each in samples], np.float64),
        quality=np.array([each.quality for each in samples], np.float32),
        flags=np.array([flag_bits(each.flags) if each.flags else 0 for each in samples], np.int32),
    )
