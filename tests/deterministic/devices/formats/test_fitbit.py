"""Fitbit's files: the answers of the web API as expected.json says, the export's files, units, clocks that change."""

import json
from datetime import UTC as ZERO
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.vendor_files import (
    NEW_YORK,
    SharedData,
    at,
    bad_rows,
    damaged,
    holds_its_promise,
    measured,
    read_bytes,
    read_json,
    workouts,
)
from vitasense.deterministic.devices.formats import json_files
from vitasense.deterministic.devices.formats.fitbit import read
from vitasense.deterministic.devices.formats.parsed import Parsed
from vitasense.deterministic.platform.problems import InvalidInput

Expected = dict[str, Any]
FOLDER = "10_wearables/vendor_json"
STEPS, HEART, WEIGHT, SLEEP = "55423-8", "8867-4", "29463-7", "93832-4"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def expected(shared_data: SharedData) -> Expected:
    return json.loads((shared_data(FOLDER) / "expected.json").read_text())


def found_in(shared_data: SharedData, name: str) -> list[Parsed]:
    return read_bytes(read, (shared_data(FOLDER) / "fitbit" / f"fitbit-{name}.json").read_bytes())


def test_minutes_of_heart_rate_are_as_expected(shared_data: SharedData, expected: Expected) -> None:
    wanted = expected["fitbit/fitbit-activities-heart-1d-1m-intraday.json"]
    found = found_in(shared_data, "activities-heart-1d-1m-intraday")
    assert len(found) == wanted["count"] == len(measured(found, HEART))
    first = measured(found)[0]
    assert {"heart_rate_bpm": first.value, "start": first.at.strftime("%Y-%m-%dT%H:%MZ"), "minutes": 1} == wanted[
        "first"
    ]
    assert first.until == first.at + timedelta(minutes=1)


@pytest.mark.parametrize("name", ["activities-steps-1d-1m-intraday", "activities-steps-timeseries"])
def test_steps_are_as_expected(shared_data: SharedData, expected: Expected, name: str) -> None:
    wanted = expected[f"fitbit/fitbit-{name}.json"]
    found = measured(found_in(shared_data, name), STEPS)
    points = wanted["points"]
    assert len(found) == wanted["count"] == len(points)
    for each, (count, when) in zip(found, points, strict=True):
        begin = at(when)
        assert (each.value, each.at) == (count, begin if begin.tzinfo else begin.replace(tzinfo=ZERO))


def test_weights_are_as_expected_and_in_kilograms(shared_data: SharedData, expected: Expected) -> None:
    wanted = expected["fitbit/fitbit-body-log-weight.json"]
    found = measured(found_in(shared_data, "body-log-weight"), WEIGHT)
    assert [[each.value, each.at.strftime("%Y-%m-%dT%H:%M:%SZ")] for each in found] == wanted["kg"]
    assert {each.unit for each in found} == {"kg"}


def test_sleep_is_as_expected(shared_data: SharedData, expected: Expected) -> None:
    wanted = expected["fitbit/fitbit-sleep-date.json"]["index1"]
    found = measured(found_in(shared_data, "sleep-date"), SLEEP)
    assert len(found) == 2
    assert found[1].until is not None
    form = "%Y-%m-%dT%H:%M:%SZ"
    assert wanted == {
        "sleep_minutes": found[1].value,
        "start": found[1].at.strftime(form),
        "end": found[1].until.strftime(form),
    }
    assert found[1].unit == "min"
    assert len(measured(found_in(shared_data, "sleep-date-range"), SLEEP)) == 2


@pytest.mark.parametrize("name", ["single", "multiple"])
def test_activities_are_as_expected(shared_data: SharedData, expected: Expected, name: str) -> None:
    wanted = expected[f"fitbit/fitbit-activities-date-{name}-in-activities-list.json"]
    found = found_in(shared_data, f"activities-date-{name}-in-activities-list")
    assert len(workouts(found)) == wanted["count"]
    assert all(each.distance_m is None for each in workouts(found))
    assert [each.reason.partition(":")[0] for each in bad_rows(found)] == ["Distances are left out"]


def test_an_activity_has_sport_time_and_energy(shared_data: SharedData) -> None:
    run, swim, walk = workouts(found_in(shared_data, "activities-date-multiple-in-activities-list"))
    assert (run.sport, run.energy_kcal, run.external_id) == ("running", 150, "253202765")
    assert (run.started_at, run.ended_at) == (at("2015-06-23T11:55:00Z"), at("2015-06-23T12:19:00Z"))
    assert (swim.sport, swim.ended_at) == ("swimming", swim.started_at)
    assert walk.sport == "walking"


