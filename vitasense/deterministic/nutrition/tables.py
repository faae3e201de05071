"""The foods and reference intakes, read once; a food is found by its name or not at all."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.nutrition.schemas import Food, Intake, Nutrient, Sex

SHORTEST_WITH_TYPO = 5  # shorter words are one letter away from other foods (pear, bear)
SHORTEST_WITH_SUBSTITUTION = 7  # batter, pasta and water are one letter away from butter, paste and wafer
_EMPTY_WORDS = frozenset({"a", "an", "the", "some", "my", "of", "ripe", "organic"})
_IRREGULAR = {"leaves": "leaf", "loaves": "loaf", "halves": "half", "knives": "knife"}


class FoodTable(BaseModel):
    """rules/foods.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    units: dict[Nutrient, str]
    entries: tuple[Food, ...]


class IntakeTable(BaseModel):
    """rules/intakes.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    units: dict[Nutrient, str]
    entries: tuple[Intake, ...]


def _read(name: str) -> object:
    text = files("vitasense.deterministic.nutrition").joinpath(f"rules/{name}.yaml").read_text(encoding="utf-8")
    return cast("object", yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def foods() -> FoodTable:
    """Every food, in the order of the file."""
    return FoodTable.model_validate(_read("foods"))


@cache
def intakes() -> IntakeTable:
    """Every reference intake."""
    return IntakeTable.model_validate(_read("intakes"))


def food_names() -> frozenset[str]:
    """Every name that `find_food` knows, in lower case and singular or plural as people say it."""
    return frozenset(name for food in foods().entries for name in food.names)


def intake_for(nutrient: Nutrient, sex: Sex, age: int) -> Intake | None:
    """The reference intake of an adult; None below 19 years and for a nutrient without one."""
    return next(
        (
            entry
            for entry in intakes().entries
            if entry.nutrient is nutrient
            and entry.sex == sex
            and entry.from_age <= age <= (age if entry.to_age is None else entry.to_age)
        ),
        None,
    )


def find_food(name: str) -> Food | None:
    """The food of that name, in singular or plural, with at most one slip of the pen; None when it is not known.

    A slip is one letter too few, one doubled or two swapped in a word of five letters or more, or any one wrong
    letter in a word of seven or more, never the first letter. When a slip would fit two foods it fits none.
    """
    words = words_of(name)
    return _by_words().get(words) or _by_letters().get("".join(words)) or _with_slip(words)


def words_of(name: str) -> tuple[str, ...]:
    """The words that tell one food from another, each as `singular` gives it."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and ").replace("'", "").replace("’", ""))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(singular(word) for word in re.findall(r"[^\W_]+%?", letters) if word not in _EMPTY_WORDS)


def singular(word: str) -> str:
    """One form for singular and plural, for comparing: "cookies" and "cookie" both give "cooky"."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return re.sub("ie$", "y", word) if len(word) > 3 else word
    word = re.sub("(?<=o|x)es$|(?<=ch|sh|ss|zz)es$", "", word)
    return re.sub("ie$", "y", re.sub("(?<=[^s])s$", "", word))


@cache
def _by_words() -> Mapping[tuple[str, ...], Food]:
    return {words_of(name): food for food in foods().entries for name in food.names}


@cache
def _by_letters() -> Mapping[str, Food]:
    return {"".join(words): food for words, food in _by_words().items()}


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for words in _by_words() for word in words)


def _with_slip(words: tuple[str, ...]) -> Food | None:
    found = {food.key: food for known, food in _by_words().items() if _one_slip(words, known)}
    return next(iter(found.values())) if len(found) == 1 else None


def _one_slip(said: tuple[str, ...], known: tuple[str, ...]) -> bool:
    different = [pair for pair in zip(said, known, strict=False) if pair[0] != pair[1]]
    if len(said) != len(known) or len(different) != 1:
        return False
    wrong, right = different[0]
    return wrong not in _vocabulary() and _slipped(wrong, right)


def _slipped(wrong: str, right: str) -> bool:
    if len(right) < SHORTEST_WITH_TYPO or not right.isalpha() or wrong[0] != right[0]:
        return False
    if len(wrong) != len(right):
        longer, shorter = (wrong, right) if len(wrong) > len(right) else (right, wrong)
        lost = [at for at in range(len(longer)) if longer[:at] + longer[at + 1 :] == shorter]
        # "streak" is no steak: in a short word only a doubled letter is one too many.
        return bool(lost) and (longer is right or len(lost) > 1 or len(right) >= SHORTEST_WITH_SUBSTITUTION)
    places = [at for at, (one, other) in enumerate(zip(wrong, right, strict=True)) if one != other]
    if len(places) == 1:
        return len(right) >= SHORTEST_WITH_SUBSTITUTION
    swapped = len(places) == 2 and places[1] == places[0] + 1
    return swapped and wrong[places[0]] == right[places[1]] and wrong[places[1]] == right[places[0]]
