"""The JSON files of a Fitbit account's export (Google Takeout, "Global Export Data"): lists of entries."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes, fitbit_logs
from vitasense.deterministic.devices.formats.fitbit_logs import DEVICE, EXPORT_TIME
from vitasense.deterministic.devices.formats.json_files import Node, above_zero, each, need_text, node, number
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed
from vitasense.deterministic.devices.formats.wall_clock import day_of, written
from vitasense.deterministic.platform.problems import InvalidInput

MINUTE = timedelta(minutes=1)
# steps-2024-01-01.json and calories-2024-01-01.json hold one number a minute; distance-*.json does not say its unit.
COUNTED = {"steps": (codes.STEPS, codes.STEP_COUNT), "calories": (codes.ENERGY, "kcal")}


def entries(rows: list[object], zone: ZoneInfo, name: str) -> Iterator[Parsed]:
    """What the list holds. Raises InvalidInput when its kind is not taken or cannot be told."""
    if not rows:
        return
    first = next((found for row in rows if (found := node(row)) is not None), Node())
    if "weight" in first:
        yield from fitbit_logs.weights(rows, "", zone)
    elif "minutesAsleep" in first:
        yield from fitbit_logs.sleep(rows, "", zone)
    elif "activityName" in first:
        yield from fitbit_logs.activities(rows, "", zone)
    elif "dateTime" in first and "value" in first:
        yield from _timed(rows, first, zone, name)
    else:
        raise InvalidInput("This is not a Fitbit file of heart rate, steps, energy, weight, sleep or activities.")


def _timed(rows: list[object], first: Node, zone: ZoneInfo, name: str) -> Iterator[Parsed]:
    value = node(first["value"])
    if value is not None and "bpm" in value:
        yield from each(rows, "", lambda row, place: _heart_rate(row, place, zone))
    elif value is not None and {"date", "value", "error"} <= value.keys():
        yield from each(rows, "", lambda row, place: _resting(row, place, zone))
    else:
        kind = PurePath(name).name.partition("-")[0]
        if value is not None or kind not in COUNTED:
            raise InvalidInput(
                "The file does not say what its numbers are, or they are not taken from Fitbit. "
                "Steps and energy are taken when the file keeps its name: steps-DATE.json, calories-DATE.json."
            )
        yield from each(rows, "", lambda row, place: _minute(row, place, kind, zone))


def _heart_rate(row: Node, place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    value = node(row.get("value"))
    if value is None:
        raise InvalidInput("The heart rate is missing.")
    at = written(need_text(row, "dateTime"), EXPORT_TIME, zone)
    if beats := above_zero(value, "bpm"):
        note = "Fitbit's own confidence: 0 of 3" if number(value, "confidence") == 0 else None
        yield Measured(DEVICE, codes.HEART_RATE, at, beats, codes.PER_MINUTE, place=place, note=note)


def _resting(row: Node, place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    value = node(row.get("value"))
    beats = above_zero(value, "value") if value is not None else None
    if beats:  # a day without the device has a zero here
        day = _day_time(need_text(row, "dateTime"))
        first, last = day_of(day.date(), zone)
        yield Measured(DEVICE, codes.RESTING_HEART_RATE, first, beats, codes.PER_MINUTE, last, place)


def _day_time(text: str) -> datetime:
    try:
        return datetime.strptime(text, EXPORT_TIME)
    except ValueError:
        raise InvalidInput("The time is not of the form 03/28/26 07:30:00.") from None


def _minute(row: Node, place: str, kind: str, zone: ZoneInfo) -> Iterator[Parsed]:
    metric, unit = COUNTED[kind]
    at = written(need_text(row, "dateTime"), EXPORT_TIME, zone)
    if count := above_zero(row, "value"):
        yield Measured(DEVICE, metric, at, count, unit, at + MINUTE, place)
