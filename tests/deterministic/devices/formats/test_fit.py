"""FIT files: the values beside them, monitoring, scales and cuffs, and damage, which never gives wrong numbers."""

import csv
import struct
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

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
    workouts,
)
from vitasense.deterministic.devices.formats import fit_messages
from vitasense.deterministic.devices.formats.fit import read
from vitasense.deterministic.devices.formats.fit_messages import checksum
from vitasense.deterministic.devices.formats.parsed import Parsed
from vitasense.deterministic.platform.problems import InvalidInput

FOLDER = "10_wearables/fit"
HEART, STEPS, WALKED = "8867-4", "55423-8", "55430-3"
EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)  # midnight of the files made here
# Numbers of the profile that the files made here need: (message, {field: (number, struct letter)}).
PROFILE = {
    "file_id": (0, {"type": (0, "B"), "manufacturer": (1, "H"), "serial_number": (3, "I")}),
    "record": (
        20,
        {"timestamp": (253, "I"), "heart_rate": (3, "B"), "position_lat": (0, "i"), "position_long": (1, "i")},
    ),
    "session": (18, {"start_time": (2, "I"), "total_elapsed_time": (7, "I"), "sport": (5, "B")}),
    "monitoring_info": (103, {"timestamp": (253, "I"), "local_timestamp": (0, "I")}),
    "monitoring": (
        55,
        {
            "timestamp": (253, "I"),
            "timestamp_16": (26, "H"),
            "cycles": (3, "I"),
            "distance": (2, "I"),
            "activity_type": (5, "B"),
            "heart_rate": (27, "B"),
        },
    ),
    "weight_scale": (30, {"timestamp": (253, "I"), "weight": (0, "H")}),
    "blood_pressure": (
        51,
        {
            "timestamp": (253, "I"),
            "systolic_pressure": (0, "H"),
            "diastolic_pressure": (1, "H"),
            "heart_rate": (6, "B"),
            "status": (8, "B"),
        },
    ),
    "user_profile": (3, {"message_index": (254, "H")}),
}
BASE_TYPES = {"B": 0x02, "H": 0x84, "I": 0x86, "i": 0x85}
ACTIVITY, WEIGHT, PRESSURE, MONITORING = 4, 9, 14, 32
WALKING, RUNNING = 6, 1


def seconds(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds())


def message(name: str, **values: int) -> bytes:
    number, fields = PROFILE[name]
    used = [fields[field] for field in values]
    definition = struct.pack("<BBBHB", 0x40, 0, 0, number, len(used))
    definition += b"".join(
        struct.pack("<BBB", field, struct.calcsize(f"<{kind}"), BASE_TYPES[kind]) for field, kind in used
    )
    return definition + b"\x00" + struct.pack("<" + "".join(kind for _, kind in used), *values.values())


def part(kind: int, *body: bytes) -> bytes:
    data = message("file_id", type=kind, manufacturer=1, serial_number=77) + b"".join(body)
    whole = struct.pack("<BBHI4s", 12, 0x20, 2132, len(data), b".FIT") + data
    return whole + struct.pack("<H", checksum(whole))


def counted(when: datetime, kind: int, steps: int) -> bytes:
    return message("monitoring", timestamp=seconds(when), cycles=steps, activity_type=kind)


def day_begins(when: datetime = MONDAY) -> bytes:
    return message("monitoring_info", timestamp=seconds(when), local_timestamp=seconds(when))


def found_in(shared_data: SharedData, name: str) -> list[Parsed]:
    return read_bytes(read, (shared_data(FOLDER) / name).read_bytes())


def rows_beside(shared_data: SharedData, name: str) -> list[dict[str, str]]:
    with (shared_data(FOLDER) / name).open() as text:
        return [{key.strip(): value.strip() for key, value in row.items()} for row in csv.DictReader(text)]


@pytest.mark.parametrize("name", ["garmin-fenix-5-run", "garmin-fenix-5-walk"])
def test_records_are_those_of_the_table_beside_the_file(shared_data: SharedData, name: str) -> None:
    found, rows = found_in(shared_data, f"{name}.fit"), rows_beside(shared_data, f"{name}-records.csv")
    (workout,) = workouts(found)
    pacific = timedelta(hours=7)
    times = [
        datetime.strptime(row["timestamp"].replace("PDT ", ""), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC) + pacific
        for row in rows
    ]
    assert [(each.at, each.value, each.unit) for each in measured(found, HEART)] == [
        (time, float(row["heart_rate"]), "/min") for time, row in zip(times, rows, strict=True)
    ]
    circle = 180 / 2**31
    assert [(each.at, each.latitude, each.longitude, each.elevation_m) for each in workout.route] == [
        (
            time,
            pytest.approx(int(row["position_lat"]) * circle, abs=1e-9),
            pytest.approx(int(row["position_long"]) * circle, abs=1e-9),
            pytest.approx(float(row["altitude"])),
        )
        for time, row in zip(times, rows, strict=True)
    ]
    assert bad_rows(found) == []


