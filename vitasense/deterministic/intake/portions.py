"""How much of a food: "two eggs", "a bowl of oatmeal", "200 g of chicken", "pizza, three slices"."""

from dataclasses import dataclass

from vitasense.deterministic.intake.lexicon import between_words, portions
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.scene import Scene, quantity
from vitasense.deterministic.intake.schemas import EntityType

_FOOD_UNITS = frozenset({"g", "kg", "mL", "L", "[oz_av]", "[foz_us]", "[lb_av]", "dL"})
_STEPS, _AFTER = 5, 4


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of a food was said: a count of portions, or an amount with its unit."""

    count: float | None = None
    portion: str | None = None
    value: float | None = None
    unit: str | None = None


def portion(scene: Scene, food: Mention) -> Portion:
    """The quantity said before a food, else the one right after it."""
    at, name = food.first, None
    for _ in range(_STEPS):
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
    return Portion(portion=name) if name else _after(scene, food)


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


def _after(scene: Scene, food: Mention) -> Portion:
    """ "Pizza yesterday evening, three slices", "chicken 150 g": only a portion or a weight that no other food follows."""
    place = food.last
    while place in scene.hidden or scene.word(place) in (",", ":", "x"):
        place += 1
    number = scene.number_at.get(place)
    if number is None or (number.loose and number.value == 1):
        return Portion()
    said = quantity(scene, number)
    word = scene.word(number.last)
    last = number.last + 1 if word in portions() else said.last
    if scene.names(last, last + _AFTER, EntityType.FOOD) and scene.word(last) != ",":
        return Portion()
    if word in portions():
        return Portion(count=number.value, portion=portions()[word])
    return Portion(value=said.value, unit=said.unit) if said.unit in _FOOD_UNITS else Portion()
