"""The XML of the ANSM thesaurus, tag by tag: some of it is not well formed, and nothing in it may get lost."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import BinaryIO, NamedTuple

from vitasense.deterministic.knowledge.formats.files import lines
from vitasense.deterministic.knowledge.formats.parsed import Flaws

LONGEST_TAG = 1 << 16  # characters without the end of a tag
_TAG = re.compile(r"<(/?)([A-Za-z][\w.-]*)([^<>]*?)(/?)>|<[!?][^<>]*>")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Tag(NamedTuple):
    """One tag: the line it ends in, its name in capitals, and the text that stood before it."""

    line: int
    name: str
    attributes: Mapping[str, str]
    is_end: bool
    is_empty: bool
    before: str

    def said(self, *names: str) -> str:
        """The first of these attributes that says something, on one line; else empty."""
        return next(filter(None, (" ".join(self.attributes.get(name, "").split()) for name in names)), "")


def tags(stream: BinaryIO, file: str, flaws: Flaws) -> Iterator[Tag]:
    """The tags in their order, whether or not they are balanced. What is no tag is text."""
    rest, text = "", ""
    for line in lines(stream):
        if line.fault:
            flaws.add(f"{file} line {line.number}", line.fault, line.text)
        rest = f"{rest}{line.text}\n"
        at = 0
        for found in _TAG.finditer(rest):
            text += rest[at : found.start()]
            at = found.end()
            if found.group(2):
                yield _tag(line.number, found, text)
                text = ""
        rest = rest[at:]
        if "<" not in rest or len(rest) > LONGEST_TAG:
            text, rest = text + rest, ""


def _tag(line: int, found: re.Match[str], before: str) -> Tag:
    end, name, inside, empty = found.groups()
    attributes = {key.lower(): unescape(one or other) for key, one, other in _ATTRIBUTE.findall(inside)}
    return Tag(line, name.upper(), attributes, bool(end), bool(empty), " ".join(unescape(before).split()))