@pytest.mark.parametrize(
    "name",
    ["sleep-date-empty-sleep-list", "sleep-date-range-empty-sleep-list", "activities-date-empty-activities-list"],
)
def test_an_empty_list_gives_nothing(shared_data: SharedData, name: str) -> None:
    assert found_in(shared_data, name) == []


def weights(*values: float, bmi: float | None = 24.5) -> dict[str, object]:
    entry = {"date": "2024-01-02", "time": "07:30:00", "logId": 1}
    return {"weight": [entry | {"weight": value} | ({} if bmi is None else {"bmi": bmi}) for value in values]}


@pytest.mark.parametrize(
    ("weight", "unit"), [(79.4, "kg"), (175.0, "[lb_av]"), (12.5, "[stone_av]")]
)  # 1.80 m tall in each unit
def test_the_unit_of_a_weight_follows_from_the_body_mass_index(weight: float, unit: str) -> None:
    found = measured(read_json(read, weights(weight)), WEIGHT)
    assert [(each.value, each.unit) for each in found] == [(weight, unit)]


@pytest.mark.parametrize("document", [weights(80.0, bmi=None), weights(42.0, bmi=15.7), weights(300.0, bmi=20.0)])
def test_a_weight_whose_unit_cannot_be_told_is_left_out_and_told(document: dict[str, object]) -> None:
    found = read_json(read, document)
    assert measured(found, WEIGHT) == []
    assert "kg or pounds" in bad_rows(found)[0].reason


def test_a_day_of_the_time_series_is_the_local_day_also_when_clocks_change() -> None:
    days = [{"dateTime": "2024-03-10", "value": "10"}, {"dateTime": "2024-11-03", "value": "20"}]
    spring, autumn = measured(read_json(read, {"activities-steps": days}, NEW_YORK))
    assert spring.until is not None and autumn.until is not None
    assert spring.at == at("2024-03-10T00:00:00-05:00")
    assert spring.until - spring.at == timedelta(hours=23)
    assert autumn.until - autumn.at == timedelta(hours=25)


def heart_rates(*times: str) -> list[object]:
    return [{"dateTime": f"{time}", "value": {"bpm": 60 + index, "confidence": 2}} for index, time in enumerate(times)]


def test_the_export_has_heart_rates_in_the_persons_zone() -> None:
    found = read_json(read, heart_rates("01/01/24 08:00:05", "07/01/24 08:00:05"), BERLIN)
    assert [each.at for each in measured(found, HEART)] == [at("2024-01-01T07:00:05Z"), at("2024-07-01T06:00:05Z")]


def test_an_hour_that_comes_twice_is_taken_as_the_first() -> None:
    (found,) = measured(read_json(read, heart_rates("10/27/24 02:30:00"), BERLIN))
    assert found.at == at("2024-10-27T00:30:00Z")


def test_an_hour_that_does_not_exist_is_a_bad_row_and_the_rest_goes_on() -> None:
    found = read_json(read, heart_rates("03/31/24 02:30:00", "03/31/24 03:00:00"), BERLIN)
    (bad,) = bad_rows(found)
    assert "did not exist" in bad.reason and bad.place == "[0]" and "02:30:00" in bad.content
    assert [each.at for each in measured(found)] == [at("2024-03-31T01:00:00Z")]


def test_the_exports_steps_are_known_by_the_files_name_only() -> None:
    rows = [{"dateTime": "01/01/24 08:00:00", "value": "0"}, {"dateTime": "01/01/24 08:01:00", "value": "37"}]
    (step,) = measured(read_json(read, rows, name="Global Export Data/steps-2024-01-01.json"), STEPS)
    assert (step.value, step.at, step.until) == (37, at("2024-01-01T08:01:00Z"), at("2024-01-01T08:02:00Z"))
    for name in ("", "distance-2024-01-01.json", "altitude-2024-01-01.json"):
        with pytest.raises(InvalidInput, match="keeps its name"):
            read_json(read, rows, name=name)


