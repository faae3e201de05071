"""Numbers, amounts and foods as a person says them."""

from collections.abc import Iterable
from datetime import date

from vitasense.deterministic.nutrition.schemas import Food, FoodItem, ItemEstimate, MealEstimate, Nutrient
from vitasense.deterministic.nutrition.tables import words_of

TOLD = (
    *(Nutrient.ENERGY, Nutrient.PROTEIN, Nutrient.FAT, Nutrient.SATURATED_FAT),
    *(Nutrient.CARBOHYDRATE, Nutrient.SUGAR, Nutrient.FIBRE, Nutrient.SODIUM),
)
_SHORT_UNITS = frozenset({"g", "kg", "mg", "ml", "l", "oz", "lb", "tbsp", "tsp", "fl oz"})


def rounded(amount: float) -> float:
    """The number that is told: tens from 1000, whole from 10, one decimal from 1, else two."""
    return round(amount, -1 if amount >= 1000 else 0 if amount >= 10 else 1 if amount >= 1 else 2)


def number(value: float) -> str:
    """ "2", "2.5"; never "2.0"."""
    return f"{value:.10g}"


def told(nutrient: Nutrient, amount: float) -> str:
    """ "155 kcal", "12 g of fat"."""
    words = f"{number(rounded(amount))} {nutrient.unit}"
    return words if nutrient is Nutrient.ENERGY else f"{words} of {nutrient.words}"


def listed(parts: Iterable[str]) -> str:
    """ "a, b and c"."""
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def day_words(day: date) -> str:
    """ "22 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def plural(word: str) -> str:
    """ "slices", "potatoes", "berries"; units that are written short stay as they are."""
    if word in _SHORT_UNITS or word.endswith("s"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("o", "x", "ch", "sh")) else f"{word}s"


def item_words(item: FoodItem) -> str:
    """ "2 eggs", "1 slice of toast", "50 g of bread"."""
    if item.unit is None:
        return f"{number(item.quantity)} {item.name if item.quantity <= 1 else plural(item.name)}"
    unit = item.unit if item.quantity <= 1 else plural(item.unit)
    return f"{number(item.quantity)} {unit} of {item.name}"


def weighed_words(item: ItemEstimate) -> str:
    """ "2 eggs (100 g, counted as boiled egg)"."""
    label = item.food.label if item.food else item.item.name
    counted = "" if words_of(label) == words_of(item.item.name) else f", counted as {label}"
    return f"{item_words(item.item)} ({number(rounded(item.grams or 0))} g{counted})"


def totals_words(estimate: MealEstimate) -> str:
    """What was counted, with "at least" where something is not in the sum."""
    totals = [estimate.totals[nutrient] for nutrient in TOLD if nutrient in estimate.totals]
    whole = listed(told(total.nutrient, total.amount) for total in totals if total.complete)
    part = listed(told(total.nutrient, total.amount) for total in totals if not total.complete)
    return " and ".join(filter(None, (f"about {whole}" if whole else "", f"at least {part}" if part else "")))


def facts_words(food: Food) -> str:
    """What 100 g of the food contains, as far as it is known."""
    known = [(nutrient, amount) for nutrient in TOLD if (amount := food.per_100g[nutrient]) is not None]
    return f"100 g of {food.label} has {listed(told(nutrient, amount) for nutrient, amount in known)}."
