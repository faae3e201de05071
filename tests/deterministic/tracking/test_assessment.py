"""Thresholds by age and pregnancy: the class at every edge, and silence where they do not apply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import Measured, assess, assessed_metrics
from vitasense.deterministic.tracking.thresholds import thresholds

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"


def pressure(systolic: float | None, diastolic: float | None) -> dict[str, Measured]:
    given = {SYSTOLIC: systolic, DIASTOLIC: diastolic}
    return {code: Measured(value, "mm[Hg]") for code, value in given.items() if value is not None}


# Whelton 2018, table 6: systolic and diastolic at the edges of every category.
@pytest.mark.parametrize(
    ("systolic", "diastolic", "key"),
    [
        (119, 79, "normal"),
        (120, 79, "elevated"),
        (129, 79, "elevated"),
        (130, 79, "stage_1"),
        (119, 80, "stage_1"),
        (139, 89, "stage_1"),
        (140, 79, "stage_2"),
        (119, 90, "stage_2"),
        (180, 120, "stage_2"),
        (181, 70, "severe"),
        (130, 121, "severe"),
        (89, 62, "very_low"),
        (100, 59, "low"),
        (90, 60, "normal"),
    ],
)
def test_blood_pressure_is_classed_as_in_the_guideline(systolic: float, diastolic: float, key: str) -> None:
    found = assess(pressure(systolic, diastolic), age_years=50)
    assert found
    assert (found.status, found.key) == (Status.FOUND, key)
    assert found.evidence.source
    assert found.evidence.ref == "tracking/thresholds#blood_pressure"


def test_one_half_of_a_blood_pressure_is_enough_only_where_it_decides() -> None:
    severe = assess(pressure(185, None), age_years=50)
    assert severe
    assert (severe.key, severe.urgency) == ("severe", Urgency.URGENT)
    normal = assess(pressure(115, None), age_years=50)
    assert normal
    assert (normal.status, normal.label) == (Status.NOT_EVALUATED, None)
    assert "diastolic" in (normal.reason or "")


@pytest.mark.parametrize(
    ("code", "unit", "value", "age", "pregnant", "word"),
    [
        ("8480-6", "mm[Hg]", 190, None, None, "age is not known"),
        ("39156-5", "kg/m2", 30, 17, None, "20 years and older"),
        ("8480-6", "mm[Hg]", 60, 0.5, None, "1 year and older"),
        ("8867-4", "/min", 95, 0.01, None, "1 week and older"),
        ("39156-5", "kg/m2", 30, 30, True, "pregnancy"),
    ],
)
def test_an_age_or_a_pregnancy_that_nothing_is_made_for_is_not_evaluated(
    code: str, unit: str, value: float, age: float | None, pregnant: bool | None, word: str
) -> None:
    answer = assess({code: Measured(value, unit)}, age_years=age, pregnant=pregnant)
    assert answer
    assert (answer.status, answer.key) == (Status.NOT_EVALUATED, None)
    assert word in (answer.reason or "")


@pytest.mark.parametrize(
    ("code", "value", "unit", "key", "urgency"),
    [
        ("8867-4", 60, "/min", "normal", Urgency.SELF_CARE),
        ("8867-4", 100, "{beats}/min", "normal", Urgency.SELF_CARE),
        ("8867-4", 101, "/min", "high", Urgency.ROUTINE),
        ("8867-4", 131, "/min", "very_high", Urgency.URGENT),
        ("8867-4", 40, "/min", "very_low", Urgency.URGENT),
        ("9279-1", 25, "/min", "very_high", Urgency.URGENT),
        ("59408-5", 96, "%", "normal", Urgency.SELF_CARE),
        ("2708-6", 95, "%", "slightly_low", Urgency.ROUTINE),
        ("2708-6", 93, "%", "low", Urgency.URGENT),
        ("2708-6", 89, "%", "emergency", Urgency.EMERGENCY),
        ("8310-5", 38.0, "Cel", "normal", Urgency.SELF_CARE),
        ("8310-5", 100.5, "[degF]", "raised", Urgency.ROUTINE),
        ("8310-5", 39.1, "Cel", "high", Urgency.URGENT),
        ("8310-5", 35.0, "Cel", "very_low", Urgency.URGENT),
        ("39156-5", 18.4, "kg/m2", "underweight", Urgency.ROUTINE),
        ("39156-5", 24.99, "kg/m2", "normal", Urgency.SELF_CARE),
        ("39156-5", 25, "kg/m2", "overweight", Urgency.SELF_CARE),
        ("39156-5", 40, "kg/m2", "obese_3", Urgency.ROUTINE),
    ],
)
def test_single_values_are_classed_in_their_unit(
    code: str, value: float, unit: str, key: str, urgency: Urgency
) -> None:
    found = assess({code: Measured(value, unit)}, age_years=40)
    assert found
    assert (found.key, found.urgency) == (key, urgency)


def test_a_unit_that_does_not_convert_is_not_evaluated() -> None:
    answer = assess({"8867-4": Measured(70, "mm[Hg]")}, age_years=40)
    assert answer
    assert answer.status is Status.NOT_EVALUATED


def test_a_metric_without_threshold_is_no_assessment_and_two_measurements_are_refused() -> None:
    assert assess({"2345-7": Measured(99, "mg/dL")}, age_years=40) is None
    with pytest.raises(InvalidInput):
        assess(pressure(120, 80) | {"8867-4": Measured(70, "/min")}, age_years=40)


def test_every_value_falls_into_some_class_or_the_entry_says_why_not() -> None:
    for entry in thresholds():
        if entry.otherwise is None:
            for tenths in range(0, 3000, 5):
                given = dict.fromkeys(entry.parts, tenths / 10)
                assert any(each.holds(given) for each in entry.classes), (entry.book, entry.key, given)


def test_the_ages_of_a_table_meet_without_gap_or_overlap() -> None:
    for key in ("heart_rate", "respiratory_rate", "temperature", "blood_pressure", "oxygen_saturation"):
        rows = sorted((e for e in thresholds() if e.book == "children" and e.key == key), key=lambda e: e.from_age)
        assert [each.below_age for each in rows] == [*(each.from_age for each in rows[1:]), 18], key


def one(code: str, value: float, unit: str, age: float, *, pregnant: bool | None = None) -> tuple[str | None, Urgency]:
    found = assess({code: Measured(value, unit)}, age_years=age, pregnant=pregnant)
    assert found
    return found.key, found.urgency


# Fleming 2011: 1st, 10th, 90th and 99th centile of 2 to 3 years (heart) and 9 to 12 months (breathing).
@pytest.mark.parametrize(
    ("code", "value", "age", "key"),
    [
        ("8867-4", 143, 2.5, "very_high"),
        ("8867-4", 142, 2.5, "high"),
        ("8867-4", 128, 2.5, "normal"),
        ("8867-4", 92, 2.5, "normal"),
        ("8867-4", 91, 2.5, "low"),
        ("8867-4", 76, 2.5, "low"),
        ("8867-4", 75, 2.5, "very_low"),
        ("9279-1", 59, 0.8, "very_high"),
        ("9279-1", 50, 0.8, "normal"),
        ("9279-1", 21, 0.8, "very_low"),
        ("8867-4", 103, 17.9, "high"),
        ("8867-4", 101, 18.0, "high"),
    ],
)
def test_the_rates_of_children_are_held_against_the_centiles_of_their_age(
    code: str, value: float, age: float, key: str
) -> None:
    assert one(code, value, "/min", age)[0] == key


# NICE NG143: 38 under 3 months is high risk, 39 from 3 to 6 months intermediate; afterwards the height alone tells little.
@pytest.mark.parametrize(
    ("value", "age", "key", "urgency"),
    [
        (38.0, 0.1, "fever", Urgency.EMERGENCY),
        (37.9, 0.1, "normal", Urgency.SELF_CARE),
        (35.5, 0.1, None, Urgency.ROUTINE),
        (39.0, 0.3, "fever", Urgency.URGENT),
        (38.9, 0.3, None, Urgency.ROUTINE),
        (40.0, 4.0, None, Urgency.ROUTINE),
    ],
)
def test_a_fever_is_judged_by_the_months_of_a_baby(value: float, age: float, key: str | None, urgency: Urgency) -> None:
    assert one("8310-5", value, "Cel", age) == (key, urgency)


def test_an_age_in_whole_years_is_not_taken_for_the_first_day_of_the_year() -> None:
    unsure = assess({"8310-5": Measured(38.5, "Cel")}, age_years=0)
    assert unsure
    assert (unsure.status, unsure.urgency) == (Status.NOT_EVALUATED, Urgency.EMERGENCY)
    assert "months decide" in (unsure.reason or "")
    assert one("8867-4", 200, "/min", 0)[0] == "very_high"  # at all ages of the first year


# Flynn 2017 table 3 from 13 years on; below it only what holds at every height. PALS: hypotension below 70 + 2 x age.
@pytest.mark.parametrize(
    ("systolic", "diastolic", "age", "key"),
    [
        (119, 79, 15, "normal"),
        (120, 79, 15, "elevated"),
        (130, 79, 15, "stage_1"),
        (140, 79, 15, "stage_2"),
        (181, 79, 15, "severe"),
        (89, 50, 15, "very_low"),
        (140, 60, 6, "stage_2"),
        (115, 80, 6, "stage_1"),
        (81, 50, 6, "very_low"),
        (105, 60, 6, None),
    ],
)
def test_the_blood_pressure_of_a_child_is_judged_only_where_the_height_does_not_matter(
    systolic: float, diastolic: float, age: float, key: str | None
) -> None:
    found = assess(pressure(systolic, diastolic), age_years=age)
    assert found
    assert found.key == key
    assert found.people.startswith("children")


# ACOG Practice Bulletin 222.
@pytest.mark.parametrize(
    ("systolic", "diastolic", "key", "urgency"),
    [
        (139, 89, "below_limit", Urgency.SELF_CARE),
        (140, 70, "high", Urgency.URGENT),
        (120, 90, "high", Urgency.URGENT),
        (160, 70, "severe", Urgency.EMERGENCY),
        (120, 110, "severe", Urgency.EMERGENCY),
        (84, 60, "very_low", Urgency.URGENT),
    ],
)
def test_blood_pressure_in_pregnancy_has_its_own_limits_and_advice(
    systolic: float, diastolic: float, key: str, urgency: Urgency
) -> None:
    found = assess(pressure(systolic, diastolic), age_years=30, pregnant=True)
    assert found
    assert (found.key, found.urgency, found.people) == (key, urgency, "pregnancy")
    assert bool(found.advice) == (urgency.rank >= Urgency.URGENT.rank and key != "very_low")
    assert found.evidence.ref == "tracking/pregnancy#blood_pressure"


def test_in_pregnancy_only_a_warning_is_told_of_the_other_vital_signs() -> None:
    assert one("8867-4", 131, "/min", 30, pregnant=True) == ("very_high", Urgency.URGENT)
    assert one("8867-4", 90, "/min", 30, pregnant=True) == (None, Urgency.ROUTINE)
    assert one("59408-5", 89, "%", 30, pregnant=True) == ("emergency", Urgency.EMERGENCY)


@pytest.mark.parametrize(
    ("age", "pregnant", "sex", "assumed"),
    [
        (30, None, "female", True),
        (30, None, None, True),
        (30, None, "male", False),
        (30, False, "female", False),
        (60, None, "female", False),
    ],
)
def test_an_unknown_pregnancy_is_taken_for_none_and_said_so(
    age: float, pregnant: bool | None, sex: str | None, assumed: bool
) -> None:
    found = assess(pressure(120, 70), age_years=age, pregnant=pregnant, sex=sex)
    assert found
    assert (found.assumption is not None) is assumed


# ADA 2025 section 6 and Holt 2021: the levels at their edges, in both units.
@pytest.mark.parametrize(
    ("value", "unit", "key", "urgency"),
    [
        (53.9, "mg/dL", "low_2", Urgency.URGENT),
        (54, "mg/dL", "low_1", Urgency.ROUTINE),
        (69.9, "mg/dL", "low_1", Urgency.ROUTINE),
        (70, "mg/dL", "between", Urgency.SELF_CARE),
        (250, "mg/dL", "between", Urgency.SELF_CARE),
        (251, "mg/dL", "high_2", Urgency.ROUTINE),
        (600, "mg/dL", "crisis", Urgency.EMERGENCY),
        (2.9, "mmol/L", "low_2", Urgency.URGENT),
    ],
)
@pytest.mark.parametrize("code", ["2339-0", "99504-3"])
def test_the_glucose_of_a_device_has_levels(code: str, value: float, unit: str, key: str, urgency: Urgency) -> None:
    found = assess({code: Measured(value, unit)}, age_years=40, origin="device")
    assert found
    assert (found.key, found.urgency) == (key, urgency)


def test_the_glucose_of_the_laboratory_is_left_to_its_own_range() -> None:
    assert assess({"2339-0": Measured(40, "mg/dL")}, age_years=40) is None
    assert assess({"2345-7": Measured(40, "mg/dL")}, age_years=40, origin="device") is None


@given(
    st.sampled_from(sorted(assessed_metrics())),
    st.floats(-1e6, 1e6),
    st.one_of(st.none(), st.floats(0, 120), st.integers(0, 120)),
    st.sampled_from([None, True, False]),
)
def test_an_answer_always_has_a_class_or_a_reason(
    code: str, value: float, age: float | None, pregnant: bool | None
) -> None:
    unit = next(part.unit for entry in thresholds() for part in entry.parts.values() if code in part.codes)
    answer = assess({code: Measured(value, unit)}, age_years=age, pregnant=pregnant, origin="device")
    assert answer
    assert (answer.key is None) == (answer.status is Status.NOT_EVALUATED) == (answer.reason is not None)
    assert answer.evidence.source
