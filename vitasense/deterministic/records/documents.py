"""The text of documents: attachments that are text, and the sections of a Composition."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from vitasense.deterministic.records.fhir import Json, objects, text
from vitasense.deterministic.records.rtf import rtf_text

_MARKUP = ("text/html", "application/xhtml+xml")
_RICH = ("text/rtf", "application/rtf")
READABLE = ("text/plain", "text/markdown", *_MARKUP, *_RICH)
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "caption"})
_SILENT = frozenset({"script", "style"})

FindBinary = Callable[[str], Json | None]


class Unreadable(Exception):
    """Why a document has no text."""


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in _SILENT
        self.parts.append("\n" if tag in _BLOCKS else "\t" if tag in {"td", "th"} else "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self.parts.append("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split()) + " " if data.strip() else " ")


def plain_text(markup: str) -> str:
    """The words of HTML or XHTML, one block a line."""
    parser = _Text()
    parser.feed(markup)
    parser.close()
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def attached_text(document: Json, binary: FindBinary, path: str = "content.attachment") -> str:
    """The text of every attachment at the path. Raises Unreadable, saying why, when none can be read."""
    found: list[str] = []
    reasons: list[str] = []
    for attachment in objects(document, path):
        try:
            found.append(_attachment(attachment, binary))
        except Unreadable as reason:
            reasons.append(str(reason))
    if not found:
        raise Unreadable("; ".join(reasons) or "it has no attachment")
    return "\n\n".join(found)


def section_text(composition: Json) -> str:
    """The narrative of every section, with its title, in order. Raises Unreadable when there is none."""
    found = "\n\n".join(_sections(composition))
    if not found:
        raise Unreadable("its sections have no narrative")
    return found


def _sections(node: Json) -> Iterator[str]:
    for section in objects(node, "section"):
        narrative = text(section, "text.div")
        if narrative:
            yield "\n".join(filter(None, [text(section, "title"), plain_text(narrative)]))
        yield from _sections(section)


def _attachment(attachment: Json, binary: FindBinary) -> str:
    kind, data, url = text(attachment, "contentType"), text(attachment, "data"), text(attachment, "url")
    if data is None and url:
        stored = binary(url)
        if stored is None:
            raise Unreadable("its content is kept elsewhere")
        kind, data = kind or text(stored, "contentType"), text(stored, "data")
    if data is None:
        raise Unreadable("it has no content")
    return _decoded(kind or "", data)


def _decoded(kind: str, data: str) -> str:
    media, _, parameters = kind.partition(";")
    media = media.strip().lower()
    if media not in READABLE:
        raise Unreadable(f"{media or 'a document of unknown type'} is not read yet")
    charset = re.search(r"charset=\"?([\w-]+)", parameters)
    try:
        words = base64.b64decode(data).decode(charset[1] if charset else "utf-8", errors="replace")
    except (binascii.Error, LookupError):
        raise Unreadable("its content cannot be decoded") from None
    if media in _RICH:
        return rtf_text(words)
    return plain_text(words) if media in _MARKUP else words
