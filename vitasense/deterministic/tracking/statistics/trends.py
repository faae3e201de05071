"""Trends and comparisons of days, each with its interval: none is claimed while the interval holds zero.

Neighbouring minutes say nearly the same, so everything here works on one value a day (`series.daily`). Days are alike
too, though less: the intervals are widened by the correlation of one day with the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from vitasense.deterministic.tracking.statistics.series import Days, Floats

ENOUGH = 5  # days below which an interval says more about single days than about the series; our own choice
PERIODS = (7, 30, 90)  # days
MOST = 1000  # days used of a longer series, evenly spaced, for every pair is looked at
Z95 = 1.959964  # the normal distribution's two-sided 95 %

Course = Literal["rising", "falling", "no clear change", "too few"]
Difference = Literal["higher", "lower", "no clear difference", "too few"]


@dataclass(frozen=True, slots=True)
class Slope:
    """Change in the metric's unit per day with its 95 % interval, over `n` days; no numbers when they are too few."""

    course: Course
    n: int
    per_day: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much higher the later days are, in the metric's unit, with the 95 % interval, and the days on each side."""

    difference: Difference
    n_before: int
    n_after: int
    shift: float | None = None
    low: float | None = None
    high: float | None = None


def slopes(days: Days, today: date) -> dict[int, Slope]:
    """The slope of the last 7, 30 and 90 days up to and with today."""
    last = today.toordinal()
    return {
        period: slope(_within(days, lambda ordinals, period=period: (ordinals > last - period) & (ordinals <= last)))
        for period in PERIODS
    }


def slope(days: Days) -> Slope:
    """The median slope of all pairs and its distribution-free interval (Sen, J Am Stat Assoc 1968;63:1379-1389).

    The variance of Kendall's S takes ties into account (Sen 1968, eq. 2.6) and is multiplied by the loss of
    independent days to the correlation of neighbours (Yue & Wang, Water Resour Manage 2004;18:201-218).
    """
    days = _thinned(days)
    n = len(days.values)
    if n < ENOUGH:
        return Slope("too few", n)
    first, second = np.triu_indices(n, 1)
    x = days.ordinals.astype(np.float64)
    steps = np.sort((days.values[second] - days.values[first]) / (x[second] - x[first]))
    middle = float(np.median(steps))
    variance = _kendall_variance(days.values) * dilution(days.values - middle * x)
    low, high = _interval(steps, Z95 * np.sqrt(variance))
    course: Course = "rising" if low > 0 else "falling" if high < 0 else "no clear change"
    return Slope(course, n, middle, low, high)


def compare(before: Days, after: Days) -> Comparison:
    """The shift between two periods: the median of all differences (Hodges & Lehmann, Ann Math Stat 1963;34:598-611).

    Its interval is that of the rank-sum test (Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd ed.
    2014, chapter 4, large samples), widened like that of a slope.
    """
    before, after = _thinned(before), _thinned(after)
    m, n = len(before.values), len(after.values)
    if min(m, n) < ENOUGH:
        return Comparison("too few", m, n)
    differences = np.sort((after.values[:, None] - before.values[None, :]).ravel())
    alike = max(dilution(before.values), dilution(after.values))
    low, high = _interval(differences, 2 * Z95 * np.sqrt(alike * m * n * (m + n + 1) / 12))
    difference: Difference = "higher" if low > 0 else "lower" if high < 0 else "no clear difference"
    return Comparison(difference, m, n, float(np.median(differences)), low, high)


def dilution(residuals: Floats) -> float:
    """How many days count as one independent day: 1 without positive correlation of neighbours, n at most."""
    n = len(residuals)
    off = residuals - np.mean(residuals)
    total = float(off @ off)
    if total == 0:
        return 1.0
    rho = float(np.clip(off[1:] @ off[:-1] / total, 0.0, 0.99))
    lags = np.arange(1, n)
    return float(1 + 2 * np.sum((1 - lags / n) * rho**lags))


def _within(days: Days, chosen: Callable[[np.ndarray], np.ndarray]) -> Days:
    inside = chosen(days.ordinals)
    return Days(days.ordinals[inside], days.values[inside])


def _thinned(days: Days) -> Days:
    if len(days.values) <= MOST:
        return days
    kept = np.linspace(0, len(days.values) - 1, MOST).round().astype(np.int64)
    return Days(days.ordinals[kept], days.values[kept])


def _kendall_variance(values: Floats) -> float:
    n = len(values)
    _, tied = np.unique(values, return_counts=True)
    return float((n * (n - 1) * (2 * n + 5) - np.sum(tied * (tied - 1) * (2 * tied + 5))) / 18)


def _interval(ordered: Floats, width: float) -> tuple[float, float]:
    """The order statistics `width` apart around the middle, or the ends."""
    count = len(ordered)
    low = int(np.clip(np.floor((count - width) / 2) - 1, 0, count - 1))
    high = int(np.clip(np.ceil((count + width) / 2), 0, count - 1))
    return float(ordered[low]), float(ordered[high])
