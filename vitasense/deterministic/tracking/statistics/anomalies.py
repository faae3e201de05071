"""Anomalies as they happen: each value is judged by the days before it, at a stated rate of false alarms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

import numpy as np

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.statistics.baseline import fitted
from vitasense.deterministic.tracking.statistics.extremes import clusters, threshold
from vitasense.deterministic.tracking.statistics.series import (
    Bools,
    Floats,
    Integers,
    LocalTimes,
    NotEvaluated,
    Times,
    Values,
    local,
    moment,
    ordered,
    spread,
)

Kind = Literal["excursion", "level shift"]

FALSE_ALARMS_PER_DAY = 1 / 30
LEAST_SCORE = 3.5  # of a modified z-score (Iglewicz & Hoaglin, How to Detect and Handle Outliers, 1993)
# Our own choices, none of them published:
LEAST = 1.0  # spreads below which nothing is an anomaly, however still the days before were
REMEMBERED_DAYS = 28  # four weeks: long enough for weekends, short enough for the seasons of the year
PROFILE_DAYS = 3  # with values, before the first deviation
# Days with deviations before the first verdict: a day has hardly more than one independent median of a day.
CALIBRATION_DAYS: Mapping[Kind, int] = {"excursion": 4, "level shift": 14}
SHORT = 3  # values whose median is judged, so that one false reading is not an incident
LONG = timedelta(days=1)  # time whose median is judged, for another level
ENOUGH_FOR_LEVEL = 6  # values in that time
QUIET = timedelta(hours=12)  # values in bounds for so long end an incident


@dataclass(frozen=True, slots=True)
class Incident:
    """One alarm: from the first value out of bounds to the last before half a day within them.

    `spreads` is the largest deviation from the usual, with its sign, in robust spreads; `kind` is what came first.
    """

    since: datetime
    until: datetime
    kind: Kind
    spreads: float


@dataclass(frozen=True, slots=True)
class Watch:
    """The incidents since the first moment that could be judged, and how many values were."""

    incidents: tuple[Incident, ...]
    since: datetime
    judged: int


def incidents(
    times: Times, values: Values, *, zone: tzinfo, per_day: float = FALSE_ALARMS_PER_DAY
) -> Watch | NotEvaluated:
    """What was unusual for this series, by what was known at the time: later values never change an earlier verdict.

    The usual is the baseline by hour and weekend of the last four weeks before each day. Two scores are judged, the
    median deviation of three values and that of a day. Each has a threshold that runs of alike values exceed half of
    `per_day` times a day, by the scores of the same weeks (Siffer et al., Anomaly Detection in Streams with Extreme
    Value Theory, KDD 2017), and no score within 3.5 of its own spreads is unusual. A week with values is needed first,
    17 days for the median of a day. The rate is of incidents, and holds as far as the weeks before are like the day
    that is judged. Raises InvalidInput for a rate that is not positive.
    """
    if not per_day > 0:
        raise InvalidInput("The rate of false alarms has to be more than none.")
    seconds, numbers = ordered(times, values)
    clock = local(seconds, zone)
    deviations = _deviations(clock, numbers, zone)
    scores: dict[Kind, Floats] = {
        "excursion": _rolling(deviations, np.maximum(np.arange(len(seconds)) - SHORT + 1, 0)),
        "level shift": _rolling(deviations, _since(seconds, LONG.total_seconds())),
    }
    bounds = {
        kind: _bounds(seconds, clock.days, score, per_day / 2, CALIBRATION_DAYS[kind]) for kind, score in scores.items()
    }
    judged = np.isfinite(bounds["excursion"])
    if not judged.any():
        needed = PROFILE_DAYS + CALIBRATION_DAYS["excursion"]
        return NotEvaluated(f"{len(np.unique(clock.days))} days with values; more than {needed} are needed")
    found = _incidents(seconds, scores, {kind: np.abs(scores[kind]) > bounds[kind] for kind in scores})
    return Watch(found, moment(seconds[judged][0]), int(judged.sum()))


def _deviations(clock: LocalTimes, values: Floats, zone: tzinfo) -> Floats:
    def of_day(past: slice, today: slice) -> Floats:
        usual = fitted(_part(clock, past), values[past], zone, enough=PROFILE_DAYS)
        return usual.deviations_at(_part(clock, today), values[today])

    return _by_day(clock.days, PROFILE_DAYS, of_day)


def _bounds(seconds: Floats, days: Integers, scores: Floats, per_day: float, enough: int) -> Floats:
    def of_day(past: slice, today: slice) -> Floats:
        known = np.isfinite(scores[past])
        if len(np.unique(days[past][known])) < enough:
            return np.full_like(scores[today], np.nan)
        before = scores[past][known]
        bound = threshold(seconds[past][known], np.abs(before), per_day, QUIET.total_seconds())
        return np.full_like(scores[today], max(bound, LEAST_SCORE * spread(before, 0.0, 0.0), LEAST))

    return _by_day(days, enough, of_day)


def _by_day(days: Integers, enough: int, of_day: Callable[[slice, slice], Floats]) -> Floats:
    """What `of_day` says of each day by the weeks before it; not a number where they have too few days."""
    known, starts = np.unique(days, return_index=True)
    ends = [*starts[1:].tolist(), len(days)]
    said: Floats = np.full(len(days), np.nan)
    for i in range(len(known)):
        first = int(np.searchsorted(known, int(known[i]) - REMEMBERED_DAYS))
        if i - first >= enough:
            today = slice(int(starts[i]), ends[i])
            said[today] = of_day(slice(int(starts[first]), today.start), today)
    return said


def _since(seconds: Floats, reach: float) -> Integers:
    """The first index within reach of each, or the next one where those are too few to have a level."""
    firsts = np.searchsorted(seconds, seconds - reach, side="right").astype(np.int64)
    here = np.arange(len(seconds))
    return np.where(here - firsts + 1 < ENOUGH_FOR_LEVEL, here + 1, firsts)


def _rolling(deviations: Floats, firsts: Integers) -> Floats:
    """The median from `first` to each value; not a number where one of them is none, or where there are none."""
    medians = [np.median(deviations[int(f) : i + 1]) if f <= i else np.nan for i, f in enumerate(firsts)]
    return np.array(medians, dtype=np.float64)


def _incidents(seconds: Floats, scores: dict[Kind, Floats], out: dict[Kind, Bools]) -> tuple[Incident, ...]:
    found: list[Incident] = []
    for first, last in clusters(seconds, out["excursion"] | out["level shift"], QUIET.total_seconds()):
        kind: Kind = "excursion" if out["excursion"][first] else "level shift"
        both = np.concatenate([score[first : last + 1][out[kind][first : last + 1]] for kind, score in scores.items()])
        spreads = float(both[np.argmax(np.abs(both))])
        found.append(Incident(moment(seconds[first]), moment(seconds[last]), kind, spreads))
    return tuple(found)


def _part(clock: LocalTimes, which: slice) -> LocalTimes:
    return LocalTimes(clock.hours[which], clock.weekend[which], clock.days[which])
