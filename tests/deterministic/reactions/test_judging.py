"""What is decided about one reading, as a table: the situation, and what is said or why nothing is."""

from typing import Any

import pytest

from tests.deterministic.reactions.made import (
    DIASTOLIC,
    HEART_RATE,
    HEAT,
    OXYGEN,
    SENSOR,
    SUGAR,
    SYSTOLIC,
    own,
    pressure,
    situation,
)
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.reactions import Verdict, judge
from vitasense.deterministic.reactions.schemas import Usual

HIGH_FOR_LONG = {
    SYSTOLIC: Usual(138.0, 152.0, 91, "at any time of day"),
    DIASTOLIC: Usual(84.0, 98.0, 91, "at any time of day"),
}
E, U, R, S = Urgency.EMERGENCY, Urgency.URGENT, Urgency.ROUTINE, Urgency.SELF_CARE


def said(verdict: Verdict) -> tuple[str, Urgency]:
    return verdict.outcome, verdict.urgency


@pytest.mark.parametrize(
    ("systolic", "diastolic", "given", "outcome", "urgency"),
    [
        (145, 95, {}, "raise", R),
        (185, 125, {}, "raise", U),
        (118, 76, {}, "calm", S),
        (85, 55, {}, "raise", U),
        (145, 95, {"usual": HIGH_FOR_LONG}, "usual", R),
        (185, 125, {"usual": {SYSTOLIC: Usual(150, 190, 91, ""), DIASTOLIC: Usual(90, 130, 91, "")}}, "raise", U),
        (145, 95, {"usual": {}}, "raise", R),
        (145, 95, {"usual": {SYSTOLIC: HIGH_FOR_LONG[SYSTOLIC]}}, "raise", R),
        (145, 95, {"quality": 0.4}, "quiet", S),
        (185, 125, {"quality": 0.4}, "raise", U),
        (145, 95, {"age": None}, "quiet", S),
        (19.3, 12.7, {"unit": "kPa"}, "raise", R),
        (145, 95, {"unit": "kg"}, "quiet", S),
        (165, 112, {"pregnant": True, "sex": "female", "age": 30.0}, "raise", E),
        (145, 95, {"ranges": [own(SYSTOLIC, 100, 150), own(DIASTOLIC, 60, 99)]}, "calm", S),
        (145, 95, {"ranges": [own(SYSTOLIC, 100, 140), own(DIASTOLIC, 60, 99)]}, "raise", R),
        (118, 76, {"ranges": [own(SYSTOLIC, 90, 115)]}, "raise", R),
    ],
)  # fmt: skip
def test_a_blood_pressure(
    systolic: float, diastolic: float, given: dict[str, Any], outcome: str, urgency: Urgency
) -> None:
    assert said(judge(pressure(systolic, diastolic, **given))) == (outcome, urgency)


@pytest.mark.parametrize(
    ("code", "value", "given", "outcome", "urgency"),
    [
        (HEART_RATE, 110, {}, "raise", R),
        (HEART_RATE, 140, {}, "raise", U),
        (HEART_RATE, 70, {}, "calm", S),
        (HEART_RATE, 140, {"stream": True, "at_rest": False}, "quiet", S),
        (HEART_RATE, 140, {"stream": True, "at_rest": None}, "raise", U),
        (HEART_RATE, 110, {"stream": True, "at_rest": None}, "quiet", S),
        (HEART_RATE, 110, {"stream": True, "confirmed": False}, "quiet", S),
        (HEART_RATE, 140, {"stream": True, "confirmed": False}, "quiet", S),
        (HEART_RATE, 95, {"stream": True, "ranges": [own(HEART_RATE, 50, 90, "provider")]}, "raise", R),
        (HEART_RATE, 95, {"stream": True, "at_rest": False, "ranges": [own(HEART_RATE, 50, 90)]}, "quiet", S),
        (HEART_RATE, 95, {"stream": True, "confirmed": False, "ranges": [own(HEART_RATE, 50, 90)]}, "quiet", S),
        (OXYGEN, 89, {}, "raise", E),
        (OXYGEN, 89, {"quality": 0.1, "stream": True, "confirmed": False}, "raise", E),
        (OXYGEN, 89, {"at_rest": False}, "raise", E),
        (OXYGEN, 89, {"ranges": [own(OXYGEN, 80, 100, "provider")]}, "raise", E),
        (OXYGEN, 89, {"usual": {OXYGEN: Usual(85, 92, 90, "")}}, "raise", E),
        (OXYGEN, 89, {"age": 10.0}, "raise", E),
        (OXYGEN, 97, {}, "calm", S),
        (SENSOR, 50, {}, "raise", U),
        (SENSOR, 50, {"stream": True, "confirmed": False}, "quiet", S),
        (SENSOR, 2.7, {"unit": "mmol/L"}, "raise", U),
        (SUGAR, 650, {}, "raise", E),
        (SUGAR, 5.4, {"unit": "mmol/L"}, "calm", S),
        (HEAT, 38.4, {}, "raise", R),
        (HEAT, 39.6, {}, "raise", U),
        (HEAT, 101.3, {"unit": "[degF]"}, "raise", R),
    ],
)
def test_a_single_value(code: str, value: float, given: dict[str, Any], outcome: str, urgency: Urgency) -> None:
    assert said(judge(situation({code: value}, **given))) == (outcome, urgency)


