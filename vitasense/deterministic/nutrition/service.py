"""What a portion weighs, what a meal contains, and the meals of a record."""

import math
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.nutrition import repository
from vitasense.deterministic.nutrition.schemas import (
    MOST_ITEMS,
    Food,
    FoodItem,
    Gap,
    ItemEstimate,
    Meal,
    MealEstimate,
    NotCounted,
    Nutrient,
    Portion,
    Total,
)
from vitasense.deterministic.nutrition.tables import find_food, words_of
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound
from vitasense.deterministic.units import canonical_unit, convert

Words = tuple[str, ...]
_PIECES: frozenset[Words] = frozenset(
    {(), ("piece",), ("item",), ("each",), ("whole",), ("unit",), ("one",), ("count",)}
)


def portion_grams(food: Food, quantity: float, unit: str | None) -> float | None:
    """The weight in grams of `quantity` of a unit; a bare count (`unit` None) means `food.each`.

    Weights and volumes convert exactly (UCUM); household units are USDA's. None when the weight is not known
    or the quantity is not above zero.
    """
    words = words_of(unit or "")
    if not quantity > 0:  # also not a number
        return None
    if not _is_piece(food, words):
        return _weight(food, quantity, words)
    piece = _weight(food, quantity, words) if words else None
    return _weight(food, quantity, words_of(food.each)) if piece is None and food.each else piece


def _is_piece(food: Food, words: Words) -> bool:
    return words in _PIECES or words in {words_of(name) for name in food.names}


def _weight(food: Food, quantity: float, words: Words) -> float | None:
    for said in (words, tuple(word for word in words if (word,) not in _named(food))):
        if portion := _portion(food, said):
            return quantity * portion.grams / portion.amount
    return _converted(food, quantity, " ".join(words))


def _named(food: Food) -> set[Words]:
    return {(word,) for name in food.names for word in words_of(name)}


def _portion(food: Food, words: Words) -> Portion | None:
    code = canonical_unit(" ".join(words))
    for portion in food.portions:
        said = {words_of(name) for name in (portion.unit, portion.says, *portion.words)}
        if words in said or (code and code == canonical_unit(portion.unit)):
            return portion
    return None


def _converted(food: Food, quantity: float, unit: str) -> float | None:
    code = canonical_unit(unit)
    if code is None:
        return None
    if (grams := _comparable(quantity, code, "g")) is not None:
        return grams
    measured = [
        (abs(math.log(measures)), measures * portion.grams)
        for portion in food.portions
        if (volume := canonical_unit(portion.unit))
        and (measures := (_comparable(quantity, code, volume) or 0) / portion.amount)
    ]
    return min(measured)[1] if measured else None  # by the measure nearest in size


def _comparable(value: float, code: str, target: str) -> float | None:
    try:
        return convert(value, code, target)
    except InvalidInput:
        return None


def estimate(items: Sequence[FoodItem]) -> MealEstimate:
    """Every item weighed and counted, the totals, and what could not be evaluated and why."""
    weighed = tuple(_weigh(item) for item in items)
    return MealEstimate(
        items=weighed,
        totals={nutrient: total for nutrient in Nutrient if (total := _total(weighed, nutrient))},
        not_evaluated=tuple(gap for item in weighed for gap in _gaps(item)),
    )


def _weigh(item: FoodItem) -> ItemEstimate:
    food = find_food(item.name)
    if food is None:
        return ItemEstimate(item=item, gap=Gap.UNKNOWN_FOOD)
    grams = portion_grams(food, item.quantity, item.unit)
    return ItemEstimate(item=item, food=food, grams=grams, gap=Gap.MISSING_PORTION if grams is None else None)


def _total(items: Sequence[ItemEstimate], nutrient: Nutrient) -> Total | None:
    amounts = [(item, item.amount(nutrient)) for item in items]
    counted = [amount for _, amount in amounts if amount is not None]
    missing = tuple(dict.fromkeys(item.item.name for item, amount in amounts if amount is None))
    return Total(nutrient=nutrient, amount=sum(counted), missing=missing) if counted else None


def _gaps(item: ItemEstimate) -> list[NotCounted]:
    if item.gap or item.food is None:
        return [NotCounted(food=item.item.name, gap=item.gap or Gap.UNKNOWN_FOOD)]
    unknown = [nutrient for nutrient, value in item.food.per_100g.items() if value is None]
    return [NotCounted(food=item.item.name, gap=Gap.MISSING_NUTRIENT, nutrient=nutrient) for nutrient in unknown]


