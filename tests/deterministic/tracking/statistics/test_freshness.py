"""A stream is missing or stale by its own rhythm, and without a history nothing is said of it."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.tracking.statistics.made import START
from vitasense.deterministic.tracking.statistics.freshness import Gap, NotEvaluated, Rhythm, gaps, rhythm, stale

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def known(times: object) -> Rhythm:
    found = rhythm(times)  # pyright: ignore[reportArgumentType] - lists of times
    assert isinstance(found, Rhythm)
    return found


WORN = [START + day * timedelta(days=1) + minute * MINUTE for day in range(10) for minute in range(23 * 60)]


def test_a_watch_that_charges_an_hour_a_day_is_not_stale_in_that_hour() -> None:
    usual = known(WORN)
    assert (usual.interval, usual.longest) == (MINUTE, 61 * MINUTE)
    last = WORN[-1]
    assert stale(last, last + HOUR, usual) is False
    assert stale(last, last + 2 * HOUR, usual) is True
    assert stale(last, last - HOUR, usual) is False


def test_gaps_are_told_with_what_they_lack() -> None:
    found = gaps(WORN, known(WORN))
    assert isinstance(found, tuple)
    assert len(found) == 9
    assert found[0] == Gap(START + 1379 * MINUTE, START + timedelta(days=1), 60)
    assert gaps([], known(WORN)) == ()


def test_a_daily_value_is_stale_after_three_days() -> None:
    days = [START + timedelta(days=day) for day in range(20)]
    usual = known(days)
    assert stale(days[-1], days[-1] + timedelta(days=3), usual) is False
    assert stale(days[-1], days[-1] + timedelta(days=3, hours=1), usual) is True


def test_one_long_silence_does_not_change_the_rhythm() -> None:
    holiday = [*WORN, WORN[-1] + timedelta(days=21), *(at + timedelta(days=30) for at in WORN)]
    assert known(holiday).interval == MINUTE
    assert known(holiday).stale_after < 3 * HOUR


def test_too_little_history_is_not_evaluated() -> None:
    few = [START + hour * HOUR for hour in range(10)]
    for times in ([], few, [START] * 50):
        usual = rhythm(times)
        assert isinstance(usual, NotEvaluated)
        assert isinstance(stale(START, START + 99 * HOUR, usual), NotEvaluated)
        assert isinstance(gaps(times, usual), NotEvaluated)


@given(st.lists(st.integers(0, 10_000), min_size=15, max_size=60, unique=True), st.integers(0, 9))
def test_order_and_repeats_do_not_matter(minutes: list[int], seed: int) -> None:
    mixed = np.random.default_rng(seed).permutation(minutes * 2)
    assert rhythm([START + m * MINUTE for m in minutes]) == rhythm([START + int(m) * MINUTE for m in mixed])
