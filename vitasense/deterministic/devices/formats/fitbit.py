"""Fitbit: answers of its web API and the JSON files of an account's export.

Fitbit writes wall-clock times without an offset, so they are read in the person's zone. Days and minutes without a step
are left out: Fitbit writes zeros also when nobody wore the device.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes, fitbit_export, fitbit_logs
from vitasense.deterministic.devices.formats.fitbit_logs import DEVICE
from vitasense.deterministic.devices.formats.json_files import (
    Node,
    above_zero,
    document,
    each,
    items,
    need_items,
    need_text,
    node,
    text,
)
from vitasense.deterministic.devices.formats.limits import bad
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.devices.formats.wall_clock import day_of, iso_day, moment_of
from vitasense.deterministic.platform.problems import InvalidInput

SERIES = "activities-"
INTRADAY = "-intraday"
# Series that are a count over their interval; distance is not here, because the file does not say its unit.
SUMS = {"steps": (codes.STEPS, codes.STEP_COUNT), "calories": (codes.ENERGY, "kcal")}
HEART = "heart"
INTERVALS = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1)}


def read(stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]:
    """What the file holds, one after another.

    `name` is the file's own name: the export's files of steps and of energy say only there what they count.
    Raises InvalidInput when the file as a whole is not Fitbit's or holds nothing that is taken.
    """
    found = document(stream)
    if (rows := items(found)) is not None:
        yield from fitbit_export.entries(rows, zone, name)
        return
    answer = node(found)
    if answer is None or not (parts := [key for key in answer if _is_taken(key, answer)]):
        raise InvalidInput("This is not a Fitbit file of heart rate, steps, weight, body fat, sleep or activities.")
    for key in parts:
        yield from _part(key, answer, zone)


def _is_taken(key: str, answer: Node) -> bool:
    return key in fitbit_logs.LISTS or (key.startswith(SERIES) and isinstance(answer[key], list | dict))


def _part(key: str, answer: Node, zone: ZoneInfo) -> Iterator[Parsed]:
    if key in fitbit_logs.LISTS:
        yield from fitbit_logs.LISTS[key](need_items(answer[key], key), key, zone)
    elif key.endswith(INTRADAY):
        yield from _intraday(key, answer, zone)
    else:
        yield from _daily(key, answer, zone)


def _daily(key: str, answer: Node, zone: ZoneInfo) -> Iterator[Parsed]:
    kind = key.removeprefix(SERIES)
    days = need_items(answer[key], key)
    if kind == HEART:
        yield from each(days, key, lambda row, place: _resting(row, place, zone))
    elif kind not in SUMS:
        untaken = Untaken()
        untaken.add(
            kind, key, "the file does not say its unit" if kind == "distance" else "it is not taken from Fitbit"
        )
        yield from untaken.rows()
    elif not _dataset(answer.get(key + INTRADAY)):
        yield from each(days, key, lambda row, place: _day(row, place, kind, zone))


def _resting(row: Node, place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    value = node(row.get("value"))  # older answers have the day's mean here, as text: it is no resting heart rate
    if value is not None and (beats := above_zero(value, "restingHeartRate")):
        first, last = day_of(iso_day(need_text(row, "dateTime")), zone)
        yield Measured(DEVICE, codes.RESTING_HEART_RATE, first, beats, codes.PER_MINUTE, last, place)


def _day(row: Node, place: str, kind: str, zone: ZoneInfo) -> Iterator[Parsed]:
    metric, unit = SUMS[kind]
    first, last = day_of(iso_day(need_text(row, "dateTime")), zone)
    if count := above_zero(row, "value"):
        yield Measured(DEVICE, metric, first, count, unit, last, place)


def _intraday(key: str, answer: Node, zone: ZoneInfo) -> Iterator[Parsed]:
    series = key.removesuffix(INTRADAY)
    kind = series.removeprefix(SERIES)
    rows = _dataset(answer[key])
    if not rows or (kind != HEART and kind not in SUMS):
        return
    try:
        day, step = _only_day(answer.get(series)), _step(answer[key])
    except InvalidInput as problem:
        yield bad(key, problem.detail)
        return
    yield from each(rows, f"{key}.dataset", lambda row, place: _minute(row, place, kind, (day, step, zone)))


def _minute(row: Node, place: str, kind: str, when: tuple[date, timedelta, ZoneInfo]) -> Iterator[Parsed]:
    day, step, zone = when
    metric, unit = SUMS.get(kind, (codes.HEART_RATE, codes.PER_MINUTE))
    at = moment_of(_at(day, need_text(row, "time")), zone)
    if value := above_zero(row, "value"):
        until = None if step < INTERVALS["minute"] and kind == HEART else at + step
        yield Measured(DEVICE, metric, at, value, unit, until, place)


def _at(day: date, clock: str) -> datetime:
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock}")
    except ValueError:
        raise InvalidInput("The time is not of the form 07:30:00.") from None


def _dataset(intraday: object) -> list[object]:
    return items((node(intraday) or {}).get("dataset")) or []


def _only_day(series: object) -> date:
    days = items(series) or []
    if len(days) != 1 or (first := node(days[0])) is None:
        raise InvalidInput("The minutes belong to no single day: export one day at a time.")
    return iso_day(need_text(first, "dateTime"))


def _step(intraday: object) -> timedelta:
    found = node(intraday) or {}
    length, count = INTERVALS.get(text(found, "datasetType") or ""), above_zero(found, "datasetInterval")
    if length is None or count is None or count > timedelta(days=1) / length:
        raise InvalidInput("The length of the intervals is missing or cannot be right.")
    return length * count
