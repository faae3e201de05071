"""Every number of a sentence stands in its values or its evidence, and numbers read as people tell them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.reactions.made import (
    DIASTOLIC,
    HEART_RATE,
    HEAT,
    NOW,
    OXYGEN,
    SENSOR,
    SYSTOLIC,
    own,
    pressure,
    situation,
)
from vitasense.deterministic.platform.findings import Finding
from vitasense.deterministic.reactions import judge
from vitasense.deterministic.reactions.gathering import USUAL_WINDOW, course_of, usual_of
from vitasense.deterministic.reactions.schemas import Situation, Usual
from vitasense.deterministic.reactions.statements import findings, rounded
from vitasense.deterministic.tracking import baseline

NUMBER = re.compile(r"\d+(?:\.\d+)?")
SITUATIONS = [
    pressure(145, 95),
    pressure(118.5, 76),
    pressure(145, 95, usual={}),
    pressure(145, 95, ranges=[own(SYSTOLIC, 100, 140)]),
    situation({HEART_RATE: 110}),
    situation({HEAT: 38.44}),
    situation({OXYGEN: 89}),
    situation({SENSOR: 2.7}, unit="mmol/L"),
]


def numbers_of(finding: Finding, told: Situation) -> set[float]:
    """What may stand in the sentence: its values, the time of its evidence, and the words of the entry it rests on."""
    at = told.local_at
    known = {at.day, at.year, at.hour, at.minute}
    known |= {value.number for value in finding.values if value.number is not None}
    words = told.assessment.label if told.assessment and finding.kind == "reaction.guideline" else ""
    return {float(each) for each in known} | {float(each) for each in NUMBER.findall(words or "")}


@pytest.mark.parametrize("told", SITUATIONS)
def test_every_number_of_a_finding_stands_in_its_values_or_evidence(told: Situation) -> None:
    for finding in findings(told, told.assessment):
        if finding.reason is None:
            assert {float(each) for each in NUMBER.findall(finding.text)} <= numbers_of(finding, told), finding.text


@pytest.mark.parametrize("told", SITUATIONS)
def test_every_number_of_a_verdict_stands_in_its_findings(told: Situation) -> None:
    verdict = judge(told)
    known = {number for each in findings(told, told.assessment) for number in numbers_of(each, told)}
    known |= {float(end) for each in told.ranges for end in (each.low, each.high) if end is not None}
    assert {float(each) for each in NUMBER.findall(verdict.text)} <= known, verdict.text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (pressure(145, 95), "what is usual for you at this time of day: 109 to 127 mmHg, by your values of 91 days."),
        (situation({HEART_RATE: 110}), "what is usual for you at any time of day: 55 to 75 /min"),
        (situation({HEAT: 38.4}), "what is usual for you at any time of day: 36.1 to 37 °C"),
    ],
)
def test_what_is_usual_is_told_in_the_digits_that_people_use(told: Situation, words: str) -> None:
    text = next(each.text for each in findings(told, told.assessment) if each.kind == "reaction.usual")
    assert words.partition("/min")[0] in text


def test_the_alarm_reads_well_aloud() -> None:
    assert judge(pressure(145, 95)).text == (
        "Your blood pressure was 145/95 mmHg on 4 March 2026 at 09:05. By the guideline that is high (stage 2). "
        "Your systolic blood pressure is usually 109 to 127 mmHg at this time of day and diastolic blood pressure is "
        "usually 74 to 86 mmHg at this time of day."
    )


@given(
    st.floats(1, 300, allow_nan=False),
    st.floats(0.01, 60, allow_nan=False),
    st.floats(1, 400, allow_nan=False),
    st.sampled_from(["mm[Hg]", "Cel", "mmol/L", "/min", "kg"]),
)
def test_rounded_limits_leave_the_value_on_its_side(low: float, width: float, value: float, unit: str) -> None:
    usual = Usual(low, low + width, 30, "")
    found = rounded(usual, value, unit)
    assert found and found[0] <= found[1]
    assert (value < found[0], value > found[1]) == (value < low, value > low + width)


def test_limits_that_are_not_known_are_not_told() -> None:
    assert rounded(Usual(reason="x"), 1.0, "kg") is None


def history(hours: tuple[int, ...], days: int = 100) -> tuple[list[datetime], list[float]]:
    start = NOW - timedelta(days=days)
    times = [(start + timedelta(days=day)).replace(hour=hour, minute=0) for day in range(days - 1) for hour in hours]
    return times, [60.0 + (number % 7) for number in range(len(times))]


@pytest.mark.parametrize(
    ("hours", "at", "basis"),
    [
        ((7, 19), NOW.replace(hour=19), "at this time on weekdays"),
        ((7, 19), NOW.replace(day=1, hour=19), "at this time at weekends"),
        ((7, 19), NOW.replace(hour=13), "at any time of day"),
    ],
)
def test_it_is_said_of_which_time_the_usual_values_are(hours: tuple[int, ...], at: datetime, basis: str) -> None:
    times, values = history(hours)
    usual = usual_of(baseline(times, values, zone=ZoneInfo("UTC"), now=NOW), at)
    assert usual.basis == basis and usual.days > 60


def test_too_few_values_are_no_baseline_and_the_reason_is_said() -> None:
    usual = usual_of(baseline([NOW - timedelta(days=20)], [60.0], zone=ZoneInfo("UTC"), now=NOW), NOW)
    assert usual.low is None and usual.reason
    assert usual_of(None, NOW).reason == "there is no earlier value"


@pytest.mark.parametrize(("slope", "word"), [(0.0, "no clear change"), (1.5, "rising"), (-1.5, "falling")])
def test_the_course_of_thirty_days_is_told_with_its_numbers(slope: float, word: str) -> None:
    times = [NOW - timedelta(days=30 - day) for day in range(1, 30)]
    values = [100 + slope * day + (day % 3) for day in range(len(times))]
    course = course_of(times, values, ZoneInfo("UTC"), NOW, SYSTOLIC)
    assert course.words and word in course.words
    known = {value.number for value in course.values}
    assert {float(each) for each in NUMBER.findall(course.words)} <= known


def test_without_values_the_course_is_not_told_and_says_why() -> None:
    course = course_of([], [], ZoneInfo("UTC"), NOW, DIASTOLIC)
    assert course.words is None and course.reason
    few: Any = course_of([NOW - timedelta(days=1)], [80.0], ZoneInfo("UTC"), NOW, DIASTOLIC)
    assert few.words is None and few.reason


def test_the_window_covers_the_baseline_and_its_hold_out() -> None:
    assert timedelta(days=104) < USUAL_WINDOW
    assert NOW.tzinfo is UTC
