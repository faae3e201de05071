"""The statistics of runs: how sure a difference is, and how far a mean is known."""

import math
import random
from collections.abc import Sequence
from statistics import fmean, quantiles

SURE = 0.05  # the level of every test here
_RESAMPLES = 2000
_Z95 = 1.959964  # two-sided 95% quantile of the normal distribution


def wilson(hits: float, total: float) -> tuple[float, float]:
    """The 95% score interval of the share `hits` of `total` (Wilson, J Am Stat Assoc 1927;22:209-212)."""
    rate, squared = hits / total, _Z95**2
    middle = (rate + squared / (2 * total)) / (1 + squared / total)
    half = _Z95 * math.sqrt(rate * (1 - rate) / total + squared / (4 * total**2)) / (1 + squared / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(before: tuple[float, float], now: tuple[float, float]) -> tuple[float, float]:
    """The 95% interval of the share `now` minus the share `before`, each as (hits, total).

    Newcombe, Stat Med 1998;17:873-890, method 10: from the Wilson intervals of both, without continuity correction.
    """
    (first, n_first), (second, n_second) = before, now
    p1, p2 = second / n_second, first / n_first
    (low1, high1), (low2, high2) = wilson(second, n_second), wilson(first, n_first)
    down = math.hypot(p1 - low1, high2 - p2)
    up = math.hypot(high1 - p1, p2 - low2)
    return p1 - p2 - down, p1 - p2 + up


def mcnemar(broken: int, fixed: int) -> float:
    """The exact two-sided probability of so uneven a split of the cases that changed, were both ways as likely.

    McNemar, Psychometrika 1947;12:153-157, by the binomial distribution; 1 when nothing changed.
    """
    changed = broken + fixed
    tail = sum(math.comb(changed, k) for k in range(min(broken, fixed) + 1)) / 2**changed
    return min(1.0, 2 * tail)


def mean_interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of the mean (Efron, Ann Stat 1979;7:1-26); the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (no secret: the same interval each time)
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    return means[round(_RESAMPLES * 0.025)], means[round(_RESAMPLES * 0.975) - 1]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values stay under, between neighbours."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]