def combine(meals: Sequence[Meal]) -> MealEstimate:
    """The estimate of several meals together."""
    return estimate([item for meal in meals for item in meal.items])


async def log_meal(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    meal_id: UUID,
    items: Sequence[FoodItem],
    eaten_at: datetime,
    source: str,
    now: datetime,
) -> Meal:
    """The stored meal; the same `meal_id` with the same content is stored once.

    Raises InvalidInput for an empty or overlong meal, one in the future or a time without zone, and Conflict when
    the id already belongs to another meal.
    """
    _check(items, eaten_at, now)
    if await repository.insert(tx, patient_id, meal_id, 1, tuple(items), eaten_at, source, now):
        await _tell(tx, patient_id, meal_id, 1, now)
    first = await repository.version(tx, patient_id, meal_id, 1)
    if first is None or (first.items, first.eaten_at) != (tuple(items), eaten_at):
        raise Conflict("Another meal is already stored under this id.")
    return await meal(tx, patient_id, meal_id)


async def correct_meal(
    tx: AsyncSession,
    patient_id: UUID,
    meal_id: UUID,
    *,
    items: Sequence[FoodItem],
    eaten_at: datetime,
    source: str,
    now: datetime,
) -> Meal:
    """The meal as a new version. Raises NotFound, InvalidInput, and Conflict when it changed at the same moment."""
    _check(items, eaten_at, now)
    current = await meal(tx, patient_id, meal_id)
    if (current.items, current.eaten_at) == (tuple(items), eaten_at):
        return current
    if not await repository.insert(tx, patient_id, meal_id, current.version + 1, tuple(items), eaten_at, source, now):
        raise Conflict("This meal was changed at the same moment. Look at it again.")
    await _tell(tx, patient_id, meal_id, current.version + 1, now)
    return await meal(tx, patient_id, meal_id)


async def remove_meal(tx: AsyncSession, patient_id: UUID, meal_id: UUID, *, source: str, now: datetime) -> None:
    """Hide the meal by a last version that says it was removed. Raises NotFound, and Conflict as `correct_meal`."""
    current = await meal(tx, patient_id, meal_id)
    if not await repository.insert(
        tx, patient_id, meal_id, current.version + 1, current.items, current.eaten_at, source, now, removed_at=now
    ):
        raise Conflict("This meal was changed at the same moment. Look at it again.")


async def meal(tx: AsyncSession, patient_id: UUID, meal_id: UUID) -> Meal:
    """The current version. Raises NotFound when there is none, or it was removed."""
    stored = await repository.current(tx, patient_id, meal_id)
    if stored is None:
        raise NotFound("There is no such meal.")
    return _as_meal(stored)


async def meals(tx: AsyncSession, patient_id: UUID, since: datetime, until: datetime) -> list[Meal]:
    """The current meals eaten from `since` (inclusive) to `until` (exclusive), oldest first."""
    return [_as_meal(stored) for stored in await repository.between(tx, patient_id, since, until)]


async def _tell(tx: AsyncSession, patient_id: UUID, meal_id: UUID, version: int, now: datetime) -> None:
    """So that what was eaten is held against what is taken."""
    told = uuid5(meal_id, f"food.logged {version}")
    actor = await repository.actor(tx)
    await append(tx, Event(told, "food.logged", 1, patient_id, actor, now, now, payload={"meal_id": str(meal_id)}))


def _as_meal(stored: repository.StoredMeal) -> Meal:
    return Meal(
        id=stored.id,
        version=stored.version,
        eaten_at=stored.eaten_at,
        items=stored.items,
        estimate=estimate(stored.items),
        source=stored.source,
        recorded_at=stored.recorded_at,
    )


def _check(items: Sequence[FoodItem], eaten_at: datetime, now: datetime) -> None:
    if not 0 < len(items) <= MOST_ITEMS:
        raise InvalidInput(f"A meal has from 1 to {MOST_ITEMS} foods.")
    if eaten_at.tzinfo is None:
        raise InvalidInput("The time of the meal has no time zone.")
    if eaten_at > now:
        raise InvalidInput("The meal is in the future.")
