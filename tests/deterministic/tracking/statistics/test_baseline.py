"""What is usual for a person knows hour and weekend as far as the data carry it, and is not moved by what is rare."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deterministic.tracking.statistics.made import START, hourly
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.statistics.baseline import Baseline, NotEvaluated, baseline, weighted_quantile

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = 100
NOW = START + timedelta(days=DAYS)
TIMES = hourly(DAYS)


def made(values: object, times: list[datetime] | None = None, now: datetime = NOW, zone: tzinfo = BERLIN) -> Baseline:
    found = baseline(times or TIMES, np.asarray(values, dtype=np.float64), zone=zone, now=now)
    assert isinstance(found, Baseline)
    return found


def pulse(at: datetime) -> float:
    there = at.astimezone(BERLIN)
    return 60.0 + (15 if 7 <= there.hour < 23 else 0) + (5 if there.weekday() >= 5 and there.hour >= 7 else 0)


NOISE = np.random.default_rng(1).normal(0, 2, len(TIMES))
PULSE = np.array([pulse(at) for at in TIMES]) + NOISE


def test_night_day_and_weekend_have_their_own_usual() -> None:
    usual = made(PULSE)
    night, noon = NOW.replace(hour=1), NOW.replace(hour=11)  # a Wednesday
    weekend = noon + timedelta(days=3)
    assert usual.expected(night).centre == pytest.approx(60, abs=1)
    assert usual.expected(noon).centre == pytest.approx(75, abs=1)
    assert usual.expected(weekend).centre == pytest.approx(80, abs=1.5)
    assert usual.expected(weekend).basis == "hour and weekend"
    assert usual.deviation(75, night).direction == "above"
    assert usual.deviation(75, noon).direction == "within"
    assert usual.deviation(60, noon).spreads == pytest.approx(-7.5, abs=1.5)
    assert usual.expected(noon).high - usual.expected(noon).centre == pytest.approx(1.96 * 2, rel=0.3)


def test_an_hour_is_the_clocks_hour_on_both_sides_of_daylight_saving() -> None:
    """Winter alone is in the baseline, and summer's seven o'clock is one hour earlier in UTC."""
    usual = made(PULSE, now=datetime(2026, 4, 15, tzinfo=START.tzinfo))
    winter, summer = datetime(2026, 3, 20, 7, tzinfo=BERLIN), datetime(2026, 4, 17, 7, tzinfo=BERLIN)
    assert winter.utcoffset() != summer.utcoffset()
    assert usual.expected(winter) == usual.expected(summer)


def test_without_an_hour_of_its_own_a_moment_has_the_usual_of_all() -> None:
    mornings = [START + timedelta(days=day, hours=6) for day in range(DAYS)]
    usual = made(np.full(DAYS, 50.0), mornings, zone=UTC)
    assert usual.expected(NOW.replace(hour=6)).basis == "hour and weekend"
    assert usual.expected(NOW.replace(hour=18)).basis == "all"
    two_months = made(np.full(30, 50.0), mornings[:30], now=START + timedelta(days=44), zone=UTC)
    saturday = START + timedelta(days=47, hours=6)
    assert two_months.expected(saturday).basis == "hour and weekend"
    three_weekends = made(np.full(20, 50.0), mornings[:20], now=START + timedelta(days=34), zone=UTC)
    assert three_weekends.expected(saturday).basis == "hour"


def test_cells_that_differ_by_chance_alone_are_one() -> None:
    usual = made(NOISE)
    centres = [usual.expected(NOW + timedelta(hours=hour)).centre for hour in range(168)]
    raw = [float(np.median(NOISE[hour::168])) for hour in range(168)]
    assert np.std(centres) < np.std(raw) / 3


def test_the_newest_two_weeks_and_the_future_are_not_in_it() -> None:
    late = PULSE.copy()
    late[-14 * 24 :] += 50
    assert made(late) == made(PULSE)
    assert made(np.r_[PULSE, 500.0], [*TIMES, NOW + timedelta(days=1)]) == made(PULSE)


def test_a_tenth_of_wild_values_does_not_carry_it_away() -> None:
    wild = PULSE.copy()
    wild[::10] = 1e6
    for hour in range(24):
        at = NOW + timedelta(hours=hour)
        assert made(wild).expected(at).centre == pytest.approx(made(PULSE).expected(at).centre, abs=1.5)


def test_a_minute_by_minute_hour_counts_no_more_than_another() -> None:
    dense = [START + timedelta(days=20, minutes=minute) for minute in range(0, 24 * 60, 2)]
    usual = made(np.r_[PULSE, np.full(len(dense), 200.0)], [*TIMES, *(at + timedelta(seconds=1) for at in dense)])
    assert usual.every.centre == pytest.approx(made(PULSE).every.centre, abs=1)


def test_too_few_days_are_not_evaluated() -> None:
    for count in (0, 1, 12):
        found = baseline(TIMES[: 24 * count], PULSE[: 24 * count], zone=BERLIN, now=NOW)
        assert isinstance(found, NotEvaluated)
        assert "14 are needed" in found.reason


def test_a_constant_series_has_the_spread_of_its_last_digit() -> None:
    usual = made(np.full(len(TIMES), 36.5))
    assert usual.deviation(36.5, NOW).direction == "within"
    assert usual.deviation(36.7, NOW).spreads == pytest.approx(2)


def test_mostly_the_same_value_is_measured_by_the_others() -> None:
    steps = np.zeros(len(TIMES))
    steps[::9] = 100.0
    assert made(steps).every.spread == pytest.approx(100 / 1.96)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([0.5, 2.0, 8.0]), st.integers(-1000, 1000), st.integers(0, 9))
def test_shift_scale_and_order(factor: float, shift: int, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(TIMES)).tolist()
    one = made(PULSE).expected(NOW)
    other = made([PULSE[i] * factor + shift for i in order], [TIMES[i] for i in order]).expected(NOW)
    assert other.centre == pytest.approx(one.centre * factor + shift)
    assert other.high - other.low == pytest.approx((one.high - one.low) * factor)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput):
        made(PULSE).expected(datetime(2026, 4, 1))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_with_equal_weights_the_median_is_the_ordinary_one(values: list[float]) -> None:
    numbers = np.array(values)
    assert weighted_quantile(numbers, np.full(len(values), 0.1), 0.5) == pytest.approx(float(np.median(numbers)))
