"""One series in order: what every statistic starts from, and the robust numbers that they share.

Times are aware datetimes, or POSIX seconds as floats. Values are in one unit, the caller's; results are in that unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.platform.problems import InvalidInput

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Times = Sequence[datetime] | NDArray[np.floating[Any]]
Values = Sequence[float] | NDArray[np.floating[Any]]

SECONDS_PER_DAY = 86400.0
MAD_TO_SD = 1.4826  # a normal distribution's standard deviation in median absolute deviations (Hampel 1974)
_OFFSETS_CHANGE = 900  # seconds: every zone's offset and every change of it is a multiple of a quarter of an hour
_DIGITS = 1e-9  # of the largest value: finer steps are not read
_WHOLE = 1e-4  # from a whole number of steps
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """No answer, and why: never the same as "nothing found"."""

    reason: str


@dataclass(frozen=True, slots=True)
class Days:
    """One value a local day, in order: `ordinals` as of `date.toordinal()`, `values` in the unit of the series."""

    ordinals: Integers
    values: Floats


@dataclass(frozen=True, slots=True)
class LocalTimes:
    """Hour (0 to 23), whether Saturday or Sunday, and ordinal of the day, each as the person's clock showed it."""

    hours: Integers
    weekend: Bools
    days: Integers


def ordered(times: Times, values: Values) -> tuple[Floats, Floats]:
    """Seconds and values by time, strictly rising: values of one moment become their median.

    Raises InvalidInput for times without a zone, lengths that differ, and anything that is not a finite number.
    """
    seconds, numbers = to_seconds(times), np.asarray(values, dtype=np.float64)
    if seconds.ndim != 1 or seconds.shape != numbers.shape:
        raise InvalidInput("A series needs one value for each time.")
    if not np.isfinite(numbers).all():
        raise InvalidInput("A series holds a value that is not a finite number.")
    order = np.lexsort((numbers, seconds))
    seconds, numbers = seconds[order], numbers[order]
    moments, starts = np.unique(seconds, return_index=True)
    if len(moments) == len(seconds):
        return seconds, numbers
    return moments, np.array([np.median(part) for part in np.split(numbers, starts[1:])])


def to_seconds(times: Times) -> Floats:
    """POSIX seconds. Raises InvalidInput for a time without a zone, or one that is not finite."""
    if isinstance(times, np.ndarray):
        seconds = times.astype(np.float64)
    else:
        if any(time.tzinfo is None for time in times):
            raise InvalidInput("A time without a zone cannot be placed.")
        seconds = np.array([time.timestamp() for time in times], dtype=np.float64)
    if not np.isfinite(seconds).all():
        raise InvalidInput("A series holds a time that is not a finite number.")
    return seconds


def moment(seconds: float) -> datetime:
    """The time, in UTC, of POSIX seconds."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(seconds))


def local(seconds: Floats, zone: tzinfo) -> LocalTimes:
    """The clock of the zone at each moment, with its daylight saving."""
    quarters, which = np.unique(np.floor(seconds / _OFFSETS_CHANGE), return_inverse=True)
    offsets = np.array([_offset(quarter * _OFFSETS_CHANGE, zone) for quarter in quarters], dtype=np.float64)
    clock = seconds + offsets[which]
    days = np.floor(clock / SECONDS_PER_DAY).astype(np.int64) + _EPOCH
    hours = np.floor(clock % SECONDS_PER_DAY / 3600).astype(np.int64)
    return LocalTimes(hours=hours, weekend=(days - 1) % 7 >= 5, days=days)  # the first day of all was a Monday


def daily(times: Times, values: Values, zone: tzinfo) -> Days:
    """The median of each local day that has values; of a metric that is added up, hand in the sums of days."""
    seconds, numbers = ordered(times, values)
    days, starts = np.unique(local(seconds, zone).days, return_index=True)
    medians = [np.median(part) for part in np.split(numbers, starts[1:])] if len(days) else []
    return Days(days, np.array(medians, dtype=np.float64))


def resolution(values: Floats) -> float:
    """The last decimal place that the values have, as a step: 1 for whole numbers, 0.1 for 36.5 and 37.

    Nine digits are read, since the rest comes from arithmetic. So hand in values as they were measured: 81.6466 kg that
    was 180 lb looks finer than it is.
    """
    size = float(np.abs(values).max(initial=0.0))
    step = 1.0
    while step > _DIGITS * size and float(np.abs(values / step - np.rint(values / step)).max(initial=0.0)) > _WHOLE:
        step /= 10
    return step


def spread(values: Floats, centre: float, least: float) -> float:
    """The scaled median absolute deviation from the centre, not below `least`: a spread is never zero."""
    return max(float(MAD_TO_SD * np.median(np.abs(values - centre))), least)


def _offset(seconds: float, zone: tzinfo) -> float:
    offset = moment(seconds).astimezone(zone).utcoffset()
    return offset.total_seconds() if offset else 0.0
