"""CGM metrics: by hand, by plain formulas on public series, and against published outputs of the R package iglu."""

import csv
import math
import statistics
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.glucose import CgmReport, GlucoseReading, cgm_report

START = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
A_DAY = 288


def readings(values: list[float], unit: str = "mg/dL", step: timedelta = STEP) -> list[GlucoseReading]:
    return [GlucoseReading(START + i * step, value, unit) for i, value in enumerate(values)]


def report(values: list[float]) -> CgmReport:
    found = cgm_report(readings(values), people="standard")
    assert found
    return found


def test_the_shares_are_of_the_time_and_their_edges_are_the_consensus_s() -> None:
    found = report([53.9, 54, 69.9, 70, 180, 180.1, 250, 250.1, 100, 100])
    assert (found.below_54, found.below_70, found.in_range) == pytest.approx((10, 30, 40))
    assert (found.above_180, found.above_250) == pytest.approx((30, 10))
    # Klonoff 2022: 3.0 x 10 + 2.4 x 20 + 1.6 x 10 + 0.8 x 20 is above its end of 100.
    assert found.gri == 100


def test_gmi_and_ea1c_are_on_their_published_lines() -> None:
    # Bergenstal 2018, table 1: 150 mg/dL is 6.9 %; Nathan 2008: 154 mg/dL is 7.0 %.
    assert round(report([150, 150]).gmi, 1) == 6.9
    assert round(report([154, 154]).ea1c, 1) == 7.0


def test_a_gap_stands_for_nothing_and_doubled_readings_count_once() -> None:
    hour = readings([100.0] * 12)
    after = [GlucoseReading(each.at + timedelta(hours=3), 200.0) for each in hour]
    doubled = [GlucoseReading(each.at + timedelta(minutes=1), 100.0) for each in hour[:4]]
    found = cgm_report([*after, *hour, *hour, *doubled], people=None)
    assert found
    assert found.mean == pytest.approx(150)
    assert found.active_percent == pytest.approx(100 * 2 / 4)
    assert (found.count, found.skipped) == (28, 12)


def test_a_denser_stretch_does_not_outweigh_the_rest() -> None:
    sparse = readings([100.0] * 40)
    dense = [GlucoseReading(START + timedelta(minutes=200, seconds=30 * i), 200.0) for i in range(30)]
    found = cgm_report([*sparse, *dense], people=None)
    assert found
    assert found.above_180 == pytest.approx(100 * 19.5 / 219.5, abs=0.01)


def test_mmol_is_converted_and_what_no_sensor_gives_is_skipped() -> None:
    found = cgm_report([*readings([5.0, 10.0], "mmol/L"), *readings([-1, 0, 5000, 100], "mg/dL")[:3]], people=None)
    assert found
    assert found.skipped == 3
    assert found.mean == pytest.approx(7.5 * 18.0156, rel=1e-4)


def test_mage_of_a_square_course_is_its_height_and_a_wiggle_counts_nothing() -> None:
    day = ([100.0] * 36 + [200.0] * 36) * 4
    assert report(day * 2).mage == pytest.approx(100)
    wiggly = [value + (5 if i % 2 else 0) for i, value in enumerate(day * 2)]
    assert report(wiggly).mage == pytest.approx(105, abs=5)


def test_mage_takes_the_direction_of_the_first_swing() -> None:
    # Rises of 100 and 120, falls of 60 and 100: the first swing is a rise.
    course = [100.0] * 72 + [200.0] * 72 + [140.0] * 72 + [260.0] * 72 + [160.0] * 72
    assert statistics.stdev(course) < 60
    assert report(course).mage == pytest.approx(110)


def test_mage_is_not_told_of_less_than_a_day_or_of_a_flat_line() -> None:
    assert report([100.0, 200.0] * 100).mage is None
    assert report([100.0] * 2 * A_DAY).mage is None


@pytest.mark.parametrize("days", [9.7, 9.9])
def test_targets_take_seventy_percent_of_fourteen_days(days: float) -> None:
    found = report([120.0] * int(days * A_DAY))
    enough = days >= 0.7 * 14
    assert found.targets.status is (Status.NOT_FOUND if enough else Status.NOT_EVALUATED)
    assert bool(found.targets.results) == enough
    assert bool(found.targets.reason) == (not enough)


def test_targets_are_not_evaluated_when_most_of_the_time_has_no_reading() -> None:
    found = cgm_report(readings([120.0] * 10 * A_DAY), people="standard", since=START, until=START + timedelta(days=20))
    assert found
    assert found.active_percent == pytest.approx(50)
    assert (found.targets.status, found.targets.results) == (Status.NOT_EVALUATED, ())


