"""The summary of a series, against values worked by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import Sample, trend

START = datetime(2025, 1, 1, tzinfo=UTC)


def sample(day: float, value: float, unit: str = "mg/dL", metric: str = "2093-3") -> Sample:
    return Sample(metric, START + timedelta(days=day), value, unit, UUID(int=1), Category.LABS)


def test_a_series_is_summed_up_in_the_last_unit() -> None:
    # Theil-Sen of (0,1) (1,2) (2,3) (3,4) (4,100): six of the ten pair slopes are 1.
    found = trend([sample(4, 100), *(sample(day, day + 1) for day in range(4))])
    assert found
    assert (found.n, found.first.value, found.last.value) == (5, 1, 100)
    assert (found.minimum, found.maximum, found.median) == (1, 100, 3)
    assert found.slope_per_day == pytest.approx(1.0)


def test_four_points_have_no_slope_and_none_have_no_summary() -> None:
    few = trend([sample(day, day) for day in range(4)])
    assert few
    assert few.slope_per_day is None
    assert trend([]) is None


def test_points_of_one_moment_have_no_slope() -> None:
    found = trend([sample(0, value) for value in range(6)])
    assert found
    assert found.slope_per_day is None


def test_units_are_converted_and_what_does_not_convert_is_counted() -> None:
    found = trend([sample(0, 5.0, "mmol/L"), sample(1, 3.0, "kg"), sample(2, 200)])
    assert found
    assert (found.unit, found.n, found.not_comparable) == ("mg/dL", 2, 1)
    assert found.minimum == pytest.approx(193.3, abs=0.1)  # 5 mmol/L of cholesterol at 386.65 g/mol


def test_two_metrics_at_once_are_refused() -> None:
    with pytest.raises(InvalidInput):
        trend([sample(0, 1), sample(0, 1, metric="2345-7")])


@given(st.floats(-5, 5), st.floats(-100, 100), st.lists(st.integers(0, 900), min_size=5, max_size=60, unique=True))
def test_the_slope_of_a_straight_line_is_its_slope(slope: float, start: float, days: list[int]) -> None:
    found = trend([sample(day, start + slope * day) for day in days])
    assert found
    assert found.slope_per_day == pytest.approx(slope, abs=1e-6)


def test_a_long_series_is_thinned_for_its_slope_only() -> None:
    found = trend([sample(hour / 24, hour) for hour in range(5000)])
    assert found
    assert (found.n, found.maximum) == (5000, 4999)
    assert found.slope_per_day == pytest.approx(24)
