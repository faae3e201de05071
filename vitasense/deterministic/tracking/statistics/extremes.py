"""A threshold that is crossed at a stated rate: peaks over a threshold, for values whose neighbours are alike."""

import numpy as np

from vitasense.deterministic.tracking.statistics.series import SECONDS_PER_DAY, Bools, Floats

LEVEL = 0.98  # quantile above which values are called peaks (Siffer et al., KDD 2017)
ENOUGH_PEAKS = 10  # below which their tail is taken to be exponential; our own choice
HEAVIEST = 0.5  # shape of the tail; the moments below do not exist beyond it


def clusters(seconds: Floats, above: Bools, quiet: float) -> list[tuple[int, int]]:
    """First and last index of each run of values above that is not interrupted for more than `quiet` seconds.

    Runs are the independent events (runs declustering: Coles, Introduction to Statistical Modeling of Extreme Values,
    2001, chapter 5).
    """
    found = np.flatnonzero(above)
    if not len(found):
        return []
    breaks = np.flatnonzero(np.diff(seconds[found]) > quiet)
    firsts, lasts = np.r_[found[0], found[breaks + 1]], np.r_[found[breaks], found[-1]]
    return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]


def threshold(seconds: Floats, scores: Floats, per_day: float, quiet: float) -> float:
    """The score that runs of alike values exceed `per_day` times a day, judged by these, which are at least one.

    A generalised Pareto distribution of the peaks of runs, by probability-weighted moments (Hosking & Wallis,
    Technometrics 1987;29:339-349). Its tail is never taken to end, for few peaks do not show an end.
    """
    level = float(np.quantile(scores, LEVEL))
    runs = clusters(seconds, scores > level, quiet)
    if not runs:
        return level
    peaks = np.sort([float(scores[first : last + 1].max()) - level for first, last in runs])
    days = max((seconds[-1] - seconds[0]) / SECONDS_PER_DAY, 1.0)
    shape, scale = _tail(peaks)
    rarer = len(runs) / days / per_day
    return level + scale * (np.log(rarer) if shape == 0 else (rarer**shape - 1) / shape) if rarer > 1 else level


def _tail(peaks: Floats) -> tuple[float, float]:
    """Shape and scale of sorted peaks."""
    n, mean = len(peaks), float(peaks.mean())
    if n < ENOUGH_PEAKS:
        return 0.0, mean
    second = float(np.mean(peaks * (1 - (np.arange(1, n + 1) - 0.35) / n)))
    shape = 2 - mean / (mean - 2 * second) if mean > 2 * second else HEAVIEST
    shape = float(np.clip(shape, 0.0, HEAVIEST))
    return shape, mean * (1 - shape)
