"""Change points against several annotators, and what ruptures finds with the settings of its own first examples."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

MARGIN = 5  # points by which a found change point may be off (van den Burg & Williams 2020)


def f1(annotations: Sequence[Collection[int]], found: Collection[int], margin: int = MARGIN) -> float:
    """The F1 of found change points, indices from 0 (van den Burg & Williams, arXiv 2003.06222, 2020).

    Precision counts against what any annotator marked, recall is the mean over annotators. Each set also has the
    trivial change point 0, so that a series without one can be answered rightly. Each found point is used once, by
    the nearest, marked points in rising order.
    """
    ours = {0, *found}
    marked = [{0, *each} for each in annotations]
    precision = _met(set[int]().union(*marked), ours, margin) / len(ours)
    recall = sum(_met(each, ours, margin) / len(each) for each in marked) / len(marked)
    return 2 * precision * recall / (precision + recall)


def _met(wanted: Collection[int], found: Collection[int], margin: int) -> int:
    left, met = set(found), 0
    for point in sorted(wanted):
        near = min(left, key=lambda other: (abs(other - point), other), default=None)
        if near is not None and abs(near - point) <= margin:
            left.remove(near)
            met += 1
    return met


def plain_defaults() -> Mapping[str, Callable[[Sequence[float]], list[int]]]:
    """Detectors of ruptures as its documentation first shows them, on the values as they are."""
    import ruptures  # noqa: PLC0415 - slow to load

    library: Any = ruptures  # has no types

    def pelt(values: Sequence[float]) -> list[int]:
        return library.Pelt(model="rbf").fit(np.array(values)).predict(pen=10)

    def binary(values: Sequence[float]) -> list[int]:
        return library.Binseg(model="l2").fit(np.array(values)).predict(n_bkps=3)

    def nothing(values: Sequence[float]) -> list[int]:
        return [len(values)]

    return {"ruptures Pelt(rbf, penalty 10)": pelt, "ruptures Binseg(l2, 3 changes)": binary, "no change": nothing}
