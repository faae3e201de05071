"""Food, Meal, their estimates and the reference intakes."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Sex = Literal["male", "female"]
LARGEST_QUANTITY = 10_000.0  # grams are the finest unit that people use: 10 kg in one item is a slip
MOST_ITEMS = 50


class Nutrient(StrEnum):
    """What is counted; `words` as a person says it and `unit` in UCUM."""

    ENERGY = "energy"
    PROTEIN = "protein"
    FAT = "fat"
    SATURATED_FAT = "saturated_fat"
    CARBOHYDRATE = "carbohydrate"
    FIBRE = "fibre"
    SUGAR = "sugar"
    SODIUM = "sodium"
    POTASSIUM = "potassium"
    CALCIUM = "calcium"
    IRON = "iron"
    VITAMIN_C = "vitamin_c"
    CHOLESTEROL = "cholesterol"

    @property
    def words(self) -> str:
        """ "saturated fat", "vitamin C"."""
        return {Nutrient.VITAMIN_C: "vitamin C"}.get(self, self.value.replace("_", " "))

    @property
    def unit(self) -> str:
        """kcal, g or mg."""
        if self is Nutrient.ENERGY:
            return "kcal"
        milligrams = (Nutrient.SODIUM, Nutrient.POTASSIUM, Nutrient.CALCIUM)
        return "mg" if self in (*milligrams, Nutrient.IRON, Nutrient.VITAMIN_C, Nutrient.CHOLESTEROL) else "g"


class Gap(StrEnum):
    """Why something could not be counted."""

    UNKNOWN_FOOD = "unknown_food"
    MISSING_PORTION = "missing_portion"
    MISSING_NUTRIENT = "missing_nutrient"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Portion(_Frozen):
    """What `amount` of a household `unit` weighs in grams; `words` are other names of the unit."""

    unit: str
    amount: float = Field(gt=0)
    grams: float = Field(gt=0)
    says: str
    words: tuple[str, ...] = ()
    source: str | None = None


class Food(_Frozen):
    """One food of rules/foods.yaml; nutrients per 100 g, None where USDA gives no value.

    `each` is the unit meant by a bare count ("two eggs"), None when a count says nothing about the weight.
    """

    key: str
    label: str
    names: tuple[str, ...] = Field(min_length=1)
    ndb: str
    usda: str
    source: str
    each: str | None = None
    per_100g: dict[Nutrient, float | None]
    portions: tuple[Portion, ...] = ()


class Intake(_Frozen):
    """Reference intake of one nutrient for adults of `sex` from `from_age` to `to_age` years, per day."""

    key: str
    nutrient: Nutrient
    sex: Sex
    from_age: int
    to_age: int | None
    aim: float
    aim_kind: Literal["RDA", "AI"]
    limit: float | None = None
    limit_kind: Literal["UL", "CDRR"] | None = None
    source: str


class FoodItem(_Frozen):
    """What was eaten, as it was said: `quantity` of `unit` (cup, slice, g …), pieces when `unit` is None."""

    name: str = Field(min_length=1, max_length=80)
    quantity: float = Field(gt=0, le=LARGEST_QUANTITY, allow_inf_nan=False)
    unit: str | None = Field(default=None, max_length=40)


class ItemEstimate(_Frozen):
    """One item weighed and counted; `grams` and every amount are None when it could not be, and `gap` says why."""

    item: FoodItem
    food: Food | None = None
    grams: float | None = None
    gap: Gap | None = None

    def amount(self, nutrient: Nutrient) -> float | None:
        """The nutrient in its unit; None when the food, its weight or its value is not known."""
        per_100g = self.food.per_100g[nutrient] if self.food else None
        return None if self.grams is None or per_100g is None else per_100g * self.grams / 100


class Total(_Frozen):
    """The sum of what could be counted; `missing` names the items that are not in it, so it is a lower bound."""

    nutrient: Nutrient
    amount: float
    missing: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every item is in the sum."""
        return not self.missing


class NotCounted(_Frozen):
    """One thing that was not evaluated: a food, or one nutrient of a food."""

    food: str
    gap: Gap
    nutrient: Nutrient | None = None


class MealEstimate(_Frozen):
    """The items, one total for each nutrient of which something could be counted, and what was not evaluated."""

    items: tuple[ItemEstimate, ...]
    totals: dict[Nutrient, Total]
    not_evaluated: tuple[NotCounted, ...] = ()


class Meal(_Frozen):
    """What a person ate at one time; a correction is a new `version` of the same id."""

    id: UUID
    version: int
    eaten_at: datetime
    items: tuple[FoodItem, ...]
    estimate: MealEstimate
    source: str
    recorded_at: datetime
