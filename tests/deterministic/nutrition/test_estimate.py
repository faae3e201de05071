"""Totals count what is known and say what is not in them."""

import pytest
from pydantic import ValidationError

from vitasense.deterministic.nutrition import FoodItem, Gap, Nutrient, estimate


def item(name: str, quantity: float = 1, unit: str | None = None) -> FoodItem:
    return FoodItem(name=name, quantity=quantity, unit=unit)


def test_two_eggs_and_toast() -> None:
    meal = estimate([item("eggs", 2), item("toast")])
    assert [weighed.grams for weighed in meal.items] == [100, 22]
    assert meal.totals[Nutrient.ENERGY].amount == pytest.approx(155 + 0.22 * 293)
    assert all(total.complete for total in meal.totals.values())
    assert meal.not_evaluated == ()


def test_an_unknown_food_is_named_and_no_total_claims_to_hold_it() -> None:
    meal = estimate([item("egg"), item("zorgle stew")])
    assert [(gap.food, gap.gap) for gap in meal.not_evaluated] == [("zorgle stew", Gap.UNKNOWN_FOOD)]
    assert all(total.missing == ("zorgle stew",) for total in meal.totals.values())


def test_a_missing_portion_is_said_and_not_guessed() -> None:
    meal = estimate([item("rice")])
    assert meal.totals == {}
    assert [(gap.food, gap.gap) for gap in meal.not_evaluated] == [("rice", Gap.MISSING_PORTION)]


def test_a_missing_nutrient_is_missing_and_not_zero() -> None:
    meal = estimate([item("pancake")])
    assert Nutrient.FIBRE not in meal.totals
    assert ("pancake", Nutrient.FIBRE) in {(gap.food, gap.nutrient) for gap in meal.not_evaluated}


def test_a_nutrient_without_a_value_makes_only_its_own_total_incomplete() -> None:
    meal = estimate([item("egg"), item("scrambled eggs"), item("pancake")])
    gaps = {(gap.food, gap.nutrient) for gap in meal.not_evaluated if gap.gap is Gap.MISSING_NUTRIENT}
    assert gaps == {("pancake", nutrient) for nutrient, total in meal.totals.items() if not total.complete}
    assert meal.totals[Nutrient.ENERGY].complete


@pytest.mark.parametrize("quantity", [0, -1, float("nan"), float("inf"), 1e9])
def test_impossible_quantities_are_refused(quantity: float) -> None:
    with pytest.raises(ValidationError):
        item("egg", quantity)
