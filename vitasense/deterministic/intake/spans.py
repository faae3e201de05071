"""Spans of the calendar, computed from a moment: days, weeks, months and years back or ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH = "(" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept)"
_FAR = datetime.max.year

Bounds = tuple[datetime | None, datetime | None]
Kind = Literal["day", "part", "clock"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words at characters `[start, end)` that say a day or longer, a part of a day, or a time of day.

    `bounds` is None when they cannot be placed, for want of `now` or because of the `doubt`. A part or a time of day
    without a day is of the day of `now`. `lead` is the word before that opens the span: since, until, from or between.
    `clock` is the time of day in minutes, `part` the name of the part of the day. `ahead` is for what is to come,
    `bound` for words that say a time only beside another ("to June", "at 8"), `weekday` for the name of a day alone.
    """

    kind: Kind
    start: int
    end: int
    bounds: Bounds | None
    lead: str = ""
    doubt: str | None = None
    clock: int | None = None
    part: str | None = None
    ahead: bool = False
    bound: bool = False
    weekday: bool = False


def midnight(moment: datetime) -> datetime:
    """The beginning of the day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The day that a moment is in."""
    return midnight(moment), midnight(moment) + timedelta(days=1)


def month_start(moment: datetime, back: int = 0) -> datetime:
    """The first of the month `back` months before; of the moment's own month where the calendar ends."""
    months = moment.year * 12 + moment.month - 1 - back
    if not 12 <= months < (_FAR + 1) * 12:
        return midnight(moment).replace(day=1)
    return midnight(moment).replace(year=months // 12, month=months % 12 + 1, day=1)


def back(moment: datetime, count: int, unit: str) -> datetime:
    """The moment `count` units before; a day that the month does not have becomes its last."""
    if unit in ("month", "year"):
        first = month_start(moment, count * (12 if unit == "year" else 1))
        last_day = (month_start(first, -1) - timedelta(days=1)).day
        return moment.replace(year=first.year, month=first.month, day=min(moment.day, last_day))
    return moment - timedelta(**{f"{unit}s": count})


def unit_start(moment: datetime, unit: str, back: int) -> datetime:
    """The beginning of the day, week, month or year `back` units before the one that the moment is in."""
    if unit == "year":
        return month_start(moment.replace(month=1, day=1), back * 12)
    if unit == "month":
        return month_start(moment, back)
    days = back * 7 + moment.weekday() if unit == "week" else back
    return midnight(moment) - timedelta(days=days)


def month_number(name: str) -> int:
    """The number of a month from its name or the first three letters."""
    return next(place for place, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))
