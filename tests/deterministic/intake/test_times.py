"""Dates, times of day and spans: placed from now, by the locale's order, or kept with the reason."""

from datetime import UTC, datetime, timedelta

import pytest

from vitasense.deterministic.intake import EntityType, Period, read

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a Monday


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def period(text: str, locale: str | None = None, now: datetime | None = NOW) -> Period:
    (found,) = read(f"my weight {text}", now=now, locale=locale).periods
    return found


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("on 5 October 2025", at(10, 5, year=2025), at(10, 6, year=2025)),
        ("on March 3rd", at(3, 3), at(3, 4)),
        ("on the 3rd", at(11, 3), at(11, 4)),
        ("on Dec 24", at(12, 24, year=2025), at(12, 25, year=2025)),
        ("2026/03/15", at(3, 15), at(3, 16)),
        ("on 25/06/2026", at(6, 25), at(6, 26)),
        ("on Christmas 2025", at(12, 25, year=2025), at(12, 26, year=2025)),
        ("from 1 May to 15 June", at(5, 1), at(6, 16)),
        ("between March and June 2025", at(3, 1, year=2025), at(7, 1, year=2025)),
        ("between November and January", at(11, 1, year=2025), at(2, 1)),
        ("since Tuesday", at(11, 17), None),
        ("until last Sunday", None, at(11, 23)),
        ("over the weekend", at(11, 21), at(11, 23)),
        ("in the first quarter of 2026", at(1, 1), at(4, 1)),
        ("on Sunday 22 November", at(11, 22), at(11, 23)),
        ("an hour ago", at(11, 23, 9, 30), at(11, 23, 10, 30)),
        ("next Thursday", at(11, 26), at(11, 27)),
        ("tomorrow", at(11, 24), at(11, 25)),
    ],
)
def test_dates_and_spans(text: str, start: datetime | None, end: datetime | None) -> None:
    found = period(text)
    assert (found.start, found.end, found.doubt) == (start, end, None)
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("at 7 am", at(11, 23, 7)),
        ("at 21:40", at(11, 23, 21, 40)),
        ("yesterday at 6 pm", at(11, 22, 18)),
        ("at 8 this morning", at(11, 23, 8)),
        ("yesterday at 7:30 in the evening", at(11, 22, 19, 30)),
        ("at 23:15 last night", at(11, 22, 23, 15)),
        ("on 3 March at noon", at(3, 3, 12)),
    ],
)
def test_a_time_of_day_is_a_minute_of_its_day(text: str, start: datetime) -> None:
    found = period(text)
    assert (found.start, found.end) == (start, start + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("on Friday evening", at(11, 20, 17), at(11, 21)),
        ("yesterday morning", at(11, 22, 5), at(11, 22, 12)),
        ("the day before yesterday in the afternoon", at(11, 21, 12), at(11, 21, 18)),
    ],
)
def test_a_part_of_the_day_is_set_into_its_day(text: str, start: datetime, end: datetime) -> None:
    assert (period(text).start, period(text).end) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("since this morning", at(11, 23, 0, 37), None),
        ("this morning", at(11, 23, 0, 37), at(11, 23, 12)),
        ("since this afternoon", at(11, 22, 12), None),
        ("this afternoon", at(11, 23, 12), at(11, 23, 18)),
        ("tonight", at(11, 22, 20), at(11, 23, 6)),
        ("since last night", at(11, 22, 20), None),
    ],
)
def test_after_midnight_the_night_goes_on_and_what_lasts_has_begun(
    text: str, start: datetime, end: datetime | None
) -> None:
    found = read(text, now=at(11, 23, 0, 37)).periods[0]
    assert (found.start, found.end) == (start, end)


def test_a_habit_is_no_period() -> None:
    assert read("metformin in the morning", now=NOW).periods == ()
    assert read("every Monday", now=NOW).periods == ()


def test_the_order_of_day_and_month_is_the_locales() -> None:
    assert period("on 03/04/2026", "en-US").start == at(3, 4)
    assert period("on 03/04/2026", "en-GB").start == at(4, 3)
    assert period("on 03.04.2026", "de").start == at(4, 3)
    unknown = period("on 03/04/2026")
    assert (unknown.start, unknown.end) == (None, None)
    assert unknown.doubt


def test_a_date_that_does_not_exist_keeps_its_words_and_the_reason() -> None:
    found = period("on 31/02/2026")
    assert (found.text, found.start, found.end) == ("on 31/02/2026", None, None)
    assert found.doubt
    assert read("my weight on 31/02/2026", now=NOW).period is None


def test_without_now_only_the_calendar_is_placed() -> None:
    relative = period("yesterday at 7 am", now=None)
    assert (relative.text, relative.start, relative.end, relative.doubt) == ("yesterday at 7 am", None, None, None)
    assert period("on 2026-02-11", now=None).start == at(2, 11)
    assert period("in June 2024", now=None).start == at(6, 1, year=2024)
    assert period("on 5 June", now=None).start is None


def test_each_value_has_its_time_and_a_lone_time_is_that_of_all() -> None:
    first, second = read("150/90 yesterday, 140/85 today", now=NOW).of_type(EntityType.VITAL)
    assert [one.when and one.when.text for one in (first, second)] == ["yesterday", "today"]
    leading = read("yesterday 150/90, today 140/85", now=NOW).of_type(EntityType.VITAL)
    assert [one.when and one.when.text for one in leading] == ["yesterday", "today"]
    shared = read("BP 120/80 and pulse 70 this morning", now=NOW).of_type(EntityType.VITAL)
    assert {one.when and one.when.text for one in shared} == {"this morning"}


def test_what_is_to_come_is_no_period_that_is_asked_about() -> None:
    reading = read("Remind me next Thursday to check my INR", now=NOW)
    assert reading.period is None
    assert [one.text for one in reading.periods] == ["next Thursday"]


def test_a_weekday_after_will_is_the_next_one() -> None:
    (found,) = read("I will finish it on Friday", now=NOW).periods
    assert found.start == at(11, 27)


@pytest.mark.parametrize(
    ("text", "asks"), [("is my LDL ok", True), ("LDL 3.1?", True), ("was put on ramipril", False), ("LDL 3.1", False)]
)
def test_a_reading_says_whether_something_is_asked(text: str, asks: bool) -> None:
    assert read(text).question is asks
