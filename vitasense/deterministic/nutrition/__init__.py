"""Nutrition: foods and what they contain, meals, and how a day compares with the reference intakes."""

from vitasense.deterministic.nutrition.findings import day_totals, food_facts, meal_findings
from vitasense.deterministic.nutrition.schemas import (
    Food,
    FoodItem,
    Gap,
    Intake,
    ItemEstimate,
    Meal,
    MealEstimate,
    NotCounted,
    Nutrient,
    Portion,
    Sex,
    Total,
)
from vitasense.deterministic.nutrition.service import (
    correct_meal,
    estimate,
    log_meal,
    meal,
    meals,
    portion_grams,
    remove_meal,
)
from vitasense.deterministic.nutrition.tables import find_food, food_names, intake_for
from vitasense.deterministic.nutrition.wording import item_words, totals_words

__all__ = [
    "Food",
    "FoodItem",
    "Gap",
    "Intake",
    "ItemEstimate",
    "Meal",
    "MealEstimate",
    "NotCounted",
    "Nutrient",
    "Portion",
    "Sex",
    "Total",
    "correct_meal",
    "day_totals",
    "estimate",
    "find_food",
    "food_facts",
    "food_names",
    "intake_for",
    "item_words",
    "log_meal",
    "meal",
    "meal_findings",
    "meals",
    "portion_grams",
    "remove_meal",
    "totals_words",
]
