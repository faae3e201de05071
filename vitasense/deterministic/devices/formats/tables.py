"""Plain tables: our own long form (time, metric, value, unit), or any table with a mapping of its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.limits import bad, quoted, word
from vitasense.deterministic.devices.formats.mapping import ISO, TableMapping, ValueColumn
from vitasense.deterministic.devices.formats.metrics import metric_code
from vitasense.deterministic.devices.formats.moments import moment, settled
from vitasense.deterministic.devices.formats.numerals import Decimal, number
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed
from vitasense.deterministic.devices.formats.sources import source_named
from vitasense.deterministic.devices.formats.text import Row, delimiter_of, lines, rows
from vitasense.deterministic.devices.formats.units import unit_code
from vitasense.deterministic.platform.problems import InvalidInput

NEEDED = ("time", "metric", "value", "unit")
OPTIONAL = ("until", "device", "note")
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)  # the first line of tables that Excel writes


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table by name (trimmed, any case) and what its rows need."""

    places: Mapping[str, int]
    width: int

    def cell(self, row: Row, column: str | None) -> str:
        """The cell of a column, trimmed; empty when the table has no such column."""
        place = self.places.get(_name(column)) if column else None
        return row.cells[place].strip() if place is not None else ""

    def need(self, columns: Sequence[str]) -> None:
        """Raises InvalidInput for columns that are not there."""
        missing = [column for column in columns if _name(column) not in self.places]
        if missing:
            raise InvalidInput(f"The table has no column {', '.join(map(quoted, missing))} in its first line.")


def read(stream: BinaryIO, *, zone: ZoneInfo, mapping: TableMapping | None = None) -> Iterator[Parsed]:
    """The numbers of a table, row by row; a row with a fault becomes a BadRow.

    Without a mapping the first line names time, metric, value, unit and perhaps until, device, note; metric is a LOINC
    code, an Open mHealth name or the catalogue's name. Raises InvalidInput when columns are missing or named twice.
    """
    header, found = opened(stream, mapping.delimiter if mapping else None, mapping.encoding if mapping else None)
    if mapping is None:
        header.need(NEEDED)
    else:
        named = (mapping.until, mapping.device, mapping.note)
        header.need([mapping.time, *(each.column for each in mapping.values), *(each for each in named if each)])
    for row in found:
        try:
            checked(row, header)
            taken = list(_long(row, header, zone) if mapping is None else _wide(row, header, zone, mapping))
        except InvalidInput as problem:
            yield bad(f"line {row.line}", problem.detail, row.text)
        else:
            yield from taken


def opened(stream: BinaryIO, delimiter: str | None = None, encoding: str | None = None) -> tuple[Header, Iterator[Row]]:
    """The header and the rows below it. Raises InvalidInput for an empty file and for a column that is named twice."""
    found = lines(stream, encoding)
    first = next(found, None)
    if first is not None and (told := _SEPARATOR.fullmatch(first.text.strip())):
        delimiter, first = delimiter or told.group(1), next(found, None)
    if first is None or first.fault:
        raise InvalidInput(first.fault if first and first.fault else "The file is empty.")
    chosen = delimiter or delimiter_of(first.text)
    header = next(rows([first], chosen))
    if header.fault:
        raise InvalidInput(f"The first line cannot be read: {header.fault}")
    return header_of(header.cells), rows(found, chosen)


def header_of(cells: Sequence[str]) -> Header:
    """The header of these names. Raises InvalidInput when one stands there twice."""
    names = [_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise InvalidInput(f"The column {quoted(twice)} is there twice: which one counts cannot be told.")
    return Header({name: place for place, name in enumerate(names) if name}, len(names))


def checked(row: Row, header: Header) -> None:
    """Raises InvalidInput for a row that cannot be read or has not as many cells as the header."""
    if row.fault:
        raise InvalidInput(row.fault)
    if len(row.cells) < header.width or any(cell.strip() for cell in row.cells[header.width :]):
        raise InvalidInput(f"The row has {len(row.cells)} cells, the first line names {header.width} columns.")


def _long(row: Row, header: Header, zone: ZoneInfo) -> Iterator[Measured]:
    metric = metric_code(header.cell(row, "metric"))
    unit = unit_code(header.cell(row, "unit"), metric)
    ends = header.cell(row, "until")
    yield _measured(
        row,
        moment(header.cell(row, "time"), zone),
        moment(ends, zone) if ends else None,
        ValueColumn.model_construct(column="value", metric=metric, unit=unit),
        number(header.cell(row, "value")),
        header.cell(row, "device"),
        header.cell(row, "note"),
    )


def _wide(row: Row, header: Header, zone: ZoneInfo, mapping: TableMapping) -> Iterator[Measured]:
    at = _time(header.cell(row, mapping.time), mapping, zone)
    ends = header.cell(row, mapping.until)
    until = _time(ends, mapping, zone) if ends else None
    device, note = header.cell(row, mapping.device), header.cell(row, mapping.note)
    filled = [(each, cell) for each in mapping.values if (cell := header.cell(row, each.column))]
    if not filled:
        raise InvalidInput("The row has no value.")
    for column, cell in filled:
        yield _measured(row, at, until, column, _number(cell, mapping.decimal, column), device, note)


def _number(cell: str, decimal: Decimal | None, column: ValueColumn) -> float:
    try:
        return number(cell, decimal)
    except InvalidInput as problem:
        raise InvalidInput(f"{quoted(column.column)}: {problem.detail}") from None


def _time(cell: str, mapping: TableMapping, zone: ZoneInfo) -> datetime:
    if mapping.time_format == ISO:
        return moment(cell, zone)
    try:
        found = datetime.strptime(cell, mapping.time_format)
    except ValueError:
        raise InvalidInput(f"{quoted(cell)} is not a time of the form {mapping.time_format}.") from None
    return settled(found, zone)


def _measured(
    row: Row, at: datetime, until: datetime | None, column: ValueColumn, value: float, device: str, note: str
) -> Measured:
    if until is not None and until <= at:
        raise InvalidInput("It ends before it begins." if until < at else "It ends when it begins.")
    return Measured(
        source_named(device), column.metric, at, value, column.unit, until, f"line {row.line}", word(note) or None
    )


def _name(column: str) -> str:
    return " ".join(column.split()).casefold()
