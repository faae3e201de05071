"""Small factories: a situation that a decision is made about, with what real thresholds say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Evidence, Value
from vitasense.deterministic.reactions import Reading, Situation, Watched, watchlist
from vitasense.deterministic.reactions.schemas import Course, Usual
from vitasense.deterministic.tracking import Measured, PersonalRange, Sample, assess

NOW = datetime(2026, 3, 4, 9, 5, tzinfo=UTC)
SYSTOLIC, DIASTOLIC, HEART_RATE, OXYGEN, SUGAR, SENSOR, HEAT = (
    "8480-6",
    "8462-4",
    "8867-4",
    "59408-5",
    "2339-0",
    "99504-3",
    "8310-5",
)
UNITS = {
    SYSTOLIC: "mm[Hg]",
    DIASTOLIC: "mm[Hg]",
    HEART_RATE: "/min",
    OXYGEN: "%",
    SUGAR: "mg/dL",
    SENSOR: "mg/dL",
    HEAT: "Cel",
}
USUAL = {
    SYSTOLIC: Usual(109.3, 126.7, 91, "at this time of day"),
    DIASTOLIC: Usual(74.2, 85.8, 91, "at this time of day"),
    HEART_RATE: Usual(55.2, 74.8, 60, "at any time of day"),
    HEAT: Usual(36.12, 36.98, 40, "at any time of day"),
}


def watched(code: str) -> Watched:
    """The kind of reading that the metric is a part of."""
    return next(each for each in watchlist() if code in each.metrics)


def reading(values: Mapping[str, float], at: datetime = NOW, unit: str | None = None, quality: float = 1.0) -> Reading:
    """One reading of a device, in the catalogue's units unless another is named."""
    device = new_id()
    parts = {
        code: Sample(code, at, value, unit or UNITS[code], device, Category.VITALS, by_device=True, quality=quality)
        for code, value in values.items()
    }
    return Reading(watched(next(iter(values))), parts)


def situation(
    values: Mapping[str, float],
    *,
    age: float | None = 50.0,
    sex: str | None = "male",
    pregnant: bool | None = None,
    unit: str | None = None,
    quality: float = 1.0,
    ranges: Sequence[PersonalRange] = (),
    usual: Mapping[str, Usual] | None = None,
    **changes: Any,
) -> Situation:
    """Somebody of fifty with that reading, taken by hand, at rest, with a baseline; `changes` are of Situation."""
    one = reading(values, unit=unit, quality=quality)
    measured = {code: Measured(sample.value, sample.unit) for code, sample in one.parts.items()}
    unknown = Usual(reason="there is no earlier value")
    found = Situation(
        reading=one,
        assessment=assess(measured, age_years=age, sex=sex, pregnant=pregnant, origin=one.watched.origin),
        usual={code: (USUAL if usual is None else usual).get(code, unknown) for code in values},
        course={code: _course() for code in values},
        ranges=ranges,
        calm_in_a_row=0,
        confirmed=True,
        at_rest=True,
        stream=False,
        alarm_open=False,
        evidence=(Evidence(kind="record", ref="DeviceSample/1", version="1", label="Reading", at=NOW),),
        local_at=NOW,
    )
    return replace(found, **changes)


def pressure(systolic: float, diastolic: float, **given: Any) -> Situation:
    """A situation of one blood pressure."""
    return situation({SYSTOLIC: systolic, DIASTOLIC: diastolic}, **given)


def own(
    code: str, low: float | None, high: float | None, by: str = "patient", unit: str | None = None
) -> PersonalRange:
    """A range that was set a month ago."""
    whose: Any = by
    return PersonalRange(code, low, high, unit or UNITS[code], whose, None, NOW - timedelta(days=30))


def _course() -> Course:
    days = (Value(name="days", number=30), Value(name="days with values", number=29))
    return Course("Over the last 30 days your value showed no clear change (29 days with values).", values=days)
