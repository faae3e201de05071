"""The cost of one straight line through a stretch of a series, for ruptures; loaded when `changes` first needs it."""

from itertools import pairwise
from typing import Any

import numpy as np
from ruptures import Pelt
from ruptures.base import BaseCost

from vitasense.deterministic.tracking.statistics.series import Floats

_FLAT = 1e-12  # spread of times below which a stretch has no slope


class LineCost(BaseCost):
    """The squared residuals of the least-squares line of each stretch, in constant time by sums up to each point."""

    model = "line over time"  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride] - ruptures' way
    min_size = 2

    def __init__(self, times: Floats) -> None:
        self._times = (times - times.mean()) / max(float(np.ptp(times)), 1.0)
        self._sums: list[list[float]] = []

    def fit(self, signal: Floats) -> "LineCost":  # pyright: ignore[reportIncompatibleMethodOverride]
        """Take the values, one for each time."""
        x, y = self._times, np.asarray(signal, dtype=np.float64).ravel()
        y = y - y.mean()
        columns = (x, x * x, y, y * y, x * y)
        self._sums = [np.concatenate([[0.0], np.cumsum(column)]).tolist() for column in columns]
        self.signal = y.reshape(-1, 1)
        return self

    def error(self, start: int, end: int) -> float:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The sum of squares of the stretch from `start` up to, without, `end`."""
        n = end - start
        x, xx, y, yy, xy = (sums[end] - sums[start] for sums in self._sums)
        across, along, up = xx - x * x / n, xy - x * y / n, yy - y * y / n
        return max(up - (along * along / across if across > _FLAT else 0.0), 0.0)


def segments(times: Floats, values: Floats, penalty: float, shortest: int) -> list[tuple[int, int]]:
    """The stretches, each from an index up to another, whose lines and penalties together cost least (PELT)."""
    search: Any = Pelt(custom_cost=LineCost(times), min_size=shortest, jump=1)  # ruptures has no types
    found: list[int] = search.fit(values.reshape(-1, 1)).predict(penalty)
    return list(pairwise([0, *found]))
