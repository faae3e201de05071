"""Rows of device samples in PostgreSQL's binary COPY format: manual, COPY, "File Formats", binary format."""

from collections.abc import Iterator, Sequence
from struct import pack
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.tracking.blocks import Block, Stream
from vitasense.deterministic.tracking.microseconds import NO_END

TYPES = {
    "metric": "text",
    "at": "timestamptz",
    "device_id": "uuid",
    "category": "text",
    "value": "float8",
    "unit": "text",
    "quality": "real",
    "flags": "int4",
    "until": "timestamptz",
    "note": "text",
}
"""The columns in their order here: those that may be null come last."""

_EPOCH = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
_HEAD = b"PGCOPY\n\xff\r\n\0" + pack(">ii", 0, 0)
_TAIL = pack(">h", -1)
_NULL = pack(">i", -1)
READ = {
    "device_id": ("device_id", "S16"),
    "at": ("at", ">i8"),
    "until": ("coalesce(until, '-infinity')", ">i8"),
    "value": ("value", ">f8"),
    "quality": ("quality", ">f4"),
    "flags": ("flags", ">i4"),
}
"""What `decoded` takes: each column as it is selected, and how it comes."""
_BACK = np.dtype(
    [
        ("fields", ">i2"),
        *(part for name, (_, kind) in READ.items() for part in ((f"length_{name}", ">i4"), (name, kind))),
    ]
)


def encoded(blocks: list[Block]) -> Iterator[bytes]:
    """The rows as COPY takes them."""
    yield _HEAD
    for block in blocks:
        for moments in (True, False):
            part = block.only((block.until == NO_END) == moments)
            if part.at.size:
                yield _rows(part, moments)
    yield _TAIL


def decoded(data: bytes) -> dict[UUID, Stream]:
    """Device → its numbers, in the order in which COPY gave them."""
    rows = np.frombuffer(data[len(_HEAD) : -len(_TAIL)], _BACK)
    until = rows["until"].astype(np.int64)
    whole = Stream(
        rows["at"].astype(np.int64) + _EPOCH,
        np.where(until == NO_END, NO_END, until + _EPOCH),
        rows["value"].astype(np.float64),
        rows["quality"].astype(np.float32),
        rows["flags"].astype(np.int32),
    )
    devices, places = np.unique(rows["device_id"], return_inverse=True)
    if devices.size == 1:
        return {_device(devices[0]): whole}
    return {_device(device): whole.only(places == place) for place, device in enumerate(devices)}


def _device(text: bytes) -> UUID:
    return UUID(bytes=bytes(text).ljust(16, b"\0"))  # numpy drops zeros at the end


def _rows(block: Block, moments: bool) -> bytes:
    fields: list[tuple[str, str, object]] = [
        ("metric", f"S{len(block.metric.code)}", block.metric.code.encode()),
        ("at", ">i8", block.at - _EPOCH),
        ("device_id", "V16", np.void(block.device_id.bytes)),
        ("category", f"S{len(block.metric.category)}", block.metric.category.encode()),
        ("value", ">f8", block.value),
        ("unit", f"S{len(block.metric.unit.encode())}", block.metric.unit.encode()),
        ("quality", ">f4", block.quality),
        ("flags", ">i4", block.flags),
    ]
    if not moments:
        fields.append(("until", ">i8", block.until - _EPOCH))
    layout = [("fields", ">i2")]
    for name, kind, _ in fields:
        layout += [(f"length_{name}", ">i4"), (name, kind)]
    nulls = ["until", "note"] if moments else ["note"]
    rows = np.empty(block.at.size, np.dtype(layout + [(f"length_{name}", ">i4") for name in nulls]))
    rows["fields"] = len(TYPES)
    for name, kind, value in fields:
        rows[f"length_{name}"] = np.dtype(kind).itemsize
        rows[name] = value
    for name in nulls:
        rows[f"length_{name}"] = -1
    return rows.tobytes() if block.notes is None else b"".join(_noted(rows, block.notes))


def _noted(rows: NDArray[np.void], notes: Sequence[str | None]) -> Iterator[bytes]:
    for row, note in zip(rows, notes, strict=True):
        text = None if note is None else note.encode()
        yield row.tobytes() if text is None else row.tobytes()[: -len(_NULL)] + pack(">i", len(text)) + text
