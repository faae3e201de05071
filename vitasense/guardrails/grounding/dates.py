"""Dates and times of day, whole or in part, and whether two of them agree."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from vitasense.guardrails.grounding.lexicon import rules

_YEARS = range(1900, 2101)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d))?")
_PARTED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
HALVES = {"am": 0, "a.m": 0, "a.m.": 0, "pm": 12, "p.m": 12, "p.m.": 12}
_BEHIND_DAYS = frozenset({"st", "nd", "rd", "th", "of", "to", "-", "and", "until"})
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
# What a word before a date makes of it; "than" is the earlier date of a comparison.
_RELATIONS = {
    "since": "since",
    "from": "from",
    "until": "until",
    "till": "until",
    "through": "until",
    "to": "until",
    "before": "before",
    "after": "after",
    "by": "by",
    "than": "than",
    "between": "since",
}
_BETWEEN_WORDS = frozenset({"on", "in", "the", "at", "of", "year", "month", "about", "around", "day"})
_MONTH_LEADS = frozenset({"in", "since", "until", "till", "during", "from", "of", "to", "by", "between", "through", "than", "and", "last"})  # fmt: skip


class Moment(NamedTuple):
    """A day, a month or a year; what is not written is None. `swapped`: day and month may be meant the other way."""

    year: int | None
    month: int | None
    day: int | None
    swapped: bool = False

    def fits(self, other: "Moment") -> bool:
        """True when everything that both write agrees."""
        if self.year and other.year and self.year != other.year:
            return False
        mine = ((self.month, self.day), (self.day, self.month)) if self.swapped else ((self.month, self.day),)
        theirs = ((other.month, other.day), (other.day, other.month)) if other.swapped else ((other.month, other.day),)
        return any(_same(a, c) and _same(b, d) for a, b in mine for c, d in theirs)

    def says_no_more_than(self, known: "Moment") -> bool:
        """True when `known` has every part that is written here, and they agree."""
        parts = ((self.year, known.year), (self.month, known.month), (self.day, known.day))
        return self.fits(known) and all(mine is None or theirs is not None for mine, theirs in parts)

    @property
    def weekday(self) -> int | None:
        """0 for Monday to 6 for Sunday; None unless the whole day is known."""
        try:
            return date(self.year or 0, self.month or 0, self.day or 0).weekday()
        except ValueError:
            return None


def moment_of(at: datetime) -> Moment:
    """The day of a stored time."""
    return Moment(at.year, at.month, at.day)


def date_at(tokens: Sequence[str], i: int) -> tuple[Moment, str | None, int] | None:
    """The date that begins at token `i`, the time of day written with it, and the token after it."""
    token = tokens[i]
    if token[0].isdecimal():
        if found := _ISO.match(token):
            clock = f"{found[4]}:{found[5]}" if found[4] else None
            return _checked(int(found[1]), int(found[2]), int(found[3]), clock, i + 1)
        if found := _PARTED.fullmatch(token):
            return _parted(int(found[1]), int(found[2]), int(found[3]), i + 1)
        return _day_first(tokens, i) if len(token) <= 2 or len(token) == 4 else None
    month = rules().months.get(token)
    return _month_first(tokens, i, month) if month else None


def may_begin(token: str, following: str) -> bool:
    """False when a number cannot be the beginning of a date, for what stands behind it."""
    return len(token) > 3 or following in _BEHIND_DAYS or following in rules().months


def clock_at(tokens: Sequence[str], i: int) -> tuple[str, int] | None:
    """The time of day (24 hours, "21:40") that begins at token `i`, and the token after it."""
    found = _CLOCK.match(tokens[i])
    half = HALVES.get(_get(tokens, i + 1))
    if found is None and half is None:
        return None
    if found is None and not (tokens[i].isdecimal() and len(tokens[i]) <= 2):
        return None
    hour, minute = (int(found[1]), int(found[2])) if found else (int(tokens[i]), 0)
    if half is not None:
        hour = hour % 12 + half
    return (f"{hour:02}:{minute:02}", i + (1 if half is None else 2)) if hour < 24 and minute < 60 else None


def relation(tokens: Sequence[str], i: int, *, between: bool) -> str:
    """How the words before token `i` relate the date there: at, since, from, until, before, after, by or than."""
    j = i - 1
    while j >= 0 and i - j <= 3 and tokens[j] in _BETWEEN_WORDS:
        j -= 1
    word = tokens[j] if j >= 0 else ""
    if word == "and" and between:
        return "until"
    if word in ("with", "to") and j > 0 and tokens[j - 1] == "compared":
        return "than"
    return _RELATIONS.get(word, "at")


def _day_first(tokens: Sequence[str], i: int) -> tuple[Moment, str | None, int] | None:
    token = tokens[i]
    if len(token) == 4:
        is_year = (
            token.isdecimal() and int(token) in _YEARS and i > 0 and tokens[i - 1] in (*_MONTH_LEADS, "year", "for")
        )
        return (Moment(int(token), None, None), None, i + 1) if is_year else None
    j = i + 1
    if _get(tokens, j) in _SUFFIXES:
        j += 1
    if _get(tokens, j) == "of":
        j += 1
    month = rules().months.get(_get(tokens, j))
    if not month or not token.isdecimal():
        return None
    year, after = _year(tokens, j + 1)
    return _checked(year, month, int(token), None, after)


def _month_first(tokens: Sequence[str], i: int, month: int) -> tuple[Moment, str | None, int] | None:
    j = i + 2 if _get(tokens, i + 1) == "." and len(tokens[i]) < 5 else i + 1
    day = _get(tokens, j)
    if day.isdecimal() and len(day) <= 2 and _get(tokens, j + 1) not in ("%", "/"):
        j += 2 if _get(tokens, j + 1) in _SUFFIXES else 1
        year, after = _year(tokens, j)
        return _checked(year, month, int(day), None, after)
    year, after = _year(tokens, j)
    if year or (i > 0 and tokens[i - 1] in _MONTH_LEADS):
        return Moment(year, month, None), None, after
    return None


def _year(tokens: Sequence[str], j: int) -> tuple[int | None, int]:
    at = j + 1 if _get(tokens, j) in (",", ".", "of") else j
    token = _get(tokens, at)
    if len(token) == 4 and token.isdecimal() and int(token) in _YEARS:
        return int(token), at + 1
    return None, j


def _parted(first: int, second: int, year: int, after: int) -> tuple[Moment, str | None, int] | None:
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    if first > 12 or second > 12:
        day, month = (first, second) if first > 12 else (second, first)
        return _checked(year, month, day, None, after)
    return (Moment(year, first, second, swapped=first != second), None, after) if first and second else None


def _checked(
    year: int | None, month: int, day: int, clock: str | None, after: int
) -> tuple[Moment, str | None, int] | None:
    return (Moment(year, month, day), clock, after) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _same(one: int | None, two: int | None) -> bool:
    return one is None or two is None or one == two


def _get(tokens: Sequence[str], i: int) -> str:
    return tokens[i] if 0 <= i < len(tokens) else ""
