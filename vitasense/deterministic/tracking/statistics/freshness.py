"""Missing and stale: how often a stream usually speaks, by its own history, and where it was silent for longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from vitasense.deterministic.tracking.statistics.series import (
    SECONDS_PER_DAY,
    Floats,
    NotEvaluated,
    Times,
    moment,
    to_seconds,
)

# Our own choices, none of them published:
ENOUGH_GAPS = 10  # between values, below which nothing is called usual
MISSED = 3.0  # usual intervals without a value that are called a gap
BEYOND_USUAL = 1.5  # times the day's usual longest silence after which a stream is stale


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`interval` is the median time between values, `longest` the median of each day's longest; `n` gaps say so."""

    interval: timedelta
    longest: timedelta
    n: int

    @property
    def gap_after(self) -> timedelta:
        """A silence longer than this is a gap."""
        return MISSED * self.interval

    @property
    def stale_after(self) -> timedelta:
        """A stream silent for longer than this is stale: longer than a usual night or a usual charge of the battery."""
        return max(MISSED * self.interval, BEYOND_USUAL * self.longest)


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence from the last value before it until the first after it, and how many values it lacks, about."""

    since: datetime
    until: datetime
    missing: int


def rhythm(times: Times) -> Rhythm | NotEvaluated:
    """How often the stream speaks. Repeated times count once; fewer than 11 times are not enough."""
    seconds = np.unique(to_seconds(times))
    between = np.diff(seconds)
    if len(between) < ENOUGH_GAPS:
        return NotEvaluated(f"{len(seconds)} values; {ENOUGH_GAPS + 1} are needed to know how often they come")
    return Rhythm(
        timedelta(seconds=float(np.median(between))), timedelta(seconds=_longest(seconds, between)), len(between)
    )


def stale(last_at: datetime, now: datetime, usual: Rhythm | NotEvaluated) -> bool | NotEvaluated:
    """Whether the stream has been silent for longer than is usual. A time after `now` is not stale."""
    if isinstance(usual, NotEvaluated):
        return usual
    return now - last_at > usual.stale_after


def gaps(times: Times, usual: Rhythm | NotEvaluated) -> tuple[Gap, ...] | NotEvaluated:
    """The silences of more than three usual intervals, oldest first."""
    if isinstance(usual, NotEvaluated):
        return usual
    seconds = np.unique(to_seconds(times))
    interval = usual.interval.total_seconds()
    between = np.diff(seconds)
    return tuple(
        Gap(moment(seconds[i]), moment(seconds[i + 1]), max(round(between[i] / interval) - 1, 1))
        for i in np.flatnonzero(between > usual.gap_after.total_seconds())
    )


def _longest(seconds: Floats, between: Floats) -> float:
    """A silence belongs to the day in which it ends, days counted back from the last value."""
    day = np.floor((seconds[-1] - seconds[1:]) / SECONDS_PER_DAY)
    return float(np.median([between[day == each].max() for each in np.unique(day)]))
