"""Every nutrient, portion and reference intake equals the published file."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from vitasense.deterministic.nutrition import Nutrient, intake_for
from vitasense.deterministic.nutrition.schemas import Food, Portion
from vitasense.deterministic.nutrition.tables import foods, intakes

COLUMNS = {
    Nutrient.ENERGY: "Energ_Kcal",
    Nutrient.PROTEIN: "Protein_(g)",
    Nutrient.FAT: "Lipid_Tot_(g)",
    Nutrient.SATURATED_FAT: "FA_Sat_(g)",
    Nutrient.CARBOHYDRATE: "Carbohydrt_(g)",
    Nutrient.FIBRE: "Fiber_TD_(g)",
    Nutrient.SUGAR: "Sugar_Tot_(g)",
    Nutrient.SODIUM: "Sodium_(mg)",
    Nutrient.POTASSIUM: "Potassium_(mg)",
    Nutrient.CALCIUM: "Calcium_(mg)",
    Nutrient.IRON: "Iron_(mg)",
    Nutrient.VITAMIN_C: "Vit_C_(mg)",
    Nutrient.CHOLESTEROL: "Cholestrl_(mg)",
}
BANDS = {25: "19–30", 40: "31–50", 60: "51–70", 80: ">70"}
Row = dict[str, str]


@pytest.fixture(scope="module")
def usda(shared_data: Callable[[str], Path]) -> dict[str, Row]:
    with shared_data("04_nutrition/usda_sr_abbrev.csv").open(encoding="utf-8", newline="") as file:
        return {row["#NDB_No"]: row for row in csv.DictReader(file, delimiter="^")}


def test_every_nutrient_of_every_food_equals_usda(usda: dict[str, Row]) -> None:
    assert set(COLUMNS) == set(Nutrient)
    for food in foods().entries:
        row = usda[food.ndb]
        assert food.usda == row["Shrt_Desc"], food.key
        published = {nutrient: float(row[column]) if row[column] else None for nutrient, column in COLUMNS.items()}
        assert food.per_100g == published, food.key


def test_every_portion_equals_usda_or_names_its_own_source(usda: dict[str, Row]) -> None:
    for food in foods().entries:
        for portion in food.portions:
            assert portion.source or _published(usda[food.ndb], portion), (food.key, portion)
            assert _plausible(food, portion), (food.key, portion)


def _published(row: Row, portion: Portion) -> bool:
    for number in ("1", "2"):
        said = re.match(r"(\d*\.?\d+)\s+(.*)", row[f"GmWt_Desc{number}"])
        if said and float(said[1]) == portion.amount and float(row[f"GmWt_{number}"]) == portion.grams:
            return True
    return False


def _plausible(food: Food, portion: Portion) -> bool:
    return portion.grams / portion.amount < 5000 and food.source == f"USDA SR25 (2012), NDB {food.ndb}"


@pytest.mark.parametrize(("sex", "stage"), [("male", "Males"), ("female", "Females")])
@pytest.mark.parametrize("age", list(BANDS))
def test_recommended_intakes_equal_the_tables(
    shared_data: Callable[[str], Path], sex: str, stage: str, age: int
) -> None:
    with shared_data("04_nutrition/dri_rda_ai_micro.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if (row["Life Stage"], row["Age (y)"]) == (stage, BANDS[age]))
    for nutrient, column in {
        Nutrient.CALCIUM: "Calcium (mg/d)",
        Nutrient.IRON: "Iron (mg/d)",
        Nutrient.VITAMIN_C: "Vitamin C (mg/d)",
    }.items():
        found = intake_for(nutrient, "male" if sex == "male" else "female", age)
        assert found is not None
        assert found.aim == float(row[column])


def test_upper_limits_equal_the_table(shared_data: Callable[[str], Path]) -> None:
    limits = json.loads(shared_data("04_nutrition/dri_ul.json").read_text(encoding="utf-8"))["adult_19_70"]
    for entry in intakes().entries:
        match entry.nutrient:
            case Nutrient.CALCIUM:
                name = "calcium_mg_19_50" if entry.from_age < 51 else "calcium_mg_51plus"
            case Nutrient.IRON | Nutrient.VITAMIN_C:
                name = f"{entry.nutrient.value}_mg"
            case _:
                continue
        assert (entry.limit, entry.limit_kind) == (limits[name], "UL")


@pytest.mark.parametrize(("sex", "potassium"), [("male", 3400), ("female", 2600)])
@pytest.mark.parametrize("age", [19, 30, 31, 50, 51, 70, 71, 110])
def test_sodium_and_potassium_are_those_of_2019(sex: str, potassium: float, age: int) -> None:
    which = "male" if sex == "male" else "female"
    salt, potash = intake_for(Nutrient.SODIUM, which, age), intake_for(Nutrient.POTASSIUM, which, age)
    assert salt is not None
    assert (salt.aim, salt.limit, salt.limit_kind) == (1500, 2300, "CDRR")
    assert potash is not None
    assert (potash.aim, potash.limit) == (potassium, None)


def test_children_and_nutrients_without_a_reference_have_none() -> None:
    assert intake_for(Nutrient.SODIUM, "male", 18) is None
    assert intake_for(Nutrient.SUGAR, "female", 40) is None
