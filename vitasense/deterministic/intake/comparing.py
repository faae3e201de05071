"""Which two stretches of time a message compares: "this month with last", "last week than usual"."""

import re
from datetime import datetime, timedelta

from vitasense.deterministic.intake.details import Frozen, Period
from vitasense.deterministic.intake.schemas import Reading
from vitasense.deterministic.intake.spans import back

_USUAL = re.compile(r"\b(?:usual|usually|normal|normally|average|typical|otherwise)\b", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:than|versus|vs\.?|against|(?:compared?|comparison)(?: (?:with|to))?|relative to)"
    r"(?: (?:it|they) (?:was|were))?(?: (?:in|the|of|over|during)){0,3}$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\b(?:month|week|year)s?\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|few|couple)\b", re.IGNORECASE)
_DAY = timedelta(days=1)


class Compared(Frozen):
    """Two stretches of time, `start` inclusive, `end` exclusive; a later one without `end` goes on until now.

    The earlier one is None when it is to be as long as the later one and right before it, or `usual`.
    """

    since: datetime
    until: datetime | None = None
    before_since: datetime | None = None
    before_until: datetime | None = None
    usual: bool = False


def compared(reading: Reading) -> Compared | None:
    """What the message compares; None when it names no time that can be placed."""
    periods = [each for each in reading.periods if each.start is not None and each.doubt is None]
    apart = sorted({each.start: each for each in reversed(periods)}.values(), key=_start)
    if len(apart) > 1:
        return _two(apart[0], apart[-1])
    return _one(apart[0], reading.text) if apart else None


def _start(period: Period) -> datetime:
    assert period.start is not None
    return period.start


def _two(before: Period, after: Period) -> Compared:
    start, ends = _start(after), before.end
    ends = start if ends is None or ends > start else ends
    return Compared(since=start, until=after.end, before_since=_start(before), before_until=ends)


def _one(period: Period, text: str) -> Compared:
    start = _start(period)
    if _USUAL.search(text):
        return Compared(since=start, until=period.end, usual=True)
    if period.place and period.end and _AGAINST.search(" ".join(text[: period.place[0]].split())):
        return Compared(since=period.end, before_since=start, before_until=period.end)
    earlier = _previous(start, period)
    return Compared(since=start, until=period.end, before_since=earlier, before_until=start if earlier else None)


def _previous(start: datetime, period: Period) -> datetime | None:
    """Where the same stretch of the calendar before begins: the month before a month, the day before a day."""
    unit = _UNIT.search(period.text)
    if unit and not _PLURAL.search(period.text) and not period.text.lower().startswith(("since", "from")):
        return back(start, 1, unit[0].lower().removesuffix("s"))
    return start - (period.end - start) if period.end else None
