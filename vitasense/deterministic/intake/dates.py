"""Dates of the calendar as people write them: numbers in the order of the locale, names of months, feast days."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.locales import Conventions
from vitasense.deterministic.intake.spans import MONTH, Bounds, Piece, back, day_of, midnight, month_number

_LEAD = r"(?:\b(since|from|until|till|by|on|between|for|dated|the)\s(?:the )?)?"
_YEAR = r"((?:19|20)\d\d)"
_ORDINAL = r"(?:st|nd|rd|th)?"
# Not the date of "in May 10 mg": a number that counts or measures something else follows the month.
_NO_AMOUNT = r"(?![\d:/]|[.,]\d| ?(?:mg|mcg|ug|g|ml|units?|iu|kg|lbs?|%|mmol|tablets?|puffs?|times)\b)"
_ISO = re.compile(rf"{_LEAD}\b{_YEAR}([-/.])(\d\d)\3(\d\d)\b")
_OF_MONTH = re.compile(r"\b(since|from|until|till|by|on) the (\d{1,2})(?:st|nd|rd|th)\b")
_NUMERIC = re.compile(rf"{_LEAD}\b(\d{{1,2}})([/.-])(\d{{1,2}})\3({_YEAR}|\d\d)\b(?![/.-]\d)")
_SHORT = re.compile(r"\b(since|from|until|till|by|on|dated)\s(\d{1,2})/(\d{1,2})\b(?![/.]?\d)")
_DAY_MONTH = re.compile(rf"{_LEAD}\b(\d{{1,2}}){_ORDINAL}(?: of)?[ -]{MONTH}\b(?:(?:,? |-){_YEAR}\b)?")
_MONTH_DAY = re.compile(rf"{_LEAD}\b{MONTH} (?:the )?(\d{{1,2}}){_ORDINAL}\b{_NO_AMOUNT}(?:,? {_YEAR}\b)?")
_PIVOT = 69  # POSIX strptime %y: 69 to 99 are of the last century

_NO_SUCH = "There is no such date."
_EITHER = "The day and the month could be either way round."


def find_dates(folded: str, now: datetime | None, conventions: Conventions) -> Iterator[Piece]:
    """Every date, in no order; one that does not exist or can be read two ways has no bounds and says why."""
    for found in _ISO.finditer(folded):
        yield _dated(found, found[1], _day(int(found[2]), int(found[4]), int(found[5]), now))
    for found in _NUMERIC.finditer(folded):
        yield _in_numbers(found, _full(found[5]), conventions, now)
    for found in _SHORT.finditer(folded):
        yield _in_numbers(found, None, conventions, now)
    for found in _DAY_MONTH.finditer(folded):
        yield _named(found, int(found[2]), found[3], found[4], now)
    for found in _MONTH_DAY.finditer(folded):
        yield _named(found, int(found[3]), found[2], found[4], now)
    for found in _OF_MONTH.finditer(folded):
        yield _dated(found, found[1], _of_month(int(found[2]), now), known=now is not None)
    for found in _feasts().finditer(folded):
        month, day = _feast_days()[found[2]]
        moment = _in_year(month, day, found[3], now)
        yield _dated(found, found[1], moment, known=bool(found[3]) or now is not None)


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= _PIVOT else 2000)


def _day(year: int, month: int, day: int, now: datetime | None) -> datetime | None:
    try:
        # Without a moment the zone is unknown too; the days of a calendar date are then those of UTC.
        return (midnight(now) if now else datetime(year, 1, 1, tzinfo=UTC)).replace(year=year, month=month, day=day)
    except ValueError:
        return None


def _in_numbers(found: re.Match[str], year: int | None, conventions: Conventions, now: datetime | None) -> Piece:
    one, other = int(found[2]), int(found[4] if year is not None else found[3])
    which = [(other, one), (one, other)]
    if conventions.order:
        which = which if conventions.order == "dmy" else which[::-1]
    read = [(month, day) for month, day in which if _exists(year, month, day)]
    if not read:
        return _piece(found, None, doubt=_NO_SUCH, lead=found[1])
    if conventions.order is None and len(set(read)) > 1:
        return _piece(found, None, doubt=_EITHER, lead=found[1])
    month, day = read[0]
    moment = _in_year(month, day, None, now) if year is None else _day(year, month, day, now)
    return _dated(found, found[1], moment, known=year is not None or now is not None)


def _exists(year: int | None, month: int, day: int) -> bool:
    return _day(year or 2024, month, day, None) is not None


def _named(found: re.Match[str], day: int, month: str, year: str | None, now: datetime | None) -> Piece:
    number = month_number(month)
    if not _exists(int(year) if year else None, number, day):
        return _piece(found, None, doubt=_NO_SUCH)
    moment = _in_year(number, day, year, now)
    return _dated(found, found[1], moment, known=bool(year) or now is not None)


def _in_year(month: int, day: int, year: str | None, now: datetime | None) -> datetime | None:
    """The date of the year, or the last one before now; None without both."""
    if year:
        return _day(int(year), month, day, now)
    if now is None:
        return None
    this = _day(now.year, month, day, now)
    return this if this and this <= now else _day(now.year - 1, month, day, now)


def _of_month(day: int, now: datetime | None) -> datetime | None:
    """The last day of this number before now."""
    if now is None:
        return None
    months = (now, back(now, 1, "month"), back(now, 2, "month"))
    found = (_day(month.year, month.month, day, now) for month in months)
    return next((moment for moment in found if moment and moment <= now), None)


def _dated(found: re.Match[str], lead: str | None, moment: datetime | None, *, known: bool = True) -> Piece:
    if moment is None:
        return _piece(found, None, doubt=_NO_SUCH if known else None, lead=lead)
    return _piece(found, day_of(moment), lead=lead)


def _piece(found: re.Match[str], bounds: Bounds | None, *, doubt: str | None = None, lead: str | None = None) -> Piece:
    return Piece("day", found.start(), found.end(), bounds, lead or "", doubt)


@cache
def _feast_days() -> Mapping[str, tuple[int, int]]:
    rows = cast("Mapping[str, str]", load("time")["feasts"])
    return {name: (int(day[:2]), int(day[3:])) for name, day in rows.items()}


@cache
def _feasts() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _feast_days()), key=len, reverse=True))
    return re.compile(rf"{_LEAD}\b({names})\b(?:,? {_YEAR}\b)?")
