"""Periods of time in words, computed from an injected now; without it they keep their words only."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vitasense.deterministic.intake.spans import (
    MONTH,
    Bounds,
    Piece,
    back,
    day_of,
    midnight,
    month_number,
    month_start,
    unit_start,
)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = "(?P<name>" + "|".join(_DAYS) + ")"
_SHORT_DAY = r"(?P<name>mon|tues?|wed|thur?s?|fri)\b"
_TO_COME = re.compile(r"\b(?:will|ll|going to|gonna|shall|remind me)\b[^.?!;\n]{0,60}$")
_ONE_TO_TWELVE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: value for value, word in enumerate(_ONE_TO_TWELVE, 1)} | {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
    "couple": 2,
    "few": 3,
    "a few": 3,
}
COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_UNIT = r"(?P<unit>minute|min|day|week|wk|month|mth|year|yr|hour|hr)s?"
FULL = {"min": "minute", "wk": "week", "mth": "month", "yr": "year", "hr": "hour"}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = MONTH.replace("(", "(?P<name>", 1)
_LEAD = r"(?:(?P<lead>since|from|until|till|by|between) )?"
_ENDS = r"(?:(?<=\bto )|(?<=\band )|(?<=\bthrough )|(?<= - )|(?<=\d-)|(?<= – ))"  # what a span may end with
_VALUES = (
    "(?:"
    + "|".join(
        f"(?<=\\b{each} )"
        for each in (
            "results",
            "readings",
            "values",
            "numbers",
            "tests",
            "labs",
            "levels",
            "measurements",
            "those",
            "ones",
        )
    )
    + ")"
)
_MOMENTS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_QUARTERS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": 3, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3}
_SATURDAY = 5

Found = re.Match[str]
Build = Callable[[Found, datetime], Bounds]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern, and how to compute its span."""

    pattern: re.Pattern[str]
    build: Build


def count(text: str | None) -> int:
    """The number of a `COUNT`; one when nothing was said."""
    words = (text or "one").strip()
    return int(words) if words.isdigit() else _NUMBERS[words]


def _unit(found: Found) -> str:
    return FULL.get(found["unit"], found["unit"])


def _rolling(found: Found, now: datetime) -> Bounds:
    # "last year" alone is the calendar year; "over the last year" and "the past year" roll back from now.
    bare = _BARE_LAST.match(found[0])
    return _calendar(bare, now) if bare else (back(now, count(found["count"]), _unit(found)), now)


def _ago(found: Found, now: datetime) -> Bounds:
    unit = _unit(found)
    at = back(now, count(found["count"]), unit)
    if unit in _MOMENTS:
        return at.replace(second=0, microsecond=0), at.replace(second=0, microsecond=0) + _MOMENTS[unit]
    start = unit_start(at, unit, 0)
    return start, unit_start(start, unit, -1)


def _half_hour(_: Found, now: datetime) -> Bounds:
    start = now.replace(second=0, microsecond=0) - timedelta(minutes=30)
    return start, start + timedelta(minutes=30)


def _calendar(found: Found, now: datetime) -> Bounds:
    before = 1 if found["which"] in ("last", "previous") else 0
    start = unit_start(now, found["unit"], before)
    return start, unit_start(now, found["unit"], before - 1) if before else now


def _next(found: Found, now: datetime) -> Bounds:
    if found["name"]:
        return day_of(now + timedelta(days=(_DAYS.index(found["name"]) - now.weekday()) % 7 or 7))
    return unit_start(now, found["unit"], -1), unit_start(now, found["unit"], -2)


def _ahead(found: Found, now: datetime) -> Bounds:
    return day_of(now + timedelta(days=2 if found["name"] == "day after tomorrow" else 1))


def _day(found: Found, now: datetime) -> Bounds:
    return day_of(now - timedelta(days={"today": 0, "yesterday": 1}.get(found["name"], 2)))


def _weekday(found: Found, now: datetime) -> Bounds:
    """The last one, or the next where the sentence speaks of what is to come."""
    day = next(place for place, name in enumerate(_DAYS) if name.startswith(found["name"][:3]))
    if _comes(found):
        return day_of(now + timedelta(days=(day - now.weekday()) % 7 or 7))
    return day_of(now - timedelta(days=(now.weekday() - day) % 7 or 7))


def _comes(found: Found) -> bool:
    return _TO_COME.search(found.string, max(0, found.start() - 80), found.start()) is not None


