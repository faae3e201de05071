"""Lines and rows of text files, with bounded memory however long a line is."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from vitasense.deterministic.devices.formats.limits import LONGEST_LINE
from vitasense.deterministic.devices.formats.streams import peeked
from vitasense.deterministic.platform.problems import InvalidInput

DELIMITERS = (",", ";", "\t", "|")
JOINED_LINES = 20  # lines that one quoted cell may span; beyond that a quotation mark was forgotten
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Line(NamedTuple):
    """One line without its end. `fault` says why it cannot be read, else None."""

    number: int
    text: str
    fault: str | None = None


class Row(NamedTuple):
    """The cells of one row. `text` is the row as written; `fault` says why it has no cells, else None."""

    line: int
    cells: list[str]
    text: str
    fault: str | None = None


def lines(stream: BinaryIO, encoding: str | None = None) -> Iterator[Line]:
    """The lines that are not blank. Without `encoding` it is UTF-8, or UTF-16 where the first bytes say so."""
    head, whole = peeked(stream, 512)
    reader = io.TextIOWrapper(whole, encoding or _encoding(head), errors="replace", newline=None)
    number = 0
    while text := reader.readline(LONGEST_LINE + 1):
        number += 1
        if len(text) > LONGEST_LINE and not text.endswith("\n"):
            yield Line(number, text, f"The line is longer than {LONGEST_LINE:,} characters.")
            while (rest := reader.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
        elif "\x00" in text:
            yield Line(number, text.rstrip("\n"), "The line holds NUL characters: the file is damaged or not text.")
        elif text.strip():
            yield Line(number, text.rstrip("\n"))


def rows(found: Iterable[Line], delimiter: str) -> Iterator[Row]:
    """The rows of a table (RFC 4180): a quoted cell may hold delimiters, doubled quotes and a few line ends."""
    waiting, source = deque[Line](), iter(found)
    while (line := waiting.popleft() if waiting else next(source, None)) is not None:
        if line.fault is None and line.text.count('"') % 2:
            line = _closed(line, waiting, source)
        yield Row(line.number, [], line.text, line.fault) if line.fault else _row(line, delimiter)


def delimiter_of(text: str) -> str:
    """The delimiter of a header line; InvalidInput when it has only one column."""
    outside = "".join(text.split('"')[::2])
    best = max(DELIMITERS, key=outside.count)
    if not outside.count(best):
        raise InvalidInput("The first line names no columns: a table needs them, separated by comma, semicolon or tab.")
    return best


def _row(line: Line, delimiter: str) -> Row:
    if '"' not in line.text:
        return Row(line.number, line.text.split(delimiter), line.text)
    try:
        cells = next(csv.reader([line.text], delimiter=delimiter), list[str]())
    except csv.Error as error:
        return Row(line.number, [], line.text, f"The row is not well formed ({error}).")
    return Row(line.number, cells, line.text)


def _closed(first: Line, waiting: deque[Line], source: Iterator[Line]) -> Line:
    """The lines up to the one that closes the quotation; what does not belong to it waits."""
    text, taken = first.text, list[Line]()
    while len(taken) < JOINED_LINES and (line := waiting.popleft() if waiting else next(source, None)) is not None:
        taken.append(line)
        if line.fault or len(text) + len(line.text) > LONGEST_LINE:
            break
        text = f"{text}\n{line.text}"
        if line.text.count('"') % 2:
            return Line(first.number, text)
    waiting.extendleft(reversed(taken))
    return Line(first.number, first.text, "A quotation mark in this row is never closed.")


def _encoding(head: bytes) -> str:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head[1::2].count(0) > len(head) // 4 and not head[::2].count(0):
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4 and not head[1::2].count(0):
        return "utf-16-be"
    return "utf-8"
