"""Stream: history and batch as one sequence in the order of judging, so that nothing depends on what came later."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.devices.quality.batch import BIT, Batch, Bits, Bools, Floats, metric_of, seconds
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import DeviceMetric, Flag

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Columns:
    at: Floats
    until: Floats
    value: Floats
    received: Floats
    known: Bits


@dataclass(frozen=True, slots=True)
class Stream:
    """Samples message by message, each message by time. `place` is where each stood in history + batch; the first `old`
    of that were history.

    `first` is the place of the sample that came first of the same moment and end. `front` marks the measured firsts that
    were not before any that came before them: the stream as it grew. The other measured firsts came late.
    """

    metric: DeviceMetric
    at: Floats
    value: Floats
    until: Floats
    received: Floats
    known: Bits
    judged: Bools
    place: Places
    old: int
    first: Places
    front: Bools

    def __len__(self) -> int:
        return len(self.at)

    @property
    def lone(self) -> Bools:
        """Which are the first of their moment."""
        return self.first == np.arange(len(self))

    @property
    def measured(self) -> Bools:
        """Which no person typed in."""
        return (self.known & BIT[Flag.SELF_REPORTED]) == 0

    def knows(self, flag: Flag) -> Bools:
        """Which samples of the history were given this flag when they came."""
        return self.judged & ((self.known & BIT[flag]) != 0)


def stream(batch: Batch, history: Batch | None) -> Stream:
    """Both as one. InvalidInput for columns of different lengths, a missing time, or a history of another metric."""
    if history is not None and history.metric != batch.metric:
        raise InvalidInput("The history must be of the same metric as the batch.")
    parts = [batch] if history is None else [history, batch]
    old = 0 if history is None else len(history.at)
    columns = [_columns(part) for part in parts]
    message = _messages(np.concatenate([each.received for each in columns]), old)
    place = np.lexsort((np.concatenate([each.at for each in columns]), message))
    at = np.concatenate([each.at for each in columns])[place]
    until = np.concatenate([each.until for each in columns])[place]
    known = np.concatenate([each.known for each in columns])[place]
    judged = (place < old) & (history is not None and history.flags is not None)
    first = _first(at, until)
    counts = (first == np.arange(len(at))) & ((known & BIT[Flag.SELF_REPORTED]) == 0)
    return Stream(
        metric=metric_of(batch),
        at=at,
        value=np.concatenate([each.value for each in columns])[place],
        until=until,
        received=np.concatenate([each.received for each in columns])[place],
        known=known,
        judged=judged,
        place=place,
        old=old,
        first=first,
        front=_front(at, counts),
    )


def _columns(part: Batch) -> _Columns:
    count = len(part.at)
    if len(part.value) != count or (part.flags is not None and len(part.flags) != count):
        raise InvalidInput("All columns of a batch must have the same length.")
    return _Columns(
        seconds(part.at, count, "at"),
        seconds(part.until, count, "until", missing=True),
        part.value.astype(np.float64),
        seconds(part.received, count, "received", missing=part.received is None),
        np.zeros(count, dtype=np.uint8) if part.flags is None else part.flags.astype(np.uint8),
    )


def _messages(received: Floats, old: int) -> Places:
    new = np.zeros(len(received), dtype=np.bool_)
    new[1:] = (received[1:] != received[:-1]) & ~(np.isnan(received[1:]) & np.isnan(received[:-1]))
    if 0 < old < len(new) and np.isnan(received[old]):
        new[old] = True  # without times of arrival the batch is a message of its own
    return np.cumsum(new.astype(np.intp))


def _first(at: Floats, until: Floats) -> Places:
    """For each sample the one that came first of the same moment and end."""
    count = len(at)
    order = np.argsort(at, kind="stable")
    if count < 2 or bool((np.diff(at[order]) > 0).all()):
        return np.arange(count)
    end = np.where(np.isnan(until), -np.inf, until)
    order = np.lexsort((end, at))
    new = np.ones(count, dtype=np.bool_)
    new[1:] = (np.diff(at[order]) > 0) | (end[order][1:] != end[order][:-1])
    starts = order[np.flatnonzero(new)]
    first = np.empty(count, dtype=np.intp)
    first[order] = starts[np.cumsum(new) - 1]
    return first


def _front(at: Floats, counts: Bools) -> Bools:
    latest = np.maximum.accumulate(np.where(counts, at, -np.inf))
    before = np.concatenate(([-np.inf], latest[:-1])) if len(at) else latest
    return counts & (at >= before)
