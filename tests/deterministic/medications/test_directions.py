"""Directions in words become schedules, FHIR dosages that are valid, and words again."""

from dataclasses import replace
from typing import Any

import pytest

from vitasense.deterministic.medications.amounts import daily_amount, limit_of, per_day
from vitasense.deterministic.medications.directions import schedule_from_words, understood, unread
from vitasense.deterministic.medications.dosages import dosages_of, schedule_of
from vitasense.deterministic.medications.schedule_words import schedule_words
from vitasense.deterministic.medications.schedules import Schedule, Step
from vitasense.deterministic.records import is_resource_type
from vitasense.deterministic.tracking import NotEvaluated

READ = {
    "twice a day with food": "twice a day with meals",
    "every other day": "every 2 days",
    "Mondays": "once a week on Monday",
    "every 8 hours for 7 days": "every 8 hours for 7 days",
    "at bedtime": "once a day at bedtime",
    "500 mg 1-0-1": "500 mg twice a day in the morning and in the evening",
    "500 mg 1-0-2": "500 mg once a day in the morning and 1000 mg once a day in the evening",
    "2 tablets in the morning and 1 at night": "2 tablets once a day in the morning and 1 tablet once a day at night",
    "40 mg once a day for 5 days, then 30 mg for 5 days, then 20 mg": "40 mg once a day for 5 days, then 30 mg once a "
    "day for 5 days, then 20 mg once a day",
    "40 mg for 5 days, then 30 mg for 5 days": "40 mg for 5 days, then 30 mg for 5 days",
    "1-2 tablets every 4 to 6 hours as needed for pain, up to 8 tablets a day": "1 to 2 tablets every 4 to 6 hours as "
    "needed for pain up to 8 tablets in 1 day",
    "as needed up to 4 a day": "as needed up to 4 takings in 1 day",
    "once a month": "once a month",
    "one patch every 72 hours": "1 patch every 72 hours",
    "at 8 am and 8 pm": "at 08:00 and 20:00",
    "on an empty stomach once daily": "once a day on an empty stomach",
}


def without_text(schedule: Schedule) -> Schedule:
    return replace(schedule, steps=tuple(replace(step, text=None) for step in schedule.steps))


def single(text: str) -> Step:
    (step,) = schedule_from_words(text).steps
    return step


@pytest.mark.parametrize(("said", "told"), READ.items())
def test_directions_become_a_schedule_and_words_again(said: str, told: str) -> None:
    schedule = schedule_from_words(said)
    assert schedule_words(without_text(schedule)) == told


@pytest.mark.parametrize("said", READ)
def test_the_schedule_of_words_goes_through_fhir_without_loss(said: str) -> None:
    schedule = schedule_from_words(said)
    assert schedule_of(dosages_of(schedule)) == schedule


def test_what_cannot_be_read_stays_as_text_and_is_never_guessed() -> None:
    schedule = schedule_from_words("5 mg once daily except Sundays")
    assert schedule == Schedule((Step(text="5 mg once daily except Sundays"),))
    assert unread("5 mg once daily except Sundays") == "“except” is not understood"
    assert isinstance(per_day(schedule.steps[0]), NotEvaluated)


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("twice a day", (2, 2)),
        ("every other day", (0.5, 0.5)),
        ("on Mondays and Thursdays", (2 / 7, 2 / 7)),
        ("every 72 hours", (1 / 3, 1 / 3)),
        ("every 4 to 6 hours", (4, 6)),
        ("every 4 to 6 hours as needed", (0, 6)),
        ("every 4 hours as needed, up to 4 times a day", (0, 4)),
        ("with each meal", (3, 3)),
        ("at 8 am and 8 pm on Mondays", (2 / 7, 2 / 7)),
        ("once a month", (12 / 365.25, 12 / 365.25)),
    ],
)
def test_takings_a_day_are_the_mean(text: str, often: tuple[float, float]) -> None:
    assert per_day(single(text)) == pytest.approx(often)


def test_a_limit_of_tablets_counts_takings_when_a_taking_is_known() -> None:
    assert limit_of(single("2 tablets as needed, max 8 tablets a day")) == 4
    assert limit_of(single("as needed, max 8 tablets a day")) is None
    assert limit_of(single("500 mg as needed, max 4 g a day")) is None


def test_the_most_a_day_is_not_beyond_its_limit() -> None:
    found = daily_amount(schedule_from_words("1-2 tablets every 4 to 6 hours as needed, up to 8 tablets a day").steps)
    assert found and (found[0].value, found[1].value) == (0, 8)


def test_what_is_taken_side_by_side_adds_up() -> None:
    found = daily_amount(schedule_from_words("2 tablets in the morning and 1 at night").steps)
    assert found and found[0].value == found[1].value == 3


def test_a_dosage_that_is_only_text_is_read_when_it_can_be() -> None:
    assert understood(Schedule((Step(text="1 tablet at night"),))) == schedule_from_words("1 tablet at night")
    vague: dict[str, Any] = {"steps": (Step(text="as your doctor told you"),)}
    assert understood(Schedule(**vague)) == Schedule(**vague)
    given = Schedule((Step(text="twice a day", as_needed=True),))
    assert understood(given) == given
    assert is_resource_type("MedicationStatement")
