"""FreeStyle LibreView's CSV: historic and scanned sensor glucose, and blood glucose of test strips.

Its times are written day first or month first, as the account is set up, and nothing in the file says which. The whole
file decides: one day above 12 does. A file that could be either is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.cgm import MASS, glucose, no_cells, unit_in
from vitasense.deterministic.devices.formats.limits import CHUNK, LONGEST_KEY, PACKED_BYTES, bad, quoted, word
from vitasense.deterministic.devices.formats.metrics import BLOOD_GLUCOSE, SENSOR_GLUCOSE
from vitasense.deterministic.devices.formats.moments import Times, iso_time
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice
from vitasense.deterministic.devices.formats.tables import Header, checked, header_of
from vitasense.deterministic.devices.formats.text import Row, delimiter_of, lines, rows
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge

TIME, KIND = "Device Timestamp", "Record Type"
LINES_BEFORE_HEADER = 5
IN_MEMORY = 4 << 20  # bytes of a file that are held before it is put on disk
AMBIGUOUS = (
    "Whether the day or the month comes first in this file's dates cannot be told: no day in it is above 12. "
    "Choose the kind libre-day-first or libre-month-first."
)
_NOT_LIBRE = (
    "This is no LibreView export in English: it needs the columns Device Timestamp, Record Type and glucose in mg/dL or "
    "mmol/L. Export it in English, or send it as a plain table with a mapping."
)
# LibreView's record types (columns of its export): 0 every 15 minutes, 1 scanned by hand, 2 a test strip.
_RECORDS = {
    "0": ("historic glucose ", SENSOR_GLUCOSE, None),
    "1": ("scan glucose ", SENSOR_GLUCOSE, "scanned"),
    "2": ("strip glucose ", BLOOD_GLUCOSE, "test strip"),
}
_DATE = re.compile(
    r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<seconds>\d{2}))?(?: (?P<half>[AaPp])\.?[Mm]\.?)?",
    re.ASCII,
)
_NOON = 12


@dataclass(frozen=True, slots=True)
class _File:
    header: Header
    rows: Iterator[Row]


def read(stream: BinaryIO, *, zone: ZoneInfo, day_first: bool | None = None) -> Iterator[Parsed]:
    """Glucose of an export; times are the wall clock of the person's `zone`.

    Without `day_first` the file is read twice, the first time to see how it writes dates. Other records (food,
    insulin, notes) are counted and told at the end. Raises InvalidInput when it is no export or ambiguous.
    """
    with SpooledTemporaryFile(max_size=IN_MEMORY) as held:
        copy = cast("BinaryIO", held)
        _copy(stream, copy)
        if day_first is None:
            day_first = _day_first(_opened(copy))
        yield from _readings(_opened(copy), zone, day_first=day_first)


def read_day_first(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
    """`read` for an account that writes the day first."""
    return read(stream, zone=zone, day_first=True)


def read_month_first(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
    """`read` for an account that writes the month first."""
    return read(stream, zone=zone, day_first=False)


def _readings(file: _File, zone: ZoneInfo, *, day_first: bool) -> Iterator[Parsed]:
    untaken, header, times = Untaken(), file.header, Times(zone)
    columns = {kind: _column(header, start) for kind, (start, _, _) in _RECORDS.items()}
    for row in file.rows:
        if no_cells(row):
            continue
        try:
            checked(row, header)
            kind = header.cell(row, KIND)
            column = columns.get(kind)
            if column is not None:
                at = times.of(kind).next(_time(header.cell(row, TIME), day_first=day_first))
                yield _measured(row, header, kind, column, at)
            else:
                untaken.add(f"record type {kind}" if kind else "a row without a record type", f"line {row.line}")
        except InvalidInput as problem:
            yield bad(f"line {row.line}", problem.detail, row.text)
    yield from untaken.rows()


def _measured(row: Row, header: Header, kind: str, column: str, at: datetime) -> Measured:
    _, metric, note = _RECORDS[kind]
    return Measured(
        device=_device(header.cell(row, "Device")[:LONGEST_KEY], header.cell(row, "Serial Number")[:LONGEST_KEY]),
        metric=metric,
        at=at,
        value=glucose(header.cell(row, column)),
        unit=unit_in(column) or MASS,
        place=f"line {row.line}",
        note=note,
    )


def _opened(copy: BinaryIO) -> _File:
    """The header, which stands below a line or two about the export, and the rows."""
    copy.seek(0)
    found = lines(copy)
    for _ in range(LINES_BEFORE_HEADER):
        line = next(found, None)
        if line is None:
            break
        if line.fault is None and TIME in line.text:
            delimiter = delimiter_of(line.text)
            header = header_of(next(rows([line], delimiter)).cells)
            if KIND.casefold() in header.places and _column(header, "historic glucose "):
                return _File(header, rows(found, delimiter))
    raise InvalidInput(_NOT_LIBRE)


def _day_first(file: _File) -> bool:
    """How the file writes its dates. Raises InvalidInput when it does not show, or shows both."""
    firsts = seconds = unclear = False
    for row in file.rows:
        found = _DATE.fullmatch(file.header.cell(row, TIME)) if len(row.cells) >= file.header.width else None
        if found:
            first, second = int(found["first"]) > _NOON, int(found["second"]) > _NOON
            firsts, seconds, unclear = firsts or first, seconds or second, unclear or not (first or second)
    if firsts and seconds:
        raise InvalidInput("Some dates in this file have the day first and others the month. Export it again.")
    if not (firsts or seconds) and unclear:
        raise InvalidInput(AMBIGUOUS)
    return firsts


def _time(text: str, *, day_first: bool) -> datetime:
    found = _DATE.fullmatch(text)
    if found is None:
        return iso_time(text)
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    day, month = (first, second) if day_first else (second, first)
    try:
        return datetime(year, month, day, _hour(found), int(found["minute"]), int(found["seconds"] or 0))
    except ValueError:
        order = "day" if day_first else "month"
        raise InvalidInput(f"{quoted(text)} is not a date and time with the {order} first.") from None


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if not half:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError
    return hour % _NOON + (_NOON if half == "p" else 0)


def _column(header: Header, start: str) -> str | None:
    return next((name for name in header.places if name.startswith(start) and unit_in(name)), None)


@lru_cache(maxsize=256)
def _device(name: str, serial: str) -> SourceDevice:
    return SourceDevice(word(name) or "FreeStyle Libre", "Abbott", None, word(serial) or None, kind="cgm")


def _copy(stream: BinaryIO, held: BinaryIO) -> None:
    copied = 0
    while piece := stream.read(CHUNK):
        copied += len(piece)
        if copied > PACKED_BYTES:
            raise TooLarge("The file is larger than this service takes.")
        held.write(piece)