def test_the_export_has_resting_heart_rates_weights_and_exercises() -> None:
    resting = {"dateTime": "01/02/24 00:00:00", "value": {"date": "01/02/24", "value": 61.4, "error": 7.2}}
    (found,) = measured(read_json(read, [resting], BERLIN))
    assert (found.metric, found.at, found.until) == ("40443-4", at("2024-01-01T23:00:00Z"), at("2024-01-02T23:00:00Z"))
    weight = {"logId": 1, "weight": 191.8, "bmi": 27.77, "date": "05/18/15", "time": "23:59:59", "fat": 24.0}
    assert {(each.metric, each.value, each.unit) for each in measured(read_json(read, [weight]))} == {
        ("29463-7", 191.8, "[lb_av]"),
        ("39156-5", 27.77, "kg/m2"),
        ("41982-0", 24.0, "%"),
    }
    walk = {
        "logId": 7,
        "activityName": "Walk",
        "startTime": "06/12/19 15:59:00",
        "duration": 600_000,
        "calories": 40,
        "distance": 0.5,
        "distanceUnit": "Mile",
    }
    (workout,) = workouts(read_json(read, [walk], BERLIN))
    assert (workout.sport, workout.started_at) == ("walking", at("2019-06-12T13:59:00Z"))
    assert workout.distance_m == pytest.approx(804.672)


def test_stages_of_sleep_are_given_beside_the_time_asleep() -> None:
    night = {
        "startTime": "2024-01-01T23:00:00.000",
        "endTime": "2024-01-02T07:00:00.000",
        "minutesAsleep": 420,
        "type": "stages",
        "levels": {
            "summary": {
                "deep": {"minutes": 60},
                "light": {"minutes": 270},
                "rem": {"minutes": 90},
                "wake": {"minutes": 60},
            }
        },
    }
    found = {each.metric: each.value for each in measured(read_json(read, [night]))}
    assert found == {"93832-4": 420, "93831-6": 60, "93830-8": 270, "93829-0": 90}


def test_a_bad_entry_is_told_and_the_rest_goes_on() -> None:
    rows: list[object] = [
        *heart_rates("01/01/24 08:00:05", "13/45/24 08:00:05"),
        "x",
        {"dateTime": "01/01/24 08:00:15", "value": {"bpm": "many"}},
    ]
    found = read_json(read, rows)
    assert [each.place for each in bad_rows(found)] == ["[1]", "[2]", "[3]"]
    assert len(measured(found)) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"12",
        b'"text"',
        b"[NaN]",
        b'{"a": 1}',
        b'[{"a": 1}]',
        b'{"weight": 3}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_what_is_no_fitbit_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_bytes(read, data)


def test_a_file_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep: object = []
    for _ in range(json_files.DEEPEST + 2):
        deep = [deep]
    with pytest.raises(InvalidInput, match="nested deeper"):
        read_json(read, {"weight": [deep]})
    monkeypatch.setattr(json_files, "LARGEST", 1 << 10)
    with pytest.raises(InvalidInput, match="larger"):
        read_bytes(read, b" " * (json_files.LARGEST + 1))


EXAMPLE = json.dumps(
    {
        "activities-heart": [{"dateTime": "2024-01-01", "value": {"restingHeartRate": 60}}],
        "activities-heart-intraday": {
            "dataset": [{"time": "00:01:00", "value": 64}],
            "datasetInterval": 1,
            "datasetType": "minute",
        },
        "sleep": [{"startTime": "2024-01-01T01:00:00", "endTime": "2024-01-01T05:00:00", "minutesAsleep": 200}],
        "activities": [{"startDate": "2024-01-01", "startTime": "10:00", "duration": 60000, "name": "Run", "logId": 5}],
    }
    | weights(80.0)
).encode()
EXPORT = json.dumps(heart_rates("01/01/24 08:00:05", "03/31/24 02:30:00")).encode()


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | damaged(EXAMPLE) | damaged(EXPORT))
def test_whatever_comes_is_parsed_or_refused(data: bytes) -> None:
    for name in ("", "steps-2024-01-01.json"):
        holds_its_promise(read, data, BERLIN, name)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)))
def test_every_wall_clock_time_is_that_time_in_the_zone_or_did_not_exist(naive: datetime) -> None:
    naive = naive.replace(microsecond=0)
    found = read_json(read, heart_rates(naive.strftime("%m/%d/%y %H:%M:%S")), NEW_YORK)
    if bad_rows(found):
        assert "did not exist" in bad_rows(found)[0].reason
    else:
        assert measured(found)[0].at.astimezone(NEW_YORK).replace(tzinfo=None) == naive


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.data())
def test_real_files_that_were_damaged_are_parsed_or_refused(shared_data: SharedData, chance: st.DataObject) -> None:
    path = chance.draw(st.sampled_from(sorted((shared_data(FOLDER) / "fitbit").glob("*.json"))))
    holds_its_promise(read, chance.draw(damaged(path.read_bytes())))