def test_a_device_without_a_set_clock_is_placed_by_its_local_time(shared_data: SharedData) -> None:
    data = (shared_data(FOLDER) / "compressed-speed-distance.fit").read_bytes()
    rows = [
        row
        for row in rows_beside(shared_data, "compressed-speed-distance-records.csv")
        if row["Heart Rate [bpm]"] != "null"
    ]
    found = measured(read_bytes(read, data, NEW_YORK), HEART)
    saved = at("2012-02-13T12:21:03-05:00")  # the local time beside second 17,221,751
    given = {each.at: each.value for each in found}
    wanted = {
        saved + timedelta(seconds=int(row["Timestamp"]) - 17_221_751): float(row["Heart Rate [bpm]"]) for row in rows
    }
    assert len(wanted) >= 753
    assert {time: value for time, value in given.items() if time in wanted} == wanted
    assert len(given) - len(wanted) <= 1


def test_a_workout_has_its_totals_and_its_device(shared_data: SharedData) -> None:
    (ride,) = workouts(found_in(shared_data, "garmin-edge-500-activity.fit"))
    assert (ride.sport, ride.distance_m, ride.energy_kcal) == ("cycling", 92622.34, 1954)
    assert (ride.ascent_m, ride.descent_m) == (541, 541)
    assert (ride.started_at, ride.ended_at) == (at("2011-09-25T13:00:21Z"), at("2011-09-25T16:31:52.280Z"))
    device = ride.device
    assert (device.maker, device.model, device.kind) == ("garmin", "edge500", "bike computer")
    assert (device.external_id, device.firmware, device.battery) == ("3820987521", "2.8", None)


def test_fields_of_apps_do_not_stand_for_the_devices_own(shared_data: SharedData) -> None:
    (rowing,) = workouts(found_in(shared_data, "20170518-191602-1740899583.fit"))
    assert (rowing.sport, rowing.energy_kcal, rowing.distance_m) == ("rowing", 286, None)  # the app says 6,996 kCal


def test_steps_of_a_day_add_up_to_the_devices_own_total(shared_data: SharedData) -> None:
    found = found_in(shared_data, "MonitoringFile.fit")
    steps = measured(found, STEPS)
    assert sum(each.value for each in steps) == 3142 + 31  # walking and running, as the file totals them at midnight
    assert steps[0].at == at("2014-12-27T00:00-06:00")
    assert all(one.until is not None and one.until <= other.at for one, other in pairwise(steps))


def test_a_scale_gives_weight_and_fat(shared_data: SharedData) -> None:
    found = measured(found_in(shared_data, "WeightScaleSingleUser.fit"))
    assert [(each.metric, each.value, each.unit) for each in found] == [
        ("29463-7", 75.8, "kg"),
        ("41982-0", 22.3, "%"),
        ("29463-7", 76.09, "kg"),
        ("41982-0", 25.1, "%"),
    ]
    assert {each.device.kind for each in found} == {"scale"}


def test_every_file_of_the_folder_is_read_or_refused(shared_data: SharedData) -> None:
    for path in sorted(Path(shared_data(FOLDER)).glob("*.fit")):
        found = holds_its_promise(read, path.read_bytes())
        assert found, path.name


def test_a_file_of_settings_is_named_as_such(shared_data: SharedData) -> None:
    (bad,) = bad_rows(found_in(shared_data, "Settings.fit"))
    assert "settings" in bad.reason


def test_a_file_that_was_cut_keeps_its_whole_messages_and_says_so(shared_data: SharedData) -> None:
    cut, whole = found_in(shared_data, "activity-unexpected-eof.fit"), found_in(shared_data, "Activity.fit")
    assert "ends in the middle" in bad_rows(cut)[0].reason
    assert workouts(cut) == workouts(whole)


