"""What a file of a device or an app holds, before anything of it is stored."""

from dataclasses import dataclass, field
from datetime import datetime

LONGEST_ROW = 2000  # characters of a bad row that are kept for its repair


@dataclass(frozen=True, slots=True)
class SourceDevice:
    """The device or app that measured, as the file names it. `external_id` is the vendor's own id or serial number.

    `kind` is one word: watch, phone, scale, cuff, cgm, oximeter, thermometer, bike computer, app … or None.
    `battery` is 0 to 1.
    """

    name: str
    maker: str | None = None
    model: str | None = None
    external_id: str | None = None
    firmware: str | None = None
    battery: float | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One number of one metric: `metric` is a LOINC code, `unit` a UCUM code, as the file has it (not yet converted).

    `at` is aware: a moment, or the beginning of the interval that ends at `until`. `place` is where in the file it
    stands ("line 7", "point[3]"). `note` is what the file says about it in words ("before breakfast").
    """

    device: SourceDevice
    metric: str
    at: datetime
    value: float
    unit: str
    until: datetime | None = None
    place: str = ""
    note: str | None = None
    self_reported: bool = False


@dataclass(frozen=True, slots=True)
class RoutePoint:
    """One place of a route: degrees (WGS 84), metres above sea level, the time if it is known."""

    latitude: float
    longitude: float
    elevation_m: float | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Workout:
    """One activity: `sport` is a plain word (running, cycling, walking …), lengths in metres, energy in kcal."""

    device: SourceDevice
    sport: str
    started_at: datetime
    ended_at: datetime
    external_id: str | None = None
    distance_m: float | None = None
    energy_kcal: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    route: tuple[RoutePoint, ...] = field(default_factory=tuple[RoutePoint, ...])
    place: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """What could not be taken: where, why (what to do about it) and the row itself as text, cut at LONGEST_ROW."""

    place: str
    reason: str
    content: str = ""


Parsed = Measured | Workout | BadRow
