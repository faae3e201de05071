"""The files of a release: in a folder, in a zip, or one alone; read line by line, with limits."""

import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, cast
from zipfile import BadZipFile, ZipFile, is_zipfile

from vitasense.deterministic.platform.problems import InvalidInput, NotFound, TooLarge

CHUNK = 1 << 16  # bytes read at once
LONGEST_LINE = 1 << 20  # bytes of one line
UNPACKED_BYTES = 16 << 30  # one file inside a zip
RATIO = 250  # unpacked bytes for each packed one: text reaches about 20, the densest deflate stream 1,032
RATIO_FROM = 16 << 20  # unpacked bytes below which the ratio is not looked at
MOST_FILES = 10_000
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_OTHER_ENCODING = (b"\xff\xfe", b"\xfe\xff")


class Line(NamedTuple):
    """One line without its end. `fault` says why it cannot be read, else it is empty."""

    number: int
    text: str
    fault: str = ""


class Bundle:
    """The files behind a path, by the last part of their names. Raises NotFound and InvalidInput."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise NotFound(f"There is no file or folder {path.name}.")
        self._zip = ZipFile(path) if path.is_file() and is_zipfile(path) else None
        self._parts = self._in_zip(self._zip) if self._zip else self._on_disk(path)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in alphabetical order."""
        return tuple(sorted(self._parts))

    def named(self, name: str) -> str | None:
        """The file of this name, in any case of letters; None when it is not there."""
        return next((each for each in self._parts if each.casefold() == name.casefold()), None)

    @contextmanager
    def open(self, name: str) -> Generator[BinaryIO]:
        """The stream of one file. Raises InvalidInput where a zip is damaged, TooLarge where it unpacks without end."""
        part = self._parts[name]
        if self._zip is None:
            with Path(part).open("rb") as stream:
                yield stream
            return
        try:
            opened = self._zip.open(part)
        except _BROKEN:
            raise InvalidInput(f"{name} cannot be unpacked: the zip is damaged or encrypted.") from None
        with opened:
            yield cast("BinaryIO", _Bounded(opened, self._zip.getinfo(part).compress_size))

    @staticmethod
    def _on_disk(path: Path) -> dict[str, str]:
        found = [path] if path.is_file() else sorted(each for each in path.iterdir() if each.is_file())
        return {each.name: str(each) for each in found[:MOST_FILES]}

    @staticmethod
    def _in_zip(archive: ZipFile) -> dict[str, str]:
        if len(archive.infolist()) > MOST_FILES:
            raise InvalidInput(f"The zip holds more than {MOST_FILES:,} files.")
        return {part.rpartition("/")[2]: part for part in archive.namelist() if not part.endswith("/")}


def lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines that are not blank, read as UTF-8. Raises InvalidInput for a file in UTF-16."""
    number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if number == 1:
            if raw.startswith(_OTHER_ENCODING):
                raise InvalidInput("The file is in UTF-16: save it as UTF-8.")
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        line = _line(number, raw)
        while len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            raw, line = stream.readline(LONGEST_LINE), Line(number, "", "The line is longer than 1 MB.")
        if line.fault or line.text.strip():
            yield line


def _line(number: int, raw: bytes) -> Line:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return Line(number, raw.decode("latin-1").rstrip("\r\n"), "The line is not UTF-8: save the file as UTF-8.")
    return Line(number, text, "The line holds NUL characters." if "\x00" in text else "")


class _Bounded:
    """Reads an entry of a zip up to what it may hold."""

    def __init__(self, entry: IO[bytes], packed: int) -> None:
        self._entry, self._packed, self._read = entry, packed, 0

    def read(self, size: int = CHUNK) -> bytes:
        return self._counted(self._piece(size if 0 <= size <= CHUNK else CHUNK, whole_line=False))

    def readline(self, size: int = LONGEST_LINE) -> bytes:
        return self._counted(self._piece(size, whole_line=True))

    def _piece(self, size: int, *, whole_line: bool) -> bytes:
        try:
            return self._entry.readline(size) if whole_line else self._entry.read(size)
        except _BROKEN:
            raise InvalidInput("The zip is damaged: copy or load it again.") from None

    def _counted(self, piece: bytes) -> bytes:
        self._read += len(piece)
        if self._read > UNPACKED_BYTES or (self._read > RATIO_FROM and self._read > RATIO * self._packed):
            raise TooLarge("The zip unpacks to far more than a release holds, and was not read further.")
        return piece
