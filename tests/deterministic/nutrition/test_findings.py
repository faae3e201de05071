"""What is said of foods and meals: every number is a value, every food is evidence."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.nutrition import FoodItem, Meal, estimate, food_facts, food_names, meal_findings
from vitasense.deterministic.nutrition.tables import foods
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Finding, Status

BREAKFAST = datetime(2026, 11, 22, 8, tzinfo=UTC)


def meal_of(*items: tuple[str, float, str | None]) -> Meal:
    eaten = tuple(FoodItem(name=name, quantity=quantity, unit=unit) for name, quantity, unit in items)
    return Meal(
        id=new_id(),
        version=1,
        eaten_at=BREAKFAST,
        items=eaten,
        estimate=estimate(eaten),
        source="conversation",
        recorded_at=BREAKFAST,
    )


def assert_numbers_are_values(finding: Finding) -> None:
    told = {float(number) for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", finding.text)}
    stored = {value.number for value in finding.values} | {
        float(number) for value in finding.values for number in re.findall(r"\d+(?:\.\d+)?", value.text or "")
    }
    named = {float(number) for one in finding.evidence for number in re.findall(r"\d+(?:\.\d+)?", one.label)}
    assert told <= stored | named, finding.text


def test_a_meal_is_told_with_its_record_and_foods_as_evidence() -> None:
    meal = meal_of(("eggs", 2, None), ("toast", 1, "slice"))
    [found] = meal_findings(meal)
    assert found.text.startswith(
        "This meal: 2 eggs (100 g, counted as boiled egg) and 1 slice of toast (22 g, counted as toasted white bread)."
    )
    assert [one.ref for one in found.evidence] == [
        f"Meal/{meal.id}",
        "nutrition/foods#egg",
        "nutrition/foods#toast",
    ]
    assert found.evidence[1].source == "USDA SR25 (2012), NDB 01129"
    assert_numbers_are_values(found)


def test_what_was_not_counted_is_said_and_the_rest_is_a_lower_bound() -> None:
    found, *gaps = meal_findings(meal_of(("egg", 1, None), ("rice", 1, None), ("zorgle stew", 1, None)))
    assert "at least 78 kcal" in found.text
    assert [gap.status for gap in gaps] == [Status.NOT_EVALUATED] * 2
    assert gaps[0].text == ("I could not count rice, because I do not know how much it was. Tell me in cups or grams.")
    assert gaps[1].text == "I do not know the food “zorgle stew”, so I could not count it."


def test_a_meal_of_which_nothing_is_known_has_no_totals() -> None:
    [gap] = meal_findings(meal_of(("zorgle stew", 1, None)))
    assert gap.status is Status.NOT_EVALUATED


@pytest.mark.parametrize("name", sorted({food.names[0] for food in foods().entries}))
def test_every_number_of_every_food_is_one_of_its_values(name: str) -> None:
    facts, *gaps = food_facts(name)
    assert facts.status is Status.FOUND
    assert_numbers_are_values(facts)
    assert all(gap.status is Status.NOT_EVALUATED for gap in gaps)


def test_an_unknown_food_has_no_facts() -> None:
    [gap] = food_facts("zorgle stew")
    assert (gap.status, gap.values) == (Status.NOT_EVALUATED, ())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(food_names())),
            st.floats(min_value=0.25, max_value=40).map(lambda value: round(value, 2)),
            st.sampled_from([None, "g", "cup", "slice", "ml", "plate"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_number_of_any_meal_is_one_of_its_values(items: list[tuple[str, float, str | None]]) -> None:
    for finding in meal_findings(meal_of(*items)):
        if finding.status is Status.FOUND:
            assert_numbers_are_values(finding)
