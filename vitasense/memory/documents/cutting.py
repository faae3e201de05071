"""Documents cut into passages: by headings, then by sentences, each passage short enough to be found and quoted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vitasense.memory.sentences import sentences, shortened

MOST_WORDS = 120  # of one passage; a sentence or two is found worse in a longer one
OVERLAP_WORDS = 25  # the last sentence of a passage opens the next one when it is not longer
_MOST_CHARACTERS = 900  # of one sentence, about MOST_WORDS words; a table or a list without ends is cut there
_HEADING_WORDS = 9
_MARKED = re.compile(r"#{1,6}\s+\S")
_SIGNED = re.compile(r"[^.!?;,]*:$")
_WRAPPED = 60  # characters of a line that its end was broken by the width of the page
_ITEM = re.compile(r"[-*•·]|\(?\w{1,2}[.)]\s")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9 /&,()'’-]{2,}:?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage: the heading it stands under, "" for none, and its sentences as they were written."""

    heading: str
    text: str

    @property
    def whole(self) -> str:
        """The passage under its heading, which ends with a colon."""
        return f"{self.heading}:\n{self.text}" if self.heading else self.text


def cut(text: str) -> list[Piece]:
    """The passages of a text in order, none longer than MOST_WORDS unless one sentence is.

    Sentences stay whole, so a number keeps its unit and a denial its object; a sentence longer than a passage is cut
    only where it neither counts nor denies.
    """
    return [piece for heading, lines in _sections(text) for piece in _pieces(heading, lines)]


def _pieces(heading: str, lines: Sequence[str]) -> list[Piece]:
    """The passages of a section; a heading with nothing below it is a passage of its own."""
    found = [Piece(heading, body) for body in _bodies(lines)]
    return found or ([Piece("", heading)] if heading else [])


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading with the lines below it; what stands before the first one has none."""
    heading, lines = "", list[str]()
    for raw in text.splitlines():
        line = raw.strip()
        if not _is_heading(line):
            lines.append(line)
            continue
        if any(lines) or heading:
            yield heading, lines
        heading, lines = line.lstrip("# ").rstrip(":").strip(), []
    if any(lines) or heading:
        yield heading, lines


def _is_heading(line: str) -> bool:
    if not line or len(line.split()) > _HEADING_WORDS:
        return False
    return bool(_MARKED.match(line) or _SIGNED.fullmatch(line) or _CAPITALS.fullmatch(line))


def _bodies(lines: Sequence[str]) -> Iterator[str]:
    """Sentences gathered up to the limit."""
    parts = [part for each in sentences(_unwrapped(lines)) for part in shortened(each, _MOST_CHARACTERS)]
    gathered: list[str] = []
    for part in parts:
        if gathered and _words(*gathered, part) > MOST_WORDS:
            yield "\n".join(gathered)
            gathered = gathered[-1:] if _words(gathered[-1]) <= OVERLAP_WORDS else []
        gathered.append(part)
    if gathered:
        yield "\n".join(gathered)


def _unwrapped(lines: Sequence[str]) -> str:
    """The lines with those joined that a page broke: a line that ends in the middle of a sentence and goes on below."""
    text = ""
    for before, line in pairwise(("", *lines)):
        text += f"{' ' if _goes_on(before, line) else '' if not text else chr(10)}{line}"
    return text


def _goes_on(before: str, line: str) -> bool:
    if not before or before[-1] in ".!?:;" or not line or _ITEM.match(line):
        return False
    return line[0].islower() or len(before) >= _WRAPPED


def _words(*parts: str) -> int:
    return sum(len(part.split()) for part in parts)
