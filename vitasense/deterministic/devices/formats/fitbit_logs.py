"""Fitbit's logs of weight, body fat, sleep and activities: the same entries in its web API and in its export."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.fitbit_weight import weight_unit
from vitasense.deterministic.devices.formats.json_files import (
    Node,
    above_zero,
    each,
    need_number,
    need_text,
    node,
    number,
    text,
)
from vitasense.deterministic.devices.formats.limits import bad
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.sports import sport_of
from vitasense.deterministic.devices.formats.wall_clock import iso, moment_of
from vitasense.deterministic.platform.problems import InvalidInput

Lists = Callable[[list[object], str, ZoneInfo], Iterator[Parsed]]

DEVICE = SourceDevice("Fitbit", maker="Fitbit")
STAGES = {"deep": codes.DEEP_SLEEP, "light": codes.LIGHT_SLEEP, "rem": codes.REM_SLEEP}
DAY_FORMS = ("%Y-%m-%d", "%m/%d/%y")  # the web API, the export
EXPORT_TIME = "%m/%d/%y %H:%M:%S"
METRES = {"kilometer": 1000.0, "mile": 1609.344}  # the international mile
ENTERED = frozenset({"web"})  # typed in on Fitbit's page; "API" is any app, also one that passes a scale's readings on


def weights(rows: list[object], place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    """Weight, body mass index and body fat. The file has no unit for weights: it follows from the body mass index."""
    unit = weight_unit(rows)
    if unit is None and rows:
        yield bad(place, "The file does not say whether weights are in kg or pounds, nor do its body mass indices.")
    yield from each(rows, place, lambda row, where: _weight(row, where, unit, zone))


def fat(rows: list[object], place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    """Body fat in percent."""
    yield from each(rows, place, lambda row, where: _weight(row, where, None, zone))


def sleep(rows: list[object], place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    """The time asleep of each sleep, and its stages where the device knows them."""
    yield from each(rows, place, lambda row, where: _sleep(row, where, zone))


def activities(rows: list[object], place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    """Workouts. Older entries have no unit for the distance; it is left out there, and that is told once."""
    yield from each(rows, place, lambda row, where: _activity(row, where, zone))
    without = [row for row in rows if (found := node(row)) and found.get("distance") and _metres_in(found) is None]
    if without:
        yield bad(place, "Distances are left out: the file does not say whether they are kilometres or miles.")


LISTS: Mapping[str, Lists] = {"weight": weights, "fat": fat, "sleep": sleep, "activities": activities}


def _weight(row: Node, place: str, unit: str | None, zone: ZoneInfo) -> Iterator[Parsed]:
    at = moment_of(_logged(need_text(row, "date"), text(row, "time")), zone)
    entered = (text(row, "source") or "").lower() in ENTERED
    values = (
        (codes.WEIGHT, above_zero(row, "weight") if unit else None, unit or ""),
        (codes.BODY_MASS_INDEX, above_zero(row, "bmi"), codes.BODY_MASS_UNIT),
        (codes.BODY_FAT, above_zero(row, "fat"), "%"),
    )
    for metric, value, its_unit in values:
        if value:
            yield Measured(DEVICE, metric, at, value, its_unit, place=place, self_reported=entered)


def _logged(day: str, clock: str | None) -> datetime:
    if clock is None:
        raise InvalidInput("The time of day is missing.")
    for form in DAY_FORMS:
        try:
            return datetime.strptime(f"{day} {clock}", f"{form} %H:%M:%S")
        except ValueError:
            continue
    raise InvalidInput("The date and time are not of the form 2026-03-28 and 07:30:00.")


def _sleep(row: Node, place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    first, last = iso(need_text(row, "startTime"), zone), iso(need_text(row, "endTime"), zone)
    if last < first:
        raise InvalidInput("The sleep ends before it begins.")
    entered = text(row, "logType") == "manual"
    for metric, minutes in ((codes.SLEEP, need_number(row, "minutesAsleep")), *_stages(row)):
        if minutes < 0:
            raise InvalidInput("The minutes asleep are below zero.")
        yield Measured(DEVICE, metric, first, minutes, "min", last, place, self_reported=entered)


def _stages(row: Node) -> Iterator[tuple[str, float]]:
    summary = node((node(row.get("levels")) or {}).get("summary")) or {}
    for name, metric in STAGES.items():
        stage = node(summary.get(name))
        if stage is not None and (minutes := number(stage, "minutes")) is not None:
            yield metric, minutes


def _activity(row: Node, place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    first = _began(row, zone)
    names = text(row, "activityName"), text(row, "name"), text(row, "activityParentName")
    distance, metres = above_zero(row, "distance"), _metres_in(row)
    yield Workout(
        DEVICE,
        sport_of(*names),
        first,
        first + _lasted(row),
        external_id=_log_id(row),
        distance_m=distance * metres if distance and metres else None,
        energy_kcal=above_zero(row, "calories"),
        place=place,
    )


def _began(row: Node, zone: ZoneInfo) -> datetime:
    began = need_text(row, "startTime")
    if (day := text(row, "startDate")) is not None:
        return iso(f"{day}T{began}", zone)
    try:
        return moment_of(datetime.strptime(began, EXPORT_TIME), zone)
    except ValueError:
        return iso(began, zone)


def _lasted(row: Node) -> timedelta:
    """Zero for an entry without a duration: Fitbit lets people log an activity without one."""
    thousandths = above_zero(row, "duration") or 0.0
    if thousandths > timedelta(days=31) / timedelta(milliseconds=1):
        raise InvalidInput("The activity is longer than a month: that cannot be right.")
    return timedelta(milliseconds=thousandths)


def _log_id(row: Node) -> str | None:
    found = row.get("logId")
    return str(found)[:40] if isinstance(found, int) and not isinstance(found, bool) else text(row, "logId")


def _metres_in(row: Node) -> float | None:
    return METRES.get((text(row, "distanceUnit") or "").lower())
