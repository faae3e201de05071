"""Foods that act on medicines are read in a question, so that none is left out of its answer."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from vitasense.deterministic.intake import EntityType, read
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.medications import Kind, Medicine, check
from vitasense.deterministic.medications.checks.eating import food_names, foods_called
from vitasense.deterministic.platform.findings import Status

# Words that mean something else as well, and nutrients, which are counted rather than eaten.
NOT_READ = {"ale", "stout", "sake", "mead", "soy", "soya", "fibre", "fiber", "caffeine", "caffeinated drink"}
IN_PART = {
    *("calcium fortified juice", "fortified orange juice", "high fibre cereal", "high fiber cereal"),
    *("high protein meal", "monster energy", "no salt substitute"),
}


def test_every_food_of_the_rules_is_read_whole() -> None:
    lost = [name for rule in food_names() for name in rule.names if not _is_read(name)]
    assert set(lost) <= NOT_READ | IN_PART


def _is_read(name: str) -> bool:
    reading = read(f"can I have {name} with warfarin")
    return any(each.text.lower() == name for each in reading.of_type(EntityType.FOOD, EntityType.DRUG))


def test_every_food_that_is_asked_about_with_medicines_is_one_of_the_rules() -> None:
    """The end of `intake/rules/foods.yaml`, from "dairy" on, is there for the medicines."""
    rows = cast("Sequence[Mapping[str, Any]]", load("foods")["entries"])
    words = [word for row in rows for word in (row["name"], *row.get("words", ()))]
    assert [word for word in words[words.index("dairy") :] if not foods_called(word)] == []


def test_a_food_that_is_a_medicine_in_the_lists_is_not_held_against_itself() -> None:
    found = check([Medicine("pomegranate juice", origin="food"), Medicine("atorvastatin")])
    (nothing,) = [each for each in found if each.kind == Kind.FOOD and each.status is Status.NOT_FOUND]
    assert "against atorvastatin" in nothing.text
