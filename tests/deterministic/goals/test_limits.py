"""What may be a goal, and what is said with it."""

import pytest

from vitasense.deterministic.goals.limits import book, checked, in_own_unit, kind_of, kinds
from vitasense.deterministic.goals.schemas import Direction, Per, Person
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.catalogue import device_metrics

STEPS, SLEEP, WEIGHT, SYSTOLIC, GLUCOSE = "55423-8", "93832-4", "29463-7", "8480-6", "2339-0"
ADULT = Person(40, 180.0)


def notes(metric: str, direction: Direction, target: float, person: Person = ADULT) -> list[str]:
    return checked(kind_of(metric), direction, target, None, person)[1]


def test_every_metric_has_the_unit_and_category_of_what_devices_measure() -> None:
    for code, kind in kinds().items():
        known = device_metrics()[code]
        assert (kind.unit, kind.category, kind.adds_up) == (known.unit, known.category, known.kind != "instant")


@pytest.mark.parametrize(
    ("metric", "direction", "target"),
    [
        (STEPS, "at_least", 1_000_000),
        (STEPS, "at_least", 0),
        (STEPS, "at_least", -1),
        (STEPS, "at_most", 8000),
        (SLEEP, "at_most", 4),
        (SYSTOLIC, "at_most", 80),
        (SYSTOLIC, "at_least", 180),
        (GLUCOSE, "at_most", 50),
    ],
)
def test_a_goal_that_is_no_goal_is_refused(metric: str, direction: Direction, target: float) -> None:
    with pytest.raises(InvalidInput):
        notes(metric, direction, target)


def test_sound_goals_are_taken_and_a_doctors_are_noted_as_wishes() -> None:
    assert notes(STEPS, "at_least", 8000) == [] == notes(SLEEP, "at_least", 7)
    assert "doctor" in notes(SYSTOLIC, "at_most", 130)[0] and "doctor" in notes(GLUCOSE, "at_most", 140)[0]


@pytest.mark.parametrize(
    ("per", "target", "sound"), [("week", 70_000, True), ("week", 500_000, False), ("reading", 8000, False)]
)
def test_a_week_has_seven_days(per: Per, target: float, sound: bool) -> None:
    if sound:
        assert checked(kind_of(STEPS), "at_least", target, per, ADULT) == (per, [])
    else:
        with pytest.raises(InvalidInput):
            checked(kind_of(STEPS), "at_least", target, per, ADULT)


@pytest.mark.parametrize(
    ("person", "target"),
    [
        (ADULT, 59.9),
        (Person(40, 160.0), 47),
        (Person(16, 180.0), 80),
        (Person(40, 180.0, pregnant=True), 80),
        (Person(17), 60),
    ],
)
def test_losing_weight_to_underweight_in_growth_or_in_pregnancy_is_refused(person: Person, target: float) -> None:
    with pytest.raises(InvalidInput):
        notes(WEIGHT, "at_most", target, person)


def test_a_weight_that_cannot_be_judged_is_said_to_be_not_evaluated() -> None:
    assert notes(WEIGHT, "at_most", 60) == []  # 18.5 at 1.80 m is 59.94 kg
    for person in (Person(40), Person(None, 180.0), Person(19, 180.0)):
        assert "not evaluated" in notes(WEIGHT, "at_most", 50, person)[0]
    assert notes(WEIGHT, "at_least", 50, Person()) == []


def test_targets_are_converted_and_what_does_not_measure_it_is_refused() -> None:
    assert in_own_unit(kind_of(WEIGHT), 154, "lbs") == pytest.approx(69.85, abs=0.01)
    assert in_own_unit(kind_of(SLEEP), 450, "min") == pytest.approx(7.5)
    assert in_own_unit(kind_of(GLUCOSE), 7, "mmol/L") == pytest.approx(126.1, abs=0.2)
    for target, unit in ((7, "kg"), (7, "bananas"), (float("nan"), None), (float("inf"), "h")):
        with pytest.raises(InvalidInput):
            in_own_unit(kind_of(SLEEP), target, unit)
    with pytest.raises(InvalidInput):
        kind_of("1-1")


def test_every_limit_with_a_reason_has_its_source() -> None:
    for kind in book().entries:
        for limits in filter(None, (kind.at_least, kind.at_most)):
            assert (limits.reason is None) == (limits.source is None) and 0 < limits.low < limits.high
