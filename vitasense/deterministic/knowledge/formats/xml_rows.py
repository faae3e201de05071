"""XML whose elements are rows: what an element says in attributes, or in elements with only text inside it."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from vitasense.deterministic.knowledge.formats.files import CHUNK
from vitasense.deterministic.platform.problems import InvalidInput

MOST_ELEMENTS = 500_000  # an index of medicines has some ten thousand


def elements(stream: BinaryIO) -> Iterator[Mapping[str, str]]:
    """Attributes and texts of each element by name in lower case; an element is forgotten when it was given.

    Raises InvalidInput, with the line, for XML that is not well formed, and for entities.
    """
    import defusedxml  # noqa: PLC0415
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    try:
        for count, (_, element) in enumerate(iterparse(_Chunks(stream), events=("end",), forbid_entities=True)):
            if count > MOST_ELEMENTS:
                raise InvalidInput("The XML has more elements than an index of medicines.")
            yield _said(element)
            for child in element:
                child.clear()
    except defusedxml.DefusedXmlException:
        raise InvalidInput("The XML declares entities, which is refused.") from None
    except ParseError as error:
        raise InvalidInput(f"The XML breaks in line {error.position[0]}: load the file again.") from None


def _said(element: Element) -> Mapping[str, str]:
    inside = {_name(child.tag): child.text.strip() for child in element if child.text and child.text.strip()}
    return inside | {_name(name): value.strip() for name, value in element.attrib.items()}


def _name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


class _Chunks:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = CHUNK) -> bytes:
        return self._stream.read(min(size, CHUNK) if size > 0 else CHUNK)
