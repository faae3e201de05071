"""What tells who somebody is: the kinds of identifier, one that is known, and one that was found in a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

# HIPAA Safe Harbor (45 CFR 164.514(b)(2)(i)): names A (person, organisation, name), places B (place, address), dates and
# ages over 89 C (birth_date, date, age_over_89), D to R phone, email, record_number, account_number, device, url.
# `name` is a proper name of an unknown kind; `text` is something that only looks like a placeholder.
IdentifierKind = Literal[
    "person",
    "organisation",
    "name",
    "place",
    "address",
    "birth_date",
    "date",
    "age_over_89",
    "phone",
    "email",
    "record_number",
    "account_number",
    "device",
    "url",
    "text",
]
KINDS: tuple[IdentifierKind, ...] = get_args(IdentifierKind)


@dataclass(frozen=True, slots=True)
class KnownIdentifier:
    """Something that tells who the person or a contact is; a `birth_date` is written as an ISO date."""

    kind: IdentifierKind
    value: str


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier at `start:end` of a text; `owner` is the position of the known identifier that it is, if it is one.

    Where two overlap, `weight` says which one tells what both are: the heavier.
    """

    start: int
    end: int
    kind: IdentifierKind
    weight: int
    owner: int | None = None


KNOWN, SHAPED, CUED, NAMED = 4, 3, 2, 1  # weights: surest first
_WORDS = re.compile(r"\w.*\w", re.DOTALL)


def joined(found: Iterable[Found], text: str) -> list[Found]:
    """The identifiers in the order of the text, none overlapping another, and no part of any left over.

    Of two that overlap, what is known or shaped takes in the other whole; what only looks like a name keeps what is
    left of it, so that a known name stays recognisable beside an unknown one.
    """
    firm: list[Found] = []
    weak: list[Found] = []
    for each in found:
        if each.start < each.end:
            (firm if each.weight >= SHAPED else weak).append(each)
    taken = _united(firm)
    left = [piece for each in _united(weak) for piece in _without(each, taken, text)]
    return sorted([*taken, *left], key=lambda one: one.start)


def _united(found: list[Found]) -> list[Found]:
    result: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if result and each.start < result[-1].end:
            result[-1] = _union(result[-1], each)
        else:
            result.append(each)
    return result


def _union(one: Found, other: Found) -> Found:
    start, end = min(one.start, other.start), max(one.end, other.end)
    whole = [each for each in (one, other) if (each.start, each.end) == (start, end)]
    surest = max(whole or (one, other), key=lambda each: (each.weight, each.end - each.start))
    return Found(start, end, surest.kind, surest.weight, surest.owner if surest in whole else None)


def _without(weak: Found, taken: list[Found], text: str) -> Iterator[Found]:
    """What is left of the weak one beside the others, where there is a word in it."""
    start = weak.start
    for each in (*(one for one in taken if one.end > weak.start and one.start < weak.end), None):
        end = min(each.start, weak.end) if each else weak.end
        for words in _WORDS.finditer(text[start:end]) if start < end else ():
            yield Found(start + words.start(), start + words.end(), weak.kind, weak.weight)
        start = max(start, each.end) if each else end
