"""Tables as text: the columns found by the names that people and releases give them, every row with its line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from vitasense.deterministic.knowledge.formats.files import Line, lines
from vitasense.deterministic.knowledge.formats.parsed import Flaws
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.platform.problems import InvalidInput

DELIMITERS = (",", ";", "\t", "|", "^")
LINES_BEFORE = 10  # a title or a date may stand above the columns
JOINED_LINES = 50  # lines that one quoted cell may span; beyond that a quotation mark was forgotten


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, trimmed; empty where the table has no such column."""

    line: int
    cells: Mapping[str, str]
    text: str

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def rows(stream: BinaryIO, columns: Mapping[str, Sequence[str]], needed: Sequence[str], flaws: Flaws) -> Iterator[Row]:
    """The rows below the line that names the `needed` columns; each column goes by its name or one of its others.

    A row that cannot be read, or has more or fewer cells, becomes a flaw. Raises InvalidInput without such a line.
    """
    found = _whole(lines(stream), flaws)
    delimiter, places, width = _header(found, columns, needed)
    for line in found:
        cells = _cells(line.text, delimiter)
        if cells is None:
            flaws.add(f"line {line.number}", "The row is not well formed.", line.text)
        elif len(cells) < width or any(cell.strip() for cell in cells[width:]):
            flaws.add(
                f"line {line.number}", f"The row has {len(cells)} cells, and there are {width} columns.", line.text
            )
        else:
            yield Row(line.number, {name: cells[place].strip() for name, place in places.items()}, line.text)


def _header(
    found: Iterator[Line], columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> tuple[str, dict[str, int], int]:
    known = {normalise(other): name for name, others in columns.items() for other in (name, *others)}
    seen = list[str]()
    for line in found:
        delimiter = max(DELIMITERS, key=line.text.count)
        cells = [normalise(cell) for cell in _cells(line.text, delimiter) or ()]
        places = {known[cell]: place for place, cell in reversed(list(enumerate(cells))) if cell in known}
        if set(needed) <= set(places):
            return delimiter, places, len(cells)
        seen.append(line.text[:80])
        if len(seen) == LINES_BEFORE:
            break
    told = ", ".join(" or ".join((name, *columns[name])) for name in needed)
    first = f" The first line is “{seen[0]}”." if seen else " The file is empty."
    raise InvalidInput(f"No line at the top of the table names its columns. Needed are: {told}.{first}")


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), list[str]())
    except csv.Error:
        return None


def _whole(found: Iterator[Line], flaws: Flaws) -> Iterator[Line]:
    """Lines that can be read, those of a quoted cell joined; a quotation that is never closed costs one line only."""
    waiting = list[Line]()
    while (line := waiting.pop(0) if waiting else next(found, None)) is not None:
        if line.fault:
            flaws.add(f"line {line.number}", line.fault, line.text)
            continue
        if line.text.count('"') % 2:
            taken = list[Line]()
            text = _closed(line, waiting, found, taken)
            if text is None:
                flaws.add(f"line {line.number}", "A quotation mark in this row is never closed.", line.text)
                waiting = taken + waiting
                continue
            line = Line(line.number, text)
        yield line


def _closed(first: Line, waiting: list[Line], found: Iterator[Line], taken: list[Line]) -> str | None:
    text = first.text
    while len(taken) < JOINED_LINES and (line := waiting.pop(0) if waiting else next(found, None)) is not None:
        taken.append(line)
        if line.fault:
            return None
        text = f"{text}\n{line.text}"
        if line.text.count('"') % 2:
            return text
    return None
