"""Numbers of a stream folded into windows: how many, their sum, least, most, middle and last."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.tracking.blocks import Stream
from vitasense.deterministic.tracking.catalogue import Kind
from vitasense.deterministic.tracking.local_days import Windows
from vitasense.deterministic.tracking.microseconds import Moments

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Folded:
    """One row for each window that has something, in order: `place` is the window, the rest as in phi.rollup."""

    place: NDArray[np.intp]
    n: NDArray[np.intp]
    total: Numbers
    total_squares: Numbers
    least: Numbers
    most: Numbers
    middle: Numbers
    last_value: Numbers
    last_at: Moments
    quality: Numbers


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What falls into which window."""

    place: NDArray[np.intp]
    at: Moments
    value: Numbers
    quality: Numbers


def fold(stream: Stream, kind: Kind, windows: Windows) -> Folded:
    """The usable numbers of the stream by window.

    `instant`: where it was measured. `sum`: an interval is shared out by time over the windows that it touches.
    `duration`: whole, in the window where it ends; one that ends with a window belongs to that one.
    """
    usable = stream.only(stream.quality > 0)
    return _folded(_shared(usable, windows) if kind == "sum" else _whole(usable, kind, windows))


def ends_of(stream: Stream) -> Moments:
    """Where a duration belongs: its last moment."""
    return np.maximum(stream.at, stream.until - 1)


def fold_into_one_day(stream: Stream, windows: Windows) -> Folded:
    """Durations that belong to one day, by its hours: what ended before it (a part of a night) is in its first."""
    usable = stream.only(stream.quality > 0)
    times = np.clip(ends_of(usable), windows.starts[0], windows.ends[-1] - 1)
    return _folded(_Pieces(windows.place(times), times, usable.value, usable.quality.astype(np.float64)))


def _whole(stream: Stream, kind: Kind, windows: Windows) -> _Pieces:
    times = ends_of(stream) if kind == "duration" else stream.at
    return _Pieces(windows.place(times), times, stream.value, stream.quality.astype(np.float64))


def _shared(stream: Stream, windows: Windows) -> _Pieces:
    ends = np.maximum(stream.until, stream.at)
    lasting = ends > stream.at
    first = np.searchsorted(windows.ends, stream.at, "right")
    after = np.where(lasting, np.searchsorted(windows.starts, ends, "left"), windows.place(stream.at) + 1)
    first = np.where(lasting, first, np.maximum(windows.place(stream.at), 0))
    counts = np.maximum(after - first, 0)
    rows = np.repeat(np.arange(stream.at.size), counts)
    place = first[rows] + np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts)
    begins = np.maximum(stream.at[rows], windows.starts[place])
    covered = np.minimum(ends[rows], windows.ends[place]) - begins
    length = ends[rows] - stream.at[rows]
    share = np.where(lasting[rows], covered / np.maximum(length, 1), 1.0)
    return _Pieces(place, begins, stream.value[rows] * share, stream.quality[rows].astype(np.float64))


def _folded(pieces: _Pieces) -> Folded:
    order = np.lexsort((pieces.at, pieces.place))
    order = order[pieces.place[order] >= 0]
    place, value, quality = pieces.place[order], pieces.value[order], pieces.quality[order]
    found, begins, n = np.unique(place, return_index=True, return_counts=True)
    if not found.size:
        none = np.empty(0, np.float64)
        return Folded(found, n, none, none, none, none, none, none, np.empty(0, np.int64), none)
    last = begins + n - 1
    ordered = value[np.lexsort((value, place))]
    return Folded(
        place=found,
        n=n,
        total=np.add.reduceat(value, begins),
        total_squares=np.add.reduceat(value * value, begins),
        least=ordered[begins],
        most=ordered[last],
        middle=(ordered[begins + (n - 1) // 2] + ordered[begins + n // 2]) / 2,
        last_value=value[last],
        last_at=pieces.at[order][last],
        quality=np.clip(np.add.reduceat(quality, begins) / n, 0.0, 1.0),
    )
