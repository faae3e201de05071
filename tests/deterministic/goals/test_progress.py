"""Progress counts what is known: days without data are neither met nor missed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.goals import DayValue, Goal, GoalState, progress
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import InvalidInput

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
SINCE = datetime(2026, 3, 2, 5, tzinfo=UTC)


def a_goal(**changes: Any) -> Goal:
    given: dict[str, Any] = {
        "id": new_id(),
        "category": Category.VITALS,
        "metric": "55423-8",
        "direction": "at_least",
        "target": 8000.0,
        "unit": "{steps}",
        "per": "day",
        "state": GoalState.ACTIVE,
        "made_by": "patient",
        "reason": None,
        "evidence": (),
        "since": SINCE,
        "until": None,
        "changed_at": SINCE,
    }
    return Goal(**given | changes)


def days(*values: float | None, first: date = MONDAY) -> list[DayValue]:
    return [DayValue(first + timedelta(days=number), value) for number, value in enumerate(values)]


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=day)


def test_days_are_met_missed_or_not_evaluated_and_today_is_open() -> None:
    how = progress(a_goal(), days(9000, 8000, 100, 8500, None, 9000, 2000), at(6), ZONE)
    assert (how.met, how.missed, how.not_evaluated) == (4, 1, 1)
    assert how.streak == 2  # the day without data neither ends nor lengthens it
    assert (how.current, how.current_met, how.fraction) == (2000, None, 0.25)
    assert how.recent == (9000, 8000, 100, 8500, 9000)


def test_without_any_data_nothing_was_missed() -> None:
    how = progress(a_goal(), [], at(5), ZONE)
    assert (how.met, how.missed, how.not_evaluated, how.streak) == (0, 0, 4, 0)
    assert (how.current, how.current_met, how.fraction, how.recent) == (None, None, None, ())


def test_the_day_on_which_it_was_set_counts_only_when_it_was_met() -> None:
    counted = [progress(a_goal(), days(first), at(1), ZONE) for first in (9000, 100)]
    assert [(how.met, how.missed) for how in counted] == [(1, 0), (0, 0)]


def test_the_day_is_the_persons_own_also_when_the_clock_is_changed() -> None:
    since = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # 23:30 on the 28th in Berlin
    late = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)  # 00:30 on the 30th: the 29th had 23 hours
    how = progress(a_goal(since=since), days(1, 9000, 4000, first=date(2026, 3, 28)), late, ZONE)
    assert (how.met, how.missed, how.current) == (1, 0, 4000)


def test_enough_is_enough_today_but_too_much_is_too_much() -> None:
    assert progress(a_goal(), days(8000), at(0), ZONE).current_met is True
    most = a_goal(direction="at_most", target=9.0, metric="93832-4", unit="h")
    assert [progress(most, days(hours), at(0), ZONE).current_met for hours in (8.0, 10.0)] == [None, False]
    assert progress(most, days(12.0), at(0), ZONE).fraction == 0.75


@pytest.mark.parametrize(
    ("week", "direction", "counts"),
    [
        ((1, 1, 1, 1, 1, 1, 1), "at_least", (1, 0, 0)),
        ((3, None, None, None, None, 4, None), "at_least", (1, 0, 0)),  # enough already
        ((3, None, 1, None, None, None, None), "at_least", (0, 0, 1)),  # the missing days could have been enough
        ((1, 1, 1, 1, 1, 1, 0), "at_least", (0, 1, 0)),
        ((None,) * 7, "at_least", (0, 0, 1)),
        ((1, 1, 1, 1, None, 1, 1), "at_most", (0, 0, 1)),
        ((9, None, None, None, None, None, None), "at_most", (0, 1, 0)),
    ],
)
def test_a_week_with_gaps_is_evaluated_only_when_the_rest_decides(
    week: tuple[float | None, ...], direction: str, counts: tuple[int, int, int]
) -> None:
    goal = a_goal(per="week", target=7, direction=direction, since=SINCE - timedelta(days=7))
    how = progress(goal, days(*week), at(8), ZONE)
    assert how.counted_in == "week" and (how.met, how.missed, how.not_evaluated) == counts


def test_of_readings_the_worst_of_a_day_counts() -> None:
    goal = a_goal(metric="8480-6", direction="at_most", target=130, unit="mm[Hg]", per="reading")
    values = [DayValue(MONDAY + timedelta(days=number), 125, 118, most) for number, most in ((1, 129), (2, 145))]
    how = progress(goal, values, at(3), ZONE)
    assert (how.met, how.missed) == (1, 1)


def test_a_goal_that_is_over_counts_to_its_end() -> None:
    how = progress(a_goal(until=at(2)), days(*[9000] * 10), at(9), ZONE)
    assert (how.met, how.current) == (3, None)


def test_what_cannot_be_added_up_and_what_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInput):
        progress(a_goal(metric="29463-7", per="week"), [], at(3), ZONE)
    with pytest.raises(InvalidInput):
        progress(a_goal(), days(float("nan")), at(3), ZONE)


values = st.lists(st.none() | st.floats(0, 30_000), max_size=40)


@given(values, st.integers(0, 60), st.sampled_from(["day", "week"]), st.sampled_from(["at_least", "at_most"]))
def test_every_period_is_counted_once_and_removing_data_never_makes_a_miss(
    given_values: list[float | None], now: int, per: str, direction: str
) -> None:
    goal = a_goal(per=per, direction=direction, target=8000.0 * (7 if per == "week" else 1))
    how, less = (progress(goal, each, at(now), ZONE) for each in (days(*given_values), days(*given_values[::1])[::2]))
    periods = now // 7 if per == "week" else now
    assert periods - 1 <= how.met + how.missed + how.not_evaluated <= periods
    assert how.streak <= how.met and less.missed <= how.missed
    assert how.fraction is None or 0 <= how.fraction <= 1
