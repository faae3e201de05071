"""From the scores of cues to confidences that mean something: the share of such intents that were right."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import load


@cache
def _bands() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Where each band of scores begins, and the share of it that was right."""
    rows = cast("Sequence[Mapping[str, str]]", load("calibration")["entries"])
    begins = tuple(float(row["from"]) for row in rows)
    return begins, tuple((int(row["right"]) + 1) / (int(row["of"]) + 2) for row in rows)


def confidence(score: float) -> float:
    """The share of intents with such a score that were right when it was measured, never falling with the score."""
    begins, shares = _bands()
    return shares[max(bisect_right(begins, score) - 1, 0)]
