"""Adult thresholds: the class at every edge, and silence where they do not apply."""

import pytest

from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import Measured, assess
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
    ("age", "pregnant", "word"), [(None, None, "age"), (17, None, "18 years"), (30, True, "pregnancy")]
)
def test_children_pregnancy_and_an_unknown_age_are_not_evaluated(
    age: float | None, pregnant: bool | None, word: str
) -> None:
    answer = assess(pressure(190, 130), age_years=age, pregnant=pregnant)
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


def test_every_value_falls_into_some_class() -> None:
    for entry in thresholds():
        for tenths in range(0, 3000, 5):
            given = dict.fromkeys(entry.parts, tenths / 10)
            assert any(each.holds(given) for each in entry.classes), (entry.key, given)
