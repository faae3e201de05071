"""When something is due: by the clock and by the calendar of the person, and never made up."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitasense.deterministic.medications.directions import schedule_from_words
from vitasense.deterministic.medications.dosages import step_of
from vitasense.deterministic.medications.occurrences import Occurrence, occurrences
from vitasense.deterministic.medications.schedules import Dates, Quantity, Schedule, Span, Step, Timing
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import NotEvaluated

VIENNA = ZoneInfo("Europe/Vienna")  # clocks go forward on 29 March 2026 at 2:00 and back on 25 October at 3:00


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIENNA)


def due(
    said: str | Schedule, since: datetime, until: datetime, *, start: str | None = None, end: str | None = None
) -> list[Occurrence]:
    schedule = schedule_from_words(said) if isinstance(said, str) else said
    found = occurrences(schedule, since, until, VIENNA, start=start, end=end)
    assert not isinstance(found, NotEvaluated), found.reason
    return list(found)


def keys(said: str | Schedule, since: datetime, until: datetime, **period: str) -> list[str]:
    return [each.key for each in due(said, since, until, **period)]


def reason(said: str | Schedule, *, start: str | None = None, end: str | None = None) -> str:
    schedule = schedule_from_words(said) if isinstance(said, str) else said
    found = occurrences(schedule, at(1), at(8), VIENNA, start=start, end=end)
    assert isinstance(found, NotEvaluated), found
    return found.reason


CHANGED: dict[str, Any] = {"modifierExtension": [{}], "timing": {"repeat": {"timeOfDay": ["08:00:00"]}}}


def timed(**members: object) -> Schedule:
    return Schedule((Step(timing=Timing(**members)),))  # pyright: ignore[reportArgumentType]


def test_parts_of_a_day_have_no_hour() -> None:
    found = due("1-0-1", at(2), at(3))
    assert [(each.slot, each.at, each.day) for each in found] == [
        ("MORN", None, date(2026, 3, 2)),
        ("EVE", None, date(2026, 3, 2)),
    ]


def test_a_time_of_the_clock_is_kept_when_clocks_change() -> None:
    spring = [each.at for each in due("at 8 am", at(28), at(31)) if each.at]
    assert [moment.astimezone(VIENNA).hour for moment in spring] == [8, 8, 8]
    assert [(b - a) / timedelta(hours=1) for a, b in pairwise(spring)] == [23, 24]
    autumn = [each.at for each in due("08:00", at(24, month=10), at(27, month=10)) if each.at]
    assert [(b - a) / timedelta(hours=1) for a, b in pairwise(autumn)] == [25, 24]


def test_an_hour_that_the_clock_skips_is_due_once_and_one_shown_twice_too() -> None:
    skipped = due(timed(times=(time(2, 30),)), at(29), at(30))
    assert [each.at.astimezone(VIENNA).time() for each in skipped if each.at] == [time(3, 30)]
    twice = due(timed(times=(time(2, 30),)), at(25, month=10), at(26, month=10))
    assert [each.at for each in twice] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_hours_pass_on_every_clock() -> None:
    """Every 8 hours stays 8 hours when the clock is changed, and an hour shown twice has two keys."""
    found = due("every 8 hours", at(24, month=10), at(26, month=10), start="2026-10-24T06:00:00+02:00")
    moments = [each.at for each in found if each.at]
    assert [(b - a) for a, b in pairwise(moments)] == [timedelta(hours=8)] * (len(moments) - 1)
    assert [each.slot for each in found] == ["06:00", "14:00", "22:00", "05:00", "13:00", "21:00"]
    hourly = due("every hour", at(25, month=10), at(26, month=10), start="2026-10-24T00:00:00+02:00")
    assert len(hourly) == 25 == len({each.key for each in hourly})
    assert len(due("every hour", at(29), at(30), start="2026-03-24T00:00:00+01:00")) == 23


def test_every_so_many_hours_without_an_hour_is_so_many_a_day() -> None:
    assert keys("every 8 hours", at(2), at(3)) == ["2026-03-02/1/3", "2026-03-02/2/3", "2026-03-02/3/3"]
    assert keys("one patch every 72 hours", at(1), at(8), start="2026-02-28") == ["2026-03-03/1/1", "2026-03-06/1/1"]
    assert "hour" in reason("every 36 hours", start="2026-03-01")


def test_days_that_are_counted_need_their_first() -> None:
    assert keys("every other day", at(1), at(7), start="2026-02-28") == [
        "2026-03-02/1/1",
        "2026-03-04/1/1",
        "2026-03-06/1/1",
    ]
    for said in ("every other day", "once a week", "once a month", "twice a week"):
        assert "which day it began" in reason(said)
        assert "which day it began" in reason(said, start="2026-02")


def test_days_of_the_week_need_none() -> None:
    assert [each.day.day for each in due("on Mondays and Thursdays", at(1), at(15))] == [2, 5, 9, 12]
    assert keys("twice a day on Mondays", at(1), at(8)) == ["2026-03-02/1/2", "2026-03-02/2/2"]


def test_every_other_monday_counts_weeks_from_the_first() -> None:
    schedule = timed(frequency=1, period=2, unit="wk", days=("mon",))
    assert [each.day.day for each in due(schedule, at(1), at(31), start="2026-03-04")] == [16, 30]
    assert "began" in reason(schedule)


def test_a_month_ends_when_it_ends() -> None:
    found = due("once a month", at(1, month=1), at(1, month=7), start="2026-01-31")
    assert [each.day.isoformat()[5:] for each in found] == ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"]
    leap = occurrences(
        schedule_from_words("once a year"), at(1), at(1) + timedelta(days=366), VIENNA, start="2024-02-29"
    )
    assert not isinstance(leap, NotEvaluated) and [each.day for each in leap] == [date(2027, 2, 28)]


def test_twice_a_week_is_any_two_days_of_a_week() -> None:
    found = due("twice a week", at(2), at(9), start="2026-03-02")
    assert [(each.day.day, each.last_day.day, each.slot) for each in found] == [(2, 8, "1/2"), (2, 8, "2/2")]


def test_a_course_ends_with_its_time() -> None:
    assert len(due("every 8 hours for 7 days", at(1), at(31), start="2026-03-02")) == 21
    exact = due("every 8 hours for 7 days", at(1), at(31), start="2026-03-02T10:00:00+01:00")
    assert len(exact) == 21 and exact[-1].at == at(9, 2)
    assert "which day it began" in reason("every 8 hours for 7 days")
    assert len(due("once a day", at(1), at(31), start="2026-03-05", end="2026-03-09")) == 5
    bounded = timed(frequency=1, period=1, unit="d", bounds=Dates("2026-03-30", "2026-04-02"))
    assert len(due(bounded, at(1), at(30, month=4))) == 4


def test_steps_follow_each_other() -> None:
    said = "40 mg once a day for 5 days, then 30 mg for 5 days, then 20 mg"
    found = due(said, at(1), at(20), start="2026-03-01")
    assert [each.place for each in found] == [0] * 5 + [1] * 5 + [2] * 9
    assert "began" in reason(said)


def test_a_number_of_takings_is_counted_from_the_first() -> None:
    schedule = timed(frequency=2, period=1, unit="d", count=5)
    assert keys(schedule, at(3), at(9), start="2026-03-02") == ["2026-03-03/1/2", "2026-03-03/2/2", "2026-03-04/1/2"]
    assert "began" in reason(schedule)
    late = timed(times=(time(8), time(20)), count=2)
    assert [each.slot for each in due(late, at(1), at(9), start="2026-03-02T12:00:00+01:00")] == ["20:00", "08:00"]


def test_single_moments_are_due_when_they_are_named() -> None:
    schedule = timed(events=("2026-03-03", "2026-03-02T08:00:00+01:00"))
    assert keys(schedule, at(1), at(9)) == ["2026-03-02/08:00", "2026-03-03/1/1"]
    assert "which day" in reason(timed(events=("2026-03",)))


def test_nothing_is_due_before_the_beginning_or_after_the_end() -> None:
    assert keys(
        "at 8 am and 8 pm", at(1), at(5), start="2026-03-02T12:00:00+01:00", end="2026-03-03T12:00:00+01:00"
    ) == [
        "2026-03-02/20:00",
        "2026-03-03/08:00",
    ]
    assert keys("once a day", at(1), at(5), start="2026-04") == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("as needed, up to 4 a day", "when needed"),
        ("as the doctor said", "words"),
        ("40 mg for 5 days, then 30 mg for 5 days", "how often"),
        (timed(count=1, repeat_rest={"periodUnit": "day"}), "understand"),
        (timed(count=1, unit="d"), "contradict"),
        (timed(frequency=1), "how often"),
        (timed(), "how often"),
        (timed(frequency=2, period=1, unit="d", when=("MORN",)), "contradict"),
        (timed(times=(time(8),), when=("MORN",)), "contradict"),
        (timed(frequency=3, period=1, unit="d", times=(time(8),)), "contradict"),
        (timed(frequency=1, period=4, period_max=6, unit="h"), "open"),
        (timed(frequency=1, frequency_max=2, period=1, unit="d"), "open"),
        (timed(frequency=1, period=1.5, unit="d"), "contradict"),
        (timed(frequency=1, period=-1, unit="d"), "contradict"),
        (timed(frequency=10**9, period=1, unit="d"), "more often"),
        (timed(frequency=1, period=1, unit="s"), "more often"),
        (timed(frequency=1, period=1, unit="d", when=("LUNCHISH",)), "understand"),
        (timed(frequency=1, period=1, unit="mo", days=("mon",)), "contradict"),
        (timed(frequency=3, period=1, unit="wk", days=("mon", "thu")), "contradict"),
        (timed(code={"text": "as directed"}), "understand"),
        (timed(frequency=1, period=1, unit="d", rest={"modifierExtension": []}), "understand"),
        (timed(frequency=1, period=1, unit="d", bounds=Span(Quantity(5), Quantity(7))), "left open"),
        (Schedule((Step(timing=Timing(times=(time(8),))), Step(timing=Timing(times=(time(9),))))), "order"),
        (
            Schedule((step_of(CHANGED),)),
            "underst",
        ),
    ],
)
def test_what_cannot_be_told_says_why(said: str | Schedule, words: str) -> None:
    assert words in reason(said, start="2026-03-01")


def test_an_abbreviation_alone_is_a_complete_statement() -> None:
    code = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", "code": "BID"}]}
    assert len(due(timed(code=code), at(2), at(3))) == 2


def test_times_without_zone_and_endless_spans_are_refused() -> None:
    schedule = schedule_from_words("once a day")
    for since, until in (
        (datetime(2026, 3, 1), at(2)),
        (at(1), at(1) + timedelta(days=401)),
        (datetime(1, 1, 2, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC)),
        (datetime(9999, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)),
    ):
        with pytest.raises(InvalidInput):
            occurrences(schedule, since, until, VIENNA)


SAID = st.sampled_from(
    [
        *(
            "twice a day with food",
            "every other day",
            "Mondays",
            "every 8 hours",
            "1-0-2",
            "at bedtime",
        ),
        *("once a month", "every 72 hours", "at 2:30 am and 8 pm", "twice a week", "every 3 weeks"),
        *("1 tablet every 8 hours for 10 days", "40 mg once a day for 5 days, then 30 mg at night"),
        "2 tablets in the morning and 1 at 8 pm",
    ]
)
STARTS = st.sampled_from(["2026-03-20", "2026-03-21T02:30:00+01:00", "2026-10-20T23:45:00+02:00", "2025-01-31"])
ZONES = st.sampled_from(
    ["UTC", "Europe/Vienna", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Beirut", "Asia/Kolkata"]
)
MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 15)).map(lambda naive: naive.replace(tzinfo=UTC))


@settings(deadline=None)
@given(SAID, STARTS, ZONES, st.lists(MOMENTS, min_size=3, max_size=3))
def test_what_is_due_is_in_order_each_once_and_adds_up(
    said: str, start: str, zone: str, moments: list[datetime]
) -> None:
    one, two, three = sorted(moments)
    schedule = schedule_from_words(said)

    def told(since: datetime, until: datetime) -> list[Occurrence]:
        found = occurrences(schedule, since, until, ZoneInfo(zone), start=start)
        assert not isinstance(found, NotEvaluated), found
        return list(found)

    whole = told(one, three)
    assert len({each.key for each in whole}) == len(whole)
    assert [each.day for each in whole] == sorted(each.day for each in whole)
    assert {each.key for each in told(one, two)} | {each.key for each in told(two, three)} == {e.key for e in whole}
    assert len(told(one, two)) + len(told(two, three)) == len(whole)
    for each in whole:
        starts = each.at or datetime.combine(each.day, time(), ZoneInfo(zone))
        assert one <= starts < three and each.day <= each.last_day


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 9), st.sampled_from(["d", "wk"]), st.integers(1, 40), STARTS)
def test_as_many_as_are_counted_and_no_more(often: int, every: int, unit: str, count: int, start: str) -> None:
    schedule = timed(frequency=often, period=every, unit=unit, count=count)
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC) - timedelta(days=2)
    found = occurrences(schedule, begin, begin + timedelta(days=400), VIENNA, start=start)
    assert not isinstance(found, NotEvaluated)
    days = 7 if unit == "wk" else 1
    if count * every * days / often < 390:
        assert len(found) == count
    assert len(found) <= count
