"""Two numbers that are a blood pressure by their form: "145/95", "145 over 95"."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

from vitasense.deterministic.intake.lexicon import Measure, measures
from vitasense.deterministic.intake.plausibility import doubt
from vitasense.deterministic.intake.scene import Quantity, Scene, unit_at
from vitasense.deterministic.intake.schemas import EntityType

_UNIT = "mm[Hg]"
_GAPS = frozenset({"", "/", "over", "on"})
_CERTAIN = frozenset({"/", "over"})


@cache
def pressure() -> Measure:
    """The measure with an upper and a lower number."""
    return next(measure for measure in measures() if measure.second)


def find_pressures(scene: Scene) -> Iterator[Quantity]:
    """Every pair of numbers that is a pressure, with its unit."""
    named = any(mention.meaning.measure == pressure() for mention in scene.mentions)
    last = 0
    for upper, lower in pairwise(scene.numbers):
        if upper.first < last or lower.first - upper.last > 1:
            continue
        gap = scene.word(upper.last) if lower.first > upper.last else ""
        if upper.loose or lower.loose or gap not in _GAPS or _of_more(scene, upper.first, lower.last):
            continue
        said = Quantity(upper.value, _UNIT, upper.first, lower.last, lower.value)
        plausible = doubt(pressure(), said) is None
        # "120-80" and "120 80" are a pressure only beside the word and when they can be one.
        if (named and (gap or plausible)) or (gap in _CERTAIN and plausible):
            after = unit_at(scene, lower.last)
            last = after[1] if after and after[0] == _UNIT else lower.last
            yield replace(said, last=last)


def _of_more(scene: Scene, first: int, last: int) -> bool:
    """Whether the pair is a part of "120/80/70", or the strengths of a medicine ("Advair 250/50")."""
    before = next((one for step in range(1, 4) if (one := scene.mention_at.get(first - step))), None)
    if before and before.type is EntityType.DRUG and before.last == first:
        return True
    return scene.word(first - 1) == "/" or (scene.word(last) == "/" and last + 1 in scene.number_at)
