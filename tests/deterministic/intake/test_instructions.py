"""Directions for a medicine are read word for word, or not at all and with the reason."""

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitasense.deterministic.intake import Amount, DoseSaid, Instruction, LimitSaid, instructions


def only(text: str) -> Instruction:
    """The one direction of a text."""
    found = instructions(text)
    assert found.unread is None, found.unread
    ((one,),) = found.steps
    return one


def tablets(count: float) -> DoseSaid:
    return DoseSaid(low=count, high=count, form="tablet")


@pytest.mark.parametrize(
    ("text", "count", "period", "unit"),
    [
        ("twice a day", 2, 1, "d"),
        ("every other day", 1, 2, "d"),
        ("once a month", 1, 1, "mo"),
        ("one patch every 72 hours", 1, 72, "h"),
        ("Take 1 tablet by mouth 2 (two) times daily", 2, 1, "d"),
        ("150 mg twice weekly", 2, 1, "wk"),
        ("1 tablet daily", 1, 1, "d"),
        ("40 mg a day", 1, 1, "d"),
        ("once a week on Mondays", 1, 1, "wk"),
    ],
)
def test_how_often_is_a_count_in_a_period(text: str, count: float, period: float, unit: str) -> None:
    frequency = only(text).frequency
    assert frequency and (frequency.count, frequency.period, frequency.period_unit) == (count, period, unit)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mondays", ("mon",)),
        ("one tablet on Monday, Wednesday and Friday", ("mon", "wed", "fri")),
        ("twice a day on Mondays", ("mon",)),
    ],
)
def test_days_of_the_week_are_a_habit_in_directions(text: str, days: tuple[str, ...]) -> None:
    frequency = only(text).frequency
    assert frequency and frequency.days == days


def test_times_of_the_clock_on_days_count_nothing_else() -> None:
    said = only("at 8 am and 8 pm on Mondays")
    assert said.frequency and (said.frequency.days, said.frequency.count) == (("mon",), None)


def test_times_of_the_day_and_food_are_kept_beside_how_often() -> None:
    said = only("twice a day with food")
    assert said.food == "with food" and said.frequency and said.frequency.when == ()
    bedtime = only("at bedtime").frequency
    assert bedtime and bedtime.when == ("HS",)
    scheme = only("500 mg 1-0-2").frequency
    assert scheme and (scheme.when, scheme.counts) == (("MORN", "EVE"), (1, 0, 2))


def test_two_amounts_side_by_side_are_two_directions_in_one_form() -> None:
    ((morning, night),) = instructions("2 tablets in the morning and 1 at night").steps
    assert (morning.dose, night.dose) == (tablets(2), tablets(1))
    assert morning.frequency and night.frequency
    assert (morning.frequency.when, night.frequency.when) == (("MORN",), ("NIGHT",))


def test_tapering_is_several_steps_that_go_on_as_often() -> None:
    found = instructions("40 mg once a day for 5 days, then 30 mg for 5 days, then 20 mg").steps
    doses = [step[0].dose.low for step in found if step[0].dose]
    lasting = [step[0].duration.value if step[0].duration else None for step in found]
    often = [step[0].frequency.count for step in found if step[0].frequency]
    assert (doses, lasting, often) == ([40, 30, 20], [5, 5, None], [1, 1, 1])


def test_tapering_without_how_often_says_nothing_of_it() -> None:
    found = instructions("40 mg for 5 days, then 30 mg for 5 days").steps
    assert len(found) == 2 and all(step[0].frequency is None for step in found)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("as needed, up to 4 a day", LimitSaid(value=4, takings=True)),
        ("1 tablet as needed, up to 4 a day", LimitSaid(value=4, takings=True)),
        ("1-2 tablets as needed, up to 8 tablets a day", LimitSaid(value=8, form="tablet")),
        ("500 mg prn max 4 g daily", LimitSaid(value=4, unit="g")),
        ("5 ml every 6 hours as needed. Max 4 doses in 24 hours", LimitSaid(value=4, takings=True, hours=True)),
    ],
)
def test_a_limit_counts_takings_or_an_amount(text: str, limit: LimitSaid) -> None:
    said = only(text)
    assert said.as_needed and said.limit == limit


def test_what_it_is_needed_for_is_kept() -> None:
    assert only("1 tablet every 6 hours as needed for pain, max 4 times a day").reason == "pain"


def test_amounts_are_ranges_pieces_and_strengths() -> None:
    assert only("1-2 tablets at night").dose == DoseSaid(low=1, high=2, form="tablet")
    assert only("half a tablet in the morning").dose == tablets(0.5)
    each = Amount(value=500, unit="mg")
    assert (only("1 tablet (500 mg) daily").dose, only("1 tablet (500 mg) daily").strength) == (tablets(1), each)
    both = only("1000 mg (2 tablets) daily")
    assert both.dose and (both.dose.low, both.dose.unit, both.strength) == (1000, "mg", each)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("at 8 am and 8 pm", [8, 20]),
        ("08:00", [8]),
        ("twice a day at 8:00 and 20:00", [8, 20]),
        ("every 8 hours at 6 am, 2 pm and 10 pm", [6, 14, 22]),
        ("12 am and 12 pm", [0, 12]),
    ],
)
def test_times_of_the_clock_that_can_mean_one_thing(text: str, times: list[int]) -> None:
    assert only(text).times == tuple(time(hour) for hour in times)


@pytest.mark.parametrize(
    "text",
    [
        "5 mg once daily except Sundays",
        "once daily for 21 days then 7 days off",
        "reduce by 5 mg every week",
        "2 a day",
        "2 tablets a day",
        "2 tablets (500 mg) daily",
        "1-2 tablets as needed, up to 4 a day",
        "twice a day at 8 am",
        "1 tablet at 8",
        "1 tablet at 8:00",
        "one capsule daily for about a week",
        "1 tablet daily or 2 tablets daily",
        "twice a day, three times a day",
        "1 tablet 2 tablets daily",
        "2 (three) times daily",
        "10 mg daily for 5 days, then stop",
        "10 mg, then 5 mg daily",
        "0 tablets daily",
        "several times a day",
        "10 kg daily",
        "until it is gone",
        "take it",
        "",
        "x" * 1000,
    ],
)
def test_what_may_mean_two_things_or_has_an_unknown_word_is_not_read(text: str) -> None:
    found = instructions(text)
    assert found.unread and found.steps == ()


@settings(deadline=None)
@given(st.text(max_size=120))
def test_no_text_raises_and_what_is_read_has_a_step(text: str) -> None:
    found = instructions(text)
    assert bool(found.steps) != bool(found.unread)


@settings(deadline=None)
@given(st.integers(1, 12), st.sampled_from(["mg", "g", "ml", "units", "tablets", "puffs"]), st.integers(2, 6))
def test_amount_and_frequency_come_back_as_they_were_said(amount: int, unit: str, times: int) -> None:
    said = only(f"{amount} {unit} {times} times a day")
    assert said.dose and said.frequency
    assert (said.dose.low, said.dose.high, said.frequency.count) == (amount, amount, times)