def test_a_damaged_second_part_leaves_the_first_and_says_so(shared_data: SharedData) -> None:
    found = found_in(shared_data, "activity-settings-corruptheader.fit")
    assert len(workouts(found)) == 1
    assert [(each.place, "header is damaged" in each.reason) for each in bad_rows(found)] == [("byte 771", True)]


def test_a_wrong_checksum_gives_nothing_at_all() -> None:
    whole = part(ACTIVITY, message("record", timestamp=seconds(MONDAY), heart_rate=60))
    for index in range(len(whole)):
        data = bytearray(whole)
        data[index] ^= 0x10
        try:
            found = read_bytes(read, bytes(data))
        except InvalidInput:
            continue
        assert bad_rows(found), f"byte {index} was changed and nobody noticed"


@pytest.mark.parametrize("beats", [0, 255])
def test_a_heart_rate_that_means_none_is_none(beats: int) -> None:
    rows = [message("record", timestamp=seconds(MONDAY), heart_rate=value) for value in (beats, 61)]
    assert [each.value for each in measured(read_bytes(read, part(ACTIVITY, *rows)))] == [61]


def test_sessions_share_the_points_by_time() -> None:
    def point(minute: int) -> bytes:
        return message("record", timestamp=seconds(MONDAY) + minute * 60, position_lat=1 << 28, position_long=1 << 27)

    def session(minute: int, sport: int) -> bytes:
        return message("session", start_time=seconds(MONDAY) + minute * 60, total_elapsed_time=600_000, sport=sport)

    swim, ride = workouts(read_bytes(read, part(ACTIVITY, *map(point, range(20)), session(0, 5), session(10, 2))))
    assert (swim.sport, len(swim.route), ride.sport, len(ride.route)) == ("swimming", 10, "cycling", 10)
    assert swim.ended_at == MONDAY + timedelta(minutes=10)
    assert swim.route[0].latitude == 22.5


def test_a_point_beyond_the_poles_is_told() -> None:
    row = message("record", timestamp=seconds(MONDAY), position_lat=2**31 - 2, position_long=0)
    assert "poles" in bad_rows(read_bytes(read, part(ACTIVITY, row)))[0].reason


def test_steps_are_differences_that_begin_anew_each_local_day() -> None:
    hour = timedelta(hours=1)
    rows = [
        day_begins(),
        counted(MONDAY + 8 * hour, WALKING, 1000),
        counted(MONDAY + 9 * hour, RUNNING, 300),
        counted(MONDAY + 9 * hour, WALKING, 1200),
        counted(MONDAY + 24 * hour, WALKING, 1500),
        counted(MONDAY + 32 * hour, WALKING, 1800),
    ]
    found = measured(read_bytes(read, part(MONITORING, *rows)), STEPS)
    assert [(each.value, each.at, each.until) for each in found] == [
        (1000, MONDAY, MONDAY + 8 * hour),
        (500, MONDAY + 8 * hour, MONDAY + 9 * hour),
        (300, MONDAY + 9 * hour, MONDAY + 24 * hour),
        (1800, MONDAY + 24 * hour, MONDAY + 32 * hour),
    ]


def test_a_file_from_the_middle_of_a_day_counts_only_from_its_first_reading_on() -> None:
    noon = MONDAY + timedelta(hours=12)
    rows = [day_begins(noon), counted(noon, WALKING, 5000), counted(noon + timedelta(hours=1), WALKING, 5400)]
    found = read_bytes(read, part(MONITORING, *rows))
    assert [each.value for each in measured(found, STEPS)] == [400]
    assert "begins within a day" in bad_rows(found)[0].reason


def test_a_count_that_goes_back_is_told_and_not_negative() -> None:
    rows = [
        day_begins(),
        *(counted(MONDAY + timedelta(hours=n), WALKING, steps) for n, steps in ((1, 500), (2, 100), (3, 150))),
    ]
    found = read_bytes(read, part(MONITORING, *rows))
    assert [each.value for each in measured(found, STEPS)] == [500, 50]
    assert "went back" in bad_rows(found)[0].reason


def test_a_clock_that_goes_back_a_day_counts_nothing_twice() -> None:
    days = [MONDAY + timedelta(hours=hours) for hours in (30, 6, 31)]
    rows = [day_begins(), *(counted(when, WALKING, steps) for when, steps in zip(days, (500, 400, 600), strict=True))]
    found = read_bytes(read, part(MONITORING, *rows))
    assert [each.value for each in measured(found, STEPS)] == [500, 100]
    assert "clock went back" in bad_rows(found)[0].reason


