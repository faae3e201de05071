"""Hours, waits and compared times in words: read as they were said, and never an exception, whatever was typed."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitasense.deterministic.intake import Hours, compared, hours_of, read, wait_words, waits_until

NOW = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)  # a Thursday
WORDS = st.sampled_from(
    [
        "between",
        "from",
        "until",
        "till",
        "to",
        "and",
        "at",
        "for",
        "in",
        "the",
        "a",
        "half",
        "two",
        "eleven",
        "10",
        "7",
        "22:00",
        "25:99",
        "pm",
        "a.m.",
        "night",
        "morning",
        "tomorrow",
        "monday",
        "week",
        "hours",
        "o'clock",
        "this",
        "last",
        "month",
        "than",
        "usual",
        "compared",
        "with",
        "pulse",
    ]
)
SAID = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=14).map(" ".join))


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("between 10 pm and 7 am", time(22), time(7)),
        ("from eleven at night to six in the morning", time(23), time(6)),
        ("quiet hours 22:00 to 07:00", time(22), time(7)),
        ("from 10 to 7", time(22), time(7)),
        ("between 2 at night and 5 am", time(2), time(5)),
        ("from noon to 2 pm", time(12), time(14)),
    ],
)
def test_hours_are_those_of_the_clock(said: str, start: time, end: time) -> None:
    assert hours_of(said) == Hours(start, end)


@pytest.mark.parametrize("said", ["in the evening", "from 25:00 to 7", "at 10 pm", "from 7 am to 7 am", ""])
def test_what_is_no_span_of_hours_is_none(said: str) -> None:
    assert hours_of(said) is None


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("Snooze it for two hours", NOW + timedelta(hours=2)),
        ("for half an hour", NOW + timedelta(minutes=30)),
        ("until tomorrow", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("until Monday morning", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("until Thursday", datetime(2026, 11, 26, 8, tzinfo=UTC)),
        ("until 6 pm", datetime(2026, 11, 19, 18, tzinfo=UTC)),
        ("until noon", datetime(2026, 11, 20, 12, tzinfo=UTC)),
    ],
)
def test_a_wait_ends_in_the_time_to_come(said: str, until: datetime) -> None:
    assert waits_until(wait_words(said) or "", NOW) == until


@settings(deadline=None)  # the first reading loads the lexicon
@given(SAID)
def test_no_words_raise(said: str) -> None:
    hours_of(said)
    words = wait_words(said)
    if words:
        assert (waits_until(words, NOW) or NOW) >= NOW
    compared(read(said, now=NOW))


def test_long_runs_of_spaces_and_numbers_are_read_like_short_ones() -> None:
    said = "between 10" + " " * 20_000 + "and 7 " + "for 3 " * 4_000
    assert hours_of(said) == hours_of("between 10 and 7")
    assert wait_words(said) is None


@pytest.mark.parametrize(
    ("said", "since", "before"),
    [
        ("How has my pulse been this month compared with last?", (11, 1), (10, 1)),
        ("Is my weight lower than last month?", (11, 1), (10, 1)),
        ("Is my pulse different this week from last week?", (11, 16), (11, 9)),
        ("Compare my sleep of this week with the week before", (11, 16), (11, 9)),
    ],
)
def test_two_times_are_the_later_and_the_earlier(said: str, since: tuple[int, int], before: tuple[int, int]) -> None:
    found = compared(read(said, now=NOW))
    assert found is not None and found.before_since is not None and found.before_until is not None
    assert (found.since.month, found.since.day) == since
    assert (found.before_since.month, found.before_since.day) == before
    assert found.before_until <= found.since


def test_what_is_usual_and_what_names_no_time_are_told_apart() -> None:
    usual = compared(read("Was my pulse higher last week than usual?", now=NOW))
    assert usual is not None and usual.usual
    assert compared(read("Compare my pulse", now=NOW)) is None
