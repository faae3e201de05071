"""GPX: tracks become workouts, entities are refused, and a file of any size is read in flat memory."""

import math
import tracemalloc
from collections.abc import Iterator
from io import RawIOBase
from typing import BinaryIO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.vendor_files import (
    UTC,
    at,
    bad_rows,
    damaged,
    holds_its_promise,
    measured,
    read_bytes,
    workouts,
)
from vitasense.deterministic.devices.formats.gpx import read
from vitasense.deterministic.devices.formats.parsed import RoutePoint
from vitasense.deterministic.devices.formats.routes import CLIMB, Track, metres_between
from vitasense.deterministic.platform.problems import InvalidInput

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Garmin Connect" '
    'xmlns="http://www.topografix.com/GPX/1/1" xmlns:tpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
)
HEART = "<extensions><tpx:TrackPointExtension><tpx:hr>{}</tpx:hr></tpx:TrackPointExtension></extensions>"


def point(
    latitude: object, longitude: object, time: str | None = None, height: object = None, beats: object = None
) -> str:
    inside = "" if height is None else f"<ele>{height}</ele>"
    inside += f"<time>{time}</time>" if time else ""
    inside += "" if beats is None else HEART.format(beats)
    return f'<trkpt lat="{latitude}" lon="{longitude}">{inside}</trkpt>'


def gpx(*segments: str, kind: str = "running", head: str = HEAD) -> bytes:
    body = "".join(f"<trkseg>{segment}</trkseg>" for segment in segments)
    track = f"<trk><name>A run</name><type>{kind}</type>{body}</trk>"
    return f"{head}<metadata><name>x</name></metadata>{track}</gpx>".encode()


RUN = gpx(
    point(52.0, 13.0, "2024-05-01T10:00:00Z", 30, 120) + point(52.001, 13.0, "2024-05-01T10:01:00Z", 36, 130),
    point(52.1, 13.0, "2024-05-01T10:30:00Z", 30, 0) + point(52.101, 13.0, "2024-05-01T10:31:00.500Z", 31),
)


def test_a_track_is_a_workout_with_route_length_and_climb() -> None:
    found = read_bytes(read, RUN)
    (run,) = workouts(found)
    assert (run.sport, run.device.name, len(run.route)) == ("running", "Garmin Connect", 4)
    assert (run.started_at, run.ended_at) == (at("2024-05-01T10:00:00Z"), at("2024-05-01T10:31:00.5Z"))
    assert run.distance_m == pytest.approx(2 * 111.195, abs=0.01)  # 0.001 degrees of latitude, twice
    assert (run.ascent_m, run.descent_m) == (6, 6)
    assert [(each.metric, each.value, each.at) for each in measured(found)] == [
        ("8867-4", 120, at("2024-05-01T10:00:00Z")),
        ("8867-4", 130, at("2024-05-01T10:01:00Z")),
    ]


def test_times_are_utc_also_without_the_z_and_with_an_offset() -> None:
    data = gpx(point(1, 1, "2024-05-01T10:00:00") + point(1, 1, "2024-05-01T12:30:00+02:00"))
    (track,) = workouts(read_bytes(read, data))
    assert (track.started_at, track.ended_at) == (at("2024-05-01T10:00:00Z"), at("2024-05-01T10:30:00Z"))


def test_points_without_a_time_are_part_of_the_route() -> None:
    (track,) = workouts(read_bytes(read, gpx(point(1, 1, "2024-05-01T10:00:00Z") + point(1, 1.1))))
    assert [each.at for each in track.route] == [at("2024-05-01T10:00:00Z"), None]


def test_a_track_without_any_time_is_no_workout_and_that_is_told() -> None:
    found = read_bytes(read, gpx(point(1, 1) + point(1, 2)))
    assert workouts(found) == []
    assert "no times" in bad_rows(found)[0].reason


