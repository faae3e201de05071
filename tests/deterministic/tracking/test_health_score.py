"""Life's Essential 8: the points of table 1 at their edges, and no whole where a part is missing."""

from dataclasses import replace

import pytest

from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.tracking.assessment import Measured
from vitasense.deterministic.tracking.health_score import PARTS, HealthInputs, HealthScore, health_score

BEST = HealthInputs(
    mepa=16,
    moderate_minutes=150,
    vigorous_minutes=0,
    smoking="never",
    smoke_indoors=False,
    sleep_hours=8,
    bmi=Measured(22, "kg/m2"),
    non_hdl=Measured(120, "mg/dL"),
    lipid_medicine=False,
    diabetes=False,
    hba1c=Measured(5.2, "%"),
    systolic=Measured(115, "mm[Hg]"),
    diastolic=Measured(75, "mm[Hg]"),
    pressure_medicine=False,
)


def points(found: HealthScore, name: str) -> int | None:
    return next(part.points for part in found.parts if part.name == name)


def of(name: str, **given: object) -> int | None:
    return points(health_score(replace(BEST, **given), age_years=50), name)  # pyright: ignore[reportArgumentType]


def test_the_best_of_everything_is_a_hundred() -> None:
    found = health_score(BEST, age_years=50)
    assert (found.status, found.score, found.level, found.missing) == (Status.FOUND, 100, "high", ())
    assert [part.name for part in found.parts] == list(PARTS)


def test_the_whole_is_the_mean_of_the_eight() -> None:
    found = health_score(replace(BEST, smoking="current", bmi=Measured(32, "kg/m2"), sleep_hours=5.5), age_years=50)
    assert (found.score, found.level) == ((5 * 100 + 0 + 30 + 40) / 8, "moderate")


# Lloyd-Jones 2022, table 1, adults.
@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("diet", "mepa", {0: 0, 3: 0, 4: 25, 7: 25, 8: 50, 11: 50, 12: 80, 14: 80, 15: 100, 16: 100}),
        (
            "physical activity",
            "moderate_minutes",
            {0: 0, 1: 20, 29: 20, 30: 40, 60: 60, 90: 80, 120: 90, 149: 90, 150: 100},
        ),
        ("sleep", "sleep_hours", {3.9: 0, 4: 20, 5: 40, 6: 70, 7: 100, 8.9: 100, 9: 90, 10: 40, 12: 40}),
    ],
)
def test_plain_numbers_have_the_points_of_the_table(name: str, key: str, expected: dict[float, int]) -> None:
    assert {value: of(name, **{key: value}) for value in expected} == expected


@pytest.mark.parametrize(
    ("name", "key", "unit", "expected"),
    [
        ("weight", "bmi", "kg/m2", {18.5: 100, 24.9: 100, 25: 70, 29.9: 70, 30: 30, 35: 15, 40: 0}),
        ("cholesterol", "non_hdl", "mg/dL", {129: 100, 130: 60, 160: 40, 190: 20, 220: 0}),
        ("glucose", "hba1c", "%", {5.6: 100, 5.7: 60, 6.4: 60, 6.5: None}),
    ],
)
def test_values_with_a_unit_have_the_points_of_the_table(
    name: str, key: str, unit: str, expected: dict[float, int | None]
) -> None:
    assert {value: of(name, **{key: Measured(value, unit)}) for value in expected} == expected


@pytest.mark.parametrize(("hba1c", "expected"), [(6.9, 40), (7, 30), (8, 20), (9, 10), (10, 0)])
def test_diabetes_has_its_own_points_by_hba1c(hba1c: float, expected: int) -> None:
    assert of("glucose", diabetes=True, hba1c=Measured(hba1c, "%")) == expected


@pytest.mark.parametrize(("glucose", "expected"), [(99, 100), (100, 60), (125, 60), (126, None)])
def test_fasting_glucose_counts_without_hba1c_and_without_diabetes(glucose: float, expected: int | None) -> None:
    given = Measured(glucose, "mg/dL")
    assert of("glucose", hba1c=None, fasting_glucose=given) == expected
    assert of("glucose", hba1c=None, fasting_glucose=given, diabetes=True) is None


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"),
    [
        (119, 79, 100),
        (120, 79, 75),
        (129, 79, 75),
        (130, 79, 50),
        (119, 80, 50),
        (140, 79, 25),
        (119, 90, 25),
        (160, 79, 0),
        (119, 100, 0),
        (125, 85, 50),
    ],
)
def test_the_worse_half_of_the_blood_pressure_counts(systolic: float, diastolic: float, expected: int) -> None:
    given = {"systolic": Measured(systolic, "mm[Hg]"), "diastolic": Measured(diastolic, "mm[Hg]")}
    assert of("blood pressure", **given) == expected
    assert of("blood pressure", **given, pressure_medicine=True) == max(expected - 20, 0)


@pytest.mark.parametrize(
    ("smoking", "years", "indoors", "expected"),
    [
        ("never", None, False, 100),
        ("never", None, True, 80),
        ("never", None, None, None),
        ("former", 5, False, 75),
        ("former", 4.9, False, 50),
        ("former", 0.9, False, 25),
        ("former", 0.9, True, 5),
        ("former", None, False, None),
        ("inhaled", None, False, 25),
        ("current", None, None, 0),
        ("current", None, True, 0),
    ],
)
def test_nicotine_counts_by_how_long_ago_and_by_smoke_at_home(
    smoking: str, years: float | None, indoors: bool | None, expected: int | None
) -> None:
    assert of("nicotine", smoking=smoking, years_since_quit=years, smoke_indoors=indoors) == expected


def test_vigorous_minutes_count_twice_and_unknown_ones_only_where_they_do_not_matter() -> None:
    assert of("physical activity", moderate_minutes=30, vigorous_minutes=60) == 100
    assert of("physical activity", moderate_minutes=150, vigorous_minutes=None) == 100
    assert of("physical activity", moderate_minutes=30, vigorous_minutes=None) is None


def test_treated_cholesterol_costs_twenty_points_and_mmol_converts() -> None:
    assert of("cholesterol", non_hdl=Measured(3.2, "mmol/L")) == 100
    assert of("cholesterol", lipid_medicine=True) == 80
    assert of("cholesterol", lipid_medicine=None) is None


def test_underweight_is_left_to_a_clinician() -> None:
    found = health_score(replace(BEST, bmi=Measured(17, "kg/m2")), age_years=50)
    assert found.missing == ("weight",)
    assert "clinician" in (found.parts[4].reason or "")


def test_with_a_part_missing_there_is_no_whole_but_the_other_parts() -> None:
    found = health_score(replace(BEST, mepa=None, sleep_hours=30), age_years=50)
    assert (found.status, found.score, found.level) == (Status.NOT_EVALUATED, None, None)
    assert found.missing == ("diet", "sleep")
    assert found.reason == "not evaluated as a whole, missing: diet, sleep"
    assert sum(part.points or 0 for part in found.parts) == 600
    assert all((part.points is None) == (part.reason is not None) for part in found.parts)


def test_nothing_known_is_nothing_evaluated() -> None:
    found = health_score(HealthInputs(), age_years=50)
    assert found.missing == PARTS


@pytest.mark.parametrize(("age", "pregnant"), [(19, None), (None, None), (30, True)])
def test_it_is_for_adults_outside_of_pregnancy(age: float | None, pregnant: bool | None) -> None:
    found = health_score(BEST, age_years=age, pregnant=pregnant)
    assert (found.status, found.parts) == (Status.NOT_EVALUATED, ())
    assert found.reason