def test_more_messages_than_any_device_writes_end_the_reading_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_messages, "MOST_MESSAGES", 5)
    rows = [message("record", timestamp=seconds(MONDAY) + n, heart_rate=60) for n in range(20)]
    found = read_bytes(read, part(ACTIVITY, *rows))
    assert 0 < len(measured(found)) < 5
    assert "more than 5 messages" in bad_rows(found)[0].reason


def test_the_short_clock_rolls_over() -> None:
    start = MONDAY
    rows = [day_begins(start)]
    moments = [start + timedelta(hours=10), start + timedelta(hours=20), start + timedelta(hours=38)]
    rows += [message("monitoring", timestamp_16=seconds(moment) & 0xFFFF, heart_rate=60) for moment in moments]
    assert [each.at for each in measured(read_bytes(read, part(MONITORING, *rows)), HEART)] == moments


def test_a_cuff_gives_two_pressures_and_a_pulse_unless_it_reports_an_error() -> None:
    values = {"timestamp": seconds(MONDAY), "systolic_pressure": 121, "diastolic_pressure": 79, "heart_rate": 66}
    good, failed = message("blood_pressure", **values, status=0), message("blood_pressure", **values, status=2)
    found = read_bytes(read, part(PRESSURE, good, failed))
    assert [(each.metric, each.value) for each in measured(found)] == [("8480-6", 121), ("8462-4", 79), (HEART, 66)]
    assert "error" in bad_rows(found)[0].reason


def test_a_scale_of_several_people_gives_nothing_but_the_reason() -> None:
    people = [message("user_profile", message_index=index) for index in (0, 1)]
    found = read_bytes(read, part(WEIGHT, *people, message("weight_scale", timestamp=seconds(MONDAY), weight=7580)))
    assert measured(found) == []
    assert "another user" in bad_rows(found)[0].reason


def test_a_scale_that_is_still_weighing_gives_no_weight() -> None:
    found = read_bytes(read, part(WEIGHT, message("weight_scale", timestamp=seconds(MONDAY), weight=65534)))
    assert measured(found) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b".FIT" * 4, b"\x0e\x10\x00\x00\xff\xff\xff\xff.FOT", b"\x63\x10\x00\x00\x00\x00\x00\x00.FIT\x00\x00"],
)
def test_what_is_no_fit_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"FIT"):
        read_bytes(read, data)


EXAMPLE = part(
    ACTIVITY,
    *(
        message("record", timestamp=seconds(MONDAY) + n, heart_rate=60 + n, position_lat=n << 20, position_long=n)
        for n in range(5)
    ),
    message("session", start_time=seconds(MONDAY), total_elapsed_time=5000, sport=1),
)
MONITORED = part(MONITORING, day_begins(), counted(MONDAY + timedelta(hours=1), WALKING, 500))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | damaged(EXAMPLE) | damaged(MONITORED))
def test_whatever_comes_is_parsed_or_refused(data: bytes) -> None:
    holds_its_promise(read, data)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(EXAMPLE[12:-2]) | damaged(MONITORED[12:-2]))
def test_messages_of_any_bytes_with_a_right_checksum_are_parsed_or_told(body: bytes) -> None:
    whole = struct.pack("<BBHI4s", 12, 0x20, 2132, len(body), b".FIT") + body
    holds_its_promise(read, whole + struct.pack("<H", checksum(whole)))


@given(st.integers(1, len(EXAMPLE) - 1))
def test_a_file_cut_anywhere_gives_a_part_of_the_whole(length: int) -> None:
    whole = measured(read_bytes(read, EXAMPLE))
    try:
        found = read_bytes(read, EXAMPLE[:length])
    except InvalidInput:
        return
    assert bad_rows(found)
    assert measured(found) == whole[: len(measured(found))]


@pytest.mark.parametrize(
    "name", ["WeightScaleSingleUser.fit", "Activity.fit", "MonitoringFile.fit", "activity-unexpected-eof.fit"]
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.data())
def test_real_files_that_were_damaged_never_change_a_number_in_silence(
    shared_data: SharedData, name: str, chance: st.DataObject
) -> None:
    whole = (shared_data(FOLDER) / name).read_bytes()
    data = chance.draw(damaged(whole))
    found = holds_its_promise(read, data)
    if found and not bad_rows(found):
        assert found == read_bytes(read, whole)
