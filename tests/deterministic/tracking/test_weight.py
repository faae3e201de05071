"""Weight: the gains that heart failure guidelines warn of and a loss that nobody wanted, at their edges."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.weight import Weighed, WeightChange, fluid_gain, unintended_loss

NOW = datetime(2025, 6, 1, 7, tzinfo=UTC)


def weights(*days_and_kg: tuple[float, float], unit: str = "kg") -> list[Weighed]:
    return [Weighed(NOW - timedelta(days=day), kg, unit) for day, kg in days_and_kg]


def gain(*days_and_kg: tuple[float, float]) -> WeightChange:
    return fluid_gain(weights(*days_and_kg), now=NOW, conditions=["Heart failure"])


# AHA self-check plan: 2 lb in a day, 5 lb in a week; ESC: 2 kg in 3 days.
@pytest.mark.parametrize(
    ("series", "status", "key"),
    [
        ([(1, 80), (0, 80.91)], Status.FOUND, "day"),
        ([(1, 80), (0, 80.9)], Status.NOT_FOUND, "day"),
        ([(3, 80), (1, 81.5), (0, 82.1)], Status.FOUND, "three_days"),
        ([(6, 80), (3, 81), (1, 82), (0, 82.4)], Status.FOUND, "week"),
        ([(6, 80), (3, 81), (1, 82), (0, 82.3)], Status.NOT_FOUND, "day"),
        ([(1, 80), (0, 78)], Status.NOT_FOUND, "day"),
    ],
)
def test_a_gain_is_told_from_each_limit_on(series: list[tuple[float, float]], status: Status, key: str) -> None:
    found = gain(*series)
    assert (found.status, found.key) == (status, key)
    assert (found.urgency is Urgency.URGENT) == (status is Status.FOUND)
    assert found.evidence.source


def test_a_morning_and_an_evening_of_one_day_are_not_compared() -> None:
    assert gain((0.4, 80), (0, 81.5)).status is Status.NOT_EVALUATED


def test_what_could_not_be_compared_is_said() -> None:
    found = gain((5, 80), (0, 80.5))
    assert (found.status, found.key) == (Status.NOT_FOUND, "week")
    assert found.reason == "there was no weight to compare over 1 day and 3 days"


def test_another_person_on_the_scale_is_no_water() -> None:
    assert gain((1, 60), (0, 90)).status is Status.NOT_EVALUATED
    assert gain((2, 30), (1, 80), (0, 81)).status is Status.FOUND


def test_pounds_convert_and_another_unit_is_left_out() -> None:
    pounds = fluid_gain(weights((1, 176), (0, 179), unit="[lb_av]"), now=NOW, conditions=["I50.9"])
    assert pounds.status is Status.FOUND
    assert fluid_gain(weights((1, 80), (0, 85), unit="cm"), now=NOW, conditions=["chf"]).status is Status.NOT_EVALUATED


@pytest.mark.parametrize("conditions", [None, [], ["asthma"], ["I500x", "heart"], ["Family history of heart failure"]])
def test_without_heart_failure_in_the_record_the_rule_says_nothing(conditions: list[str] | None) -> None:
    found = fluid_gain(weights((1, 80), (0, 85)), now=NOW, conditions=conditions)
    assert (found.status, found.change_kg) == (Status.NOT_EVALUATED, None)
    assert "heart failure" in (found.reason or "")


@pytest.mark.parametrize(
    "condition", ["Heart failure", "congestive heart failure", "84114007", "I50", "I50.2", "Heart failure (disorder)"]
)
def test_heart_failure_is_known_by_name_and_code(condition: str) -> None:
    assert fluid_gain(weights((1, 80), (0, 82)), now=NOW, conditions=[condition]).status is Status.FOUND


@pytest.mark.parametrize("series", [[], [(0, 80)], [(4, 80), (3, 83)], [(30, 80), (0, 85)]])
def test_too_few_or_too_old_weights_are_not_evaluated(series: list[tuple[float, float]]) -> None:
    found = gain(*series)
    assert found.status is Status.NOT_EVALUATED
    assert found.reason


# Wong 2014: 5 % or more in 6 to 12 months. NICE CG32: more than 10 % in 3 to 6 months.
@pytest.mark.parametrize(
    ("series", "status", "key"),
    [
        ([(200, 80), (0, 76)], Status.FOUND, "five_in_a_year"),
        ([(200, 80), (0, 76.1)], Status.NOT_FOUND, "five_in_a_year"),
        ([(364, 80), (0, 75)], Status.FOUND, "five_in_a_year"),
        ([(120, 80), (0, 71.9)], Status.FOUND, "ten_in_six_months"),
        ([(120, 80), (0, 72)], Status.NOT_FOUND, "ten_in_six_months"),
        ([(400, 90), (0, 75)], Status.NOT_EVALUATED, None),
        ([(200, 80), (40, 70)], Status.NOT_EVALUATED, None),
        ([], Status.NOT_EVALUATED, None),
    ],
)
def test_a_loss_is_told_from_each_limit_on(series: list[tuple[float, float]], status: Status, key: str | None) -> None:
    found = unintended_loss(weights(*series), now=NOW, age_years=60)
    assert (found.status, found.key) == (status, key)
    assert (found.reason is not None) == (status is Status.NOT_EVALUATED)


@pytest.mark.parametrize(
    ("age", "intended", "pregnant", "word"),
    [(17, None, None, "18"), (None, None, None, "age"), (60, True, None, "wanted"), (30, None, True, "pregnancy")],
)
def test_a_loss_outside_of_the_rule_is_not_evaluated(
    age: float | None, intended: bool | None, pregnant: bool | None, word: str
) -> None:
    series = weights((200, 80), (0, 70))
    found = unintended_loss(series, now=NOW, age_years=age, intended=intended, pregnant=pregnant)
    assert found.status is Status.NOT_EVALUATED
    assert word in (found.reason or "")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput):
        unintended_loss([Weighed(NOW.replace(tzinfo=None), 80)], now=NOW, age_years=60)


@given(st.lists(st.tuples(st.floats(-5, 500), st.floats(-10, 1e6)), max_size=20))
def test_any_series_gets_an_answer_that_is_none_of_a_future_weight(series: list[tuple[float, float]]) -> None:
    for found in (gain(*series), unintended_loss(weights(*series), now=NOW, age_years=60)):
        assert found.status is not Status.NOT_EVALUATED or found.reason
        assert found.until is None or found.until <= NOW
