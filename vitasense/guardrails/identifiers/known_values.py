"""Finds known addresses, places, organisations, numbers and birth dates, however they are written."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

from vitasense.guardrails.identifiers.folding import fold, folded
from vitasense.guardrails.identifiers.found import KNOWN, Found, IdentifierKind, KnownIdentifier
from vitasense.guardrails.identifiers.rules import Vocabulary, vocabulary

_DIGITS_OF_A_SUBSCRIBER = 7  # the end of a telephone number that is left when it is written without its codes
_SHORTEST = 3
_BETWEEN_DIGITS = r"[\s().\-/]{0,3}"
_NUMBERS: frozenset[IdentifierKind] = frozenset({"phone", "record_number", "account_number", "device"})
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_LEGAL_FORM = re.compile(r"[\s,]+(?:inc|ltd|llc|llp|plc|gmbh|ag|co|corp)\.?$", re.IGNORECASE)


class KnownValues:
    """Known identifiers other than names of people, as (position among the known, identifier)."""

    def __init__(self, known: Iterable[tuple[int, KnownIdentifier]]) -> None:
        self._words: Vocabulary = vocabulary()
        self._patterns: list[tuple[int, IdentifierKind, re.Pattern[str]]] = [
            (position, one.kind, re.compile(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)"))
            for position, one in known
            if (choices := list(dict.fromkeys(_choices(one))))
        ]

    def find(self, text: str) -> Iterator[Found]:
        """Every place of `text` where one of them is written."""
        plain, places = folded(text)
        for position, kind, pattern in self._patterns:
            for match in pattern.finditer(plain):
                start, end = places[match.start()], places[match.end() - 1] + 1
                if kind not in ("place", "organisation") or self._is_name(text[start:end]):
                    yield Found(start, end, kind, KNOWN, position)

    def _is_name(self, written: str) -> bool:
        """A place whose name is a word of its own ("Reading", "Bath") needs its capital."""
        return not self._words.is_small(written) or written[:1].isupper()


def _choices(one: KnownIdentifier) -> Iterator[str]:
    value = one.value.strip()
    if one.kind in ("birth_date", "date"):
        yield from map(_loose, date_spellings(value))
    elif one.kind in _NUMBERS:
        yield from _number(value, phone=one.kind == "phone")
    elif len(value) >= _SHORTEST:
        yield _loose(value)
        bare = _LEGAL_FORM.sub("", _BRACKETS.sub("", value))
        if one.kind == "organisation" and len(bare) >= _SHORTEST:
            yield _loose(bare)


def _number(value: str, *, phone: bool) -> Iterator[str]:
    signs = re.sub(r"[^0-9a-z]", "", fold(value))
    if len(signs) < _SHORTEST:
        return
    yield _BETWEEN_DIGITS.join(map(re.escape, signs))
    if phone and len(signs) > _DIGITS_OF_A_SUBSCRIBER and signs.isdigit():
        end = _BETWEEN_DIGITS.join(signs[-_DIGITS_OF_A_SUBSCRIBER:])
        yield rf"(?:\+|00)?(?:\d{_BETWEEN_DIGITS}){{0,8}}{end}"


def _loose(value: str) -> str:
    """The words of the value with any spaces, commas or line breaks between them."""
    words = re.findall(r"[^\s,;]+", fold(value))
    return r"[\s,;]{1,4}".join(re.escape(word) for word in words)


def date_spellings(written: str) -> Iterator[str]:
    """The ways in which an ISO date is written, without its time; only itself when it is not a full date (FHIR allows a year alone)."""
    yield written
    try:
        day = date.fromisoformat(written[: len("2020-01-31")])
    except ValueError:
        return
    days, months = {f"{day.day}", f"{day:%d}"}, {f"{day.month}", f"{day:%m}"}
    yield from map(partial(format, day), ("%Y%m%d", "%d%m%Y", "%m%d%Y"))
    for number in sorted({*days, *(f"{day.day}{end}" for end in ("st", "nd", "rd", "th"))}):
        yield from _with_month_names(day, number)
    for mark in ("/", "-", ".", " "):
        for one in sorted(days):
            for other in sorted(months):
                for year in (f"{day:%Y}", f"{day:%y}"):
                    yield from (mark.join((one, other, year)), mark.join((other, one, year)))
                yield mark.join((f"{day:%Y}", other, one))


def _with_month_names(day: date, number: str) -> Iterator[str]:
    for month in (f"{day:%B}", f"{day:%b}", f"{day:%b}."):
        yield from (f"{number} {month} {day.year}", f"{number} of {month} {day.year}", f"{number}-{month}-{day.year}")
        yield from (f"{number}{month}{day.year}", f"{month} {number} {day.year}", f"{day.year} {month} {number}")
