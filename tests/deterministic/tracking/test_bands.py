"""What a chart shows of a guideline is what `assess` says of a value there."""

from itertools import pairwise

import pytest

from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.tracking import Measured, assess, assessed_metrics, bands_of, device_metrics

PRESSURE = ("8480-6", "8462-4")
SINGLE = sorted(assessed_metrics() & device_metrics().keys() - set(PRESSURE))


@pytest.mark.parametrize("metric", SINGLE)
@pytest.mark.parametrize(("age", "pregnant"), [(50, None), (30, True), (7, None), (16, None)])
def test_a_value_inside_a_band_is_assessed_as_the_band_says(metric: str, age: int, pregnant: bool | None) -> None:
    unit = device_metrics()[metric].unit
    found = bands_of(metric, unit, age_years=age, pregnant=pregnant, origin="device")
    assert bool(found.items) != bool(found.reason)
    for band in found.items:
        low = band.low if band.low is not None else (band.high or 0) - 2
        high = band.high if band.high is not None else low + 2
        value = {metric: Measured((low + high) / 2, unit)}
        said = assess(value, age_years=age, pregnant=pregnant, origin="device")
        assert said and said.status is Status.FOUND
        assert (said.label, said.urgency) == (band.label, band.urgency)


@pytest.mark.parametrize(("metric", "other", "calm"), [("8480-6", "8462-4", 70), ("8462-4", "8480-6", 110)])
def test_a_part_of_a_blood_pressure_is_told_while_the_other_is_normal(metric: str, other: str, calm: int) -> None:
    found = bands_of(metric, "mm[Hg]", age_years=50)
    assert [each.label for each in found.items].count("normal") == 1
    for before, after in pairwise(found.items):
        assert before.high == after.low
    for band in found.items:
        low = band.low if band.low is not None else (band.high or 0) - 2
        value = (low + (band.high if band.high is not None else low + 2)) / 2
        said = assess({metric: Measured(value, "mm[Hg]"), other: Measured(calm, "mm[Hg]")}, age_years=50)
        assert said and said.label == band.label


def test_no_bands_come_with_the_reason() -> None:
    assert "age" in (bands_of("8867-4", "/min", age_years=None).reason or "")
    assert "months" in (bands_of("8867-4", "/min", age_years=1).reason or "")
    assert bands_of("55423-8", "{steps}", age_years=50).reason
    assert bands_of("8867-4", "kg", age_years=50).reason
    assert bands_of("2339-0", "mg/dL", age_years=50).reason, "a laboratory's glucose has its own range"


def test_limits_follow_the_unit_and_what_is_assumed_is_said() -> None:
    mmol = bands_of("99504-3", "mmol/L", age_years=50, sex="male", origin="device")
    assert [round(each.high, 1) for each in mmol.items if each.high][:2] == [3.0, 3.9]
    assert mmol.note is None
    assert "pregnancy" in (bands_of("8867-4", "/min", age_years=30, sex="female").note or "")
