"""Under which circumstances a value was measured: meal, position, arm, rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.attach import nearest
from vitasense.deterministic.intake.body import side_near
from vitasense.deterministic.intake.details import Circumstances
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.phrases import Phrases
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.values import Valued

_MEAL = "*"
_SITED = frozenset(
    {
        "blood pressure",
        "systolic blood pressure",
        "diastolic blood pressure",
        "body temperature",
        "oxygen saturation",
        "heart rate",
    }
)
_FED = frozenset(
    {
        "glucose",
        "body weight",
        "blood pressure",
        "systolic blood pressure",
        "diastolic blood pressure",
        "triglycerides",
        "heart rate",
    }
)
_KINDS = ("meal", "position", "activity", "site")


@dataclass(frozen=True, slots=True)
class Told:
    """One circumstance at tokens `[first, last)`: its kind, its value, and the meal that was named."""

    kind: str
    value: str
    first: int
    last: int
    meal_name: str | None = None


Meaning = tuple[str, str, str | None]


@cache
def _table(kind: str) -> Phrases[Meaning]:
    rows = cast("Mapping[str, Sequence[str]]", load("circumstances")[kind])
    return Phrases(
        (written, (kind, value, meal))
        for value, words in rows.items()
        for word in words
        for written, meal in _named(word)
    )


def _named(word: str) -> Iterator[tuple[str, str | None]]:
    if _MEAL not in word:
        yield word, None
        return
    for meal, names in cast("Mapping[str, Sequence[str]]", load("circumstances")["meals"]).items():
        yield from ((word.replace(_MEAL, name), meal) for name in names)


@cache
def _alone() -> Phrases[Meaning]:
    rows = cast("Mapping[str, Sequence[str]]", load("circumstances")["alone"])
    return Phrases((word, ("meal", value, None)) for value, words in rows.items() for word in words)


def find_circumstances(scene: Scene) -> tuple[Told, ...]:
    """Every circumstance that the text tells, by place."""
    found = [
        Told(*hit.meaning[:2], hit.first, hit.last, hit.meaning[2])
        for kind in _KINDS
        for hit in _table(kind).find(scene)
    ]
    found += _by_one_word(scene, found)
    return tuple(sorted(found, key=lambda told: told.first))


def _by_one_word(scene: Scene, found: Sequence[Told]) -> Iterator[Told]:
    """ "4.2 before lunch and 9.8 after": the last word is of the meal when one was named before."""
    meals = [told for told in found if told.kind == "meal"]
    if not meals:
        return
    for hit in _alone().find(scene):
        ends = hit.last == len(scene.tokens) or not scene.word(hit.last)[0].isalnum()
        if ends and hit.first in scene.number_before and meals[0].first < hit.first:
            yield Told("meal", hit.meaning[1], hit.first, hit.last)


def circumstances_of(scene: Scene, valued: Sequence[Valued], told: Sequence[Told]) -> Mapping[int, Circumstances]:
    """Place of a value in `valued` → its circumstances; words that say nothing of this measure are left out."""
    targets = sorted(range(len(valued)), key=lambda place: valued[place].first)
    found: dict[int, dict[str, object]] = {}
    for one in told:
        near = nearest(scene, one, [valued[place] for place in targets])
        if near is None or not _says(valued[targets[near]], one):
            continue
        fields = found.setdefault(targets[near], {})
        fields.setdefault(one.kind, one.value)
        if one.meal_name:
            fields.setdefault("meal_name", one.meal_name)
        side = side_near(scene, one) if one.kind == "site" else None
        if side:
            fields.setdefault("side", side)
    return {place: Circumstances.model_validate(fields) for place, fields in found.items()}


def _says(valued: Valued, one: Told) -> bool:
    if one.kind == "site":
        return valued.measure.name in _SITED
    return valued.measure.name in _FED if one.kind == "meal" else valued.measure.category == "vitals"
