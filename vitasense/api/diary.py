"""The food diary as a part of the record: meals stand before the entries that came in files."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import nutrition
from vitasense.deterministic.nutrition import ItemEstimate, Meal, Total
from vitasense.deterministic.platform.problems import InvalidInput

MEAL = "Meal"
_MARK = "meal|"
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


def is_cursor(cursor: str | None) -> bool:
    """Whether the cursor goes on among the meals, or begins."""
    return cursor is None or cursor.startswith(_MARK)


async def count(tx: AsyncSession, patient_id: UUID) -> int:
    """How many meals there are that may be seen."""
    return len(await nutrition.meals(tx, patient_id, _FIRST, _LAST))


async def page(tx: AsyncSession, patient_id: UUID, limit: int, cursor: str | None) -> tuple[list[Meal], str | None]:
    """Meals, the newest first, and the cursor of those after them. Raises InvalidInput for a foreign cursor."""
    before = _place(cursor) if cursor else None
    until = before[0] + timedelta(microseconds=1) if before else _LAST
    found = sorted(await nutrition.meals(tx, patient_id, _FIRST, until), key=_order, reverse=True)
    left = [meal for meal in found if before is None or _order(meal) < before]
    more = len(left) >= limit
    return left[:limit], f"{_MARK}{left[limit - 1].eaten_at.isoformat()}|{left[limit - 1].id}" if more else None


def label(meal: Meal) -> str:
    """ "2 eggs, 1 toast"."""
    return ", ".join(nutrition.item_words(item) for item in meal.items)


def content(meal: Meal) -> dict[str, object]:
    """The meal with what it was counted as; amounts in the unit beside them, a lower bound where `at_least`."""
    return {
        "eaten_at": meal.eaten_at.isoformat(),
        "source": meal.source,
        "items": [_item(each) for each in meal.estimate.items],
        "nutrients": [_nutrient(each) for each in meal.estimate.totals.values()],
    }


def _item(each: ItemEstimate) -> dict[str, object]:
    counted = {"counted_as": each.food.label, "source": each.food.source} if each.food else {}
    return {**each.item.model_dump(exclude_none=True), **counted, "grams": each.grams, "gap": each.gap}


def _nutrient(total: Total) -> dict[str, object]:
    nutrient = total.nutrient
    amount = round(total.amount, 3)
    return {"name": nutrient.words, "amount": amount, "unit": nutrient.unit, "at_least": not total.complete}


def _order(meal: Meal) -> tuple[datetime, str]:
    return meal.eaten_at, str(meal.id)


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        _, moment, meal_id = cursor.split("|")
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise InvalidInput("This cursor was not made here.") from None
    if at.tzinfo is None:
        raise InvalidInput("This cursor was not made here.")
    return at, meal_id
