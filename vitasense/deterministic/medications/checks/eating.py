"""Foods and drinks: those named among the medicines and those of the food log, by the words that name them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.medications.checks.naming import spelt
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Eaten, Medicine
from vitasense.deterministic.platform.findings import Evidence


class FoodName(Rule):
    """A food or drink: the words for it, longer names that mean something else, and the herbs or medicines that are it."""

    names: tuple[str, ...]
    unless: tuple[str, ...] = ()
    members: Members = frozenset()


@dataclass(frozen=True, slots=True)
class Eating:
    """A food as it was named. `taken` is set when the medicines know it, `logged` when it is of the food log."""

    food: FoodName
    name: str
    evidence: Evidence | None
    asked: bool = False
    taken: Taken | None = None
    logged: Eaten | None = None


def eating(subject: Subject) -> list[Eating]:
    """Every food that is named or logged, once for each way to name it; one name may be several foods."""
    logged = subject.person.eaten if subject.person and subject.person.eaten else ()
    found = [*_named(subject), *(each for eaten in logged for each in _logged(eaten))]
    return list({(each.food.key, each.name, each.logged is None): each for each in found}.values())


def foods_called(name: str) -> tuple[FoodName, ...]:
    """The foods that the words of `name` mean; empty for what is none of them."""
    return _called(spelt(name))


@cache
def food_names() -> Rules[FoodName]:
    """The entries of `rules/food_names.yaml`."""
    return read_rules("food_names", FoodName)


def _named(subject: Subject) -> Iterator[Eating]:
    for each in subject.taken:
        for food in _by_drug().get(each.drug.key, ()):
            yield _eating(food, each.drug.name, each.medicine, each)
    for medicine in subject.medicines:
        if medicine.origin == "food" or medicine.name.strip() in subject.unknown:
            for food in foods_called(medicine.name):
                yield _eating(food, medicine.name.strip().lower(), medicine)


def _eating(food: FoodName, name: str, medicine: Medicine, taken: Taken | None = None) -> Eating:
    return Eating(food, name, medicine.evidence, medicine.is_asked, taken)


def _logged(eaten: Eaten) -> Iterator[Eating]:
    for food in foods_called(eaten.name):
        yield Eating(food, eaten.name, eaten.evidence, logged=eaten)


@cache
def _by_drug() -> dict[str, tuple[FoodName, ...]]:
    found: dict[str, tuple[FoodName, ...]] = {}
    for food in food_names():
        for key in food.members:
            found[key] = (*found.get(key, ()), food)
    return found


@cache
def _called(said: str) -> tuple[FoodName, ...]:
    return tuple(food for food, names, unless in _spellings() if _says(_without(said, unless), names))


@cache
def _spellings() -> tuple[tuple[FoodName, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple((food, tuple(map(spelt, food.names)), tuple(map(spelt, food.unless))) for food in food_names())


def _says(said: str, names: tuple[str, ...]) -> bool:
    return any(name in said for name in names)


def _without(said: str, phrases: tuple[str, ...]) -> str:
    for phrase in phrases:
        said = said.replace(phrase, " ; ")
    return said
