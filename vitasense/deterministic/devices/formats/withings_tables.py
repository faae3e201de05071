"""Tables of Withings' data download: weight.csv, bp.csv, height.csv, and the raw tables of heart rate and steps.

Columns and units are those of the README.txt that comes with the download. In the first three the times are wall-clock
times of the person; the raw tables have an offset with each. Other tables of the download are not taken.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import PurePath
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.json_files import items
from vitasense.deterministic.devices.formats.limits import bad, quoted, word
from vitasense.deterministic.devices.formats.numerals import finite, number
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice
from vitasense.deterministic.devices.formats.text import Row, lines, rows
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.devices.formats.wall_clock import iso, written
from vitasense.deterministic.platform.problems import InvalidInput

Cells = Mapping[str, str]
DEVICE = SourceDevice("Withings", maker="Withings")
TIME = "%Y-%m-%d %H:%M:%S"
# Column → measure and unit. A blood pressure's columns have no unit in their names; the README gives it.
COLUMNS = {
    "weight (kg)": (codes.WEIGHT, "kg"),
    "weight (lb)": (codes.WEIGHT, "[lb_av]"),
    "height (m)": (codes.HEIGHT, "m"),
    "heart rate": (codes.HEART_RATE, codes.PER_MINUTE),
    "systolic": (codes.SYSTOLIC, codes.PRESSURE),
    "diastolic": (codes.DIASTOLIC, codes.PRESSURE),
}
UNTAKEN = ("fat mass (", "bone mass (", "muscle mass (", "hydration (")
RAW = {"start", "duration", "value"}
# Raw table → measure and unit. Zeros are left out: no pulse was found, nothing was counted.
RAW_KINDS = {
    "raw_tracker_hr": (codes.HEART_RATE, codes.PER_MINUTE),
    "raw_sleep-monitor_hr": (codes.HEART_RATE, codes.PER_MINUTE),
    "raw_tracker_steps": (codes.STEPS, codes.STEP_COUNT),
}
LONGEST_PIECE = 24 * 3600  # seconds


def tables(stream: BinaryIO, zone: ZoneInfo, name: str) -> Iterator[Parsed]:
    """What a table of the download holds. Raises InvalidInput when it is none that is taken."""
    found = rows(lines(stream), ",")
    header = next(found, None)
    names = [cell.strip().lower() for cell in header.cells] if header is not None else []
    if set(names) == RAW:
        kind = _raw_kind(name)
        yield from _each(found, names, lambda cells, place: _raw(cells, place, kind, zone))
        return
    taken = [column for column in names if column in COLUMNS]
    if not names or names[0] != "date" or not taken:
        raise InvalidInput(
            "This is no table of a Withings download that is taken: weight.csv, bp.csv, height.csv, "
            "raw_tracker_hr.csv, raw_tracker_steps.csv."
        )
    untaken = Untaken()
    yield from _each(found, names, lambda cells, place: _measured(cells, place, taken, zone, untaken))
    yield from untaken.rows()


def _each(found: Iterable[Row], names: list[str], take: Callable[[Cells, str], Iterable[Parsed]]) -> Iterator[Parsed]:
    for row in found:
        place = f"line {row.line}"
        try:
            if row.fault:
                raise InvalidInput(row.fault)
            if len(row.cells) > len(names):
                raise InvalidInput("The row has more cells than the table has columns.")
            parsed = list(take(dict(zip(names, row.cells, strict=False)), place))
        except InvalidInput as problem:
            yield bad(place, problem.detail, row.text)
        else:
            yield from parsed


def _measured(cells: Cells, place: str, taken: list[str], zone: ZoneInfo, untaken: Untaken) -> Iterator[Parsed]:
    at = written(cells["date"].strip(), TIME, zone)
    note = word(cells.get("comments", "")) or None
    if bool(cells.get("systolic", "").strip()) != bool(cells.get("diastolic", "").strip()):
        raise InvalidInput("One of the two pressures is missing.")
    for column in taken:
        if value := cells.get(column, "").strip():
            metric, unit = COLUMNS[column]
            yield Measured(DEVICE, metric, at, number(value), unit, place=place, note=note)
    for column, value in cells.items():
        if column.startswith(UNTAKEN) and value.strip():
            untaken.add(column.partition(" (")[0], place)


def _raw_kind(name: str) -> tuple[str, str]:
    kind = RAW_KINDS.get(PurePath(name).name.partition(".")[0].lower())
    if kind is None:
        raise InvalidInput(
            "A raw table of Withings says only in its name what it holds: keep the name. "
            f"Taken are {', '.join(f'{each}.csv' for each in RAW_KINDS)}."
        )
    return kind


def _raw(cells: Cells, place: str, kind: tuple[str, str], zone: ZoneInfo) -> Iterator[Parsed]:
    metric, unit = kind
    at = iso(cells["start"].strip(), zone)
    lengths, values = _numbers(cells.get("duration", "")), _numbers(cells.get("value", ""))
    if len(lengths) != len(values):
        raise InvalidInput("The row has not as many durations as values.")
    for length, value in zip(lengths, values, strict=True):
        if not 0 <= length <= LONGEST_PIECE:
            raise InvalidInput("A duration cannot be right.")
        first, at = at, at + timedelta(seconds=length)
        if value:
            yield Measured(DEVICE, metric, first, value, unit, at if at > first else None, place)


def _numbers(text: str) -> list[float]:
    """A list like [60,60,30]. Raises InvalidInput."""
    try:
        found = items(json.loads(text))
    except (ValueError, RecursionError):
        found = None
    if found is None or not all(isinstance(each, int | float) and not isinstance(each, bool) for each in found):
        raise InvalidInput(f"{quoted(text)} is not a list of numbers.")
    try:
        return [finite(float(str(each))) for each in found]
    except (ValueError, OverflowError):
        raise InvalidInput(f"{quoted(text)} is not a list of numbers.") from None
