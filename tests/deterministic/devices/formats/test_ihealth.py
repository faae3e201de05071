"""iHealth's files as expected.json says: local clocks with offsets, units by number, notes, what was not measured."""

import json
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
from vitasense.deterministic.devices.formats.ihealth import read
from vitasense.deterministic.devices.formats.parsed import Parsed
from vitasense.deterministic.platform.problems import InvalidInput

Expected = dict[str, Any]
FOLDER = "10_wearables/vendor_json"
KINDS = ("activity", "bp", "glucose", "sleep", "spo2", "sport", "weight")


@pytest.fixture
def expected(shared_data: SharedData) -> Expected:
    return json.loads((shared_data(FOLDER) / "expected.json").read_text())


def found_in(shared_data: SharedData, name: str) -> list[Parsed]:
    return read_bytes(read, (shared_data(FOLDER) / "ihealth" / f"ihealth-{name}.json").read_bytes())


def test_blood_pressures_are_as_expected(shared_data: SharedData, expected: Expected) -> None:
    wanted = expected["ihealth/ihealth-bp.json"]
    found = found_in(shared_data, "bp")
    times = wanted["times"]
    for metric, values in (("8480-6", [120, 130]), ("8462-4", [90, 95]), ("8867-4", [100, 75])):
        each = measured(found, metric)
        assert [one.value for one in each] == values
        assert [one.at for one in each] == [at(time) for time in times]
        assert len(each) == wanted["count"]
        assert (each[0].note, each[1].note) == (None, wanted["second_note"])
        assert [one.self_reported for one in each] == [False, True]


def test_glucose_is_as_expected(shared_data: SharedData, expected: Expected) -> None:
    wanted = expected["ihealth/ihealth-glucose.json"]
    found = measured(found_in(shared_data, "glucose"), "2339-0")
    points = wanted["points"]
    assert len(found) == wanted["count"]
    for each, point in zip(found, points, strict=True):
        assert (each.value, each.unit, each.at) == (point["mg_dl"], "mg/dL", at(point["at"]))
        assert each.note is not None and each.note.split("; ")[0] == point["meal"]
    assert found[0].note == "before breakfast; Such glucose, much blood."


def test_oxygen_is_as_expected(shared_data: SharedData, expected: Expected) -> None:
    wanted = expected["ihealth/ihealth-spo2.json"]
    found = measured(found_in(shared_data, "spo2"), "59408-5")
    assert len(found) == wanted["count"]
    first = wanted["first"]
    assert (found[0].value, found[0].at) == (first["percent"], at(first["at"]))


def test_steps_are_of_the_local_day(shared_data: SharedData) -> None:
    first, second = measured(found_in(shared_data, "activity"), "55423-8")
    assert (first.value, first.at, first.until) == (21, at("2015-11-16T00:00+05:00"), at("2015-11-17T00:00+05:00"))
    assert (second.value, second.note, second.self_reported) == (4398, "Great steps", True)
    (walked,) = measured(found_in(shared_data, "activity"), "55430-3")
    assert (walked.value, walked.unit) == (0.01743, "km")


def test_sleep_is_in_minutes_and_sports_are_workouts(shared_data: SharedData) -> None:
    nights = measured(found_in(shared_data, "sleep"), "93832-4")
    assert [(each.value, each.unit) for each in nights] == [(345, "min"), (195, "min"), (355, "min")]
    assert (nights[0].at, nights[0].until) == (at("2015-11-15T01:51-07:00"), at("2015-11-15T09:16-07:00"))
    swim, run = workouts(found_in(shared_data, "sport"))
    assert (swim.sport, run.sport, run.energy_kcal) == ("swimming", "running", 202.5)
    assert (swim.started_at, run.started_at) == (at("2015-09-17T20:02:28-08:00"), at("2015-09-22T20:43:03+01:00"))


def test_what_was_not_measured_is_simply_not_there(shared_data: SharedData) -> None:
    wanted: dict[str, list[str]] = {
        "bp-no-heart-rate": ["8480-6", "8462-4"],
        "spo2-no-heart-rate": ["59408-5"],
        "spo2-no-oxygen-saturation": [],
        "weight-no-weight-value": [],
        "activity-no-steps": ["55424-6"],
    }
    assert {name: [each.metric for each in measured(found_in(shared_data, name))] for name in wanted} == wanted
    assert all(bad_rows(found_in(shared_data, name)) == [] for name in wanted)


def test_empty_lists_give_nothing(shared_data: SharedData) -> None:
    assert [found_in(shared_data, f"{kind}-empty") for kind in KINDS] == [[]] * len(KINDS)


def test_a_scale_gives_weight_index_and_fat_and_names_the_rest_once(shared_data: SharedData) -> None:
    found = found_in(shared_data, "weight")
    assert [(each.value, each.unit) for each in measured(found, "29463-7")] == [
        (pytest.approx(77.5644, abs=1e-4), "kg"),
        (pytest.approx(77.5644, abs=1e-4), "kg"),
    ]
    assert [each.value for each in measured(found, "41982-0")] == [10]
    assert [each.reason.split(":")[0] for each in bad_rows(found)] == ["body water", "daily calorie intake"]


def pressure(**changes: object) -> dict[str, object]:
    return {
        "HP": 120,
        "LP": 80,
        "HR": 60,
        "MDate": 1442491463,
        "TimeZone": "-0600",
        "DataSource": "FromDevice",
    } | changes


def test_the_unit_is_the_one_that_the_file_states() -> None:
    (high, *_) = measured(read_json(read, {"BPDataList": [pressure(HP=16.0)], "BPUnit": 1}))
    assert (high.value, high.unit) == (16.0, "kPa")
    for document in ({"BPDataList": [pressure()]}, {"BPDataList": [pressure()], "BPUnit": 7}):
        with pytest.raises(InvalidInput, match="BPUnit"):
            read_json(read, document)


@pytest.mark.parametrize(
    "row",
    [
        pressure(TimeZone=""),
        pressure(TimeZone="MST"),
        pressure(TimeZone=15),
        pressure(MDate=None),
        pressure(MDate=10**15),
        pressure(LP=0),
        pressure(HP=-120),
        pressure(HP="high"),
    ],
)
def test_a_bad_entry_is_told_and_the_rest_goes_on(row: dict[str, object]) -> None:
    found = read_json(read, {"BPDataList": [row, pressure()], "BPUnit": 0})
    assert [each.place for each in bad_rows(found)] == ["BPDataList[0]"]
    assert len(measured(found, "8480-6")) == 1


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"BPDataList": 1, "BPUnit": 0}', b'{"sleep": []}'])
def test_what_is_no_ihealth_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_bytes(read, data)


EXAMPLE = json.dumps(
    {
        "BPUnit": 0,
        "BPDataList": [pressure(Note="up")],
        "SPORTDataList": [
            {"SportName": "Running", "SportStartTime": 1442954583, "SportEndTime": 1442956383, "TimeZone": 1}
        ],
        "SRDataList": [{"HoursSlept": 345, "StartTime": 1447552260, "EndTime": 1447578960, "TimeZone": "-0700"}],
    }
).encode()


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | damaged(EXAMPLE))
def test_whatever_comes_is_parsed_or_refused(data: bytes) -> None:
    holds_its_promise(read, data)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.data())
def test_real_files_that_were_damaged_are_parsed_or_refused(shared_data: SharedData, chance: st.DataObject) -> None:
    path = chance.draw(st.sampled_from(sorted((shared_data(FOLDER) / "ihealth").glob("*.json"))))
    holds_its_promise(read, chance.draw(damaged(path.read_bytes())))
