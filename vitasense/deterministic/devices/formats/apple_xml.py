"""An Apple Health export, element by element, in memory that does not grow with the file.

The document type that stands before the data is left out, not read: exports of some versions declare it wrongly, it
says nothing that is needed, and nothing it could do to a parser can happen. One that declares an entity is refused.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.apple_records import Attributes, Records
from vitasense.deterministic.devices.formats.apple_workouts import Routes, Workouts
from vitasense.deterministic.devices.formats.limits import CHUNK, XML_DEPTH, XML_NAMES, XML_PROLOGUE, XML_TOKEN, bad
from vitasense.deterministic.devices.formats.parsed import Parsed
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.platform.problems import InvalidInput

ROOT = b"<HealthData"
NOT_AN_EXPORT = (
    "This is no Apple Health export: it holds no HealthData. "
    "Send export.zip as the Health app wrote it, or the export.xml inside it."
)
# Summaries of days repeat the records; correlations repeat the records that belong together.
_TOLD_ELSEWHERE = frozenset({"ExportDate", "Me", "ActivitySummary", "Correlation"})
_TOP, _INSIDE, _DEEPER = 2, 3, 4  # depths: Record, its MetadataEntry, the FileReference of a WorkoutRoute


def elements(stream: BinaryIO, *, zone: ZoneInfo, routes: Routes | None = None) -> Iterator[Parsed]:
    """What the export holds, then one BadRow for each kind that is not taken.

    A file that breaks off gives what came before, then a BadRow that says so. Raises InvalidInput when it is no export
    or attacks its reader.
    """
    parser = ParserCreate("utf-8")
    untaken = Untaken()
    export = _Export(parser, Records(zone, untaken), Workouts(zone, untaken, routes), untaken)
    yield from _fed(parser, export, stream)
    yield from untaken.rows()


def _fed(parser: XMLParserType, export: "_Export", stream: BinaryIO) -> Iterator[Parsed]:
    data, fed = _from_root(stream), 0
    while True:
        fed += len(data)
        try:
            parser.Parse(data, not data)
        except ExpatError as error:
            yield from export.taken()
            yield _broken(error, ended=not data)
            return
        yield from export.taken()
        if not data:
            return
        if fed - parser.CurrentByteIndex > XML_TOKEN or len(parser.intern) > XML_NAMES:
            raise InvalidInput("The export is not formed as Apple Health writes it. Export it again.")
        try:
            data = stream.read(CHUNK)
        except EOFError as problem:
            yield bad(f"line {parser.CurrentLineNumber}", f"{problem} What came before was read; export it again.")
            return


class _Export:
    """Hands each element to what reads it; keeps no more than the one at hand."""

    def __init__(self, parser: XMLParserType, records: Records, workouts: Workouts, untaken: Untaken) -> None:
        self._parser, self._records, self._workouts, self._untaken = parser, records, workouts, untaken
        self._rows = list[Parsed]()
        self._depth, self._line, self._top = 0, 0, ""
        self._attributes: Attributes = {}
        self._metadata: dict[str, str] = {}
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse

    def taken(self) -> list[Parsed]:
        """The rows since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == _TOP:
            self._begin(name, attributes)
        elif self._top == "Record":
            if name == "MetadataEntry" and (key := attributes.get("key", "")) in self._records.keys:
                self._metadata[key] = attributes.get("value", "")
        elif self._top == "Workout":
            self._within(name, attributes)
        if self._depth > XML_DEPTH:
            raise InvalidInput("The export is nested deeper than Apple Health writes it. Export it again.")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._top, self._line = name, self._parser.CurrentLineNumber
        if name == "Record":
            self._attributes, self._metadata = attributes, {}
        elif name == "Workout":
            self._workouts.begin(attributes, self._line)
        elif name not in _TOLD_ELSEWHERE:
            self._untaken.add(name, f"line {self._line}")

    def _within(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == _INSIDE:
            self._workouts.child(name, attributes)
        elif self._depth == _DEEPER and name == "FileReference":
            self._workouts.route(attributes.get("path", ""))

    def _end(self, _name: str) -> None:
        if self._depth == _TOP:
            if self._top == "Record":
                self._rows.extend(self._records.take(self._attributes, self._metadata, self._line))
            elif self._top == "Workout":
                self._rows.extend(self._workouts.end())
            self._top = ""
        self._depth -= 1


def _from_root(stream: BinaryIO) -> bytes:
    """The beginning of the data; what stands before it is replaced by its line ends, so that lines keep their numbers."""
    head = b""
    while (at := _root_at(head)) < 0:
        try:
            more = stream.read(CHUNK)
        except EOFError as problem:
            raise InvalidInput(f"{problem} Copy or export it again.") from None
        if not more or len(head) > XML_PROLOGUE:
            raise InvalidInput(NOT_AN_EXPORT)
        head += more
    if b"<!ENTITY" in head[:at]:
        raise InvalidInput("The export declares entities, which Apple Health never does. Export it again.")
    return b"\n" * head.count(b"\n", 0, at) + head[at:]


def _root_at(head: bytes) -> int:
    at = head.find(ROOT)
    while at >= 0 and head[at + len(ROOT) : at + len(ROOT) + 1] not in (b" ", b">", b"\n", b"\r", b"\t", b"/"):
        at = head.find(ROOT, at + 1)
    return at


def _broken(error: ExpatError, *, ended: bool) -> Parsed:
    place = f"line {error.lineno}"
    if ended:
        return bad(place, "The file ends in the middle. What came before was read; copy or export it again.")
    return bad(place, f"The file is damaged here ({error.args[0]}). What came before was read, the rest was not.")


def _refuse(*_: object) -> None:
    raise InvalidInput("The export declares a document type or entity inside its data. Export it again.")
