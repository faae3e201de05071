"""What the files of continuous glucose sensors share, and the simple form of research tables: id, time, gl."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from statistics import median
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.limits import bad, quoted
from vitasense.deterministic.devices.formats.metrics import SENSOR_GLUCOSE
from vitasense.deterministic.devices.formats.moments import Sequence, iso_time
from vitasense.deterministic.devices.formats.numerals import number
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice
from vitasense.deterministic.devices.formats.tables import checked, opened
from vitasense.deterministic.devices.formats.text import Row
from vitasense.deterministic.platform.problems import InvalidInput

MASS, MOLES = "mg/dL", "mmol/L"
SENSOR = SourceDevice("CGM sensor", kind="cgm")
# Sensors show 2.2 to 27.8 mmol/L or 40 to 500 mg/dL at the most (Dexcom G7 and FreeStyle Libre 3 user guides, 2023), so
# a middle value below this one cannot be in mg/dL.
LOWEST_MIDDLE = 30.0
LOOKED_AT = 500  # rows from which the middle is taken

_BELOW, _ABOVE = frozenset({"low", "lo"}), frozenset({"high", "hi"})
_DECIMAL_COMMA = re.compile(r"[0-9]{1,3},[0-9]{1,2}", re.ASCII)  # no glucose has thousands


def read(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
    """A table with the columns id, time and gl (mg/dL, one person), as the iglu packages define it.

    Raises InvalidInput when the values look like mmol/L. Rows of a second person become BadRows.
    """
    header, found = opened(stream)
    header.need(("id", "time", "gl"))
    first = list(islice(found, LOOKED_AT))
    _check_unit([header.cell(row, "gl") for row in first if not row.fault and len(row.cells) >= header.width])
    person, times = None, Sequence(zone)
    for row in chain(first, found):
        try:
            checked(row, header)
            person = person or header.cell(row, "id")
            if header.cell(row, "id") != person:
                raise InvalidInput(f"This row is of another person than {quoted(person)}: send one file for each.")
            at, value = times.next(iso_time(header.cell(row, "time"))), glucose(header.cell(row, "gl"))
        except InvalidInput as problem:
            yield bad(f"line {row.line}", problem.detail, row.text)
        else:
            yield Measured(SENSOR, SENSOR_GLUCOSE, at, value, MASS, place=f"line {row.line}")


def glucose(cell: str) -> float:
    """The number of a glucose cell. Raises InvalidInput; "Low" and "High" are bounds, and no number is made of them."""
    said = cell.casefold()
    if said in _BELOW | _ABOVE:
        side = "below" if said in _BELOW else "above"
        raise InvalidInput(f"{quoted(cell)}: the glucose was {side} what the sensor can measure; it has no number.")
    return number(cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell)


def unit_in(column: str) -> str | None:
    """The unit that the name of a column tells ("Glucose Value (mg/dL)"), None if none of the two."""
    low = column.casefold()
    return MASS if "mg/dl" in low else MOLES if "mmol/l" in low else None


def no_cells(row: Row) -> bool:
    """Whether there is nothing in the row."""
    return not row.fault and not any(cell.strip() for cell in row.cells)


def _check_unit(cells: list[str]) -> None:
    values = list[float]()
    for cell in cells:
        try:
            values.append(glucose(cell))
        except InvalidInput:
            continue
    if values and median(values) < LOWEST_MIDDLE:
        raise InvalidInput(
            "The column gl is in mg/dL in this form, but its values look like mmol/L. "
            "Send it as a plain table with a mapping that names the unit."
        )
