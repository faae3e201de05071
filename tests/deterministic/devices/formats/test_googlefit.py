"""Google Fit's files: the REST API's answers as expected.json says, Takeout's files, kinds that are not taken."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.vendor_files import (
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
from vitasense.deterministic.devices.formats.googlefit import read
from vitasense.deterministic.devices.formats.parsed import Parsed
from vitasense.deterministic.platform.problems import InvalidInput

Expected = dict[str, Any]
FOLDER = "10_wearables/vendor_json"
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def expected(shared_data: SharedData) -> Expected:
    return json.loads((shared_data(FOLDER) / "expected.json").read_text())


def found_in(shared_data: SharedData, name: str) -> list[Parsed]:
    return read_bytes(read, (shared_data(FOLDER) / "googlefit" / f"googlefit-{name}.json").read_bytes())


@pytest.mark.parametrize(("name", "metric"), [("merge-heart-rate", "8867-4"), ("merge-step-deltas", "55423-8")])
def test_points_are_as_expected(shared_data: SharedData, expected: Expected, name: str, metric: str) -> None:
    wanted = expected[f"googlefit/googlefit-{name}.json"]
    found = found_in(shared_data, name)
    assert len(found) == wanted["count"] == len(measured(found, metric))
    points = wanted["points"]
    for each, (value, first, *last) in zip(measured(found), points, strict=False):
        assert each.value == value
        assert abs(each.at - at(first)) < MILLISECOND
        assert (each.until is None) == (not last)
        if last:
            assert each.until is not None and abs(each.until - at(last[0])) < MILLISECOND


def test_what_a_person_typed_in_is_self_reported(shared_data: SharedData, expected: Expected) -> None:
    found = measured(found_in(shared_data, "merge-step-deltas"))
    assert expected["googlefit/googlefit-merge-step-deltas.json"]["third_modality"] == "self_reported"
    assert [each.self_reported for each in found] == [False, False, True]


def test_weights_are_as_expected(shared_data: SharedData, expected: Expected) -> None:
    wanted = expected["googlefit/googlefit-merge-weight.json"]
    found = measured(found_in(shared_data, "merge-weight"), "29463-7")
    assert [each.value for each in found] == pytest.approx(wanted["kg"], abs=1e-4)
    assert len(found) == wanted["count"]
    assert {each.unit for each in found} == {"kg"}


def test_the_device_is_the_one_that_counted(shared_data: SharedData) -> None:
    nike, phone, typed = [each.device for each in measured(found_in(shared_data, "merge-step-deltas"))]
    assert (nike.name, nike.kind) == ("com.nike.plusgps", "app")
    assert (phone.name, phone.maker, phone.external_id) == ("Galaxy Nexus", "samsung", "32b1bd9e")
    assert typed.name == "com.google.android.apps.fitness"


def test_height_energy_and_activities_are_read(shared_data: SharedData) -> None:
    heights = measured(found_in(shared_data, "merge-height"), "8302-2")
    assert [(round(each.value, 3), each.unit) for each in heights] == [(1.829, "m"), (1.829, "m")]
    assert len(measured(found_in(shared_data, "merge-calories-expended"), "55424-6")) == 3
    found = workouts(found_in(shared_data, "merge-activity-segments"))
    assert [each.sport for each in found] == ["walking", "aerobics", "running"]
    assert found[0].started_at == at("2015-01-01T22:21:57Z")


def test_sleep_is_a_duration_and_sitting_still_is_nothing(shared_data: SharedData) -> None:
    (sleep,) = measured(found_in(shared_data, "merge-activity-segments-only-sleep"))
    assert (sleep.metric, sleep.value, sleep.unit) == ("93832-4", 30, "min")
    assert found_in(shared_data, "merge-activity-segments-only-stationary-activity") == []
    assert found_in(shared_data, "empty") == []


@pytest.mark.parametrize("name", ["merge-location-samples", "merge-speed"])
def test_a_kind_without_a_measure_is_named_once(shared_data: SharedData, name: str) -> None:
    found = found_in(shared_data, name)
    assert len(found) == len(bad_rows(found)) == 1
    assert "2 entries" in bad_rows(found)[0].reason


def point(
    kind: str, *values: dict[str, object], start: object = "1704096000000000000", end: object = None
) -> dict[str, object]:
    return {
        "dataTypeName": f"com.google.{kind}",
        "startTimeNanos": start,
        "endTimeNanos": start if end is None else end,
        "originDataSourceId": "raw:x:com.example:",
        "value": list(values),
    }


def test_a_blood_pressure_is_two_numbers_of_one_time() -> None:
    found = measured(read_json(read, {"point": [point("blood_pressure", {"fpVal": 121.0}, {"fpVal": 80.0})]}))
    assert [(each.metric, each.value, each.at) for each in found] == [
        ("8480-6", 121, at("2024-01-01T08:00:00Z")),
        ("8462-4", 80, at("2024-01-01T08:00:00Z")),
    ]


def test_glucose_of_another_fluid_than_blood_is_refused() -> None:
    level: dict[str, object] = {"fpVal": 5.5}
    whole = point("blood_glucose", level, {}, {}, {}, {"intVal": 2})
    tissue = point("blood_glucose", level, {}, {}, {}, {"intVal": 1})
    found = read_json(read, {"point": [whole, tissue]})
    assert [(each.metric, each.unit) for each in measured(found)] == [("2339-0", "mmol/L")]
    assert "not measured in blood" in bad_rows(found)[0].reason


def test_takeouts_files_are_read() -> None:
    row = point("heart_rate.bpm", start=1704096000000000000) | {"fitValue": [{"value": {"fpVal": 61.0}}]}
    del row["value"]
    (found,) = measured(read_json(read, {"Data Source": "derived:…", "Data Points": [row]}))
    assert (found.value, found.at) == (61, at("2024-01-01T08:00:00Z"))


@pytest.mark.parametrize(
    "row",
    [
        point("weight"),
        point("weight", {"fpVal": "heavy"}),
        point("weight", {"fpVal": 70.0}, start="now"),
        point("weight", {"fpVal": 70.0}, start=str(10**20)),
        point("step_count.delta", {"intVal": 5}, end="1704090000000000000"),
        {"startTimeNanos": "1"},
    ],
)
def test_a_bad_point_is_told_and_the_rest_goes_on(row: dict[str, object]) -> None:
    found = read_json(read, {"point": [row, point("weight", {"fpVal": 70.0})]})
    assert [each.place for each in bad_rows(found)] == ["point[0]"]
    assert len(measured(found)) == 1


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"point": 1}', b'{"sleep": []}'])
def test_what_is_no_google_fit_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_bytes(read, data)


EXAMPLE = json.dumps(
    {
        "point": [
            point("weight", {"fpVal": 70.0}),
            point("blood_pressure", {"fpVal": 121.0}, {"fpVal": 80.0}),
            point("activity.segment", {"intVal": 8}, end="1704097000000000000"),
            point("sleep.segment", {"intVal": 5}, end="1704097000000000000"),
        ]
    }
).encode()


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | damaged(EXAMPLE))
def test_whatever_comes_is_parsed_or_refused(data: bytes) -> None:
    holds_its_promise(read, data)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.data())
def test_real_files_that_were_damaged_are_parsed_or_refused(shared_data: SharedData, chance: st.DataObject) -> None:
    path = chance.draw(st.sampled_from(sorted((shared_data(FOLDER) / "googlefit").glob("*.json"))))
    holds_its_promise(read, chance.draw(damaged(path.read_bytes())))
