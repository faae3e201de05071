"""NEWS2 against the chart of the Royal College of Physicians, and what it says when something is missing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.news import News2, VitalSign, news2

AT = datetime(2025, 3, 1, 8, tzinfo=UTC)
RATE, OXYGEN, SYSTOLIC, PULSE, TEMPERATURE = "9279-1", "59408-5", "8480-6", "8867-4", "8310-5"
UNITS = {RATE: "/min", OXYGEN: "%", SYSTOLIC: "mm[Hg]", PULSE: "/min", TEMPERATURE: "Cel"}
WELL = {RATE: 16.0, OXYGEN: 97.0, SYSTOLIC: 120.0, PULSE: 70.0, TEMPERATURE: 37.0}


def signs(values: dict[str, float], at: datetime = AT) -> list[VitalSign]:
    return [VitalSign(code, at, value, UNITS[code]) for code, value in values.items()]


def score(values: dict[str, float], *, on_oxygen: bool | None = False, scale_2: bool = False) -> News2:
    return news2(
        signs(values),
        at=AT,
        age_years=70,
        on_oxygen=on_oxygen,
        consciousness="alert",
        scale_2_prescribed=scale_2,
    )


# RCP 2017, chart 1: each band of each parameter at its edges, the others well.
@pytest.mark.parametrize(
    ("code", "points"),
    [
        (RATE, {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        (OXYGEN, {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0}),
        (SYSTOLIC, {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        (PULSE, {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
        (TEMPERATURE, {35.0: 3, 35.1: 1, 36.0: 1, 36.1: 0, 38.0: 0, 38.1: 1, 39.0: 1, 39.1: 2}),
    ],
)
def test_every_band_of_the_chart_has_its_points(code: str, points: dict[float, int]) -> None:
    assert {value: score(WELL | {code: value}).score for value in points} == points


# RCP 2017, chart 1, SpO2 scale 2; the two points for oxygen are taken off again.
@pytest.mark.parametrize(
    ("saturation", "on_oxygen", "points"),
    [
        (83, False, 3),
        (84, False, 2),
        (86, False, 1),
        (88, False, 0),
        (92, True, 0),
        (93, False, 0),
        (93, True, 1),
        (94, True, 1),
        (95, True, 2),
        (97, True, 3),
        (99, False, 0),
    ],
)
def test_scale_2_counts_only_when_prescribed(saturation: float, on_oxygen: bool, points: int) -> None:
    found = score(WELL | {OXYGEN: saturation}, on_oxygen=on_oxygen, scale_2=True)
    assert found.score == points + 2 * on_oxygen
    assert score(WELL | {OXYGEN: 88}).score == 3


def test_on_scale_2_a_high_saturation_takes_knowing_of_oxygen() -> None:
    found = score(WELL | {OXYGEN: 97}, on_oxygen=None, scale_2=True)
    assert found.score is None
    assert set(found.missing) == {"oxygen saturation", "supplemental oxygen"}


@pytest.mark.parametrize(
    ("values", "total", "status", "urgency"),
    [
        ({}, 0, Status.NOT_FOUND, Urgency.SELF_CARE),
        ({OXYGEN: 95}, 1, Status.NOT_FOUND, Urgency.ROUTINE),
        ({RATE: 25}, 3, Status.FOUND, Urgency.URGENT),
        ({RATE: 22, OXYGEN: 93, PULSE: 95}, 5, Status.FOUND, Urgency.URGENT),
        ({RATE: 25, OXYGEN: 93, PULSE: 115}, 7, Status.FOUND, Urgency.EMERGENCY),
    ],
)
def test_the_response_follows_the_thresholds_of_the_report(
    values: dict[str, float], total: int, status: Status, urgency: Urgency
) -> None:
    found = score(WELL | values)
    assert (found.score, found.status, found.urgency) == (total, status, urgency)


def test_with_something_missing_there_is_no_score_but_at_least_one() -> None:
    found = news2(signs({PULSE: 95, OXYGEN: 95}), at=AT, age_years=70)
    assert (found.status, found.score, found.at_least) == (Status.NOT_EVALUATED, None, 2)
    assert set(found.missing) == {
        "breathing rate",
        "systolic blood pressure",
        "body temperature",
        "supplemental oxygen",
        "consciousness",
    }
    assert "at least 2" in (found.reason or "")


def test_a_trigger_that_the_known_values_reach_is_told_without_the_others() -> None:
    found = news2(signs({RATE: 26, OXYGEN: 90, PULSE: 95}), at=AT, age_years=70)
    assert (found.status, found.score, found.at_least, found.urgency) == (Status.FOUND, None, 7, Urgency.EMERGENCY)
    assert found.band == "at least high"


def test_new_confusion_scores_three_and_oxygen_two() -> None:
    found = news2(signs(WELL), at=AT, age_years=70, on_oxygen=True, consciousness="confusion")
    assert (found.score, found.urgency) == (5, Urgency.URGENT)


def test_only_the_newest_values_of_the_hour_count() -> None:
    old, newer = AT - timedelta(hours=2), AT - timedelta(minutes=30)
    later = AT + timedelta(minutes=1)
    given = [
        *signs(WELL | {RATE: 30}, old),
        *signs({RATE: 16}, newer),
        *signs({RATE: 40}, later),
        *signs({PULSE: 70}, old),
    ]
    found = news2(given, at=AT, age_years=70)
    assert [(part.name, part.value) for part in found.parts] == [("breathing rate", 16)]


def test_units_convert_and_one_that_does_not_is_missing() -> None:
    given = [VitalSign(TEMPERATURE, AT, 102.4, "[degF]"), VitalSign(PULSE, AT, 70, "mm[Hg]")]
    found = news2(given, at=AT, age_years=70)
    assert [(part.value, part.points) for part in found.parts] == [(39.1, 2)]
    assert "pulse" in found.missing


@pytest.mark.parametrize(("age", "pregnant", "word"), [(15, None, "16"), (None, None, "age"), (30, True, "pregnancy")])
def test_children_pregnancy_and_an_unknown_age_are_not_evaluated(
    age: float | None, pregnant: bool | None, word: str
) -> None:
    found = news2(signs(WELL), at=AT, age_years=age, pregnant=pregnant, on_oxygen=False, consciousness="alert")
    assert (found.status, found.score) == (Status.NOT_EVALUATED, None)
    assert word in (found.reason or "")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput):
        news2(signs(WELL, AT.replace(tzinfo=None)), at=AT, age_years=70)


@given(st.dictionaries(st.sampled_from(list(WELL)), st.floats(0, 300)), st.sampled_from([None, True, False]))
def test_a_score_is_there_exactly_when_nothing_is_missing(values: dict[str, float], on_oxygen: bool | None) -> None:
    found = score(values, on_oxygen=on_oxygen)
    assert (found.score is None) == bool(found.missing)
    assert found.at_least == sum(part.points for part in found.parts) <= 20
    assert (found.status is Status.NOT_EVALUATED) == (found.reason is not None)
