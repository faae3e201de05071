"""How much of a medicine, how often, and how much of a food."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import between_words, load, portions
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import ends_sentence, phrase
from vitasense.deterministic.intake.values import Quantity, Scene, quantity

_STRENGTHS = frozenset({"mg", "ug", "ng"})
_AMOUNTS = frozenset({"g", "mL", "U", "[IU]"})
_FORMS = frozenset(
    form + end for form in ("tablet", "pill", "capsule", "puff", "drop", "spray", "cap", "tab") for end in ("", "s")
)
_FOOD_UNITS = frozenset({"g", "kg", "mL", "L", "[oz_av]", "[foz_us]", "[lb_av]", "dL"})
_REACH = 6


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose at tokens `[first, last)`: strength with unit or a count of tablets, and whose it is."""

    first: int
    last: int
    value: float | None
    unit: str | None
    count: float | None
    drug: Mention | None


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of a food was said: a count of portions, or an amount with its unit."""

    count: float | None = None
    portion: str | None = None
    value: float | None = None
    unit: str | None = None


def find_doses(scene: Scene, used: set[int]) -> tuple[Dose, ...]:
    """Doses by place; a milligram needs no medicine beside it, a tablet or a millilitre does."""
    found: list[Dose] = []
    for number in scene.numbers:
        if number.first in used:
            continue
        dose = _dose(scene, number)
        if dose:
            found.append(dose)
    return tuple(found)


def _dose(scene: Scene, number: Number) -> Dose | None:
    if scene.word(number.last) in _FORMS:
        drug = _drug_near(scene, number.first, number.last + 1)
        return Dose(number.first, number.last + 1, None, None, number.value, drug) if drug else None
    said = quantity(scene, number)
    if number.loose or said.unit not in _STRENGTHS | _AMOUNTS:
        return None
    drug = _drug_near(scene, said.first, said.last)
    if drug is None and (said.unit in _AMOUNTS or _food_near(scene, said)):
        return None
    return Dose(said.first, said.last, said.value, said.unit, None, drug)


def _food_near(scene: Scene, said: Quantity) -> bool:
    return scene.names(said.last, said.last + 3, EntityType.FOOD, EntityType.VITAL, EntityType.LAB)


def _drug_near(scene: Scene, first: int, last: int) -> Mention | None:
    for step in range(_REACH + 1):
        after = scene.mention_at.get(last + step)
        if after and after.type is EntityType.DRUG and not scene.breaks(last, after.first) and step <= 2:
            return after
        before = _drug_ending(scene, first - step)
        if before and not scene.breaks(before.last, first):
            return before
    return None


def _drug_ending(scene: Scene, place: int) -> Mention | None:
    for first in range(place - 1, place - 5, -1):
        mention = scene.mention_at.get(first)
        if mention:
            return mention if mention.last == place and mention.type is EntityType.DRUG else None
    return None


@cache
def _frequencies() -> Mapping[str, tuple[tuple[tuple[str, ...], float], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    for times, words in cast("Mapping[str, list[str]]", load("time")["per_day"]).items():
        for word in words:
            key = phrase(word)
            table.setdefault(key[0], []).append((key, float(times)))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}


def per_day(scene: Scene, after: int) -> float | None:
    """How often a day, said within a few words after a medicine or its dose; None when it was not said."""
    words = tuple(token.raw for token in scene.tokens[after : after + _REACH + 6])
    for at in range(min(_REACH, len(words))):
        if ends_sentence(scene.tokens[after + at]):
            return None
        for key, times in _frequencies().get(words[at], ()):
            if words[at : at + len(key)] == key:
                return times
    return None


def portion(scene: Scene, food: Mention) -> Portion:
    """The quantity said before a food: "two eggs", "a bowl of oatmeal", "200 g of chicken"."""
    at, name = food.first, None
    for _ in range(5):
        number = scene.number_before.get(at)
        if number:
            return _measured(number, name, scene)
        word = scene.word(at - 1)
        if word in portions():
            name, at = portions()[word], at - 1
        elif word in between_words():
            at -= 1
        else:
            at = _before_unit(scene, at)
    return Portion(portion=name)


def _before_unit(scene: Scene, at: int) -> int:
    for length in (1, 2):
        number = scene.number_before.get(at - length)
        said = quantity(scene, number) if number else None
        if said and said.last == at and said.unit in _FOOD_UNITS:
            return at - length
    return at


def _measured(number: Number, name: str | None, scene: Scene) -> Portion:
    said = quantity(scene, number)
    if name is None and said.unit in _FOOD_UNITS:
        return Portion(value=said.value, unit=said.unit)
    return Portion(count=number.value, portion=name)
