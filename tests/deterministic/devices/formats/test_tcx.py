"""TCX: laps add up, the device comes at the end, plans are no workouts, damage is told."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.vendor_files import (
    at,
    bad_rows,
    damaged,
    holds_its_promise,
    measured,
    read_bytes,
    workouts,
)
from vitasense.deterministic.devices.formats.tcx import read
from vitasense.deterministic.platform.problems import InvalidInput

HEAD = (
    '<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">'
)
CREATOR = (
    "<Creator><Name>Forerunner 245</Name><UnitId>3990000001</UnitId><ProductID>3076</ProductID>"
    "<Version><VersionMajor>5</VersionMajor><VersionMinor>10</VersionMinor></Version></Creator>"
)


def point(time: str, beats: int = 120, place: str = "") -> str:
    pulse = f"<HeartRateBpm><Value>{beats}</Value></HeartRateBpm>"
    return f"<Trackpoint><Time>{time}</Time>{place}<DistanceMeters>1.0</DistanceMeters>{pulse}</Trackpoint>"


def position(latitude: object, longitude: object, height: object = "") -> str:
    north, east = f"<LatitudeDegrees>{latitude}</LatitudeDegrees>", f"<LongitudeDegrees>{longitude}</LongitudeDegrees>"
    return f"<Position>{north}{east}</Position>" + (f"<AltitudeMeters>{height}</AltitudeMeters>" if height else "")


def lap(start: str, seconds: object, metres: object, calories: object, *points: str) -> str:
    return (
        f'<Lap StartTime="{start}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        f"<DistanceMeters>{metres}</DistanceMeters>"
        f"<Calories>{calories}</Calories><Track>{''.join(points)}</Track></Lap>"
    )


def tcx(*laps: str, sport: str = "Biking", tail: str = "") -> bytes:
    body = f'<Activity Sport="{sport}"><Id>2024-05-01T10:00:00.000Z</Id>{"".join(laps)}{CREATOR}</Activity>'
    return f"{HEAD}<Activities>{body}</Activities>{tail}</TrainingCenterDatabase>".encode()


RIDE = tcx(
    lap(
        "2024-05-01T10:00:00Z",
        600,
        5000.5,
        80,
        point("2024-05-01T10:00:00Z", 100, position(52, 13, 30)),
    ),
    lap(
        "2024-05-01T10:10:00Z",
        300,
        2500,
        40,
        point("2024-05-01T10:10:00Z", 0, position(52.01, 13, 50)),
    ),
)


def test_an_activity_adds_up_its_laps_and_names_the_device_that_comes_at_the_end() -> None:
    found = read_bytes(read, RIDE)
    (ride,) = workouts(found)
    assert (ride.sport, ride.distance_m, ride.energy_kcal) == ("cycling", 7500.5, 120)
    assert (ride.started_at, ride.ended_at) == (at("2024-05-01T10:00:00Z"), at("2024-05-01T10:15:00Z"))
    assert (ride.ascent_m, ride.descent_m, len(ride.route)) == (20, 0, 2)
    assert (ride.device.name, ride.device.external_id, ride.device.firmware) == ("Forerunner 245", "3990000001", "5.10")
    assert ride.external_id == "2024-05-01T10:00:00.000Z"
    assert [(each.value, each.device) for each in measured(found)] == [(100, ride.device)]


def test_an_activity_without_positions_has_no_route_but_times_and_heart_rates() -> None:
    found = read_bytes(read, tcx(lap("2024-05-01T10:00:00Z", 60, 0, 0, point("2024-05-01T10:00:30Z")), sport="Other"))
    (workout,) = workouts(found)
    assert (workout.sport, workout.route, workout.distance_m, workout.energy_kcal) == ("other", (), None, None)
    assert len(measured(found)) == 1


@pytest.mark.parametrize(
    "bad",
    [
        point("yesterday"),
        point("2024-05-01T10:00:30Z", 120, position(99, 0)),
        point("2024-05-01T10:00:30Z", 120, position("", 0)),
        lap("never", 60, 1, 1),
        lap("2024-05-01T10:00:00Z", -60, 1, 1),
        lap("2024-05-01T10:00:00Z", "1e9", 1, 1),
    ],
)
def test_a_bad_point_or_lap_is_told_and_the_rest_goes_on(bad: str) -> None:
    good = lap("2024-05-01T10:00:00Z", 60, 100, 1, point("2024-05-01T10:00:30Z"), bad if "Trackpoint" in bad else "")
    found = read_bytes(read, tcx(good, "" if "Trackpoint" in bad and "Lap" not in bad else bad))
    assert len(bad_rows(found)) == 1
    assert len(workouts(found)) == 1
    assert len(measured(found)) == 1


def test_courses_and_planned_workouts_are_named_once() -> None:
    plans = "<Courses><Course><Name>x</Name></Course><Course/></Courses><Workouts><Workout/></Workouts>"
    found = read_bytes(read, tcx(lap("2024-05-01T10:00:00Z", 60, 100, 1), tail=plans))
    assert [each.reason.partition(":")[0] for each in bad_rows(found)] == ["course", "workout"]
    assert len(workouts(found)) == 1


def test_a_file_that_breaks_off_keeps_what_came_before_and_says_so() -> None:
    found = read_bytes(read, RIDE[: RIDE.index(b"52.01")])
    assert workouts(found)[0].distance_m == 7500.5
    assert "ends or is damaged" in bad_rows(found)[0].reason


def test_an_activity_without_any_time_is_no_workout() -> None:
    found = read_bytes(
        read, f"{HEAD}<Activities><Activity Sport='Running'/></Activities></TrainingCenterDatabase>".encode()
    )
    assert workouts(found) == []
    assert "no times" in bad_rows(found)[0].reason


@pytest.mark.parametrize(
    "data",
    [b"", b"<gpx/>", b"{}", b"<TrainingCenterDatabase", b'<!DOCTYPE T [<!ENTITY a "b">]><TrainingCenterDatabase/>'],
)
def test_what_is_no_tcx_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_bytes(read, data)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | damaged(RIDE))
def test_whatever_comes_is_parsed_or_refused(data: bytes) -> None:
    holds_its_promise(read, data)
