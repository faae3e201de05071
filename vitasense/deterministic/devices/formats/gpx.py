"""GPX 1.0 and 1.1: recorded tracks, heart rate from Garmin's TrackPointExtension. Routes and waypoints are plans."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.limits import bad, word
from vitasense.deterministic.devices.formats.numerals import number
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.routes import Track, as_text, place_of, time_of
from vitasense.deterministic.devices.formats.sports import sport_of
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.devices.formats.xml import Broken, Step, anywhere, inside, steps, told
from vitasense.deterministic.platform.problems import InvalidInput

ROWS = frozenset({"trkpt", "rtept", "wpt"})
PLANS = {"rtept": "planned route", "wpt": "waypoint"}
NO_TIME = "The track has no times, so it is a plan and no workout: record it, or export it with its times."


def read(stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]:
    """Heart rates as they come, then the workout of each track. All times are UTC, so `zone` and `name` are not needed.

    Raises InvalidInput when the file is not GPX. Where it breaks off, what came before is kept and a BadRow tells.
    """
    del zone, name
    reader = _Reader()
    try:
        for step in steps(stream, ROWS):
            yield from reader.on(step)
    except Broken as broken:
        if not reader.is_gpx:
            raise InvalidInput("This is not a GPX file: it is not XML, or it is damaged. Export it again.") from None
        yield from reader.track_ends()
        yield bad(str(broken), "The file ends or is damaged here. What came before was taken: export it again.")
    yield from reader.untaken.rows()


class _Reader:
    def __init__(self) -> None:
        self.is_gpx = False
        self.untaken = Untaken()
        self._device = SourceDevice("GPX file")
        self._track: Track | None = None
        self._sport: str | None = None
        self._points = self._tracks = 0

    def on(self, step: Step) -> Iterator[Parsed]:
        if not self.is_gpx:
            self._root(step)
        name = step.path[-1]
        if not step.is_end:
            if name == "trk":
                self._track, self._sport = Track(), None
        elif name == "trkpt" and self._track is not None:
            yield from self._point(step.element, self._track)
        elif name == "trkseg" and self._track is not None:
            self._track.end_segment()
        elif step.path[1:] == ("trk", "type"):
            self._sport = told(step.element)
        elif name == "trk":
            yield from self.track_ends()
        elif name in PLANS:
            self.untaken.add(PLANS[name], f"{name}[0]", "it says where to go, not where somebody was")

    def track_ends(self) -> Iterator[Parsed]:
        track, self._track = self._track, None
        if track is None:
            return
        place = f"trk[{self._tracks}]"
        self._tracks += 1
        if track.first is None or track.last is None:
            yield bad(place, NO_TIME)
            return
        if track.dropped:
            yield bad(
                place, f"The route is too long: its last {track.dropped:,} points are left out, its length is not."
            )
        yield Workout(
            self._device,
            sport_of(self._sport),
            track.first,
            track.last,
            distance_m=track.distance if track.points else None,
            ascent_m=track.ascent,
            descent_m=track.descent,
            route=tuple(track.points),
            place=place,
        )

    def _root(self, step: Step) -> None:
        if step.path != ("gpx",):
            raise InvalidInput("This is not a GPX file: its first element is not gpx. Export it again as GPX.")
        self.is_gpx = True
        self._device = SourceDevice(word(step.element.get("creator", "")) or "GPX file")

    def _point(self, row: Element, track: Track) -> Iterator[Parsed]:
        place = f"trkpt[{self._points}]"
        self._points += 1
        try:
            at = time_of(inside(row, "time"))
            point = place_of(row.get("lat"), row.get("lon"), inside(row, "ele"), at)
            beats = _beats(row)
        except InvalidInput as problem:
            yield bad(place, problem.detail, as_text(row))
            return
        track.add(point)
        yield from self._heart_rate(beats, at, place)

    def _heart_rate(self, beats: float | None, at: datetime | None, place: str) -> Iterator[Parsed]:
        if beats and at is not None:
            yield Measured(self._device, codes.HEART_RATE, at, beats, codes.PER_MINUTE, place=place)


def _beats(row: Element) -> float | None:
    """The heart rate of Garmin's TrackPointExtension (hr, versions 1 and 2); zero is what it writes without a strap."""
    extensions = next((child for child in row if child.tag.endswith("extensions")), None)
    text = None if extensions is None else anywhere(extensions, "hr")
    return None if text is None else number(text)
