"""Delivery: what comes in, and under which name it is known for ever."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

LIVE = frozenset({"webhook", "api"})  # what a device sends while it measures; a file comes whenever somebody sends it
PIECE = 1 << 20  # bytes of a file that are read at once


@dataclass(frozen=True, slots=True)
class Delivery:
    """What comes in: `key` names it for ever, `source` is the way it came, `device_id` whose rows they all are.

    `content` is the SHA-256 of what was sent, where the sender chose the key: the same key cannot name two things.
    """

    key: str
    source: str
    device_id: UUID | None = None
    content: bytes = b""

    @property
    def is_live(self) -> bool:
        """Whether the time of its arrival says something about the clock of the device."""
        return self.source in LIVE

    def id_for(self, patient_id: UUID) -> UUID:
        """The same for the same delivery."""
        return uuid5(patient_id, f"delivery|{self.key}")


def file_delivery(
    stream: BinaryIO,
    zone: ZoneInfo,
    *,
    name: str,
    kind: str | None = None,
    mapping: str | None = None,
    device_id: UUID | None = None,
) -> Delivery:
    """The delivery of a file that is read in this way; the stream is at its beginning afterwards.

    All that decides what is read from it belongs to its key: some vendors say in the name what the numbers are, and who
    mends their time zone or a mapping may send the file again.
    """
    way = hashlib.sha256(repr((name, kind, mapping, zone.key)).encode())
    stream.seek(0)
    content = hashlib.sha256()
    while piece := stream.read(PIECE):
        content.update(piece)
    stream.seek(0)
    return Delivery(f"file:{content.hexdigest()}:{way.hexdigest()}:{device_id}", "file", device_id)
