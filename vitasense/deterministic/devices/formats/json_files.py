"""JSON documents of vendors, read as a whole and looked at without trusting any of it."""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, cast

from vitasense.deterministic.devices.formats.limits import bad, quoted, word
from vitasense.deterministic.devices.formats.moments import EARLIEST, LATEST
from vitasense.deterministic.devices.formats.parsed import LONGEST_ROW, Parsed
from vitasense.deterministic.platform.problems import InvalidInput

LARGEST = 64 << 20  # bytes of one document, which is held in memory as a whole
DEEPEST = 32  # levels of nesting; the formats that are read here need seven

Node = dict[str, object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMERAL = frozenset("0123456789+-.eE")
_LONGEST_NUMERAL = 32


def document(stream: BinaryIO) -> object:
    """What the stream holds as JSON. Raises InvalidInput when it is too large, too deep, or not JSON."""
    raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise InvalidInput(f"The file is larger than {LARGEST >> 20} MB: split it, for instance by month.")
    try:
        found: object = json.loads(raw.decode("utf-8-sig"), parse_constant=_refused)
    except RecursionError:
        raise InvalidInput(_too_deep()) from None
    except ValueError:
        raise InvalidInput("The file is not JSON, or it is damaged: export it again and send it unchanged.") from None
    _check_depth(found)
    return found


def node(value: object) -> Node | None:
    """`value` if it is a JSON object."""
    return cast("Node", value) if isinstance(value, dict) else None


def items(value: object) -> list[object] | None:
    """`value` if it is a JSON array."""
    return cast("list[object]", value) if isinstance(value, list) else None


def need_items(value: object, name: str) -> list[object]:
    """`value` if it is a JSON array, else InvalidInput that names it."""
    found = items(value)
    if found is None:
        raise InvalidInput(f"{quoted(name)} is not a list: this is not the vendor's file as it was exported.")
    return found


def number(row: Node, key: str) -> float | None:
    """The number under `key`, also where it is written as text; None without one. InvalidInput if it is not one."""
    value = row.get(key)
    if value is None or value == "":
        return None
    found = _number(value)
    if found is None:
        raise InvalidInput(f"{quoted(key)} is not a number.")
    return found


def need_number(row: Node, key: str) -> float:
    """The number under `key`. Raises InvalidInput when it is missing or not one."""
    found = number(row, key)
    if found is None:
        raise InvalidInput(f"{quoted(key)} is missing.")
    return found


def above_zero(row: Node, key: str) -> float | None:
    """The number under `key`; None for a zero, which vendors write for "not measured". A negative one is refused."""
    found = number(row, key)
    if found is not None and found < 0:
        raise InvalidInput(f"{quoted(key)} is below zero.")
    return found or None


def text(row: Node, key: str) -> str | None:
    """The words under `key` on one line; None when there are none."""
    value = row.get(key)
    return (word(value) or None) if isinstance(value, str) else None


def need_text(row: Node, key: str) -> str:
    """The words under `key`. Raises InvalidInput when there are none."""
    found = text(row, key)
    if found is None:
        raise InvalidInput(f"{quoted(key)} is missing.")
    return found


def after_epoch(seconds: float) -> datetime:
    """The moment so many seconds after 1970 (UTC). Raises InvalidInput for years that no calendar of a device has."""
    try:
        found = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise InvalidInput("The time cannot be right: check the device's clock.") from None
    if not EARLIEST <= found.year <= LATEST:
        raise InvalidInput(f"The year {found.year} cannot be right: check the device's clock.")
    return found


def each(rows: Iterable[object], place: str, take: Callable[[Node, str], Iterable[Parsed]]) -> Iterator[Parsed]:
    """What `take` makes of each entry. An entry with a fault gives one BadRow and nothing else."""
    for index, row in enumerate(rows):
        where, found = f"{place}[{index}]", node(row)
        if found is None:
            yield bad(where, "The entry is not a JSON object.", content(row))
            continue
        try:
            taken = list(take(found, where))
        except InvalidInput as problem:
            yield bad(where, problem.detail, content(row))
        else:
            yield from taken


def content(row: object) -> str:
    """The entry as text, at most LONGEST_ROW characters."""
    pieces, length = list[str](), 0
    for piece in json.JSONEncoder(ensure_ascii=False, default=str).iterencode(row):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_ROW:
            break
    return "".join(pieces)[:LONGEST_ROW]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and (len(value) > _LONGEST_NUMERAL or not _NUMERAL.issuperset(value)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _check_depth(found: object) -> None:
    level = [found]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
        if not level:
            return
    raise InvalidInput(_too_deep())


def _inside(outer: object) -> Iterable[object]:
    if isinstance(outer, dict):
        return cast("Node", outer).values()
    return cast("list[object]", outer) if isinstance(outer, list) else ()


def _too_deep() -> str:
    return f"The file is nested deeper than {DEEPEST} levels: this is not a vendor's file as it was exported."


def _refused(constant: str) -> float:
    raise ValueError(constant)