def _weekend(found: Found, now: datetime) -> Bounds:
    """ "This weekend" is the one that is on or comes; any other is the last that began."""
    saturday = unit_start(now, "week", 0) + timedelta(days=_SATURDAY)
    if found["which"] != "this" and now.weekday() < _SATURDAY:
        saturday -= timedelta(days=7)
    return saturday, saturday + timedelta(days=2)


def _month(found: Found, now: datetime) -> Bounds:
    month = month_number(found["name"])
    year = int(found["year"]) if found["year"] else now.year - (month > now.month)
    start = midnight(now).replace(year=year, month=month, day=1)
    return start, month_start(start, -1)


def _year(found: Found, now: datetime) -> Bounds:
    start = month_start(now.replace(year=int(found["year"]), month=1, day=1))
    return start, month_start(start, -12)


def _quarter(found: Found, now: datetime) -> Bounds:
    begins = _QUARTERS[found["name"]] * 3 + 1
    year = int(found["year"]) if found["year"] else now.year - (begins > now.month)
    start = midnight(now).replace(year=year, month=begins, day=1)
    return start, month_start(start, -3)


def _since(found: Found, now: datetime) -> Bounds:
    return unit_start(now, found["unit"], 1), None


# The first rule that matches at a place wins; each is bounded, so that the time is linear in the text.
_RULES = tuple(
    _Rule(re.compile(pattern), build)
    for pattern, build in (
        (rf"\b(?:(?:over|in|for|during|within) )?(?:the )?(?:last|past|previous) (?:{COUNT} )?{_UNIT}\b", _rolling),
        (rf"\b{_LEAD}{COUNT} {_UNIT} ago\b", _ago),
        (r"\b(?P<lead>since )?half an hour ago\b", _half_hour),
        (r"\bsince (?:the )?(?:last )(?P<unit>week|month|year)\b", _since),
        (r"\b(?P<which>this|current) (?P<unit>week|month|year)\b", _calendar),
        (rf"\b{_LEAD}(?:the )?(?P<name>day before yesterday|today|yesterday)\b", _day),
        (rf"\b{_LEAD}(?:the )?(?P<name>day after tomorrow|tomorrow)\b", _ahead),
        (rf"\b{_LEAD}next (?:{_DAY}|(?P<unit>week|month|year))\b", _next),
        (rf"(?<!every )(?<!each )\b{_LEAD}(?:on |last )?{_DAY}\b", _weekday),
        (rf"(?<!every )(?<!each )\b(?:(?P<lead>since) |on |last ){_SHORT_DAY}", _weekday),
        (rf"(?<!every )(?<!each )\b{_SHORT_DAY}(?= ?:? ?\d)", _weekday),
        (r"\b(?:(?:over|at|on|during) )?(?:the )?(?P<which>last|this|past)? ?weekend\b", _weekend),
        (rf"\b(?P<lead>since|in|during|last|for|from|between|until|till) {_MONTH}(?: (?:of )?{_YEAR})?\b", _month),
        (rf"\b(?P<lead>since|in|during|for|from|between|until|till) (?:the year )?{_YEAR}\b(?!-\d)", _year),
        (rf"{_VALUES}of {_YEAR}\b(?!-\d)", _year),
        (rf"{_ENDS}{_MONTH}(?: (?:of )?{_YEAR})?\b", _month),
        (rf"{_ENDS}{_YEAR}\b(?!-\d)", _year),
        (rf"\bin the (?P<name>{'|'.join(_QUARTERS)}) quarter(?: of)?(?: {_YEAR})?\b", _quarter),
    )
)
_BARE_LAST = re.compile(r"^(?:the )?(?P<which>last|previous) (?P<unit>week|month|year|day)$")


def find_relative(folded: str, now: datetime | None) -> Iterator[Piece]:
    """Every period in words, in no order; without bounds where it needs `now` and `now` is None."""
    for rule in _RULES:
        for found in rule.pattern.finditer(folded):
            bounds = _bounds(rule, found, now)
            if bounds is not None or now is None:
                lead = (found.groupdict().get("lead") or "").strip()
                bound = rule.pattern.pattern.startswith(_ENDS)
                ahead = rule.build in (_next, _ahead) or (rule.build is _weekday and _comes(found))
                weekday = rule.build is _weekday
                yield Piece("day", found.start(), found.end(), bounds, lead, ahead=ahead, bound=bound, weekday=weekday)


def _bounds(rule: _Rule, found: Found, now: datetime | None) -> Bounds | None:
    if now is None and not found.groupdict().get("year"):
        return None
    try:
        return rule.build(found, now or datetime(2000, 1, 1, tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
