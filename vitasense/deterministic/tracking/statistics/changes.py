"""Change points: when a series took another level or another slope, by one straight line for each stretch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from itertools import pairwise
from math import log
from typing import Literal

import numpy as np

from vitasense.deterministic.platform.problems import TooLarge
from vitasense.deterministic.tracking.statistics.series import (
    MAD_TO_SD,
    SECONDS_PER_DAY,
    Floats,
    NotEvaluated,
    Times,
    Values,
    moment,
    ordered,
    resolution,
)

SHORTEST = 7  # points of a stretch: a week of days; our own choice
MOST = 2000  # points: five years of days. The search may take the square of it, so minutes are made into days before
PARAMETERS = 3  # of a further stretch: its level, its slope and where it begins
OUTLIER = (
    3.0  # scaled median absolute deviations from the running median (Leys et al., J Exp Soc Psychol 2013;49:764-766)
)
REACH = 3  # points on either side of the running median
MOST_ALIKE = 0.95  # correlation of neighbours above which there is hardly a second independent point

Kind = Literal["level", "slope", "level and slope"]
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """The first point of another stretch. Levels are medians, slopes are per day, both in the unit of the series."""

    index: int
    at: datetime
    kind: Kind
    level_before: float
    level_after: float
    slope_before: float
    slope_after: float
    n_before: int
    n_after: int


def changes(times: Times, values: Values) -> tuple[Change, ...] | NotEvaluated:
    """The change points, oldest first; `index` counts the ordered series without repeated times.

    The penalty is Schwarz's criterion for change points (Yao, Stat Probab Lett 1988;6:181-189): three parameters times
    the logarithm of the length, in units of the noise. The noise is taken twice: first as if nothing had changed (the
    residuals of one line), which is too much and finds the plain changes; then from the residuals within the stretches
    found, as the variance of their sums, because neighbours that are alike look like changes (Lavielle, Stoch Process
    Appl 1999;83:79-102). Single outliers are drawn in first, so that they are not stretches. Raises TooLarge beyond
    2000 points.
    """
    seconds, numbers = ordered(times, values)
    if len(seconds) < 2 * SHORTEST:
        return NotEvaluated(f"{len(seconds)} values; a change needs {SHORTEST} on either side")
    if len(seconds) > MOST:
        raise TooLarge(f"Change points are sought in at most {MOST} values; make them into days before.")
    days = (seconds - seconds[0]) / SECONDS_PER_DAY
    stretches = _stretches(days, drawn_in(numbers), resolution(numbers))
    return tuple(_change(days, numbers, seconds, before, after) for before, after in pairwise(stretches))


def drawn_in(values: Floats) -> Floats:
    """The values with those far from the median of their neighbours moved to the border of what is usual."""
    padded = np.pad(values, REACH, mode="reflect")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1), axis=1)
    off = values - middle
    reach = OUTLIER * max(float(MAD_TO_SD * np.median(np.abs(off))), resolution(values))
    return middle + np.clip(off, -reach, reach)


def _stretches(days: Floats, values: Floats, least: float) -> list[Stretch]:
    """The stretches, by two rounds: see `changes`."""
    search = import_module("vitasense.deterministic.tracking.statistics.piecewise").segments
    whole = [(0, len(values))]
    sd = max(float(np.std(_residuals(days, values, whole))), least)
    scaled = (values - values[0]) / sd
    penalty = PARAMETERS * log(len(values))
    found: list[Stretch] = search(days, scaled, penalty, SHORTEST)
    if len(found) == 1:
        return found
    noise = max(_noise(_residuals(days, scaled, found), len(found)), (least / sd) ** 2)
    return search(days, scaled, penalty * noise, SHORTEST)


def _noise(residuals: Floats, stretches: int) -> float:
    """The variance of a sum of residuals for each of its terms, if they are autoregressive of order one.

    Beside a fitted line, their correlation comes out too low by (2 + 4 rho) over the length of the stretch (the bias
    for a mean: Kendall, Biometrika 1954;41:403-404; for a line: Tjostheim & Paulsen, Biometrika 1983;70:389-399).
    """
    n = len(residuals)
    squares = float(residuals @ residuals)
    if squares == 0:
        return 0.0
    rho = float(residuals[1:] @ residuals[:-1]) / squares
    rho = min(max(rho + (2 + 4 * rho) * stretches / n, 0.0), MOST_ALIKE)
    return squares / max(n - PARAMETERS * stretches, 1) * (1 + rho) / (1 - rho)


def _residuals(days: Floats, values: Floats, stretches: Sequence[Stretch]) -> Floats:
    return np.concatenate([_line(days[a:b], values[a:b])[1] for a, b in stretches])


def _line(days: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Level at time 0 and slope, and the residuals."""
    return _fit(np.column_stack([np.ones_like(days), days]), values)


def _fit(columns: Floats, values: Floats) -> tuple[Floats, Floats]:
    found = np.asarray(np.linalg.lstsq(columns, values, rcond=None)[0], dtype=np.float64)
    return found, values - columns @ found


def _change(days: Floats, values: Floats, seconds: Floats, before: Stretch, after: Stretch) -> Change:
    (a, b), (_, c) = before, after
    return Change(
        index=b,
        at=moment(seconds[b]),
        kind=_kind(days[a:c] - days[b], drawn_in(values[a:c]), b - a),
        level_before=float(np.median(values[a:b])),
        level_after=float(np.median(values[b:c])),
        slope_before=float(_line(days[a:b], values[a:b])[0][1]),
        slope_after=float(_line(days[b:c], values[b:c])[0][1]),
        n_before=b - a,
        n_after=c - b,
    )


def _kind(days: Floats, values: Floats, at: int) -> Kind:
    """The simplest of jump, bend, and both that fits, by Schwarz's criterion."""
    n, least = len(values), resolution(values) ** 2 * len(values) / 12  # what rounding leaves

    def cost(*shape: Floats) -> float:
        residuals = _fit(np.column_stack([np.ones_like(days), days, *shape]), values)[1]
        return n * log(float(residuals @ residuals) + least) + len(shape) * log(n)

    step = (np.arange(n) >= at).astype(np.float64)
    around = range(max(at - SHORTEST, 1), min(at + SHORTEST, n - 1))  # where a bend is, is less sure
    costs: dict[Kind, float] = {
        "level": cost(step),
        "slope": min(cost(np.maximum(days - days[i], 0.0)) for i in around),
        "level and slope": cost(step, days * step),
    }
    return min(costs, key=lambda kind: costs[kind])