def test_whose_targets_hold_must_be_known_and_they_differ() -> None:
    course = ([150.0] * 6 + [100.0] * 4) * 300
    by_people = {
        people: cgm_report(readings(course), people=people)
        for people in (None, "standard", "older_high_risk", "pregnancy_type_1")
    }
    status = {people: found.targets.status for people, found in by_people.items() if found}
    assert status == {
        None: Status.NOT_EVALUATED,
        "standard": Status.NOT_FOUND,
        "older_high_risk": Status.NOT_FOUND,
        "pregnancy_type_1": Status.FOUND,
    }
    pregnant = by_people["pregnancy_type_1"]
    assert pregnant
    missed = {each.name: each.percent for each in pregnant.targets.results if not each.met}
    assert missed == {"time in 63 to 140 mg/dL": pytest.approx(40), "time above 140 mg/dL": pytest.approx(60)}


def test_too_few_readings_are_no_report_and_a_time_without_a_zone_is_refused() -> None:
    assert cgm_report([], people=None) is None
    assert cgm_report(readings([100.0]), people=None) is None
    with pytest.raises(InvalidInput):
        cgm_report([GlucoseReading(datetime(2025, 1, 1), 100.0)], people=None)


@given(st.lists(st.tuples(st.integers(0, 20_000), st.floats(20, 600)), min_size=2, max_size=60))
def test_the_shares_add_up_and_the_indices_are_in_bounds(series: list[tuple[int, float]]) -> None:
    found = cgm_report([GlucoseReading(START + timedelta(minutes=m), v) for m, v in series], people=None)
    if found is None:
        return
    assert found.below_70 + found.in_range + found.above_180 == pytest.approx(100)
    assert 0 <= found.below_54 <= found.below_70 + 1e-9
    assert 0 < found.active_percent <= 100 + 1e-9
    assert min(value for _, value in series) - 1e-6 <= found.mean <= max(value for _, value in series) + 1e-6
    assert 0 <= found.gri <= 100
    assert found.lbgi >= 0
    assert found.hbgi >= 0


def subject(path: Path) -> list[GlucoseReading]:
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [GlucoseReading(datetime.fromisoformat(row["time"]).replace(tzinfo=UTC), float(row["gl"])) for row in rows]


# iglu 4.x: mean_glu and mage(version="ma") as in the tests of iglu-python, gri as on the reference page of iglu.
PUBLISHED = {
    1: {"mean": 123.6655231560892, "gri": 7.19, "mage": 72.42434724200892},
    2: {"mean": 218.45281018027572, "gri": 79.7, "mage": 118.07350904396523},
    3: {"mean": 154.04174820613176, "gri": 20.0, "mage": 115.77725072028778},
}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_public_series_agree_with_plain_formulas_and_published_outputs(
    shared_data: Callable[[str], Path], number: int
) -> None:
    series = subject(shared_data(f"10_wearables/cgm_iglu/example_data_Subject_{number}.csv"))
    found = cgm_report(series, people="standard")
    assert found
    values = [each.value for each in series]
    risk = [1.509 * (math.log(value) ** 1.084 - 5.381) for value in values]
    plain = {
        "count": len(values),
        "mean": sum(values) / len(values),
        "sd": statistics.stdev(values),
        "cv": 100 * statistics.stdev(values) / statistics.mean(values),
        "gmi": 3.31 + 0.02392 * statistics.mean(values),
        "ea1c": (46.7 + statistics.mean(values)) / 28.7,
        "below_70": 100 * sum(value < 70 for value in values) / len(values),
        "above_180": 100 * sum(value > 180 for value in values) / len(values),
        "above_250": 100 * sum(value > 250 for value in values) / len(values),
        "lbgi": sum(10 * each**2 for each in risk if each < 0) / len(values),
        "hbgi": sum(10 * each**2 for each in risk if each > 0) / len(values),
    }
    ours = {name: getattr(found, name) for name in plain}
    assert ours == pytest.approx(plain, rel=2e-3, abs=2e-3)
    published = PUBLISHED[number]
    print(number, {name: (round(getattr(found, name), 2), round(value, 2)) for name, value in published.items()})
    assert found.mean == pytest.approx(published["mean"], rel=1e-4)
    assert found.gri == pytest.approx(published["gri"], abs=0.05)
    assert found.mage == pytest.approx(published["mage"], rel=0.1)  # another algorithm, see glucose_swings.py
