"""Every statistic begins with an ordered series; what cannot be placed or counted is refused."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.tracking.statistics.made import DAY, HOUR, START
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.statistics.series import daily, local, ordered, resolution, spread

BERLIN = ZoneInfo("Europe/Berlin")


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(-1e6, 1e6)), max_size=40), st.integers(0, 9))
def test_order_does_not_matter_and_one_moment_counts_once(pairs: list[tuple[int, float]], seed: int) -> None:
    times, values = np.array([float(at) for at, _ in pairs]), np.array([value for _, value in pairs])
    order = np.random.default_rng(seed).permutation(len(pairs))
    one, other = ordered(times, values), ordered(times[order], values[order])
    assert np.array_equal(one[0], other[0])
    assert np.array_equal(one[1], other[1])
    assert (np.diff(one[0]) > 0).all()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_finite_number_is_refused(bad: float) -> None:
    with pytest.raises(InvalidInput):
        ordered([START], [bad])
    with pytest.raises(InvalidInput):
        ordered(np.array([bad]), [1.0])


def test_times_without_a_zone_and_lengths_that_differ_are_refused() -> None:
    with pytest.raises(InvalidInput):
        ordered([datetime(2026, 1, 1)], [1.0])
    with pytest.raises(InvalidInput):
        ordered([START, START], [1.0])


def test_the_clock_is_the_persons_through_both_changes_of_daylight_saving() -> None:
    def hours(*told: datetime) -> list[int]:
        return local(np.array([each.timestamp() for each in told]), BERLIN).hours.tolist()

    spring = [datetime(2026, 3, 29, hour, 30, tzinfo=START.tzinfo) for hour in (0, 1)]
    autumn = [datetime(2026, 10, 25, hour, 30, tzinfo=START.tzinfo) for hour in (0, 1)]
    assert hours(*spring) == [1, 3]
    assert hours(*autumn) == [2, 2]


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2060, 1, 1)), st.sampled_from(["Asia/Kathmandu", "America/St_Johns"])
)
def test_the_local_clock_is_that_of_the_zone_database(naive: datetime, name: str) -> None:
    at = naive.replace(tzinfo=START.tzinfo)
    there, told = at.astimezone(ZoneInfo(name)), local(np.array([at.timestamp()]), ZoneInfo(name))
    assert (told.hours[0], told.days[0]) == (there.hour, there.date().toordinal())
    assert bool(told.weekend[0]) == (there.weekday() >= 5)


def test_a_day_is_the_persons_day_and_its_value_the_median() -> None:
    evening = START.timestamp() + 23.5 * HOUR  # 00:30 of the next day in Berlin
    days = daily(np.array([evening, evening + HOUR, evening + 2 * HOUR, evening - HOUR]), [1, 2, 30, 7], BERLIN)
    assert days.ordinals.tolist() == [START.toordinal(), START.toordinal() + 1]
    assert days.values.tolist() == [7, 2]
    assert not len(daily([], [], BERLIN).values)


def test_no_spread_is_zero() -> None:
    assert resolution(np.array([72.0, 72.0])) == 1
    assert resolution(np.array([36.5])) == pytest.approx(0.1)
    assert resolution(np.array([1.0, 1.25, 300.0])) == pytest.approx(0.01)
    assert resolution(np.array([0.0, 1e14])) == 1
    assert resolution(np.array([])) == 1
    same = np.full(9, 36.5)
    assert spread(same, 36.5, resolution(same)) == pytest.approx(0.1)
    assert DAY == 24 * HOUR
