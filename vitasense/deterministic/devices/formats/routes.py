"""What GPX and TCX have in common: points of a track, its length, and the metres climbed."""

import math
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from vitasense.deterministic.devices.formats.limits import quoted
from vitasense.deterministic.devices.formats.moments import EARLIEST, LATEST
from vitasense.deterministic.devices.formats.numerals import number
from vitasense.deterministic.devices.formats.parsed import RoutePoint
from vitasense.deterministic.platform.problems import InvalidInput

EARTH = 6_371_008.8  # metres, mean radius (IUGG; Moritz H, Geodetic Reference System 1980, J Geod 2000;74:128-133)
NORTHMOST, EASTMOST = 90.0, 180.0  # degrees
LOWEST, HIGHEST = -500.0, 30_000.0  # metres; the shore of the Dead Sea is at -430, sounding balloons reach 30,000
# Metres by which a height has to differ from the last turning point before it counts. GPS heights wander by several
# metres at rest (GPS SPS Performance Standard, 5th ed. 2020: 95 % within 13 m); each of them would add up as a climb.
CLIMB = 5.0
MOST_POINTS = 500_000  # kept of one route: nearly six days of one point a second


class Track:
    """Adds up the points of one track. Between segments nothing was recorded, so no distance is counted there."""

    def __init__(self) -> None:
        self.points = list[RoutePoint]()
        self.dropped = 0
        self.distance = 0.0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._before: RoutePoint | None = None
        self._turn: float | None = None
        self._up = self._down = 0.0

    def add(self, point: RoutePoint) -> None:
        """The next point of the segment."""
        if self._before is not None:
            self.distance += metres_between(self._before, point)
        self._before = point
        if point.elevation_m is not None:
            self._climb(point.elevation_m)
        if point.at is not None:
            self.at(point.at)
        if len(self.points) < MOST_POINTS:
            self.points.append(point)
        else:
            self.dropped += 1

    def at(self, moment: datetime) -> None:
        """The track was being recorded at that moment."""
        self.first = min(self.first or moment, moment)
        self.last = max(self.last or moment, moment)

    def end_segment(self) -> None:
        """The next point begins a new segment."""
        self._before = None

    @property
    def ascent(self) -> float | None:
        """Metres climbed; None when no point has a height."""
        return None if self._turn is None else self._up

    @property
    def descent(self) -> float | None:
        """Metres gone down; None when no point has a height."""
        return None if self._turn is None else self._down

    def _climb(self, height: float) -> None:
        if self._turn is None:
            self._turn = height
        elif height - self._turn >= CLIMB:
            self._up += height - self._turn
            self._turn = height
        elif self._turn - height >= CLIMB:
            self._down += self._turn - height
            self._turn = height


def metres_between(one: RoutePoint, other: RoutePoint) -> float:
    """Length of the great circle between two points (haversine: Sinnott RW, Sky and Telescope 1984;68:159)."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    part = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(part)))


def place_of(latitude: str | None, longitude: str | None, height: str | None, at: datetime | None) -> RoutePoint:
    """A point from its texts. Raises InvalidInput with the reason."""
    if latitude is None or longitude is None:
        raise InvalidInput("The position is missing.")
    north, east = number(latitude), number(longitude)
    if abs(north) > NORTHMOST or abs(east) > EASTMOST:
        raise InvalidInput("The position is not on the earth: latitude is up to 90, longitude up to 180 degrees.")
    elevation = None if height is None else number(height)
    if elevation is not None and not LOWEST <= elevation <= HIGHEST:
        raise InvalidInput("The height cannot be right.")
    return RoutePoint(north, east, elevation, at)


def time_of(text: str | None) -> datetime | None:
    """The moment of a time; GPX and TCX times are UTC (GPX 1.1 schema), also without the Z. Raises InvalidInput."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{quoted(text)} is not a time of the form 2026-03-28T07:30:00Z.") from None
    if not EARLIEST <= found.year <= LATEST:
        raise InvalidInput(f"The year {found.year} cannot be right: check the device's clock.")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def as_text(row: Element) -> str:
    """A row of XML in short, for its repair: its attributes and the texts inside."""
    parts = [f"{key}={value}" for key, value in row.attrib.items()]
    parts += [
        f"{element.tag.rpartition('}')[2]}={element.text.strip()}"
        for element in row.iter()
        if (element.text or "").strip() and element.text
    ]
    return " ".join(parts)
