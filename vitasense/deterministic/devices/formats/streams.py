"""Looking at the beginning of a stream without losing it."""

import io
from typing import BinaryIO, cast

from vitasense.deterministic.devices.formats.limits import CHUNK


class _Rejoined(io.RawIOBase):
    """What was read already, then the rest. Closing it leaves the stream itself open."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        taken = self._head[: len(buffer)] or self._rest.read(min(len(buffer), CHUNK)) or b""
        self._head = self._head[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def peeked(stream: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """The first `size` bytes (fewer if there are no more), and a stream that begins with them."""
    pieces, missing = list[bytes](), size
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    head = b"".join(pieces)
    return head, cast("BinaryIO", io.BufferedReader(_Rejoined(head, stream), CHUNK))
