"""Overlapping devices as one stream: what two of them saw at the same time counts once, as the source priority says."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from math import fsum, isfinite
from typing import NamedTuple
from uuid import UUID

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.catalogue import Kind
from vitasense.deterministic.tracking.schemas import DeviceSample, Flag

INSTANT_WINDOW = timedelta(seconds=60)  # devices that spoke within one such window, counted from 1970, saw the same
MOMENT_WINDOW = timedelta(seconds=60)  # counts of two devices at moments as near as this are one count
LOW_QUALITY = 0.5  # a count below this covers only what no better one does, and a zero below it covers nothing
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Claim(NamedTuple):
    """One interval's claim on its time; the least claim has it. `place` makes every claim different."""

    low: bool
    rank: int
    worse: float  # 1 - quality
    seconds: float  # of one device, the shorter interval knows better where in time it was
    less: float  # minus the value
    place: int


def merge(streams: Mapping[UUID, Sequence[DeviceSample]], priority: Sequence[UUID], kind: Kind) -> list[DeviceSample]:
    """The samples that count, by time, each with the device it came from.

    `streams` holds the samples of one metric by device; devices that `priority` does not name come after it, by id.
    Samples of quality 0 never count. `sum` and `duration`: each stretch of time belongs to the first device that covers
    it, and intervals are cut and prorated to what is theirs; a zero covers too (worn, no steps) unless its quality is low.
    `instant`: within each window only the samples of the device with the best mean quality are kept, of equals the first.
    InvalidInput when the samples are of several metrics or under another device than their own.
    """
    _checked(streams)
    ranks = {device: rank for rank, device in enumerate(dict.fromkeys([*priority, *sorted(streams)]))}
    usable = {
        ranks[device]: [each for each in samples if each.quality > 0]
        for device, samples in sorted(streams.items(), key=lambda stream: ranks[stream[0]])
    }
    return _best_of_each_window(usable) if kind == "instant" else _each_stretch_once(usable)


def total(merged: Iterable[DeviceSample], since: datetime, until: datetime) -> float:
    """The sum of merged intervals from `since` to before `until`, those at the edges prorated; 0.0 for none."""
    return fsum(_share(each, since, until) for each in merged)


def confidence(qualities: Iterable[float]) -> float:
    """How far an answer may be trusted that used samples of these qualities: their mean, 0 to 1.

    Samples of quality 0 are used by no answer and so do not count; 0.0 when none is left. InvalidInput outside 0 to 1.
    """
    given = list(qualities)
    if not all(0 <= each <= 1 for each in given):
        raise InvalidInput("A quality is a number from 0 to 1.")
    used = [each for each in given if each > 0]
    return min(fsum(used) / len(used), 1.0) if used else 0.0


def _checked(streams: Mapping[UUID, Sequence[DeviceSample]]) -> None:
    if len({each.metric for samples in streams.values() for each in samples}) > 1:
        raise InvalidInput("Only samples of one metric can be merged.")
    if any(each.device_id != device for device, samples in streams.items() for each in samples):
        raise InvalidInput("Each sample must stand under the device that it came from.")
    if not all(isfinite(each.value) for samples in streams.values() for each in samples if each.quality > 0):
        raise InvalidInput("A sample without a number cannot be merged.")


