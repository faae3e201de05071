"""Which time was said of which finding."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.attach import nearest
from vitasense.deterministic.intake.details import Period
from vitasense.deterministic.intake.durations import places
from vitasense.deterministic.intake.moments import Span
from vitasense.deterministic.intake.scene import Scene

_SHARED_BY_ALL = ("measured", "food")


@dataclass(frozen=True, slots=True)
class Timed:
    """Something at tokens `[first, last)` that a time may be said of; times are shared within a `family`."""

    family: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Said:
    period: Period
    first: int
    last: int


def times_said(scene: Scene, spans: Sequence[Span], targets: Sequence[Timed]) -> Mapping[int, Period]:
    """Place in `targets` → its time: the one nearest to it, else the one that its neighbours in the sentence share.

    A time that stands alone in the message is that of every value and food in it.
    """
    said = [_Said(span.period, *places(scene.tokens, span.start, span.end)) for span in spans]
    said = [one for one in said if one.first < one.last]
    if not said:
        return {}
    order = sorted(range(len(targets)), key=lambda place: targets[place].first)
    ordered = [targets[place] for place in order]
    owners = [nearest(scene, one, ordered) for one in said]
    found: dict[int, Period] = {}
    for one, near in zip(said, owners, strict=True):
        if near is not None:
            found.setdefault(order[near], one.period)
    families = [ordered[near].family if near is not None else None for near in owners]
    shared = _Shared(scene, said, families, ordered)
    for place in order:
        period = shared.of(targets[place]) if place not in found else None
        if period:
            found[place] = period
    return found


class _Shared:
    """The times of each sentence that a family of findings may share, found in logarithmic time."""

    def __init__(
        self, scene: Scene, said: Sequence[_Said], families: Sequence[str | None], ordered: Sequence[Timed]
    ) -> None:
        self._scene, self._said, self._families = scene, said, families
        self._by_sentence: dict[tuple[int, str | None], list[_Said]] = {}
        for one, family in zip(said, families, strict=True):
            self._by_sentence.setdefault((scene.sentence[one.first], family), []).append(one)
        self._begins: dict[int, int] = {}
        for target in ordered:
            self._begins.setdefault(scene.sentence[target.first], target.first)

    def of(self, target: Timed) -> Period | None:
        """The time that a finding without one of its own shares, None when there is none."""
        sentence = self._scene.sentence[target.first]
        free = self._by_sentence.get((sentence, None), [])
        here = sorted((*free, *self._by_sentence.get((sentence, target.family), [])), key=lambda one: one.first)
        if not here:
            alone = len(self._said) == 1 and self._families[0] in (None, target.family)
            return self._said[0].period if alone and target.family in _SHARED_BY_ALL else None
        # "Yesterday A and B, today C" leads with its times; "A and B yesterday, C today" trails with them.
        after = bisect_left([one.first for one in here], target.first)
        leads = here[0].first < self._begins[sentence]
        if not leads and after == len(here) and target.family not in _SHARED_BY_ALL:
            return None  # "cough since Monday, knee pain": what comes after the last time has none
        place = max(after - 1, 0) if leads else min(after, len(here) - 1)
        return here[place].period
