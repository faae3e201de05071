"""Foods and drinks: named, of the log, or only to be kept in mind."""

import pytest

from tests.deterministic.medications.factories import medicine, person, record, subject
from vitasense.deterministic.medications.checks.check import check
from vitasense.deterministic.medications.checks.eating import foods_called
from vitasense.deterministic.medications.checks.foods import foods
from vitasense.deterministic.medications.schemas import Eaten, Kind
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def eaten(*names: str) -> tuple[Eaten, ...]:
    return tuple(Eaten(name, 5, 14, record(f"Meal/{name}", name)) for name in names)


def with_log(name: str, *foods_eaten: str) -> list[Finding]:
    return foods(subject(name, whom=person(eaten=eaten(*foods_eaten))))


@pytest.mark.parametrize(
    ("name", "food", "urgency"),
    [
        ("simvastatin", "fresh grapefruit", Urgency.URGENT),
        ("phenelzine", "Cheddar cheese", Urgency.URGENT),
        ("metronidazole", "red wine", Urgency.URGENT),
        ("lisinopril", "Lo-Salt", Urgency.URGENT),
        ("warfarin", "kale salad", Urgency.ROUTINE),
        ("ciprofloxacin", "yogurt", Urgency.ROUTINE),
        ("levothyroxine", "coffee with milk", Urgency.ROUTINE),
        ("furosemide", "liquorice", Urgency.ROUTINE),
        ("theophylline", "energy drink", Urgency.ROUTINE),
        ("ibuprofen", "beer", Urgency.ROUTINE),
        ("atorvastatin", "grapefruit juice", Urgency.SELF_CARE),
    ],
)
def test_what_the_log_shows_is_found_with_its_evidence(name: str, food: str, urgency: Urgency) -> None:
    found = with_log(name, food)[0]
    assert (found.status, found.urgency) == (Status.FOUND, urgency)
    assert [each.kind for each in found.evidence] == ["knowledge", "record"]
    assert "5 of the last 14 days" in found.text and Category.NUTRITION in found.categories


@pytest.mark.parametrize("food", ["cheddar cheese", "soy sauce"])
def test_a_food_named_among_the_medicines_counts_as_well(food: str) -> None:
    found = foods(subject("tranylcypromine", food))[0]
    assert (found.status, found.kind, found.urgency) == (Status.FOUND, Kind.FOOD, Urgency.URGENT)


def test_alcohol_has_a_kind_of_its_own() -> None:
    assert with_log("isoniazid", "white wine")[0].kind == Kind.ALCOHOL


@pytest.mark.parametrize(
    "name",
    [
        "ginger ale",
        "root beer",
        "milk thistle",
        "coconut milk",
        "decaf coffee",
        "wine vinegar",
        "honeydew melon",
        "rice",
    ],
)
def test_what_only_sounds_like_it_is_no_such_food(name: str) -> None:
    keys = {food.key for food in foods_called(name)}
    assert keys.isdisjoint({"alcohol", "dairy", "coffee", "caffeine", "honey"})


@pytest.mark.parametrize("name", ["Grapefruits", "grapefruit juice", "Brussels sprouts", "broad beans", "aged cheeses"])
def test_plurals_and_longer_names_are_read(name: str) -> None:
    assert foods_called(name)


def test_a_log_without_such_a_food_is_not_found() -> None:
    found = with_log("metformin", "rice")
    assert found[0].status is Status.NOT_FOUND and Category.NUTRITION in found[0].categories


def test_without_a_log_it_is_not_evaluated_and_the_hint_is_quiet() -> None:
    found = foods(subject("simvastatin"))
    assert [(each.status, each.urgency) for each in found] == [
        (Status.NOT_EVALUATED, Urgency.ROUTINE),
        (Status.FOUND, Urgency.SELF_CARE),
    ]


def test_a_pair_of_the_interaction_lists_is_left_to_them() -> None:
    found = foods(subject("simvastatin", "grapefruit"))
    assert [each for each in found if each.urgency is Urgency.URGENT] == []


def test_meals_are_told_quietly() -> None:
    (found,) = foods(subject("alendronate", whom=person(eaten=())))[1:]
    assert found.urgency is Urgency.SELF_CARE and found.text.startswith("Take alendronate")


def test_with_something_asked_only_what_it_has_a_part_in_is_told() -> None:
    log = person(eaten=eaten("red wine"))
    found = foods(subject(medicine("metformin", origin="asked"), "metronidazole", whom=log))
    assert not any("metronidazole" in each.text for each in found)


def test_a_food_that_no_rule_names_is_not_evaluated_and_no_unknown_medicine() -> None:
    found = check([medicine("mango", origin="food"), "lisinopril"])
    (told,) = [each for each in found if each.kind == Kind.FOOD and each.status is Status.NOT_EVALUATED]
    assert "do not name mango" in told.text
    assert not any("Did you mean" in each.text or "I do not know" in each.text for each in found)


def test_a_food_of_the_rules_without_a_rule_for_the_medicine_is_not_found() -> None:
    found = check([medicine("banana", origin="food"), "lisinopril"])
    (told,) = [each for each in found if each.kind == Kind.FOOD and each.status is Status.NOT_FOUND]
    assert "in banana" in told.text and "lisinopril" in told.text


def test_cheese_that_is_not_named_further_may_be_an_aged_one() -> None:
    assert "tyramine" in {food.key for food in foods_called("cheese sandwich")}
    assert "tyramine" not in {food.key for food in foods_called("cottage cheese")}
