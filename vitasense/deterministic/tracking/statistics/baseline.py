"""What is usual for a person: a robust centre and spread, by hour and weekend as far as the data carry it."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Literal, TypeVar

import numpy as np

from vitasense.deterministic.tracking.statistics.series import (
    MAD_TO_SD,
    Bools,
    Floats,
    Integers,
    LocalTimes,
    NotEvaluated,
    Times,
    Values,
    local,
    ordered,
    resolution,
    to_seconds,
)

# Our own choices, none of them published:
HOLD_OUT = timedelta(days=14)  # the newest days are compared with the baseline, so they are not in it
WINDOW = timedelta(days=90)
ENOUGH_DAYS = 14  # days with values below which nothing is called usual
ENOUGH_IN_CELL = 8  # days in a cell below which the wider one stands: four weekends have as many
PRIOR_DAYS = 5.0  # a cell's spread counts as much as its wider one's when it has so many days

# Share of the values called usual, as in a reference interval (Solberg, J Clin Chem Clin Biochem 1987;25:645-656).
WITHIN = 0.95
USUAL = 1.96  # spreads on either side that hold that share of a normal distribution
_ROUNDING = 1e-12  # of sums of weights

Basis = Literal["hour and weekend", "hour", "all"]
Direction = Literal["above", "below", "within"]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """Centre and spread in the metric's unit, and the number of values and of days behind them."""

    centre: float
    spread: float
    n: int
    days: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What is usual at a moment: 95 % of the person's values lie from `low` to `high`; `n` values of `basis` say so."""

    centre: float
    low: float
    high: float
    n: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a value is from the usual one, in spreads, with its sign; `within` means from low to high."""

    spreads: float
    direction: Direction
    expected: Expected


@dataclass(frozen=True, slots=True)
class Baseline:
    """Cells by hour (and weekend) of the local clock, each drawn towards its wider one; `every` is of all values."""

    zone: tzinfo
    every: Cell
    hours: Mapping[int, Cell]
    weekend_hours: Mapping[tuple[int, bool], Cell]

    def expected(self, at: datetime) -> Expected:
        """What is usual at this moment. Raises InvalidInput for a time without a zone."""
        clock = local(to_seconds([at]), self.zone)
        cell, basis = self._cell(int(clock.hours[0]), bool(clock.weekend[0]))
        reach = USUAL * cell.spread
        return Expected(cell.centre, cell.centre - reach, cell.centre + reach, cell.n, basis)

    def deviation(self, value: float, at: datetime) -> Deviation:
        """The value's distance from the usual one at this moment."""
        usual = self.expected(at)
        direction: Direction = "above" if value > usual.high else "below" if value < usual.low else "within"
        return Deviation((value - usual.centre) * USUAL / (usual.high - usual.centre), direction, usual)

    def deviations_at(self, clock: LocalTimes, values: Floats) -> Floats:
        """The signed distance of each value from the usual one at its time, in spreads."""
        keys, which = np.unique(clock.hours * 2 + clock.weekend, return_inverse=True)
        cells = [self._cell(int(key) // 2, bool(key % 2))[0] for key in keys]
        centres, spreads = np.array([(cell.centre, cell.spread) for cell in cells]).reshape(-1, 2).T
        return (values - centres[which]) / spreads[which]

    def _cell(self, hour: int, weekend: bool) -> tuple[Cell, Basis]:
        if (hour, weekend) in self.weekend_hours:
            return self.weekend_hours[hour, weekend], "hour and weekend"
        if hour in self.hours:
            return self.hours[hour], "hour"
        return self.every, "all"


def baseline(
    times: Times, values: Values, *, zone: tzinfo, now: datetime, window: timedelta = WINDOW
) -> Baseline | NotEvaluated:
    """The baseline at `now`, of the `window` that ended 14 days ago.

    The newest 14 days stay out, so that a slow change does not become its own measure; a change that lasts longer
    moves the baseline, half of the way by the time that it fills half of the window. Median and scaled median absolute
    deviation: fewer than half of the values, wherever they lie, do not carry it away (Rousseeuw & Croux, J Am Stat
    Assoc 1993;88:1273-1283). Each hour of each day has the same weight, however often it was measured.
    """
    seconds, numbers = ordered(times, values)
    until = (now - HOLD_OUT).timestamp()
    inside = (seconds >= until - window.total_seconds()) & (seconds < until)
    clock = local(seconds[inside], zone)
    days = len(np.unique(clock.days))
    if days < ENOUGH_DAYS:
        return NotEvaluated(f"{days} days with values before the newest 14 days; {ENOUGH_DAYS} are needed")
    return fitted(clock, numbers[inside], zone)


def fitted(clock: LocalTimes, values: Floats, zone: tzinfo, *, enough: int = ENOUGH_IN_CELL) -> Baseline:
    """The baseline of exactly these values, of which there is at least one; a cell needs `enough` days."""
    weights, least = _weights(clock), resolution(values)

    def measured(inside: Bools) -> Cell:
        return _measured(clock.days[inside], values[inside], weights[inside], least)

    every = measured(np.ones(len(values), dtype=bool))
    masks = {int(hour): clock.hours == hour for hour in np.unique(clock.hours)}
    hours = _enough({hour: measured(mask) for hour, mask in masks.items()}, enough)
    parts = {(hour, part): masks[hour] & (clock.weekend == part) for hour in hours for part in (False, True)}
    weekend_hours = _enough({key: measured(mask) for key, mask in parts.items() if mask.any()}, enough)
    typical = float(np.median([cell.spread for cell in hours.values()])) if hours else every.spread
    hours = _drawn(hours, dict.fromkeys(hours, replace(every, spread=typical)))
    return Baseline(zone, every, hours, _drawn(weekend_hours, {key: hours[key[0]] for key in weekend_hours}))


def _weights(clock: LocalTimes) -> Floats:
    _, which, counts = np.unique(clock.days * 24 + clock.hours, return_inverse=True, return_counts=True)
    return 1.0 / counts[which]


def _measured(days: Integers, values: Floats, weights: Floats, least: float) -> Cell:
    centre = weighted_quantile(values, weights, 0.5)
    off = np.abs(values - centre)
    deviation = MAD_TO_SD * weighted_quantile(off, weights, 0.5)
    if deviation == 0:  # most values are the same, such as no steps at night: the rarer ones say what is usual
        deviation = weighted_quantile(off, weights, WITHIN) / USUAL
    return Cell(centre, max(deviation, least), len(values), len(np.unique(days)))


def _enough(cells: Mapping[Key, Cell], enough: int) -> dict[Key, Cell]:
    return {key: cell for key, cell in cells.items() if cell.days >= enough}


def _drawn(cells: Mapping[Key, Cell], wider: Mapping[Key, Cell]) -> dict[Key, Cell]:
    """Each centre moved towards its wider one by what chance alone explains (Efron & Morris, J Am Stat Assoc 1975;70).

    A median of n values varies by pi / 2 times their variance over n. Cells that differ no more than that are one.
    """
    if not cells:
        return {}
    chance = {key: math.pi / 2 * cell.spread**2 / cell.days for key, cell in cells.items()}
    apart = sum((cell.centre - wider[key].centre) ** 2 - chance[key] for key, cell in cells.items()) / len(cells)
    between = max(apart, 0.0)
    drawn: dict[Key, Cell] = {}
    for key, cell in cells.items():
        share, kept = between / (between + chance[key]), cell.days / (cell.days + PRIOR_DAYS)
        drawn[key] = replace(
            cell,
            centre=share * cell.centre + (1 - share) * wider[key].centre,
            spread=kept * cell.spread + (1 - kept) * wider[key].spread,
        )
    return drawn


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """The value with this share of the weight below it; between two such values, their middle."""
    order = np.argsort(values, kind="stable")
    heaped: Floats = np.cumsum(weights[order])
    below = float(heaped[-1]) * share
    low = int(np.searchsorted(heaped, below * (1 - _ROUNDING)))
    high = int(np.searchsorted(heaped, below * (1 + _ROUNDING), side="right"))
    return float((values[order[low]] + values[order[min(high, len(order) - 1)]]) / 2)
