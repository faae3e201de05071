"""What the times of arrival say about the device's clock. Late and repeated data are no fault of a clock."""

import numpy as np

from vitasense.deterministic.devices.quality.batch import Bools
from vitasense.deterministic.devices.quality.rules import quality_rules
from vitasense.deterministic.devices.quality.stream import Stream
from vitasense.deterministic.tracking import Flag

HOUR = 3600.0


def clock_jumps(stream: Stream, usual: Bools) -> Bools:
    """Which samples have a wrong time: in the future, told a second time, or late by whole hours all at once.

    `usual` marks the samples of the front that no gap came before: data for a gap came late, data for a time that was
    already told came from a clock that was put back.
    """
    ahead = stream.at > stream.received + quality_rules().clock.future
    return ahead | _told_again(stream, usual) | _whole_hours(stream)


def _told_again(stream: Stream, usual: Bools) -> Bools:
    found = np.zeros(len(stream), dtype=np.bool_)
    front = np.flatnonzero(stream.front)
    late = np.flatnonzero(stream.lone & stream.measured & ~stream.front & np.isfinite(stream.received))
    if not len(late) or not len(front):
        return found
    latest = np.maximum.accumulate(np.where(stream.front, stream.at, -np.inf))
    next_one = front[np.searchsorted(stream.at[front], stream.at[late], "left")]
    between = usual[next_one] & (stream.at[next_one] > stream.at[late])
    found[late] = between & (latest[late] - stream.at[late] > quality_rules().clock.backward)
    return found


def _whole_hours(stream: Stream) -> Bools:
    rule = quality_rules().clock
    found = np.zeros(len(stream), dtype=np.bool_)
    places = np.flatnonzero(stream.lone & stream.measured & np.isfinite(stream.received))
    if not len(places):
        return found
    received = stream.received[places]
    begins = np.flatnonzero(np.concatenate(([True], np.diff(received) != 0)))
    newest = np.maximum.reduceat(np.fmax(stream.at, stream.until)[places], begins)
    lag = received[begins] - newest
    hours = np.rint(lag / HOUR)
    off = (np.abs(lag - hours * HOUR) <= rule.hour_tolerance) & (hours >= 1) & (hours <= rule.most_hours)
    here = np.arange(len(begins))
    start = np.maximum.accumulate(np.where(np.concatenate(([True], np.diff(np.where(off, hours, 0)) != 0)), here, 0))
    live = np.concatenate(([False], np.logical_or.accumulate(np.abs(lag) < rule.live)[:-1]))
    known = np.logical_or.reduceat(stream.knows(Flag.CLOCK_JUMP)[places], begins)
    before = np.maximum.accumulate(np.where(known, here, -1)) >= start
    jumped = off & (before | (live[start] & (here - start + 1 >= rule.messages)))
    found[places] = np.repeat(jumped, np.diff(np.append(begins, len(places))))
    return found
