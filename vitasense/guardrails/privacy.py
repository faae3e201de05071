"""Before text goes to a remote model, who it is about is replaced by placeholders; the reply gets them back."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

IdentifierKind = Literal["person", "email", "phone", "address", "birth_date", "record_number", "url"]

_SHORTEST_NAME_PART = 2
_TITLES = frozenset(
    {"dr", "mr", "mrs", "ms", "miss", "prof", "sir", "the", "of", "and", "von", "van", "der", "den", "de", "la", "le"}
    | {"du", "dos", "das", "di", "el", "al", "bin", "ben"}
)
_PLACEHOLDER = re.compile(r"(?:⟦|\[\[?)\s*([A-Z_]+_\d+(?:\.\d+)?)\s*(?:⟧|\]\]?)")
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|way|close|"
    r"crescent|parkway|pkwy|highway|hwy|circle|cir|row|walk|gardens|grove|hill|mews|trail|route)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = (
    rf"(?:\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
# Ordered: what is found first is taken first, so an address inside a URL stays within the URL.
_SHAPES: tuple[tuple[IdentifierKind, str], ...] = (
    ("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    ("url", r"\b(?:https?://|www\.)[^\s<>\"')\]]{1,2000}(?<![.,;:!?])"),
    ("url", r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    (
        "birth_date",
        rf"(?:(?<=born )|(?<=born on )|(?<=born: )|(?<=dob )|(?<=dob: )|(?<=birth )|(?<=birth: )|(?<=birth is )|(?<=birthday )|(?<=birthday: )|(?<=birthday is )|(?<=d\.o\.b\. )){_DATE}",
    ),
    (
        "record_number",
        r"(?:(?<=mrn )|(?<=mrn: )|(?<=mrn:)|(?<=mrn #)|(?<=mrn is )|(?<=number )|(?<=number: )|(?<=number is )|(?<=no\. )|(?<=patient id )|(?<=patient id: )|(?<=record #)|(?<=nhs )|(?<=policy )|(?<=ssn )|(?<=ssn: )|(?<=account ))(?=[A-Z0-9 -]{0,14}\d)[A-Z0-9](?:[A-Z0-9-]|\s(?=\d)){4,20}\b",
    ),
    ("record_number", r"\b\d{3}-\d{2}-\d{4}\b"),
    ("record_number", r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b"),
    ("record_number", r"\b(?:\d[ -]?){12,18}\d\b"),
    ("phone", r"(?<![\w.])\+\d{1,3}[\s.-]?(?:\(?\d{1,4}\)?[\s.-]?){1,5}\d{2,4}\b"),
    ("phone", r"(?<![\w.])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b(?:\s*(?:x|ext\.?)\s*\d{1,5})?"),
    ("phone", r"(?<![\w.])\(?0\d{2,4}\)?[\s.-]?\d{3,4}[\s.-]?\d{3,4}\b"),
    (
        "address",
        rf"\b\d{{1,5}}[A-Z]?\s+(?:[A-Z][\w'.-]{{0,30}}\s+){{1,4}}{_STREET}\b\.?(?:,?\s+(?:apt|suite|unit|flat|ste|#)\.?\s*\w{{1,6}})?(?-i:(?:,\s*[A-Z][A-Za-z' -]{{0,29}}[A-Za-z]){{0,2}}(?:,?\s+[A-Z]{{2}})?(?:\s+\d{{5}}(?:-\d{{4}})?)?)",
    ),
    ("address", r"\bp\.?\s?o\.?\s+box\s+\d{1,6}\b"),
    ("address", r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"),
)
_CASELESS = frozenset({"email", "url", "birth_date", "record_number", "phone"})
_COMPILED = tuple(
    (kind, re.compile(shape, re.IGNORECASE if kind in _CASELESS or "box" in shape or _STREET in shape else 0))
    for kind, shape in _SHAPES
)
_IMAGE = re.compile(r"!\[([^\]\n]{0,500})\]\s?(?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
_LINK = re.compile(r"\[([^\[\]\n]{0,500})\]\s?(?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[^\n]*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_BARE = re.compile(r"<?\b(?:(?:https?|ftp|data|javascript|file|mailto):|www\.)[^\s<>)\]]{1,2000}>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownIdentifier:
    """Something that tells who the person or a contact is; a `birth_date` is written as an ISO date."""

    kind: IdentifierKind
    value: str


class Redactor:
    """Replaces identifiers by placeholders that stay the same for as long as the Redactor lives.

    ⟦PERSON_1⟧ is the first known person; ⟦PERSON_1.2⟧ is another way of writing the same name, so that `restore`
    gives back exactly what was there.
    """

    def __init__(self, known: Iterable[KnownIdentifier]) -> None:
        self._written: dict[str, str] = {}
        self._placeholders: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._owners: dict[str, str] = {}
        for identifier in known:
            self._remember(identifier)
        spellings = sorted(self._owners, key=len, reverse=True)
        choices = "|".join(_loose(spelling) for spelling in spellings)
        self._known = re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE) if choices else None

    def redact(self, text: str) -> str:
        """`text` with every known identifier, and everything that has the shape of one, replaced."""
        pieces: list[str] = []
        last = 0
        for start, end, base in self._found(text):
            pieces.extend((text[last:start], self._placeholder(base, text[start:end])))
            last = end
        return "".join((*pieces, text[last:]))

    def restore(self, text: str) -> str:
        """`text` with the placeholders of this Redactor turned back; unknown placeholders stay."""
        return _PLACEHOLDER.sub(lambda found: self._written.get(found.group(1), found.group()), text)

    def _remember(self, identifier: KnownIdentifier) -> None:
        base = self._new(identifier.kind)
        for spelling in _spellings(identifier):
            self._owners.setdefault(_key(spelling), base)

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        taken = sorted(self._candidates(text), key=lambda found: (found[3], found[0], -found[1]))
        kept: list[tuple[int, int, str]] = []
        covered = bytearray(len(text))
        for start, end, base, _ in taken:
            if not any(covered[start:end]):
                covered[start:end] = b"\x01" * (end - start)
                kept.append((start, end, base))
        return iter(sorted(kept))

    def _candidates(self, text: str) -> Iterator[tuple[int, int, str, int]]:
        for rank, (kind, shape) in enumerate(_COMPILED, 1):
            for match in shape.finditer(text):
                yield match.start(), match.end(), self._owners.get(_key(match.group()), kind), rank
        if self._known is not None:
            for match in self._known.finditer(text):
                yield match.start(), match.end(), self._owners.get(_key(match.group()), "person"), len(_COMPILED) + 1

    def _placeholder(self, base: str, written: str) -> str:
        if (base, written) not in self._placeholders:
            self._placeholders[base, written] = self._name(base, written)
        return f"⟦{self._placeholders[base, written]}⟧"

    def _name(self, base: str, written: str) -> str:
        if base in ("person", "email", "phone", "address", "birth_date", "record_number", "url"):
            base = self._new(base)
            self._owners[_key(written)] = base
        self._counts[base] = self._counts.get(base, 0) + 1
        name = base if self._counts[base] == 1 else f"{base}.{self._counts[base]}"
        self._written[name] = written
        return name

    def _new(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind.upper()}_{self._counts[kind]}"


def strip_links_and_images(markdown: str) -> str:
    """Markdown without links, images, HTML tags and bare addresses; the words of links stay."""
    text = _DEFINITION.sub("", markdown)
    text = _IMAGE.sub("", text)
    text = _LINK.sub(r"\1", text)
    return _BARE.sub("", _TAG.sub("", text))


def _spellings(identifier: KnownIdentifier) -> Iterator[str]:
    value = identifier.value.strip()
    if not value:
        return
    yield value
    if identifier.kind == "person":
        yield from _name_parts(value)
    elif identifier.kind == "birth_date":
        yield from _ways_to_write(value)
    elif identifier.kind in ("phone", "record_number"):
        yield re.sub(r"[\s().-]", "", value)


def _name_parts(name: str) -> Iterator[str]:
    parts = [part for part in re.split(r"[\s,]+", name) if part]
    yield " ".join(parts)
    if len(parts) > 1:
        yield f"{parts[-1]}, {' '.join(parts[:-1])}"
        yield f"{parts[-1]} {' '.join(parts[:-1])}"
    for part in (piece for word in parts for piece in (word, *word.split("-"))):
        plain = part.strip(".'’")
        if len(plain) >= _SHORTEST_NAME_PART and plain.lower() not in _TITLES:
            yield plain


def _ways_to_write(written: str) -> Iterator[str]:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return  # FHIR allows a year or a month alone, which has no other way to be written here
    for month in (f"{day:%B}", f"{day:%b}"):
        for number in {f"{day.day}", f"{day:%d}"}:
            yield from (f"{number} {month} {day.year}", f"{month} {number} {day.year}", f"{month} {number}, {day.year}")
    for mark in "/-.":
        for numbers in {(f"{day:%d}", f"{day:%m}"), (f"{day.day}", f"{day.month}")}:
            yield from (mark.join((*numbers, str(day.year))), mark.join((*reversed(numbers), str(day.year))))
        yield mark.join((str(day.year), f"{day:%m}", f"{day:%d}"))


def _key(written: str) -> str:
    return re.sub(r"[\s]+", " ", written).casefold()


def _loose(spelling: str) -> str:
    return r"\s{1,4}".join(re.escape(piece) for piece in spelling.split(" "))
