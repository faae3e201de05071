"""How long: "for three days", "over two months", "lasting an hour", "rash, 2 weeks"."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.details import Duration, TimeUnit
from vitasense.deterministic.intake.periods import COUNT, FULL, count
from vitasense.deterministic.intake.tokens import Token

_UNITS: dict[str, TimeUnit] = {"minute": "min", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
_UNIT = r"(?P<unit>minute|min|hour|hr|day|week|wk|month|mth|year|yr)s?\b"
_ABOUT = (
    r"(?:(?:about|around|almost|nearly|over|more than|at least|roughly|approximately|the|past|last|another|some) )*"
)
_LONG = re.compile(
    rf"\b(?:(?:for|over|lasting|lasts|lasted|within|x) {_ABOUT}{COUNT}[ -]{_UNIT}(?! ago)"
    rf"|{COUNT.replace('P<count', 'P<number')} {_UNIT.replace('P<unit', 'P<length')} (?:now|straight|in a row|long)\b)"
)
_PLAIN = re.compile(rf"(?P<before>\b[a-z]+)?[ ,]{{1,2}}\b{COUNT} {_UNIT}(?=\s*(?:[,.;!?]|$))")
# Before a plain duration these say when, how often or how much instead.
_NOT_LONG = frozenset(
    {
        "in",
        "within",
        "after",
        "before",
        "every",
        "next",
        "last",
        "past",
        "than",
        "of",
        "to",
        "or",
        "for",
        "over",
        "on",
        "each",
        "slept",
        "sleep",
        "at",
    }
)


@dataclass(frozen=True, slots=True)
class Lasting:
    """A duration at tokens `[first, last)`."""

    duration: Duration
    first: int
    last: int


def find_durations(folded: str, text: str, tokens: Sequence[Token]) -> tuple[Lasting, ...]:
    """Every duration of the text by place."""
    long = [_lasting(found, found.start(), text, tokens) for found in _LONG.finditer(folded)]
    ends = {lasting.last for lasting in long}
    plain = [
        _lasting(found, found.start("count"), text, tokens)
        for found in _PLAIN.finditer(folded)
        if found["before"] not in _NOT_LONG and found["count"] not in ("a", "an")
    ]
    return tuple(sorted((*long, *(one for one in plain if one.last not in ends)), key=lambda one: one.first))


def _lasting(found: re.Match[str], start: int, text: str, tokens: Sequence[Token]) -> Lasting:
    said = found.groupdict()
    name = said["unit"] or said.get("length") or ""
    unit = _UNITS[FULL.get(name, name)]
    value = count(said["count"] or said.get("number"))
    first, last = places(tokens, start, found.end())
    return Lasting(Duration(value=value, unit=unit, text=text[start : found.end()]), first, last)


def places(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The tokens `[first, last)` inside characters `[start, end)`; both the same where there is none."""
    first = bisect_right(tokens, start, key=lambda token: token.end)
    last = first
    while last < len(tokens) and tokens[last].start < end:
        last += 1
    return first, last
