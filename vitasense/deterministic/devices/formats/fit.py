"""FIT files of watches, bike computers, scales and cuffs (Garmin FIT SDK, protocol 2, profile 21).

A file is one or several parts, each with a header and a checksum. A part whose checksum is wrong gives nothing, because
nobody can say which of its numbers changed. Of a part that was cut off, the whole messages before the cut are taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.fit_activity import activity
from vitasense.deterministic.devices.formats.fit_body import body
from vitasense.deterministic.devices.formats.fit_device import device_of, file_type, is_measured
from vitasense.deterministic.devices.formats.fit_messages import Clock, Message, checksum, messages
from vitasense.deterministic.devices.formats.fit_monitoring import monitoring
from vitasense.deterministic.devices.formats.limits import bad, quoted
from vitasense.deterministic.devices.formats.parsed import Parsed
from vitasense.deterministic.platform.problems import InvalidInput

LARGEST = 32 << 20  # bytes; a day of one record a second is about 4 MB
HEADER_SIZES = (12, 14)
MAGIC = b".FIT"
CHECKSUM = 2  # bytes


@dataclass(frozen=True, slots=True)
class _Part:
    data: bytes
    size: int  # bytes that its header promises, header and checksum included

    @property
    def is_cut(self) -> bool:
        return len(self.data) < self.size


def read(stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]:
    """What the file holds, part after part. `zone` is for devices whose clock was not set: they know local time only.

    Raises InvalidInput when it is not a FIT file, or when its first part is damaged. Damage after that is a BadRow.
    """
    del name
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InvalidInput(f"The file is larger than {LARGEST >> 20} MB: export single activities.")
    if data[8:12] != MAGIC:
        raise InvalidInput(
            "This is not a FIT file: it does not begin with a FIT header. Export it again from the device."
        )
    offset = 0
    while offset < len(data):
        try:
            part = _part(data, offset)
        except InvalidInput as problem:
            if not offset:
                raise
            yield bad(f"byte {offset}", f"{problem.detail} What comes before it was taken.")
            return
        yield from _taken(part, offset, zone)
        offset += part.size


def _part(data: bytes, offset: int) -> _Part:
    """The part that begins at `offset`. Raises InvalidInput when its header or its checksum is wrong."""
    header = data[offset : offset + HEADER_SIZES[0]]
    if len(header) < HEADER_SIZES[0] or header[0] not in HEADER_SIZES or header[8:12] != MAGIC:
        raise InvalidInput("The FIT header is damaged.")
    size = header[0] + int.from_bytes(header[4:8], "little") + CHECKSUM
    part = _Part(data[offset : offset + size], size)
    if header[0] == HEADER_SIZES[1] and len(part.data) >= header[0]:
        stated = int.from_bytes(part.data[12:14], "little")
        if stated and stated != checksum(
            part.data[:12]
        ):  # zero: the device did not compute it (FIT protocol, header CRC)
            raise InvalidInput("The FIT header is damaged: its checksum is wrong.")
    if not part.is_cut and checksum(part.data[:-CHECKSUM]) != int.from_bytes(part.data[-CHECKSUM:], "little"):
        raise InvalidInput(
            "The file is damaged: its checksum is wrong, so none of its numbers can be trusted. Copy it again."
        )
    return part


def _taken(part: _Part, offset: int, zone: ZoneInfo) -> Iterator[Parsed]:
    found, fault = messages(part.data)
    if part.is_cut:
        yield bad(
            f"byte {offset + len(part.data)}",
            "The file ends in the middle, so its checksum is missing. Its whole messages were taken: copy it again.",
        )
    elif fault is not None:
        yield bad(f"byte {offset}", f"The file cannot be read to its end ({fault}). What comes before was taken.")
    kind = file_type(found)
    if not is_measured(kind):
        told = quoted(kind) if kind else "unknown"
        yield bad(f"byte {offset}", f"The FIT file is of the type {told}: it holds no measurements of a person.")
        return
    yield from _measured(found, part.is_cut or fault is not None, offset, zone)


def _measured(found: list[Message], is_damaged: bool, offset: int, zone: ZoneInfo) -> Iterator[Parsed]:
    device, clock = device_of(found), Clock(found, zone)
    nothing = True
    for reader in (activity, monitoring, body):
        for parsed in reader(found, device, clock, is_damaged):
            nothing = False
            yield parsed
    if nothing and not is_damaged:
        yield bad(f"byte {offset}", "The FIT file holds no measurement that is taken.")
