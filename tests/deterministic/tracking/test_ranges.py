"""Personal ranges: which may be set, what they say, and that no emergency is silenced by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.assessment import Measured, assess
from vitasense.deterministic.tracking.ranges import PersonalRange, Role, Verdict, decide, judge, validate_range

SINCE = datetime(2025, 1, 1, tzinfo=UTC)
AT = SINCE + timedelta(days=1)
RATE, OXYGEN, SYSTOLIC, GLUCOSE = "8867-4", "59408-5", "8480-6", "99504-3"


def spread(
    metric: str = RATE, low: float | None = 50, high: float | None = 110, unit: str = "/min", role: Role = "patient"
) -> PersonalRange:
    return PersonalRange(metric, low, high, unit, role, "agreed", SINCE)


@pytest.mark.parametrize(
    "wanted",
    [
        spread(),
        spread(low=None),
        spread(high=None),
        spread(OXYGEN, 92, 98, "%"),
        spread(GLUCOSE, 3.9, 10, "mmol/L"),
        spread("8310-5", 97, 100, "[degF]"),
    ],
)
def test_a_range_inside_of_what_is_possible_may_be_set(wanted: PersonalRange) -> None:
    validate_range(wanted, age_years=40)


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (spread(low=110, high=50), "under"),
        (spread(low=80, high=80), "under"),
        (spread(low=None, high=None), "end"),
        (spread(low=1), "between"),
        (spread(high=1000), "between"),
        (spread(unit="mm[Hg]"), ""),
        (spread(low=float("nan")), ""),
        (spread(metric="2345-7"), "measurement"),
        (replace(spread(), since=datetime(2025, 1, 1)), "zone"),
        (replace(spread(), reason="x" * 501), "reason"),
        (spread(OXYGEN, 88, 92, "%"), "emergency"),
        (spread(OXYGEN, None, 98, "%"), "emergency"),
        (spread(GLUCOSE, 70, None, "mg/dL"), "emergency"),
        (spread(OXYGEN, 88, 92, "%", "provider"), "emergency"),
    ],
)
def test_a_range_that_makes_no_sense_or_hides_an_emergency_is_refused(wanted: PersonalRange, word: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        validate_range(wanted, age_years=40)
    assert word in problem.value.detail


def test_what_is_an_emergency_depends_on_pregnancy_and_an_unknown_age_hides_none() -> None:
    wanted = spread(SYSTOLIC, 100, 165, "mm[Hg]")
    validate_range(wanted, age_years=30)
    with pytest.raises(InvalidInput):
        validate_range(wanted, age_years=30, pregnant=True)
    with pytest.raises(InvalidInput):
        validate_range(spread(OXYGEN, 80, 95, "%"), age_years=None)


@pytest.mark.parametrize(
    ("value", "status", "place"),
    [
        (49.9, Status.FOUND, "below"),
        (50, Status.NOT_FOUND, "within"),
        (110, Status.NOT_FOUND, "within"),
        (110.1, Status.FOUND, "above"),
    ],
)
def test_both_ends_belong_to_the_range(value: float, status: Status, place: str) -> None:
    found = judge(value, "/min", spread())
    assert (found.status, found.place) == (status, place)


def test_another_unit_converts_or_is_not_evaluated() -> None:
    assert judge(72, "mg/dL", spread(GLUCOSE, 3.9, 10, "mmol/L")).place == "within"
    other = judge(72, "kg", spread())
    assert (other.status, other.place) == (Status.NOT_EVALUATED, None)
    assert other.reason


def verdict(value: float, *ranges: PersonalRange, metric: str = RATE, unit: str = "/min") -> Verdict:
    measured = Measured(value, unit)
    guideline = assess({metric: measured}, age_years=40, origin="device")
    return decide(metric, measured, AT, ranges=ranges, guideline=guideline)


MINE, DOCTORS = spread(low=45, high=120), spread(low=50, high=105, role="provider")


@pytest.mark.parametrize(
    ("value", "ranges", "by", "urgency"),
    [
        (112, (), "guideline", Urgency.ROUTINE),
        (112, (MINE,), "patient", Urgency.SELF_CARE),
        (112, (MINE, DOCTORS), "provider", Urgency.ROUTINE),
        (103, (MINE, DOCTORS), "provider", Urgency.SELF_CARE),
        (125, (MINE,), "patient", Urgency.ROUTINE),
        (135, (DOCTORS,), "provider", Urgency.URGENT),
        (135, (spread(high=140),), "guideline", Urgency.URGENT),
        (135, (spread(high=140, role="provider"),), "provider", Urgency.SELF_CARE),
    ],
)
def test_the_provider_goes_before_the_person_and_both_before_the_guideline(
    value: float, ranges: tuple[PersonalRange, ...], by: str, urgency: Urgency
) -> None:
    found = verdict(value, *ranges)
    assert (found.by, found.urgency) == (by, urgency)


def test_of_two_ranges_of_one_role_the_newer_holds_and_one_of_later_does_not() -> None:
    newer = replace(MINE, high=111, since=SINCE + timedelta(hours=1))
    later = replace(MINE, high=200, since=AT + timedelta(days=1))
    assert verdict(112, MINE, newer, later).range == newer


def test_a_range_of_another_metric_or_unit_is_passed_over() -> None:
    assert verdict(112, spread(OXYGEN, 90, 99, "%"), replace(MINE, unit="kg")).by == "guideline"


def test_without_threshold_and_range_nothing_is_evaluated() -> None:
    found = decide("55423-8", Measured(100, "{steps}"), AT, ranges=(), guideline=None)
    assert (found.status, found.by) == (Status.NOT_EVALUATED, "nobody")
    assert found.reason


@given(st.floats(40, 89.9), st.floats(0, 100), st.floats(0, 100), st.sampled_from(["patient", "provider"]))
def test_no_range_ever_silences_an_emergency(value: float, low: float, high: float, role: Role) -> None:
    found = verdict(value, spread(OXYGEN, low, high, "%", role), metric=OXYGEN, unit="%")
    assert (found.by, found.urgency) == ("guideline", Urgency.EMERGENCY)


def test_an_emergency_that_is_only_possible_is_not_silenced_either() -> None:
    measured = Measured(38.5, "Cel")
    unsure = assess({"8310-5": measured}, age_years=0)
    found = decide("8310-5", measured, AT, ranges=(spread("8310-5", 36, 39, "Cel", "provider"),), guideline=unsure)
    assert (found.by, found.status, found.urgency) == ("guideline", Status.NOT_EVALUATED, Urgency.EMERGENCY)
