"""XML read in flat memory: elements are given one after another and forgotten. Entities are refused (defusedxml)."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from vitasense.deterministic.devices.formats.limits import CHUNK, XML_NAMES, word
from vitasense.deterministic.platform.problems import InvalidInput

DEEPEST = 32  # levels
MOST_INSIDE = 1000  # elements inside one row
LONGEST_SILENCE = 4 << 20  # bytes without the begin or end of an element


class Step(NamedTuple):
    """The begin or the end of an element. `path` are the names around it and its own, without namespaces.

    At the begin only the attributes are known; at the end also the text and, in a row, the elements inside.
    """

    is_end: bool
    path: tuple[str, ...]
    element: Element


class Broken(Exception):
    """The XML ends or breaks here; what was given before stands. The text says where."""


def steps(stream: BinaryIO, rows: frozenset[str]) -> Iterator[Step]:
    """Begins and ends of the elements outside rows, and of each row; what is inside a row comes with its end.

    Raises InvalidInput for entities and for what is beyond the limits, Broken where the XML is not well formed.
    """
    import defusedxml  # noqa: PLC0415
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    source = _Counted(stream)
    walk = _Walk(rows)
    try:
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=False, forbid_entities=True):
            source.silence = 0
            if (step := walk.on(event, element)) is not None:
                yield step
                walk.forget(step)
    except defusedxml.DefusedXmlException:
        raise InvalidInput("The XML declares entities or outside files, which is refused. Export it again.") from None
    except ParseError as error:
        raise Broken(f"line {error.position[0]}") from None
    except (LookupError, ValueError):
        raise InvalidInput("The XML is in an encoding that cannot be read: save it as UTF-8.") from None


def name_of(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def inside(row: Element, *names: str) -> str | None:
    """The text of the first element at that path inside the row, whatever the namespaces; None without text."""
    for name in names:
        found = next((child for child in row if name_of(child) == name), None)
        if found is None:
            return None
        row = found
    return _text(row)


def anywhere(row: Element, name: str) -> str | None:
    """The text of the first element of that name inside the row."""
    return next((_text(element) for element in row.iter() if name_of(element) == name), None)


def told(element: Element) -> str | None:
    """The words of an element on one line; None without any."""
    return word(element.text or "") or None


def _text(element: Element) -> str | None:
    return (element.text or "").strip() or None


class _Counted:
    """A stream that gives up when the XML says nothing for too long: one endless text, tag or comment."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.silence = 0

    def read(self, size: int = CHUNK) -> bytes:
        found = self._stream.read(min(size, CHUNK) if size > 0 else CHUNK)
        self.silence += len(found)
        if self.silence > LONGEST_SILENCE:
            raise InvalidInput(f"One piece of the XML is longer than {LONGEST_SILENCE >> 20} MB.")
        return found


class _Walk:
    def __init__(self, rows: frozenset[str]) -> None:
        self._rows = rows
        self._around = list[Element]()
        self._path: tuple[str, ...] = ()
        self._row_depth = 0  # depth of the row that is being read, 0 outside rows
        self._inside = 0
        self._names = set[str]()  # the parser keeps every different name for as long as it lives

    def on(self, event: str, element: Element) -> Step | None:
        return self._begin(element) if event == "start" else self._end(element)

    def forget(self, step: Step) -> None:
        """Drop an element that ended, so that its parent does not keep it."""
        if not step.is_end:
            return
        step.element.clear()
        if self._around:
            self._around[-1].remove(step.element)

    def _begin(self, element: Element) -> Step | None:
        self._path = (*self._path, name_of(element))
        self._around.append(element)
        self._names.update((element.tag, *element.attrib))
        if len(self._names) > XML_NAMES:
            raise InvalidInput(f"The XML has more than {XML_NAMES:,} different names of elements and attributes.")
        if len(self._path) > DEEPEST:
            raise InvalidInput(f"The XML is nested deeper than {DEEPEST} levels.")
        if self._row_depth:
            self._inside += 1
            if self._inside > MOST_INSIDE:
                raise InvalidInput(f"One row of the XML holds more than {MOST_INSIDE:,} elements.")
            return None
        if self._path[-1] in self._rows:
            self._row_depth, self._inside = len(self._path), 0
        return Step(False, self._path, element)

    def _end(self, element: Element) -> Step | None:
        path, self._path = self._path, self._path[:-1]
        self._around.pop()
        if self._row_depth and len(path) > self._row_depth:
            return None
        self._row_depth = 0
        return Step(True, path, element)
