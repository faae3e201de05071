"""Small makers of files for the tests of the readers."""

import io
from collections.abc import Iterator
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.choose import Reader
from vitasense.deterministic.devices.formats.parsed import BadRow, Measured, Parsed, Workout

BERLIN = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")


class Flowing:
    """A stream that only gives pieces, one after the other: it cannot seek and is never held as a whole."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def flowing(pieces: Iterator[bytes]) -> BinaryIO:
    """The pieces as a stream that cannot seek."""
    return cast("BinaryIO", Flowing(pieces))


def all_of(reader: Reader, content: str | bytes, zone: ZoneInfo = UTC) -> list[Parsed]:
    """Everything that a reader gives for this content."""
    raw = content.encode() if isinstance(content, str) else content
    return list(reader(io.BytesIO(raw), zone=zone))


def measured(found: list[Parsed]) -> list[Measured]:
    """The measurements among them."""
    return [each for each in found if isinstance(each, Measured)]


def workouts(found: list[Parsed]) -> list[Workout]:
    """The workouts among them."""
    return [each for each in found if isinstance(each, Workout)]


def bad_rows(found: list[Parsed]) -> list[BadRow]:
    """The bad rows among them."""
    return [each for each in found if isinstance(each, BadRow)]
