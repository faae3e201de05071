"""Records of an Apple Health export as measurements."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.apple_book import Quantity, apple_book
from vitasense.deterministic.devices.formats.apple_devices import is_sensor, source_device
from vitasense.deterministic.devices.formats.limits import LONGEST_UNIT, bad, quoted
from vitasense.deterministic.devices.formats.moments import EARLIEST, LATEST, moment
from vitasense.deterministic.devices.formats.numerals import number
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice
from vitasense.deterministic.devices.formats.units import unit_code
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert

TYPED = "HKWasUserEntered"
NOT_ASLEEP = "time in bed or awake is not counted as sleep"
_MOLAR_MASS = re.compile(r"<[0-9.]*>")
_STAMP = 25  # characters of "2018-09-10 02:28:55 -0700"

Attributes = Mapping[str, str]


class Records:
    """Turns one record after the other into measurements; what has no measure is counted."""

    def __init__(self, zone: ZoneInfo, untaken: Untaken) -> None:
        book = apple_book()
        self._zone, self._untaken = zone, untaken
        self._quantities, self._sleep_type = book.quantities, book.sleep_type
        self.keys = frozenset({TYPED, *book.notes})

    def take(self, attributes: Attributes, metadata: Attributes, line: int) -> Iterator[Parsed]:
        """The measurements of one record (a stage of sleep gives two), or a BadRow."""
        kind = attributes.get("type", "")
        quantity = self._quantities.get(kind)
        try:
            if quantity is not None:
                yield self._quantity(quantity, attributes, metadata, f"line {line}")
            elif kind == self._sleep_type:
                yield from self._sleep(attributes, metadata, f"line {line}")
            else:
                self._untaken.add(kind or "a record without a type", f"line {line}")
        except InvalidInput as problem:
            yield bad(f"line {line}", problem.detail, written("Record", attributes))

    def _quantity(self, quantity: Quantity, attributes: Attributes, metadata: Attributes, place: str) -> Measured:
        start, end = span(attributes, self._zone)
        device = device_of(attributes)
        metric = quantity.of_sensor if quantity.of_sensor and is_sensor(device) else quantity.metric
        value, unit = number(attributes.get("value", "")), _unit(attributes.get("unit", ""), metric)
        if quantity.fraction and unit == "%":
            value = convert(value, "1", "%")
        return _measured(device, metric, start, end, value, unit, place, metadata)

    def _sleep(self, attributes: Attributes, metadata: Attributes, place: str) -> Iterator[Measured]:
        said, book = attributes.get("value", ""), apple_book()
        metrics = book.sleep.get(said)
        if metrics is None:
            self._untaken.add(f"sleep, {said}", place, NOT_ASLEEP if said in book.awake else "it is no known stage")
            return
        start, end = span(attributes, self._zone)
        if start == end:
            raise InvalidInput("The sleep ends when it begins.")
        hours = convert((end - start).total_seconds(), "s", "h")
        for metric in metrics:
            yield _measured(device_of(attributes), metric, start, end, hours, "h", place, metadata)


def span(attributes: Attributes, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end of a sample. Raises InvalidInput when they are no times or in the wrong order."""
    first, last = attributes.get("startDate", ""), attributes.get("endDate", "")
    start = _stamp(first, zone)
    if not last or last == first:
        return start, start
    end = _stamp(last, zone)
    if end < start:
        raise InvalidInput("It ends before it begins.")
    return start, end


def device_of(attributes: Attributes) -> SourceDevice:
    """The device or app that wrote the sample."""
    return source_device(
        attributes.get("sourceName", ""), attributes.get("sourceVersion", ""), attributes.get("device", "")
    )


def written(name: str, attributes: Attributes) -> str:
    """The element as text, for its repair."""
    inside = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<{name} {inside}>"


def _measured(
    device: SourceDevice,
    metric: str,
    start: datetime,
    end: datetime,
    value: float,
    unit: str,
    place: str,
    metadata: Attributes,
) -> Measured:
    until = end if end != start else None
    if not metadata:
        return Measured(device, metric, start, value, unit, until, place)
    notes = apple_book().notes
    told = [notes[key][said] for key, said in metadata.items() if key in notes and said in notes[key]]
    typed = metadata.get(TYPED) in ("1", "true", "YES")
    return Measured(device, metric, start, value, unit, until, place, "; ".join(told) or None, typed)


def _unit(text: str, metric: str) -> str:
    return unit_code(_MOLAR_MASS.sub("", text) if "<" in text[:LONGEST_UNIT] else text, metric)


def _stamp(text: str, zone: ZoneInfo) -> datetime:
    if len(text) == _STAMP and text[19] == " ":
        try:
            found = datetime.fromisoformat(text[:19] + text[20:])
        except ValueError:
            raise InvalidInput(f"{quoted(text)} is not a date and time of the calendar.") from None
        if found.tzinfo is not None and EARLIEST <= found.year <= LATEST:
            return found
    return moment(text, zone)