def _best_of_each_window(usable: Mapping[int, Sequence[DeviceSample]]) -> list[DeviceSample]:
    windows: defaultdict[int, dict[int, list[DeviceSample]]] = defaultdict(dict)
    for rank, samples in usable.items():
        for each in samples:
            windows[(each.at - EPOCH) // INSTANT_WINDOW].setdefault(rank, []).append(each)
    kept = [each for window in windows.values() for each in _best(window)]
    return sorted(kept, key=lambda each: (each.at, each.value))


def _best(window: Mapping[int, Sequence[DeviceSample]]) -> Sequence[DeviceSample]:
    if len(window) == 1:
        return next(iter(window.values()))
    return window[min(window, key=lambda rank: (-confidence(each.quality for each in window[rank]), rank))]


def _each_stretch_once(usable: Mapping[int, Sequence[DeviceSample]]) -> list[DeviceSample]:
    intervals = [(rank, each) for rank, samples in usable.items() for each in samples if _lasts(each) and _covers(each)]
    moments = {rank: [each for each in samples if not _lasts(each)] for rank, samples in usable.items()}
    pieces = _owned(intervals)
    alone = _uncovered(moments, pieces)
    return sorted([*pieces, *alone], key=lambda each: (each.at, each.value))


def _lasts(sample: DeviceSample) -> bool:
    return sample.until is not None and sample.until > sample.at


def _covers(sample: DeviceSample) -> bool:
    if sample.value:
        return True
    return sample.quality >= LOW_QUALITY and Flag.UNWORN not in sample.flags


def _owned(intervals: Sequence[tuple[int, DeviceSample]]) -> list[DeviceSample]:
    """Every stretch with the interval that has it: a sweep from edge to edge, the best open claim on top of a heap."""
    ordered = sorted(intervals, key=lambda pair: pair[1].at)
    claims = [_claim(rank, each, place) for place, (rank, each) in enumerate(ordered)]
    edges = sorted({edge for _, each in ordered for edge in (each.at, _end(each))})
    parts: list[tuple[int, datetime, datetime]] = []
    waiting: list[_Claim] = []
    coming = 0
    for begin, end in pairwise(edges):
        while coming < len(ordered) and ordered[coming][1].at <= begin:
            heappush(waiting, claims[coming])
            coming += 1
        while waiting and _end(ordered[waiting[0].place][1]) <= begin:
            heappop(waiting)
        if waiting:
            _extend(parts, waiting[0].place, begin, end)
    return [_cut(ordered[place][1], begin, end) for place, begin, end in parts]


def _claim(rank: int, sample: DeviceSample, place: int) -> _Claim:
    seconds = (_end(sample) - sample.at).total_seconds()
    return _Claim(sample.quality < LOW_QUALITY, rank, 1 - sample.quality, seconds, -sample.value, place)


def _extend(parts: list[tuple[int, datetime, datetime]], place: int, begin: datetime, end: datetime) -> None:
    if parts and parts[-1][0] == place and parts[-1][2] == begin:
        parts[-1] = (place, parts[-1][1], end)
    else:
        parts.append((place, begin, end))


def _cut(sample: DeviceSample, begin: datetime, end: datetime) -> DeviceSample:
    if begin == sample.at and end == sample.until:
        return sample
    share = (end - begin) / (_end(sample) - sample.at)
    return replace(sample, at=begin, until=end, value=sample.value * share)


def _uncovered(moments: Mapping[int, Sequence[DeviceSample]], pieces: Sequence[DeviceSample]) -> list[DeviceSample]:
    """Counts at a moment, of the best device near that moment, where no other device covers it."""
    starts = [each.at for each in pieces]
    kept: list[DeviceSample] = []
    for rank in sorted(moments):
        taken = sorted(each.at for each in kept)
        own = {each.at: each for each in sorted(moments[rank], key=lambda each: (each.quality, each.value))}
        for each in own.values():
            before = bisect_right(starts, each.at) - 1
            if not _covered(each, pieces[before] if before >= 0 else None) and not _near(each.at, taken):
                kept.append(each)
    return kept


def _covered(moment: DeviceSample, piece: DeviceSample | None) -> bool:
    return piece is not None and moment.at < _end(piece) and piece.device_id != moment.device_id


def _near(at: datetime, taken: Sequence[datetime]) -> bool:
    after = bisect_right(taken, at)
    return any(abs(at - other) < MOMENT_WINDOW for other in taken[max(after - 1, 0) : after + 1])


def _end(sample: DeviceSample) -> datetime:
    return sample.until or sample.at


def _share(sample: DeviceSample, since: datetime, until: datetime) -> float:
    if not _lasts(sample):
        return sample.value if since <= sample.at < until else 0.0
    inside = min(_end(sample), until) - max(sample.at, since)
    return sample.value * max(inside / (_end(sample) - sample.at), 0.0)