def test_a_providers_range_goes_before_the_persons() -> None:
    tight, wide = own(HEART_RATE, 50, 80, "provider"), own(HEART_RATE, 40, 99)
    verdict = judge(situation({HEART_RATE: 90}, ranges=[wide, tight]))
    assert verdict.outcome == "raise" and verdict.title == "Heart rate above the range set by your doctor"
    verdict = judge(
        situation({HEART_RATE: 105}, ranges=[own(HEART_RATE, 40, 110, "provider"), own(HEART_RATE, 50, 80)])
    )
    assert verdict.outcome == "calm" and "within the range that your doctor set (40 to 110" in verdict.text


def test_a_persons_own_range_silences_nothing_urgent() -> None:
    verdict = judge(situation({HEART_RATE: 135}, ranges=[own(HEART_RATE, 40, 140)]))
    assert said(verdict) == ("raise", U)


def test_a_range_of_one_side_is_said_as_it_was_set() -> None:
    assert "(up to 80 " in judge(situation({HEART_RATE: 90}, ranges=[own(HEART_RATE, None, 80)])).text
    assert "(from 65 " in judge(situation({HEART_RATE: 61}, ranges=[own(HEART_RATE, 65, None)])).text
    assert "36.2 to 37.25 °C" in judge(situation({HEAT: 37.5}, ranges=[own(HEAT, 36.2, 37.25)])).text


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"quality": 0.4}, "may be wrong"),
        ({"age": None}, "age is not known"),
        ({"unit": "kg"}, ""),
        ({"age": 16.9, "pregnant": True, "unit": "kg"}, ""),
    ],
)
def test_silence_says_why_and_never_looks_like_nothing_found(given: dict[str, Any], reason: str) -> None:
    verdict = judge(pressure(145, 95, **given))
    assert verdict.outcome == "quiet" and verdict.reason and reason in verdict.reason
    assert "not judged" in verdict.title and "not judged" in verdict.text
    assert not verdict.rule.endswith("normal") and verdict.risk_label is None


@pytest.mark.parametrize("age", [12.0, 0.5, 2.0])
def test_a_childs_blood_pressure_is_not_judged_by_an_adults_limits(age: float) -> None:
    verdict = judge(pressure(118, 76, age=age))
    assert "stage" not in verdict.text and (verdict.outcome != "calm" or "normal" not in verdict.text)


def test_what_is_taken_for_granted_is_said() -> None:
    verdict = judge(pressure(145, 95, age=30.0, sex="female"))
    guideline = next(each for each in verdict.findings if each.kind == "reaction.guideline")
    assert "taking for granted no pregnancy" in guideline.text


def test_without_a_baseline_confidence_is_lower_and_it_is_said_that_it_is_not_known() -> None:
    known, unknown = judge(pressure(145, 95)), judge(pressure(145, 95, usual={}))
    assert known.confidence == 1.0 > unknown.confidence == 0.8
    usual = [each for each in unknown.findings if each.kind == "reaction.usual"]
    assert [each.status for each in usual] == [Status.NOT_EVALUATED] * 2
    assert "What is usual for you is not known yet." in unknown.text


def test_low_quality_lowers_confidence() -> None:
    assert judge(pressure(185, 125, quality=0.5)).confidence == 0.5


def test_what_is_raised_comes_with_advice_a_check_and_a_title_of_the_watchlist() -> None:
    verdict = judge(pressure(145, 95))
    assert verdict.title == "Blood pressure elevated" and verdict.check_minutes == 1440
    assert verdict.advice and "One high reading alone is not yet high blood pressure" in verdict.advice
    assert judge(pressure(185, 125)).check_minutes == 5


def test_an_advice_of_the_threshold_goes_before_that_of_the_urgency() -> None:
    verdict = judge(situation({SENSOR: 50}))
    assert verdict.advice and verdict.advice.startswith("Take 15 to 20 g of sugar now")
