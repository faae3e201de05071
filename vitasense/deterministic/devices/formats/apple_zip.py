"""export.zip of Apple Health: finds the export and the routes, and refuses what unpacks without end."""

import struct
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from vitasense.deterministic.devices.formats.limits import (
    CHUNK,
    PACKED_BYTES,
    RATIO,
    RATIO_FROM,
    ROUTE_BYTES,
    UNPACKED_BYTES,
    UNPACKED_ROUTES,
    ZIP_ENTRIES,
)
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge

EXPORT, CLINICAL, ROUTES = "export.xml", "_cda.xml", "workout-routes/"
DEPTH = 2  # export.xml stands at the top or in apple_health_export
DAMAGED = "The zip is damaged."
_ENCRYPTED = 0x1  # bit 0 of the general purpose flags (APPNOTE 6.3.10, section 4.4.4)
# What zipfile raises for damaged bytes: a wrong offset in them is an OSError or ValueError of the seek.
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, struct.error)


class AppleZip:
    """An opened export.zip."""

    def __init__(self, archive: ZipFile, size: int) -> None:
        self._archive, self._size = archive, size
        self._entries = {each.filename: each for each in archive.infolist()}
        self._routes_left = UNPACKED_ROUTES

    @contextmanager
    def export(self) -> Generator[BinaryIO]:
        """The stream of export.xml; it raises EOFError where the zip is damaged."""
        with self._open(self._find(), UNPACKED_BYTES) as stream:
            yield stream

    @contextmanager
    def route(self, path: str) -> Generator[BinaryIO]:
        """The stream of a route by the path that the export gives; each file can be read once."""
        wanted = path[path.find(ROUTES) :] if ROUTES in path else ""
        name = next((each for each in self._entries if wanted and each.endswith(wanted)), None)
        if name is None:
            raise InvalidInput("its file is not in the zip.")
        entry = self._entries.pop(name)
        with self._open(entry, min(ROUTE_BYTES, self._routes_left)) as stream:
            yield stream
            self._routes_left -= entry.file_size

    def _find(self) -> ZipInfo:
        """export.xml; where the phone's language gave it another name, the one file of that form."""
        near = [
            each for name, each in self._entries.items() if name.lower().endswith(".xml") and name.count("/") < DEPTH
        ]
        exact = [each for each in near if each.filename.rpartition("/")[2].lower() == EXPORT]
        found = exact or [each for each in near if not each.filename.lower().endswith(CLINICAL)]
        if len(found) != 1:
            raise InvalidInput("There is no export.xml in the zip. Send export.zip as the Health app wrote it.")
        return found[0]

    @contextmanager
    def _open(self, entry: ZipInfo, most: int) -> Generator[BinaryIO]:
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise InvalidInput("The zip is encrypted or packed in an unusual way. Send it as the Health app wrote it.")
        try:
            opened = self._archive.open(entry)
        except _BROKEN:
            raise InvalidInput(DAMAGED) from None
        with opened:
            yield cast("BinaryIO", _Bounded(opened, most, min(entry.compress_size, self._size)))


class _Bounded:
    """Reads an entry up to what it may hold; only `read` is there."""

    def __init__(self, entry: IO[bytes], most: int, packed: int) -> None:
        self._entry, self._most, self._packed, self._read = entry, most, packed, 0

    def read(self, size: int = CHUNK) -> bytes:
        try:
            piece = self._entry.read(size if 0 <= size <= CHUNK else CHUNK)
        except _BROKEN:
            raise EOFError(DAMAGED) from None
        self._read += len(piece)
        if self._read > self._most or (self._read > RATIO_FROM and self._read > RATIO * self._packed):
            raise InvalidInput("The zip unpacks to far more than an export holds, and was not read further.")
        return piece


@contextmanager
def apple_zip(stream: BinaryIO) -> Generator[AppleZip]:
    """The opened zip. A stream that cannot seek is put into a temporary file first. Raises InvalidInput, TooLarge."""
    with TemporaryFile() as held:
        source = stream if _seeks(stream) else _copied(stream, cast("BinaryIO", held))
        size = source.seek(0, 2)
        try:
            archive = ZipFile(source)
        except _BROKEN:
            raise InvalidInput("The zip cannot be opened: it is damaged or cut off. Copy or export it again.") from None
        with archive:
            if len(archive.infolist()) > ZIP_ENTRIES:
                raise InvalidInput("The zip holds more files than an export does.")
            yield AppleZip(archive, size)


def _seeks(stream: BinaryIO) -> bool:
    try:
        return stream.seekable()
    except AttributeError:
        return False


def _copied(stream: BinaryIO, held: BinaryIO) -> BinaryIO:
    copied = 0
    while piece := stream.read(CHUNK):
        copied += len(piece)
        if copied > PACKED_BYTES:
            raise TooLarge("The zip is larger than this service takes.")
        held.write(piece)
    return held
