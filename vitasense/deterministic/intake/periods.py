"""Periods of time in words, computed from an injected now."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.schemas import Period

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_ONE_TO_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: value for value, word in enumerate(_ONE_TO_TEN, 1)} | {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
    "couple": 2,
    "few": 3,
    "a few": 3,
}
_COUNT = r"(?:\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_UNIT = r"(day|week|month|year|hour)s?"
_MONTH = "(" + "|".join(f"{name}|{name[:3]}" for name in _MONTHS) + "|sept)"
_FAR = datetime.max.year

Build = Callable[[re.Match[str], datetime], tuple[datetime | None, datetime | None] | None]


@dataclass(frozen=True, slots=True)
class Span:
    """A period and the characters `[start, end)` that say it."""

    period: Period
    start: int
    end: int


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _month_start(now: datetime, back: int = 0) -> datetime:
    months = now.year * 12 + now.month - 1 - back
    if not 12 <= months < (_FAR + 1) * 12:
        return _midnight(now).replace(day=1)
    return _midnight(now).replace(year=months // 12, month=months % 12 + 1, day=1)


def _back(now: datetime, count: int, unit: str) -> datetime:
    if unit in ("month", "year"):
        first = _month_start(now, count * (12 if unit == "year" else 1))
        last_day = (_month_start(first, -1) - timedelta(days=1)).day
        return now.replace(year=first.year, month=first.month, day=min(now.day, last_day))
    return now - timedelta(**{f"{unit}s": count})


def _unit_start(now: datetime, unit: str, back: int) -> datetime:
    if unit == "year":
        return _month_start(now.replace(month=1), back * 12)
    if unit == "month":
        return _month_start(now, back)
    days = back * 7 + now.weekday() if unit == "week" else back
    return _midnight(now) - timedelta(days=days)


def _count(text: str | None) -> int:
    words = (text or "one").strip()
    return int(words) if words.isdigit() else _NUMBERS[words]


def _rolling(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    return _back(now, _count(found[1]), found[2]), now


def _ago(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    at = _back(now, _count(found[1]), found[2])
    start = _unit_start(at, found[2] if found[2] != "hour" else "day", 0)
    return start, _unit_start(start, found[2], -1) if found[2] != "hour" else now


def _calendar(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    back = 1 if found[1] in ("last", "previous") else 0
    start = _unit_start(now, found[2], back)
    return start, _unit_start(now, found[2], back - 1) if back else now


def _day(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    start = _midnight(now) - timedelta(days={"today": 0, "yesterday": 1}.get(found[1], 2))
    return start, start + timedelta(days=1)


def _weekday(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    back = (now.weekday() - _DAYS.index(found[1])) % 7 or 7
    start = _midnight(now) - timedelta(days=back)
    return start, start + timedelta(days=1)


@cache
def _parts() -> dict[str, tuple[int, int]]:
    rows = cast("dict[str, list[str]]", load("time")["parts"])
    return {name: (int(hours[0]), int(hours[1])) for name, hours in rows.items()}


def _part(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    if found[0] == "tonight":
        day, name = 0, "night"
    else:
        day, name = (0 if found[1] == "this" else 1), found[2]
    start, end = _parts()[name]
    midnight = _midnight(now) - timedelta(days=day)
    return midnight + timedelta(hours=start), midnight + timedelta(hours=end)


def _month_of(name: str) -> int:
    return next(place for place, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _named_month(name: str, year: str | None, now: datetime) -> datetime:
    month = _month_of(name)
    which = int(year) if year else now.year - (month > now.month)
    return _midnight(now).replace(year=which, month=month, day=1)


def _month(found: re.Match[str], now: datetime) -> tuple[datetime, datetime | None]:
    start = _named_month(found[2], found[3], now)
    return start, None if found[1] == "since" else _month_start(start, -1)


def _year(found: re.Match[str], now: datetime) -> tuple[datetime, datetime | None]:
    start = _month_start(now.replace(year=int(found[2]), month=1))
    return start, None if found[1] == "since" else _month_start(start, -12)


def _since(found: re.Match[str], now: datetime) -> tuple[datetime, None]:
    return _unit_start(now, found[1], 1), None


def _iso(found: re.Match[str], now: datetime) -> tuple[datetime, datetime | None]:
    start = _midnight(now).replace(year=int(found[2]), month=int(found[3]), day=int(found[4]))
    return start, None if (found[1] or "").startswith("since") else start + timedelta(days=1)


# The first rule that matches at a place wins; each is bounded, so that the time is linear in the text.
_RULES: tuple[tuple[re.Pattern[str], Build], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (r"\b(since |on |from )?((?:19|20)\d\d)-(\d\d)-(\d\d)\b", _iso),
        (rf"\b(?:(?:over|in|for|during|within) )?(?:the )?(?:last|past|previous) ({_COUNT} )?{_UNIT}\b", _rolling),
        (rf"\b({_COUNT}) {_UNIT} ago\b", _ago),
        (r"\bsince (?:the )?(?:last )(week|month|year)\b", _since),
        (r"\b(this|last) (morning|afternoon|evening|night)\b|\btonight\b", _part),
        (r"\b(this|current) (week|month|year)\b", _calendar),
        (r"\b(day before yesterday|today|yesterday)\b", _day),
        (r"\b(?:on |last |since last )?(" + "|".join(_DAYS) + r")\b", _weekday),
        (rf"\b(since|in|during|last|for|from) {_MONTH}(?: (?:of )?((?:19|20)\d\d))?\b", _month),
        (r"\b(since|in|during|for|from) (?:the year )?((?:19|20)\d\d)\b(?!-\d)", _year),
    )
)
_BARE_LAST = re.compile(r"^(?:the )?(last|previous) (week|month|year|day)$")


def find_periods(folded: str, now: datetime, text: str) -> tuple[Span, ...]:
    """Every period that the folded text names, by place, without overlaps; dates that do not exist are left out."""
    spans: list[Span] = []
    for found, build in sorted(_matches(folded), key=lambda pair: (pair[0].start(), -pair[0].end())):
        if spans and found.start() < spans[-1].end:
            continue
        bounds = _bounds(found, build, now)
        if bounds:
            said = text[found.start() : found.end()]
            spans.append(Span(Period(start=bounds[0], end=bounds[1], text=said), found.start(), found.end()))
    return tuple(spans)


def _matches(folded: str) -> Iterator[tuple[re.Match[str], Build]]:
    for pattern, build in _RULES:
        for found in pattern.finditer(folded):
            yield found, build


def _bounds(found: re.Match[str], build: Build, now: datetime) -> tuple[datetime | None, datetime | None] | None:
    # "last year" alone is the calendar year; "over the last year" and "the past year" roll back from now.
    bare = _BARE_LAST.match(found[0]) if build is _rolling else None
    try:
        return _calendar(bare, now) if bare else build(found, now)
    except (ValueError, OverflowError):
        return None


_NOT_VALUES = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)\b|\b\d{1,2}:\d\d(?: ?[ap]\.?m\b)?|\b\d{1,2} ?[ap]\.?m\b"
    r"|\b\d{1,2} o'?clock\b|\b(?:19|20)\d\d-\d\d-\d\d\b|\bat \d{1,2}(?= (?:this|in the|on|yesterday|today)\b)"
)


def find_clock_marks(folded: str) -> tuple[tuple[int, int], ...]:
    """Characters of dates and times of day, whose numbers are no measured values."""
    return tuple(found.span() for found in _NOT_VALUES.finditer(folded))
