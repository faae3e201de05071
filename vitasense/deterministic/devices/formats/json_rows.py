"""The rows of the API, as one JSON document or as NDJSON; Open mHealth data points may stand among them."""

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.limits import JSON_BYTES, LONGEST_ROW, bad, quoted, word
from vitasense.deterministic.devices.formats.metrics import DIASTOLIC, SYSTOLIC, is_pressure, metric_code
from vitasense.deterministic.devices.formats.moments import moment
from vitasense.deterministic.devices.formats.numerals import numeric
from vitasense.deterministic.devices.formats.open_mhealth import data_point, is_data_point
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed
from vitasense.deterministic.devices.formats.sources import UNNAMED, source_named
from vitasense.deterministic.devices.formats.text import lines
from vitasense.deterministic.devices.formats.units import unit_code
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge

MEMBERS = frozenset(
    {"metric", "at", "value", "unit", "until", "note", "device", "systolic", "diastolic", "self_reported"}
)
_EXPECTED = 'It should be a list of rows, {"observations": [...]}, or one row.'

Item = Mapping[str, object]


def read_json(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
    """A list of rows, {"observations": [...]}, or one row; read as a whole.

    A row has metric (LOINC code or name), at, value, unit and perhaps until, note, device, self_reported; a blood
    pressure has systolic and diastolic in place of value and gives two measurements. Raises InvalidInput when it is no
    JSON or of another form, TooLarge above JSON_BYTES.
    """
    text = stream.read(JSON_BYTES + 1)
    if len(text) > JSON_BYTES:
        raise TooLarge(f"One JSON document may hold {JSON_BYTES >> 20} MB: send the rows as NDJSON, or in parts.")
    for number, item in enumerate(_items(_loaded(text.decode("utf-8-sig", "replace")))):
        yield from _row(item, f"item {number}", zone)


def read_ndjson(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
    """One row in each line, as in `read_json`; a line that is no JSON becomes a BadRow."""
    for line in lines(stream):
        place = f"line {line.number}"
        if line.fault:
            yield bad(place, line.fault, line.text)
            continue
        try:
            item = _loaded(line.text)
        except InvalidInput as problem:
            yield bad(place, problem.detail, line.text)
        else:
            yield from _row(item, place, zone)


def _items(document: object) -> list[object]:
    if isinstance(document, dict):
        held = cast("Item", document)
        document = held.get("observations", [held])
    if not isinstance(document, list):
        raise InvalidInput(f"The JSON has another form. {_EXPECTED}")
    return cast("list[object]", document)


def _row(item: object, place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    try:
        if not isinstance(item, dict):
            raise InvalidInput("A row is an object with metric, at, value and unit.")
        row = cast("Item", item)
        taken = list(data_point(row, place, zone) if is_data_point(row) else _own(row, place, zone))
    except InvalidInput as problem:
        yield bad(place, problem.detail, _written(cast("object", item)))
    else:
        yield from taken


def _own(row: Item, place: str, zone: ZoneInfo) -> Iterator[Measured]:
    if unknown := sorted(row.keys() - MEMBERS):
        raise InvalidInput(f"A row has no {quoted(unknown[0])}: there are {', '.join(sorted(MEMBERS))}.")
    name, unit = _text(row, "metric"), _text(row, "unit")
    at = moment(_text(row, "at"), zone)
    until = moment(_text(row, "until"), zone) if row.get("until") is not None else None
    if until is not None and until <= at:
        raise InvalidInput("It ends before it begins.")
    device = source_named(_text(row, "device")) if row.get("device") is not None else UNNAMED
    note = word(_text(row, "note")) or None if row.get("note") is not None else None
    typed = _flag(row, "self_reported")
    pairs = _pressure(row) if is_pressure(name) else [(metric_code(name), "value")]
    for metric, member in pairs:
        value = numeric(row.get(member), member)
        yield Measured(device, metric, at, value, unit_code(unit, metric), until, place, note, typed)


def _pressure(row: Item) -> list[tuple[str, str]]:
    """Both halves: one alone is no blood pressure."""
    if "value" in row:
        raise InvalidInput("A blood pressure has systolic and diastolic in place of value.")
    return [(SYSTOLIC, "systolic"), (DIASTOLIC, "diastolic")]


def _text(row: Item, member: str) -> str:
    value = row.get(member)
    if not isinstance(value, str):
        raise InvalidInput(f"{quoted(member)} is missing." if value is None else f"{quoted(member)} is not a text.")
    return value


def _flag(row: Item, member: str) -> bool:
    value = row.get(member, False)
    if not isinstance(value, bool):
        raise InvalidInput(f"{quoted(member)} is neither true nor false.")
    return value


def _loaded(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise InvalidInput(
            "This is not valid JSON. Numbers must be finite, and names and texts in quotation marks."
        ) from None


def _refused(constant: str) -> object:
    raise ValueError(constant)


def _written(item: object) -> str:
    return json.dumps(item, ensure_ascii=True, default=str)[:LONGEST_ROW]
