"""Withings: answers of its measure API (Withings API reference, Measure - Getmeas) and tables of its data download."""

from collections.abc import Iterator
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.json_files import (
    Node,
    after_epoch,
    document,
    each,
    need_items,
    need_number,
    node,
    text,
)
from vitasense.deterministic.devices.formats.limits import quoted
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice
from vitasense.deterministic.devices.formats.streams import peeked
from vitasense.deterministic.devices.formats.untaken import NO_MEASURE, Untaken
from vitasense.deterministic.devices.formats.withings_tables import tables
from vitasense.deterministic.platform.problems import InvalidInput

HEAD = 64  # bytes that tell JSON from a table
# Types of measures: number → measure and unit.
TYPES = {
    1: (codes.WEIGHT, "kg"),
    4: (codes.HEIGHT, "m"),
    6: (codes.BODY_FAT, "%"),
    9: (codes.DIASTOLIC, codes.PRESSURE),
    10: (codes.SYSTOLIC, codes.PRESSURE),
    11: (codes.HEART_RATE, codes.PER_MINUTE),
    54: (codes.OXYGEN, "%"),
    71: (codes.TEMPERATURE, "Cel"),
}
UNTAKEN = {
    5: "fat free mass",
    8: "fat mass",
    12: "temperature, which is the body's only in type 71",
    73: "skin temperature",
    76: "muscle mass",
    77: "body water",
    88: "bone mass",
    91: "pulse wave velocity",
}
OWN, AMBIGUOUS, ENTERED, AT_SIGN_UP = 0, 1, 2, 4
CONFIRMED = frozenset({OWN, 5, 7, 8, 15})  # by a device, and known to be of this person
REAL = 1  # category of measurements; 2 are objectives
KINDS = {
    "scale": ("body", "scale", "ws-", "wbs"),
    "cuff": ("bpm",),
    "thermometer": ("thermo",),
    "watch": ("watch", "steel", "move", "pulse"),
}
DEEPEST_EXPONENT = 12


def read(stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]:
    """What the file holds, one after another. `zone` is for the tables, whose times are wall-clock times.

    `name` is the file's own name: the raw tables say only there what they hold.
    Raises InvalidInput when the file as a whole is not Withings' or holds nothing that is taken.
    """
    head, whole = peeked(stream, HEAD)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        yield from tables(whole, zone, name)
        return
    answer = node(document(whole)) or {}
    body = node(answer.get("body", answer)) or {}
    if answer.get("status", 0) != 0:
        raise InvalidInput("Withings answered with an error instead of measurements: fetch them again.")
    if "measuregrps" not in body:
        raise InvalidInput("This is not a Withings file of measurements: it has no measure groups.")
    untaken = Untaken()
    groups = need_items(body["measuregrps"], "measuregrps")
    yield from each(groups, "measuregrps", lambda row, place: _group(row, place, untaken))
    yield from untaken.rows()


def _group(row: Node, place: str, untaken: Untaken) -> Iterator[Parsed]:
    attributed = row.get("attrib")
    if attributed == AMBIGUOUS:
        raise InvalidInput("It may belong to another user of the scale.")
    if not isinstance(attributed, int) or attributed not in {*CONFIRMED, ENTERED, AT_SIGN_UP}:
        raise InvalidInput("It is not said whose measurement it is.")
    if row.get("category", REAL) != REAL:
        raise InvalidInput("It is a goal and no measurement.")
    at, device = after_epoch(need_number(row, "date")), _device(row)
    is_entered = attributed in (ENTERED, AT_SIGN_UP)
    for measure in need_items(row.get("measures"), "measures"):
        found = node(measure)
        if found is None:
            raise InvalidInput("A measure is not a JSON object.")
        kind = _whole(found, "type")
        if kind not in TYPES:
            untaken.add(UNTAKEN.get(kind, f"type {kind}"), place, NO_MEASURE)
            continue
        metric, unit = TYPES[kind]
        value = _scaled(_whole(found, "value"), _whole(found, "unit"))
        yield Measured(device, metric, at, value, unit, place=place, self_reported=is_entered)


def _scaled(value: int, exponent: int) -> float:
    """`value` times ten to the `exponent`."""
    if abs(exponent) > DEEPEST_EXPONENT:
        raise InvalidInput("The exponent of the value cannot be right.")
    return float(value * 10**exponent) if exponent >= 0 else value / 10**-exponent


def _whole(row: Node, key: str) -> int:
    found = need_number(row, key)
    if found != int(found):
        raise InvalidInput(f"{quoted(key)} is not a whole number.")
    return int(found)


def _device(row: Node) -> SourceDevice:
    model, identity = text(row, "model"), text(row, "deviceid")
    if model is None and identity is None:
        return SourceDevice("Withings", maker="Withings")
    kind = next((kind for kind, words in KINDS.items() if model and any(each in model.lower() for each in words)), None)
    return SourceDevice(model or "Withings", maker="Withings", model=model, external_id=identity, kind=kind)