@pytest.mark.parametrize(
    "bad",
    [
        point(91, 0),
        point(0, -181),
        point("nan", 0),
        point("north", 0),
        '<trkpt lat="1"/>',
        point(1, 1, "yesterday"),
        point(1, 1, None, "high"),
        point(1, 1, "0001-01-01T00:00:00Z"),
    ],
)
def test_a_bad_point_is_told_with_its_content_and_the_rest_goes_on(bad: str) -> None:
    found = read_bytes(read, gpx(point(1, 1, "2024-05-01T10:00:00Z") + bad + point(1, 1.001, "2024-05-01T10:01:00Z")))
    (row,) = bad_rows(found)
    assert row.place == "trkpt[1]" and row.content
    assert len(workouts(found)[0].route) == 2


def test_planned_routes_and_waypoints_are_named_once() -> None:
    plan = "".join(f'<rtept lat="1" lon="{n}"/>' for n in range(3))
    found = read_bytes(read, f'{HEAD}<wpt lat="1" lon="1"/><rte>{plan}</rte></gpx>'.encode())
    assert [each.reason.partition(":")[0] for each in bad_rows(found)] == ["waypoint", "planned route"]
    assert workouts(found) == []


def test_a_file_that_breaks_off_keeps_what_came_before_and_says_so() -> None:
    found = read_bytes(read, RUN[: RUN.index(b"52.101")])
    assert len(workouts(found)[0].route) == 3
    assert "ends or is damaged" in bad_rows(found)[0].reason


BOMB = '<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<html></html>",
        b"<gpx",
        b'<?xml version="1.0" encoding="utf-7"?><gpx/>',
        gpx(point(1, 1), head=BOMB + "<gpx>"),
        gpx(point(1, 1), head='<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx>'),
        b"<gpx>" + b"<a>" * 40,
        b"<gpx>" + b"".join(b"<a%d/>" % n for n in range(5000)) + b"</gpx>",
        b"<gpx><trkpt>" + b"<a/>" * 2000 + b"</trkpt></gpx>",
        b"<gpx><name>" + b"x" * (5 << 20) + b"</name></gpx>",
    ],
)
def test_what_is_no_gpx_or_beyond_the_limits_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_bytes(read, data)


def test_a_document_type_without_entities_is_accepted() -> None:
    data = gpx(point(1, 1, "2024-05-01T10:00:00Z"), head=f"<!DOCTYPE gpx>{HEAD.partition('?>')[2]}")
    assert len(workouts(read_bytes(read, data))) == 1


def test_noise_of_the_height_is_no_climb() -> None:
    track = Track()
    for n in range(1000):
        track.add(RoutePoint(1, 1, 100 + (CLIMB - 0.5) * (n % 2)))
    assert (track.ascent, track.descent) == (0, 0)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_a_distance_is_symmetric_and_at_most_half_the_way_round(a: float, b: float, c: float, d: float) -> None:
    there, back = metres_between(RoutePoint(a, b), RoutePoint(c, d)), metres_between(RoutePoint(c, d), RoutePoint(a, b))
    assert there == pytest.approx(back, abs=1e-3)
    assert 0 <= there <= math.pi * 6_371_009


class Endless(RawIOBase):
    """A GPX file of many waypoints that nobody holds in memory."""

    def __init__(self, points: int) -> None:
        super().__init__()
        self._pieces = self._all(points)
        self._left = b""

    def _all(self, points: int) -> Iterator[bytes]:
        yield HEAD.encode()
        for _ in range(points // 500):
            yield b'<wpt lat="1" lon="1"><name>x</name></wpt>' * 500
        yield b"</gpx>"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (piece := next(self._pieces, b"")):
            self._left += piece
        taken, self._left = self._left[:size], self._left[size:]
        return taken


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(points: int) -> int:
        tracemalloc.start()
        for _ in read(cast("BinaryIO", Endless(points)), zone=UTC):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(500)  # what is loaded once
    assert peak(40_000) < peak(4_000) + (1 << 20)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | damaged(RUN))
def test_whatever_comes_is_parsed_or_refused(data: bytes) -> None:
    holds_its_promise(read, data)
