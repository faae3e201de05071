"""A food is found by its name or not at all, and weighs what USDA says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.nutrition import find_food, food_names, portion_grams
from vitasense.deterministic.nutrition.schemas import Food
from vitasense.deterministic.nutrition.tables import foods, words_of

_NAMES = [words_of(name) for name in food_names()]


def known(name: str) -> Food:
    food = find_food(name)
    assert food is not None, name
    return food


def key_of(name: str) -> str | None:
    food = find_food(name)
    return food.key if food else None


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("egg", "egg"),
        ("Eggs", "egg"),
        ("some boiled eggs", "egg"),
        ("toast", "toast"),
        ("tomatoes", "tomato"),
        ("cherries", "cherries"),
        ("peaches", "peach"),
        ("loaves of bread", None),
        ("2% milk", "milk_2_percent"),
        ("goat's cheese", "goat_cheese"),
        ("jalapeños", "jalapeno"),
        ("oat meal", "oatmeal"),
        ("whole-wheat toast", "whole_wheat_toast"),
        ("mac & cheese", "mac_and_cheese"),
        ("courgettes", "zucchini"),
        ("prawns", "shrimp"),
    ],
)
def test_names_plurals_and_synonyms_are_found(said: str, key: str | None) -> None:
    assert key_of(said) == key


@pytest.mark.parametrize(
    ("said", "key"), [("bannana", "banana"), ("appel", "apple"), ("chiken breast", "chicken_breast")]
)
def test_one_slip_of_the_pen_is_forgiven(said: str, key: str) -> None:
    assert key_of(said) == key


@pytest.mark.parametrize(
    "said",
    [
        *("paste", "batter", "wafer", "streak", "char", "sherry", "bear", "scone", "chops", "venison", "durian"),
        *("aspirin", "metformin", "money", "table", "pea protein", "peach melba", "apple crumble", "egg sandwich"),
        *("green tea", "sweet", "", "  ", "100", "%", "🍕", "cookie", "milk chocolate milk"),
    ],
)
def test_what_is_not_in_the_list_stays_unknown(said: str) -> None:
    assert find_food(said) is None


@given(st.text(alphabet="qxzjvwk ", max_size=30))
def test_nonsense_is_never_a_food(said: str) -> None:
    assert find_food(said) is None


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for at, left in enumerate(one, 1):
        row, above = [at], row
        for col, right in enumerate(other, 1):
            row.append(min(above[col] + 1, row[-1] + 1, above[col - 1] + (left != right)))
    return row[-1]


@given(
    st.text(max_size=25)
    | st.sampled_from(sorted(food_names())).flatmap(lambda name: st.permutations(name).map("".join))
)
def test_whatever_is_found_is_at_most_one_slip_away_from_its_name(said: str) -> None:
    food = find_food(said)
    if food is not None:
        letters = "".join(words_of(said))
        assert min(_distance(letters, "".join(words_of(name))) for name in food.names) <= 2  # a swap counts twice


def test_no_name_means_two_foods() -> None:
    assert len(_NAMES) == len(food_names())
    assert all(key_of(name) == food.key for food in foods().entries for name in food.names)
    assert len({food.key for food in foods().entries}) == len(foods().entries) >= 250


@pytest.mark.parametrize(
    ("name", "quantity", "unit", "grams"),
    [
        ("egg", 2, None, 100),
        ("egg", 2, "large eggs", 100),
        ("egg", 1, "egg", 50),
        ("toast", 2, "slices", 44),
        ("milk", 1, "glass", 244),
        ("milk", 236.5882365, "ml", 244),
        ("milk", 8, "fl oz", 244),
        ("salt", 2, "tsp", 12),
        ("herbal tea", 1, None, 178 / 6 * 8),
        ("chicken breast", 1, None, 172),
        ("rice", 0.5, "cups", 79),
        ("bread", 50, "g", 50),
        ("cheddar", 1, "oz", 28.349523125),
        ("apple", 1, "large", 223),
        ("banana", 1, "cup, sliced", 150),
    ],
)
def test_portions_weigh_what_usda_says(name: str, quantity: float, unit: str | None, grams: float) -> None:
    assert portion_grams(known(name), quantity, unit) == pytest.approx(grams)


@pytest.mark.parametrize(("name", "unit"), [("rice", None), ("rice", "bowl"), ("egg", "plate"), ("egg", "mg/dL")])
def test_a_weight_that_is_not_known_is_not_guessed(name: str, unit: str | None) -> None:
    assert portion_grams(known(name), 1, unit) is None


@pytest.mark.parametrize("quantity", [0, -1, float("nan")])
def test_an_impossible_quantity_has_no_weight(quantity: float) -> None:
    assert portion_grams(known("egg"), quantity, None) is None


def test_a_bare_count_has_a_weight_wherever_the_food_says_what_one_is() -> None:
    assert [food.key for food in foods().entries if food.each and portion_grams(food, 1, None) is None] == []
