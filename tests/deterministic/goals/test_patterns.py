"""What a person's days suggest: published rules, adults only, and silence where data are few."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.goals.test_progress import MONDAY, ZONE, a_goal, at, days
from vitasense.deterministic.goals import DayValue, GoalState, Suggestion, adapted, progress, suggestion_from
from vitasense.deterministic.platform.findings import Status

STEPS, SLEEP = "55423-8", "93832-4"
TODAY = MONDAY + timedelta(days=9)
WALKED = (1000, 2000, 3000, 4000, 5000, 6149, 7000, 8000, 9000)


def last_nine(*values: float | None) -> list[DayValue]:
    return [*days(*values), DayValue(TODAY, 50_000)]  # today is not over


def suggested(values: list[DayValue], metric: str, age: int | None = 40) -> Suggestion | None:
    return suggestion_from(values, metric, age, TODAY).suggestion


def test_steps_are_the_sixtieth_percentile_of_nine_days() -> None:
    found = suggested(last_nine(*WALKED[::-1]), STEPS)
    assert found and (found.target, found.per, found.direction) == (6100, "day", "at_least")
    assert found.reason == "On 4 of your last 9 days with data you walked 6,100 steps or more."
    assert [each.source and each.source.split()[0] for each in found.evidence] == ["Paluch", "Adams"]


@pytest.mark.parametrize(("age", "most"), [(40, 8000), (59, 8000), (60, 6000)])
def test_who_walks_enough_for_their_age_is_told_so(age: int, most: int) -> None:
    found = suggestion_from(last_nine(*[float(most)] * 9), STEPS, age, TODAY)
    assert (found.status, found.suggestion) == (Status.NOT_FOUND, None) and f"{most:,}" in found.reason
    assert suggested(last_nine(*[most - 100.0] * 9), STEPS, age)


def test_short_nights_suggest_seven_hours() -> None:
    found = suggested(last_nine(5, 6, 6, 6, 6.5, 6.9, 7, 8, 9), SLEEP)
    assert found and (found.target, found.unit) == (7, "h")
    assert found.reason == "On 6 of your last 9 nights you slept less than 7 hours."
    assert suggestion_from(last_nine(*[7.0] * 9), SLEEP, 40, TODAY).status is Status.NOT_FOUND


@pytest.mark.parametrize(
    ("values", "metric", "age"),
    [
        (last_nine(*WALKED), STEPS, None),
        (last_nine(*WALKED), STEPS, 17),
        (last_nine(*WALKED[1:]), STEPS, 40),
        (last_nine(*WALKED[1:], None), STEPS, 40),
        (days(*WALKED, first=date(2026, 1, 1)), STEPS, 40),
        (last_nine(*WALKED), "29463-7", 40),
        ([], SLEEP, 40),
    ],
)
def test_children_unknown_ages_other_metrics_and_few_days_are_not_evaluated(
    values: list[DayValue], metric: str, age: int | None
) -> None:
    found = suggestion_from(values, metric, age, TODAY)
    assert (found.status, found.suggestion) == (Status.NOT_EVALUATED, None) and found.reason


def test_a_goal_follows_the_days_up_and_down_but_not_for_little() -> None:
    def fitted(target: float, *walked: float, **changes: object) -> float | None:
        goal = a_goal(target=target, **changes)
        found = adapted(goal, progress(goal, days(*walked), at(9), ZONE))
        return found.target if found else None

    assert (fitted(8000, *WALKED), fitted(4000, *WALKED)) == (6100, 6100)
    assert fitted(6300, *WALKED) is None is fitted(5900, *WALKED)
    assert fitted(8000, *WALKED[1:]) is None
    assert fitted(8000, *WALKED, state=GoalState.ENDED) is None
    assert fitted(8000, *WALKED, per="week") is None


@given(st.lists(st.floats(0, 60_000), min_size=9, max_size=9))
def test_what_is_suggested_was_walked_and_can_be_set(walked: list[float]) -> None:
    found = suggested(last_nine(*walked), STEPS)
    assert found is None or (100 <= found.target < 8000 and found.target <= max(100, *walked))
