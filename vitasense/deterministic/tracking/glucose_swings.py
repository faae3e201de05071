"""MAGE, the mean amplitude of glycemic excursions (Service 1970), by an algorithm that is stated here in full.

1. The series is cut at gaps of more than 3 hours; stretches of less than 24 hours are left out.
2. In each stretch turning points are kept whose swing from the last turning point is more than one SD of the stretch,
   looking for the farthest value until the series comes back by more than one SD. So a small wiggle within a rise does
   not end the rise, and no smoothing is needed.
3. The amplitudes in the direction of the first such swing are averaged, as in the original; the swing that the data end in
   counts when it has passed one SD.
4. The stretches are averaged by their length.
Other programs differ: the default of the R package iglu finds the peaks by crossings of moving averages (Fernandes 2022)
and averages both directions, and on the same data its result is near to this one and not the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from vitasense.deterministic.tracking.glucose_rules import Mage

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Timed:
    """A glucose value in mg/dL at a time in seconds."""

    at: float
    value: float


def mage(points: Sequence[Timed], rule: Mage) -> float | None:
    """The mean amplitude in mg/dL; None without a stretch that is long enough and has a swing that counts."""
    found: list[tuple[float, float]] = []
    for stretch in _stretches(points, rule.gap_hours * HOUR):
        length = stretch[-1].at - stretch[0].at
        amplitudes = _first_direction(_swings([point.value for point in stretch], rule.sd))
        if length >= rule.least_hours * HOUR and amplitudes:
            found.append((length, sum(amplitudes) / len(amplitudes)))
    total = sum(length for length, _ in found)
    return sum(length * mean for length, mean in found) / total if total else None


def _stretches(points: Sequence[Timed], gap: float) -> list[list[Timed]]:
    stretches: list[list[Timed]] = []
    for point in points:
        if not stretches or point.at - stretches[-1][-1].at > gap:
            stretches.append([])
        stretches[-1].append(point)
    return stretches


def _swings(values: Sequence[float], sds: float) -> list[float]:
    """The signed swings between turning points that are more than the limit apart."""
    limit = sds * _sd(values)
    if not limit:
        return []
    turns = _turning_points(values, limit)
    return [b - a for a, b in pairwise(turns) if abs(b - a) > limit]


def _turning_points(values: Sequence[float], limit: float) -> list[float]:
    """The first value's side, then each extreme from which the series came back by more than the limit, then the last."""
    turns: list[float] = []
    low = high = values[0]
    rising: bool | None = None
    for value in values:
        low, high = min(low, value), max(high, value)
        if rising is not False and high - value > limit:
            turns.append(high)
            rising, low = False, value
        elif rising is not True and value - low > limit:
            turns.append(low)
            rising, high = True, value
    return turns if rising is None else [*turns, high if rising else low]


def _first_direction(swings: Sequence[float]) -> list[float]:
    return [abs(swing) for swing in swings if (swing > 0) == (swings[0] > 0)]


def _sd(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
