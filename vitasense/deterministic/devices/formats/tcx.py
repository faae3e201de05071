"""TCX (Garmin Training Center Database v2): activities with routes and heart rates. Courses and workouts are plans."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.limits import bad, word
from vitasense.deterministic.devices.formats.numerals import number
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.routes import MOST_POINTS, Track, as_text, place_of, time_of
from vitasense.deterministic.devices.formats.sports import sport_of
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.devices.formats.xml import Broken, Step, inside, steps, told
from vitasense.deterministic.platform.problems import InvalidInput

ROOT = "TrainingCenterDatabase"
ROWS = frozenset({"Trackpoint", "Creator", "Course", "Workout", "Author"})
PLANS = frozenset({"Course", "Workout"})
LONGEST_LAP = 31 * 24 * 3600.0  # seconds
TOTALS = ("TotalTimeSeconds", "DistanceMeters", "Calories")


def read(stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]:
    """Heart rates and the workout of each activity. All times are UTC, so `zone` and `name` are not needed.

    Raises InvalidInput when the file is not TCX. Where it breaks off, what came before is kept and a BadRow tells.
    """
    del zone, name
    reader = _Reader()
    try:
        for step in steps(stream, ROWS):
            yield from reader.on(step)
    except Broken as broken:
        if not reader.is_tcx:
            raise InvalidInput("This is not a TCX file: it is not XML, or it is damaged. Export it again.") from None
        yield from reader.activity_ends()
        yield bad(str(broken), "The file ends or is damaged here. What came before was taken: export it again.")
    yield from reader.untaken.rows()


class _Activity:
    """What is known of an activity so far. The device that made it comes at its end, so heart rates wait."""

    def __init__(self, sport: str | None, place: str) -> None:
        self.sport, self.place = sport, place
        self.device = SourceDevice("TCX file")
        self.id: str | None = None
        self.track = Track()
        self.beats = list[tuple[datetime, float, str]]()
        self.distance: float | None = None
        self.energy: float | None = None
        self.lap_start: datetime | None = None


class _Reader:
    def __init__(self) -> None:
        self.is_tcx = False
        self.untaken = Untaken()
        self._activity: _Activity | None = None
        self._activities = self._points = 0

    def on(self, step: Step) -> Iterator[Parsed]:
        if not self.is_tcx:
            if step.path != (ROOT,):
                raise InvalidInput(f"This is not a TCX file: its first element is not {ROOT}. Export it again as TCX.")
            self.is_tcx = True
        name, activity = step.path[-1], self._activity
        if not step.is_end:
            yield from self._begins(name, step.element)
        elif name in PLANS and activity is None:
            self.untaken.add(name.lower(), name, "it says what to do, not what somebody did")
        elif name == "Activity":
            yield from self.activity_ends()
        elif activity is not None:
            yield from self._inside(name, step, activity)

    def activity_ends(self) -> Iterator[Parsed]:
        activity, self._activity = self._activity, None
        if activity is None:
            return
        for at, beats, place in activity.beats:
            yield Measured(activity.device, codes.HEART_RATE, at, beats, codes.PER_MINUTE, place=place)
        track = activity.track
        if track.first is None or track.last is None:
            yield bad(activity.place, "The activity has no times, so it is no workout.")
            return
        if track.dropped:
            yield bad(activity.place, f"The route is too long: its last {track.dropped:,} points are left out.")
        measured = track.distance if len(track.points) > 1 else None
        yield Workout(
            activity.device,
            sport_of(activity.sport),
            track.first,
            track.last,
            external_id=activity.id,
            distance_m=activity.distance or measured,
            energy_kcal=activity.energy or None,
            ascent_m=track.ascent,
            descent_m=track.descent,
            route=tuple(track.points),
            place=activity.place,
        )

    def _begins(self, name: str, element: Element) -> Iterator[Parsed]:
        if name == "Activity":
            self._activity = _Activity(element.get("Sport"), f"Activity[{self._activities}]")
            self._activities += 1
        elif name == "Lap" and self._activity is not None:
            self._activity.lap_start = None
            try:
                self._activity.lap_start = time_of(element.get("StartTime"))
            except InvalidInput as problem:
                yield bad(self._activity.place, f"A lap: {problem.detail}", as_text(element))
            if self._activity.lap_start is not None:
                self._activity.track.at(self._activity.lap_start)

    def _inside(self, name: str, step: Step, activity: _Activity) -> Iterator[Parsed]:
        if name == "Trackpoint":
            yield from self._point(step.element, activity)
        elif name == "Track":
            activity.track.end_segment()
        elif name == "Creator":
            activity.device = _device(step.element)
        elif name == "Id":
            activity.id = told(step.element)
        elif name in TOTALS and step.path[-2] == "Lap":
            try:
                _add_total(name, step.element, activity)
            except InvalidInput as problem:
                yield bad(activity.place, f"{name}: {problem.detail}", as_text(step.element))

    def _point(self, row: Element, activity: _Activity) -> Iterator[Parsed]:
        place = f"Trackpoint[{self._points}]"
        self._points += 1
        try:
            at = time_of(inside(row, "Time"))
            beats = inside(row, "HeartRateBpm", "Value")
            found = None if beats is None else number(beats)
            north, east = inside(row, "Position", "LatitudeDegrees"), inside(row, "Position", "LongitudeDegrees")
            point = None if north is None and east is None else place_of(north, east, inside(row, "AltitudeMeters"), at)
        except InvalidInput as problem:
            yield bad(place, problem.detail, as_text(row))
            return
        if point is not None:
            activity.track.add(point)
        elif at is not None:
            activity.track.at(at)
        if found and at is not None:  # zero is what devices write without a strap
            self._keep(activity, (at, found, place))

    def _keep(self, activity: _Activity, beat: tuple[datetime, float, str]) -> None:
        if len(activity.beats) < MOST_POINTS:
            activity.beats.append(beat)
        else:
            self.untaken.add("heart rate", beat[2], f"an activity is taken with up to {MOST_POINTS:,} of them")


def _add_total(name: str, element: Element, activity: _Activity) -> None:
    total = number(element.text or "")
    if total < 0:
        raise InvalidInput("The number is below zero.")
    if name == "TotalTimeSeconds":
        if total > LONGEST_LAP:
            raise InvalidInput("The lap is longer than a month: that cannot be right.")
        if activity.lap_start is not None:
            activity.track.at(activity.lap_start + timedelta(seconds=total))
    elif name == "DistanceMeters":
        activity.distance = (activity.distance or 0.0) + total
    else:
        activity.energy = (activity.energy or 0.0) + total


def _device(creator: Element) -> SourceDevice:
    product, unit = inside(creator, "Name"), inside(creator, "UnitId")
    major, minor = inside(creator, "Version", "VersionMajor"), inside(creator, "Version", "VersionMinor")
    version = ".".join(word(part) for part in (major, minor) if part)
    return SourceDevice(
        word(product or "") or "TCX file",
        model=word(product or "") or None,
        external_id=word(unit) if unit and unit.strip("0") else None,
        firmware=version if version.strip("0.") else None,
    )
