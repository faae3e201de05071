"""The days and hours of a person: a day lasts from one local midnight to the next, 23 or 25 hours where clocks change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.tracking.microseconds import HOUR, Moments, microseconds

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Windows:
    """Stretches of time that do not overlap, in order: each from its start to before its end, in microseconds."""

    starts: Moments
    ends: Moments

    def place(self, times: Moments) -> NDArray[np.intp]:
        """The window that each time lies in, -1 for none."""
        found = np.searchsorted(self.starts, times, "right") - 1
        inside = (found >= 0) & (times < self.ends[found]) if self.starts.size else np.zeros(times.size, bool)
        return np.where(inside, found, -1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The local day of a time."""
    return at.astimezone(zone).date()


def days_between(since: datetime, until: datetime, zone: ZoneInfo) -> Windows:
    """The local days from the one of `since` to the one of `until`, both whole."""
    first, last = day_of(since, zone), day_of(until, zone)
    edges = [microseconds(midnight(first + ONE_DAY * n, zone)) for n in range((last - first).days + 2)]
    edges = np.unique(np.array(edges, np.int64))  # a day that a zone left out has no length
    return Windows(edges[:-1], edges[1:])


def hours_of(days: Windows) -> Windows:
    """The hours of each day, counted from its beginning: none lies in two days, whatever the zone is."""
    counts = -((days.starts - days.ends) // HOUR)
    which = np.repeat(np.arange(days.starts.size), counts)
    place = np.arange(which.size) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = days.starts[which] + place * HOUR
    return Windows(starts, np.minimum(starts + HOUR, days.ends[which]))


def without(days: Windows, closed: Windows) -> Windows:
    """The days, cut to what no closed one covers."""
    if not closed.starts.size:
        return days
    pairs = [pair for day in zip(days.starts, days.ends, strict=True) for pair in _cut(*day, closed)]
    return Windows(np.array([pair[0] for pair in pairs], np.int64), np.array([pair[1] for pair in pairs], np.int64))


def _cut(start: int, end: int, closed: Windows) -> list[tuple[int, int]]:
    """What is left of one day. A closed day of an earlier zone covers its beginning or its end, never its middle alone."""
    touching = (closed.starts < end) & (closed.ends > start)
    for covered, after in zip(closed.starts[touching], closed.ends[touching], strict=True):
        if covered <= start:
            start = max(start, after)
        else:
            end = min(end, covered)
    return [(start, end)] if start < end else []
