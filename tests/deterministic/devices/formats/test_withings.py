"""Withings: the measure API's groups and the download's tables; whose a measurement is, and what is not taken."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.vendor_files import (
    NEW_YORK,
    at,
    bad_rows,
    damaged,
    holds_its_promise,
    measured,
    read_bytes,
    read_json,
)
from vitasense.deterministic.devices.formats.withings import read
from vitasense.deterministic.platform.problems import InvalidInput

WEIGHTS = b"""Date,"Weight (kg)","Fat mass (kg)","Bone mass (kg)","Muscle mass (kg)","Hydration (kg)",Comments
"2024-01-15 10:30:00",75.5,15.2,3.1,45.2,12.0,after a run
"2024-07-15 10:30:00",75.1,,,,,
"""
PRESSURES = b"""Date,"Heart rate",Systolic,Diastolic,Comments
"2024-01-15 08:15:00",58,121,79,
"2024-01-16 08:15:00",61,,,
"""
RAW = b"""start,duration,value
2024-06-07T09:22:00+02:00,"[60,60,30]","[61,0,64]"
2024-06-07T10:00:00+02:00,[60],[12]
"""


def group(*measures: tuple[int, int, int], **changes: object) -> dict[str, object]:
    rows = [{"type": kind, "value": value, "unit": exponent} for kind, value, exponent in measures]
    return {
        "attrib": 0,
        "category": 1,
        "date": 1690491576,
        "deviceid": "c405",
        "model": "BPM Core",
        "measures": rows,
    } | changes


def answer(*groups: object) -> dict[str, object]:
    return {"status": 0, "body": {"timezone": "Europe/Berlin", "measuregrps": list(groups)}}


def test_values_are_scaled_by_their_exponent() -> None:
    rows = group(
        (1, 75512, -3), (4, 18, -1), (6, 2213, -2), (9, 79, 0), (10, 121, 0), (11, 61, 0), (54, 97, 0), (71, 36_612, -3)
    )
    assert [(each.metric, each.value, each.unit) for each in measured(read_json(read, answer(rows)))] == [
        ("29463-7", 75.512, "kg"),
        ("8302-2", 1.8, "m"),
        ("41982-0", 22.13, "%"),
        ("8462-4", 79, "mm[Hg]"),
        ("8480-6", 121, "mm[Hg]"),
        ("8867-4", 61, "/min"),
        ("59408-5", 97, "%"),
        ("8310-5", 36.612, "Cel"),
    ]


def test_the_device_and_the_time_are_the_groups_own() -> None:
    (found,) = measured(read_json(read, answer(group((10, 121, 0)))))
    assert found.at == at("2023-07-27T20:59:36Z")
    assert (found.device.name, found.device.external_id, found.device.kind) == ("BPM Core", "c405", "cuff")


def test_what_may_belong_to_somebody_else_is_not_taken() -> None:
    found = read_json(read, answer(group((1, 75, 0), attrib=1), group((1, 76, 0))))
    assert bad_rows(found)[0].reason == "It may belong to another user of the scale."
    assert [each.value for each in measured(found)] == [76]


@pytest.mark.parametrize(("attrib", "entered"), [(0, False), (2, True), (4, True), (5, False), (7, False), (8, False)])
def test_what_a_person_typed_in_is_self_reported(attrib: int, entered: bool) -> None:
    assert [each.self_reported for each in measured(read_json(read, answer(group((1, 75, 0), attrib=attrib))))] == [
        entered
    ]


def test_goals_are_no_measurements() -> None:
    found = read_json(read, answer(group((1, 70, 0), category=2)))
    assert measured(found) == [] and "goal" in bad_rows(found)[0].reason


def test_kinds_without_a_measure_are_named_once() -> None:
    found = read_json(
        read, answer(group((5, 60, 0), (8, 15, 0), (73, 33, 0)), group((5, 60, 0), (12, 21, 0), (999, 1, 0)))
    )
    reasons = [each.reason for each in bad_rows(found)]
    assert measured(found) == []
    assert [each.partition(":")[0] for each in reasons] == [
        "fat free mass",
        "fat mass",
        "skin temperature",
        "temperature, which is the body's only in type 71",
        "type 999",
    ]
    assert "2 entries" in reasons[0]


@pytest.mark.parametrize(
    "bad",
    [
        group((1, 75, 0), attrib=3),
        group((1, 75, 0), attrib=[]),
        group((1, 75, 0), date=None),
        group((1, 75, 300)),
        group(measures=7),
        group(measures=[{"type": 1.5, "value": 1, "unit": 0}]),
        "x",
    ],
)
def test_a_bad_group_is_told_and_the_rest_goes_on(bad: object) -> None:
    found = read_json(read, answer(bad, group((1, 75, 0))))
    assert [each.place for each in bad_rows(found)] == ["measuregrps[0]"]
    assert len(measured(found)) == 1


def test_weights_of_the_download_are_local_times() -> None:
    found = read_bytes(read, WEIGHTS, NEW_YORK)
    assert [(each.value, each.unit, each.at, each.note) for each in measured(found)] == [
        (75.5, "kg", at("2024-01-15T10:30:00-05:00"), "after a run"),
        (75.1, "kg", at("2024-07-15T10:30:00-04:00"), None),
    ]
    assert [each.reason.partition(":")[0] for each in bad_rows(found)] == [
        "fat mass",
        "bone mass",
        "muscle mass",
        "hydration",
    ]


def test_pressures_of_the_download_come_in_twos() -> None:
    found = read_bytes(read, PRESSURES)
    assert [(each.metric, each.value) for each in measured(found)] == [
        ("8867-4", 58),
        ("8480-6", 121),
        ("8462-4", 79),
        ("8867-4", 61),
    ]
    half = read_bytes(read, PRESSURES.replace(b"121,79", b"121,"))
    assert "One of the two pressures is missing" in bad_rows(half)[0].reason


def test_raw_tables_are_known_by_their_name() -> None:
    beats = measured(read_bytes(read, RAW, name="data_X/raw_tracker_hr.csv"), "8867-4")
    assert [(each.value, each.at) for each in beats] == [
        (61, at("2024-06-07T09:22:00+02:00")),
        (64, at("2024-06-07T09:24:00+02:00")),
        (12, at("2024-06-07T10:00:00+02:00")),
    ]
    assert beats[1].until == beats[1].at + timedelta(seconds=30)
    assert {each.unit for each in measured(read_bytes(read, RAW, name="raw_tracker_steps.csv"))} == {"{steps}"}
    for name in ("", "raw_tracker_latitude.csv"):
        with pytest.raises(InvalidInput, match="keep the name"):
            read_bytes(read, RAW, name=name)


@pytest.mark.parametrize(
    "row",
    [
        b"x,[60],[1]",
        b"2024-06-07T09:22:00+02:00,[60],[1,2]".replace(b"[1,2]", b'"[1,2]"'),
        b"2024-06-07T09:22:00+02:00,60,1",
        b"2024-06-07T09:22:00+02:00,[-1],[1]",
        b"2024-06-07T09:22:00+02:00,[1e999],[1]",
    ],
)
def test_a_bad_row_is_told_and_the_rest_goes_on(row: bytes) -> None:
    found = read_bytes(read, RAW + row + b"\n", name="raw_tracker_hr.csv")
    assert [each.place for each in bad_rows(found)] == ["line 4"]
    assert len(measured(found)) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"status": 401, "body": {}}',
        b'{"status": 0, "body": {"measuregrps": 3}}',
        b"a,b\n1,2\n",
        b"date,value\n1,2\n",
    ],
)
def test_what_is_no_withings_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_bytes(read, data)


EXAMPLE = json.dumps(answer(group((1, 75512, -3), (10, 121, 0)), group((5, 1, 0), attrib=1))).encode()


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | damaged(EXAMPLE) | damaged(WEIGHTS) | damaged(PRESSURES) | damaged(RAW))
def test_whatever_comes_is_parsed_or_refused(data: bytes) -> None:
    for name in ("", "raw_tracker_hr.csv"):
        holds_its_promise(read, data, NEW_YORK, name)
