"""A text as sentences with their places, each under the headings of its section and its topic."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

LONGEST_HEADING = 90  # characters
LONGEST_SENTENCE = 2000  # characters; what is longer is a table or a list without ends, and is read in pieces
_ABBREVIATIONS = r"e\.g|i\.e|cf|vs|approx|nos?|figs?|dr|mrs?|st|resp|max|min|incl|excl|ca"
_MAY_END = re.compile(r"(?:^|[\s(\[])(?:b\.i\.d|t\.i\.d|q\.i\.d|q\.d|i\.v|i\.m|s\.c|p\.o|etc|al)\.$", re.IGNORECASE)
_END = re.compile(r"[.!?]+[)\]”\"']*(?=\s|$)|[;:](?=\s*\n)|\n\s*\n|\n(?=\s*[•●▪◦*–-]\s)")
_NOT_AN_END = re.compile(rf"(?:^|[\s(\[])(?:{_ABBREVIATIONS})\.$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2}){0,2}\.?\s+|[•●▪◦*–-]\s+)")
_NUMBER_BEHIND = re.compile(r"\s\d{1,2}\.\d{1,2}\s*$")
_OPENING = re.compile(r"(?:\d{1,2}\.?\s+)?(?:[A-Z][A-Z&/,-]+\s+)+(?:\d{1,2}\.\d{1,2}\s+)?(?=[A-Z(][a-z]|[A-Z] )")
_INLINE = re.compile(r"\s*([A-Z][^.:;\n]{1,60}?)\s*:\s+(?=[A-Z(])")
_SMALL = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "that", "the", "to", "with"}
)


class Part(StrEnum):
    """Parts of a label that tell how its sentences are to be read."""

    INTERACTIONS = "interactions"
    CONTRAINDICATIONS = "contraindications"
    WARNINGS = "warnings"
    PHARMACOLOGY = "pharmacology"
    OVERDOSE = "overdose"
    OTHER = "other"


_PARTS = (
    (Part.INTERACTIONS, r"interaction|concomitant|co-?administ|use with |effects? of other|other drugs"),
    (Part.CONTRAINDICATIONS, r"contra-?indication"),
    (Part.WARNINGS, r"warning|precaution|cautions"),
    (Part.PHARMACOLOGY, r"pharmacokinetic|pharmacology|pharmacodynamic|mechanism of action|metabolism|elimination"),
    (Part.OVERDOSE, r"overdos"),
    (
        Part.OTHER,
        r"description|indications?\b|dosage|adverse|storage|supplied|pregnan|lactation|nursing|pediatric|geriatric"
        r"|clinical studies|carcinogen|references|counsel",
    ),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at characters `start` to `end` of the text; `part` and `heading` of its section, and the `topic` below it.

    A topic is a heading between the section's and the sentence ("Digoxin"), or what stands before a colon.
    """

    text: str
    start: int
    end: int
    part: Part
    heading: str | None = None
    topic: str | None = None


class _Span(NamedTuple):
    start: int
    end: int


def sentences(text: str, part: Part = Part.OTHER) -> Iterator[Sentence]:
    """The sentences in their order. `part` is that of what stands before the first heading."""
    heading, topic = None, None
    for block in _blocks(text):
        words = text[block.start : block.end]
        if _is_heading(words):
            named = _part_of(words)
            if named is None:
                topic = _plain(words)
            else:
                part, heading, topic = named, _plain(words), None
            continue
        for span in _spans(words, block.start):
            opening = _OPENING.match(text, span.start, span.end)
            named = _part_of(opening.group()) if opening else None
            if opening and named:
                part, heading, topic = named, _plain(opening.group()), None
                span = _Span(opening.end(), span.end)
            said = text[span.start : span.end]
            inline = _INLINE.match(said)
            about = inline.group(1).strip() if inline else topic
            yield Sentence(said, span.start, span.end, part, heading, about)


def _blocks(text: str) -> Iterator[_Span]:
    """Paragraphs and headings. A line goes on in the next one unless one of them is a heading or a blank line parts them."""
    start, end, place = None, 0, 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if start is not None and (not bare or _is_heading(bare) or _is_heading(text[start:end].strip())):
            yield _Span(start, end)
            start = None
        if bare:
            start = place + len(line) - len(line.lstrip()) if start is None else start
            end = place + len(line.rstrip())
        place += len(line)
    if start is not None:
        yield _Span(start, end)


def _spans(words: str, offset: int) -> Iterator[_Span]:
    start = 0
    for found in _END.finditer(words):
        if found.group().startswith(".") and _goes_on(words, found):
            continue
        yield from _cut(words, start, found.end(), offset)
        start = found.end()
    yield from _cut(words, start, len(words), offset)


def _goes_on(words: str, stop: re.Match[str]) -> bool:
    """Whether a full stop is that of an abbreviation: "e.g.", or "I.V." before a word that begins no sentence."""
    before, following = words[max(0, stop.start() - 12) : stop.start() + 1], words[stop.end() :].lstrip()[:2]
    if _NOT_AN_END.search(before) or following[:1].islower() or following[:1] in (",", ";"):
        return True
    return bool(_MAY_END.search(before)) and not (following[:1].isupper() and following[1:].islower())


def _cut(words: str, start: int, end: int, offset: int) -> Iterator[_Span]:
    """The sentence without the spaces around it; what is too long in pieces."""
    while start < end:
        while start < end and words[start].isspace():
            start += 1
        space = words.rfind(" ", start, start + LONGEST_SENTENCE)
        stop = end if end - start <= LONGEST_SENTENCE else space if space > start else start + LONGEST_SENTENCE
        piece = words[start:stop].rstrip()
        if any(letter.isalpha() for letter in piece):
            yield _Span(offset + start, offset + start + len(piece))
        start = stop


def _is_heading(words: str) -> bool:
    bare = _plain(words)
    if not bare or len(bare) > LONGEST_HEADING or "\n" in bare or bare[-1] in ".;,!?" or not bare[0].isalnum():
        return False
    named = [word for word in re.findall(r"[^\W\d_][\w'’-]*", bare) if word.lower() not in _SMALL]
    return bool(named) and bare[0].isupper() and sum(word[0].isupper() for word in named) >= 0.7 * len(named)


def _plain(words: str) -> str:
    return _NUMBER_BEHIND.sub("", _NUMBERED.sub("", words)).strip().rstrip(":").strip()


def _part_of(heading: str) -> Part | None:
    return next((part for part, words in _PARTS if re.search(words, heading, re.IGNORECASE)), None)
