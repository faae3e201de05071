"""Reciprocal rank fusion (Cormack, Clarke, Buettcher 2009): one order out of several, by places alone."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

K = 60  # the paper's constant
FEWEST_CANDIDATES = 50
Item = TypeVar("Item", bound=Hashable)


def fuse(*orders: Sequence[Item]) -> dict[Item, float]:
    """Each item's score: the sum of 1 / (60 + its place), from 1, in the orders that hold it; the best first."""
    scores: dict[Item, float] = {}
    for order in orders:
        for place, item in enumerate(order, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (K + place)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))


def candidates(limit: int) -> int:
    """How many of each order are fused, for `limit` hits in the end."""
    return max(FEWEST_CANDIDATES, 4 * limit)
