"""Which relative a finding belongs to."""

from bisect import bisect_left
from collections.abc import Sequence

from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.people import OTHER_PATIENT
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.schemas import EntityType

_AFTER = 3


class Owners:
    """The people that a text names, found by place in logarithmic time."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._people: Sequence[Mention] = [
            mention
            for mention in scene.mentions
            if mention.type is EntityType.PERSON and mention.meaning.name != OTHER_PATIENT
        ]
        self._places = [person.first for person in self._people]

    def of(self, first: int, last: int) -> str | None:
        """The person whose finding stands at tokens `[first, last)`: said in or of right after it, else named last."""
        after = bisect_left(self._places, last)
        near = after < len(self._places) and self._places[after] <= last + _AFTER
        behind = self._people[after].meaning.name if near else None
        if behind and self._scene.word(last) in ("in", "of"):
            return behind
        before = bisect_left(self._places, first)
        return self._people[before - 1].meaning.name if before else behind
