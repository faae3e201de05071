"""Dexcom Clarity's CSV: sensor glucose, and the finger-stick values that were entered to calibrate it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.cgm import glucose, no_cells, unit_in
from vitasense.deterministic.devices.formats.limits import LONGEST_KEY, bad, word
from vitasense.deterministic.devices.formats.metrics import BLOOD_GLUCOSE, SENSOR_GLUCOSE
from vitasense.deterministic.devices.formats.moments import Times, iso_time
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice
from vitasense.deterministic.devices.formats.tables import Header, checked, opened
from vitasense.deterministic.devices.formats.text import Row
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.platform.problems import InvalidInput

READING, CALIBRATION = "egv", "calibration"
TIME, EVENT, GLUCOSE = "timestamp (yyyy-mm-ddthh:mm:ss)", "Event Type", "glucose value ("
# Rows about the person, the device and its alarms: no measurements, and nothing to tell.
_ABOUT = frozenset({"firstname", "lastname", "dateofbirth", "device", "alert", "sensor", "patientidentifier"})
_NOT_CLARITY = (
    "This is no Dexcom Clarity export in English: it needs the columns Timestamp (YYYY-MM-DDThh:mm:ss), Event Type and "
    "Glucose Value. Export it in English, or send it as a plain table with a mapping."
)


def read(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
    """Glucose of an export; times are the wall clock of the person's `zone`.

    "Low" and "High" become BadRows: they are bounds. Insulin, carbohydrates and other events are counted and told at
    the end. Raises InvalidInput when the columns are not Clarity's.
    """
    header, found = opened(stream)
    column = next((name for name in header.places if name.startswith(GLUCOSE)), None)
    unit = unit_in(column or "")
    if column is None or unit is None or TIME not in header.places or EVENT.casefold() not in header.places:
        raise InvalidInput(_NOT_CLARITY)
    named, untaken = "", Untaken()
    times = Times(zone)
    for row in found:
        if no_cells(row):
            continue
        try:
            checked(row, header)
            event = header.cell(row, EVENT).casefold()
            if event == "device":
                named = header.cell(row, "Device Info")
            taken = _taken(row, header, column, unit, named, times) if event in (READING, CALIBRATION) else None
        except InvalidInput as problem:
            yield bad(f"line {row.line}", problem.detail, row.text)
            continue
        if taken is not None:
            yield taken
        elif event not in _ABOUT:
            untaken.add(header.cell(row, EVENT) or "a row without an event type", f"line {row.line}")
    yield from untaken.rows()


def _taken(row: Row, header: Header, column: str, unit: str, named: str, times: Times) -> Measured:
    typed = header.cell(row, EVENT).casefold() == CALIBRATION
    source = header.cell(row, "Source Device ID"), header.cell(row, "Transmitter ID")
    return Measured(
        device=_device(
            (named or header.cell(row, "Device Info"))[:LONGEST_KEY],
            header.cell(row, "Source Device ID")[:LONGEST_KEY],
            header.cell(row, "Transmitter ID")[:LONGEST_KEY],
        ),
        metric=BLOOD_GLUCOSE if typed else SENSOR_GLUCOSE,
        at=times.of("".join(source)[:LONGEST_KEY]).next(iso_time(header.cell(row, TIME))),
        value=glucose(header.cell(row, column)),
        unit=unit,
        place=f"line {row.line}",
        note="entered to calibrate the sensor" if typed else None,
        self_reported=typed,
    )


@lru_cache(maxsize=256)
def _device(named: str, model: str, transmitter: str) -> SourceDevice:
    return SourceDevice(
        name=word(named) or "Dexcom",
        maker="Dexcom",
        model=word(model) or None,
        external_id=word(transmitter) or None,
        kind="cgm",
    )
