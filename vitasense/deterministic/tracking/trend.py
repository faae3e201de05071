"""What a series did, in numbers that anyone can check; no claim about chance or cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.schemas import Sample
from vitasense.deterministic.units import convert

ENOUGH = 5  # points below which a slope says more about single points than about the series
MOST = 1000  # points used for the slope; of a longer series evenly spaced ones, for it looks at every pair
SECONDS_PER_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Trend:
    """A series in short, all values in `unit`, which is the last sample's.

    `slope_per_day` is the median slope of all pairs of points (Theil 1950; Sen, J Am Stat Assoc 1968;63:1379-1389),
    None below 5 points or when all are of one moment. `not_comparable` samples had units that do not convert.
    """

    metric: str
    unit: str
    n: int
    first: Sample
    last: Sample
    minimum: float
    maximum: float
    median: float
    slope_per_day: float | None
    not_comparable: int


def trend(samples: Sequence[Sample]) -> Trend | None:
    """The summary of one metric's samples; None when there is none. Raises InvalidInput for several metrics."""
    if not samples:
        return None
    if len({sample.metric for sample in samples}) > 1:
        raise InvalidInput("A trend is of one measurement at a time.")
    ordered = sorted(samples, key=lambda sample: sample.at)
    unit = ordered[-1].unit
    points = [(sample, value) for sample in ordered if (value := _in_unit(sample, unit)) is not None]
    values = [value for _, value in points]
    return Trend(
        metric=ordered[-1].metric,
        unit=unit,
        n=len(points),
        first=points[0][0],
        last=points[-1][0],
        minimum=min(values),
        maximum=max(values),
        median=median(values),
        slope_per_day=_slope([(sample.at.timestamp() / SECONDS_PER_DAY, value) for sample, value in points]),
        not_comparable=len(ordered) - len(points),
    )


def _in_unit(sample: Sample, unit: str) -> float | None:
    if sample.unit == unit:
        return sample.value
    try:
        return convert(sample.value, sample.unit, unit, sample.metric)
    except InvalidInput:
        return None


def _slope(points: Sequence[tuple[float, float]]) -> float | None:
    if len(points) < ENOUGH:
        return None
    if len(points) > MOST:
        points = [points[round(i * (len(points) - 1) / (MOST - 1))] for i in range(MOST)]
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x2 != x1]
    return median(slopes) if slopes else None
