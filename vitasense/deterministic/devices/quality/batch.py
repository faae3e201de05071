"""Batch: the samples of one device and metric as columns. Scores: what quality says about each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import DeviceMetric, DeviceSample, Flag, device_metrics

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bits = NDArray[np.uint8]
Times = NDArray[Any]  # datetime64, or seconds since 1970 as numbers

BIT = {flag: 1 << place for place, flag in enumerate(Flag)}


@dataclass(frozen=True, slots=True)
class Batch:
    """Columns of equal length, in the order of arrival: one device, one `metric` (LOINC), values in the catalogue's unit.

    Times are datetime64 (UTC) or seconds since 1970. `until` is the end of an interval, NaN or NaT for a moment.
    `received` is when each sample came in; samples of one time came in one message. Without it the whole batch is one
    message and nothing is said about the clock. `flags` are bits known before: all of them for stored samples,
    SELF_REPORTED for new ones. `device_kind` is one word as in the registry.
    """

    metric: str
    at: Times
    value: NDArray[Any]
    until: Times | None = None
    received: Times | None = None
    flags: NDArray[Any] | None = None
    device_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """What the last pairs say: how many, their median difference (device minus reference) and what is allowed, in `unit`."""

    pairs: int
    median_difference: float
    allowed: float
    unit: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Scores:
    """`quality` 0 to 1 and `flags` as bits, one for each sample of the batch; `not_evaluated` says which flags were not
    looked for (in all or in part), and why. `drift` is the last state against the reference, None without pairs.
    """

    quality: Floats
    flags: Bits
    not_evaluated: Mapping[Flag, str] = field(default_factory=dict[Flag, str])
    drift: Drift | None = None

    def has(self, flag: Flag) -> Bools:
        """Which samples carry this flag."""
        return (self.flags & BIT[flag]) != 0

    def named(self, place: int) -> frozenset[Flag]:
        """The flags of one sample."""
        return names(int(self.flags[place]))


def bits(flags: Iterable[Flag]) -> int:
    """Flags as one number, one bit each."""
    return sum(BIT[flag] for flag in frozenset(flags))


@cache
def names(mask: int) -> frozenset[Flag]:
    """The flags in one number."""
    return frozenset(flag for flag, bit in BIT.items() if mask & bit)


def columns(
    metric: str,
    samples: Sequence[DeviceSample],
    *,
    received: Sequence[datetime] | None = None,
    device_kind: str | None = None,
) -> Batch:
    """Samples as a Batch, with the flags they carry. InvalidInput when one is of another metric."""
    if any(each.metric != metric for each in samples):
        raise InvalidInput("All samples of one batch must be of one metric.")
    return Batch(
        metric=metric,
        at=_of([each.at for each in samples]),
        value=np.array([each.value for each in samples], dtype=np.float64),
        until=_of([each.until for each in samples]),
        received=None if received is None else _of(list(received)),
        flags=np.array([bits(each.flags) for each in samples], dtype=np.uint8),
        device_kind=device_kind,
    )


def metric_of(batch: Batch) -> DeviceMetric:
    """The catalogue's entry. InvalidInput for a metric that is not taken from devices."""
    found = device_metrics().get(batch.metric)
    if found is None:
        raise InvalidInput(f"{batch.metric} is not taken from devices.")
    return found


def seconds(times: Times | None, count: int, name: str, *, missing: bool = False) -> Floats:
    """Times as seconds since 1970, NaN where there is none. InvalidInput for a missing time unless `missing` is allowed."""
    if times is None:
        return np.full(count, np.nan)
    if len(times) != count:
        raise InvalidInput(f"{name} has {len(times)} entries where there are {count} samples.")
    found = _micros(times) if times.dtype.kind == "M" else times.astype(np.float64)
    if not missing and not np.isfinite(found).all():
        raise InvalidInput(f"{name} has an entry without a time.")
    return found


def _micros(times: Times) -> Floats:
    found = times.astype("datetime64[us]").astype(np.int64) / 1e6
    found[np.isnat(times)] = np.nan
    return found


def _of(times: Sequence[datetime | None]) -> Times:
    naive = [None if each is None else each.astimezone(UTC).replace(tzinfo=None) for each in times]
    return np.array(naive, dtype="datetime64[us]")
