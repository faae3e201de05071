"""Which of several things in a sentence a word belongs to: the nearest, and none over the end of a sentence."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from vitasense.deterministic.intake.scene import Scene

_CLAUSE = 3  # a comma or "and" between counts as this many words more
_BREAKS = frozenset({",", ":", "(", ")", "and", "but", "while", "then"})
_REACH = 14


class Place(Protocol):
    """Something at tokens `[first, last)`."""

    @property
    def first(self) -> int:
        """The first token."""
        ...

    @property
    def last(self) -> int:
        """The token after the last."""
        ...


def nearest(scene: Scene, word: Place, targets: Sequence[Place], reach: int = _REACH) -> int | None:
    """The index of the target nearest to a word in its sentence, the one before it at equal distance; None beyond reach.

    `targets` are in the order of the text. Only the neighbours before and after are looked at, so that the time is
    logarithmic in their number.
    """
    found = _closest(scene, word, targets)
    return found[1] if found and found[0] <= reach else None


def nearer(scene: Scene, word: Place, rivals: Sequence[Place], target: Place) -> bool:
    """Whether one of the rivals is nearer to a word than the target is."""
    found = _closest(scene, word, rivals)
    return found is not None and found[0] < _distance(scene, word, target)


def _closest(scene: Scene, word: Place, targets: Sequence[Place]) -> tuple[int, int] | None:
    after = bisect_right(targets, word.first, key=lambda target: target.first)
    around = [place for place in (after - 1, after) if 0 <= place < len(targets)]
    return min(((_distance(scene, word, targets[place]), place) for place in around), default=None)


def _distance(scene: Scene, word: Place, target: Place) -> int:
    """Words between, a new clause counting as more; beyond every reach in another sentence."""
    if target.first <= word.first < target.last or word.first <= target.first < word.last:
        return 0
    first, last = (word.last, target.first) if word.first < target.first else (target.last, word.first)
    if last - first > _REACH or scene.sentence[first - 1] != scene.sentence[min(last, len(scene.sentence) - 1)]:
        return _REACH * _CLAUSE * 2
    return sum(_CLAUSE if scene.word(place) in _BREAKS else 1 for place in range(first, last))
