"""From pieces to periods: times of day and parts of the day set into their day, two dates joined to a span."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from vitasense.deterministic.intake.dates import find_dates
from vitasense.deterministic.intake.details import Period
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.locales import Conventions
from vitasense.deterministic.intake.periods import find_relative
from vitasense.deterministic.intake.spans import Bounds, Piece, back, day_of, midnight

_LEAD = r"(?:\b(?P<lead>since|from|until|till|by) )?(?:\b(?:at|around|about) (?:about |around )?)?"
_CLOCK = re.compile(
    rf"{_LEAD}(?:\b(?P<half>[01]?\d|2[0-4])(?:[:.](?P<past>\d\d))? ?(?P<noon>[ap])(?:\.m\.|\.?m\b)"
    r"|(?<!\*)\b(?P<hour>\d{1,2}):(?P<minute>\d\d)(?![:\d/])(?: ?h\b)?"
    r"|\b(?P<clock>\d{1,2}) o'?clock\b)"
)
_BARE = re.compile(r"\bat (?P<hour>1[0-2]|[1-9])\b(?![:/%]|[.,]\d| ?(?:mg|mcg|ml|units?|percent|over)\b)")
_GAP = re.compile(r"[\s,]*(?:(?:in|at|around|about|on|of) )?(?:the )?[\s,]*")
_LONGEST_GAP = 16
_TO = re.compile(r" ?(?:to|until|till|through|and) (?:the )?| ?[-–] ?")
_HALF_DAY, _DAY = 720, timedelta(days=1)
_NO_TIME = "There is no such time of day."
_SHORT = {"tonight": "night", "am": "morning", "pm": "afternoon"}
_UNTIL = frozenset({"until", "till", "by"})
_FROM = frozenset({"from", "between"})
_RANK = {"clock": 0, "part": 1, "day": 2}


@dataclass(frozen=True, slots=True)
class Span:
    """A period, the characters `[start, end)` that say it, whether they name a day or more, and whether it is to come."""

    period: Period
    start: int
    end: int
    dated: bool
    ahead: bool


def find_periods(folded: str, now: datetime | None, text: str, conventions: Conventions) -> tuple[Span, ...]:
    """Every period that the folded text names, by place, without overlaps.

    What cannot be placed (no `now`, a date that does not exist, a date that can be read two ways) keeps its text.
    """
    joined: list[Piece] = []
    for piece in _apart(folded, now, conventions):
        together = _join(folded, joined[-1], piece) if joined else None
        if together:
            joined[-1] = together
        else:
            joined.append(piece)
    # A part of the day that stands alone is a habit ("in the morning").
    return tuple(_span(piece, text) for piece in joined if piece.kind != "part" and not piece.bound)


def _apart(folded: str, now: datetime | None, conventions: Conventions) -> Iterator[Piece]:
    found = [*find_dates(folded, now, conventions), *find_relative(folded, now)]
    found += [*_parts_of_day(folded, now), *_times_of_day(folded, now)]
    end = 0
    for piece in sorted(found, key=lambda one: (one.start, -one.end)):
        if piece.start >= end:
            yield piece
            end = piece.end


def _span(piece: Piece, text: str) -> Span:
    said = text[piece.start : piece.end]
    start, end = piece.bounds or (None, None)
    if piece.lead == "since":
        end = None
    elif piece.lead in _UNTIL:
        start = None
    period = Period(start=start, end=end, text=said, place=(piece.start, piece.end), doubt=piece.doubt)
    return Span(period, piece.start, piece.end, piece.kind == "day", piece.ahead)


@cache
def _hours() -> Mapping[str, tuple[int, int]]:
    rows = cast("Mapping[str, Sequence[str]]", load("time")["parts"])
    return {name: (int(hours[0]), int(hours[1])) for name, hours in rows.items()}


@cache
def _part_pattern() -> re.Pattern[str]:
    lead = r"\b(?:(?P<lead>since|from|until|till) )?(?:(?P<which>this|last|in the|at|on the|during the) )?"
    return re.compile(rf"{lead}(?:early |late )?(?P<name>{'|'.join(_hours())}|tonight|(?<=\bthis )[ap]m)\b")


def _parts_of_day(folded: str, now: datetime | None) -> Iterator[Piece]:
    for found in _part_pattern().finditer(folded):
        dated = found["which"] in ("this", "last") or found["name"] == "tonight"
        name = _SHORT.get(found["name"], found["name"])
        bounds = _placed(found["which"], name, now, since=found["lead"] == "since") if now else None
        kind = "day" if dated else "part"
        yield Piece(kind, found.start(), found.end(), bounds, found["lead"] or "", part=name)


def _placed(which: str | None, name: str, now: datetime, *, since: bool) -> Bounds:
    """The part of the day that is meant: today's, unless it is the last one, the running night or lasted since then.

    Who says "this morning" before five speaks of the morning so far; other parts of today may be still to come.
    """
    today, yesterday = (_part_of(day, name) for day in (now, now - _DAY))
    if which == "last":
        return yesterday
    if today[0] <= now:
        return today
    if name == "morning":
        return (now, today[1]) if which == "this" else today
    return yesterday if since or yesterday[1] > now else today


def _part_of(day: datetime, name: str) -> tuple[datetime, datetime]:
    start, end = _hours()[name]
    return midnight(day) + timedelta(hours=start), midnight(day) + timedelta(hours=end)


@cache
def _named_times() -> tuple[re.Pattern[str], Mapping[str, int]]:
    rows = cast("Mapping[str, str]", load("time")["clock"])
    pattern = re.compile(rf"\b(?:at|around|by|(?P<lead>since|from|until|till)) (?:about )?(?P<name>{'|'.join(rows)})\b")
    return pattern, {name: int(at) for name, at in rows.items()}


def _times_of_day(folded: str, now: datetime | None) -> Iterator[Piece]:
    for pattern in (_CLOCK, _BARE):
        for found in pattern.finditer(folded):
            said = found.groupdict()
            piece = _timed(found, _minutes(said), said.get("lead") or "", now)
            yield replace(piece, bound=pattern is _BARE)
    pattern, minutes = _named_times()
    for found in pattern.finditer(folded):
        yield _timed(found, minutes[found["name"]], found["lead"] or "", now)


def _minutes(found: Mapping[str, str | None]) -> int | None:
    """Minutes after midnight; None when no day has such a time."""
    half, past = found.get("half"), int(found.get("past") or found.get("minute") or 0)
    hour = int(half or found.get("hour") or found.get("clock") or 0)
    if past > 59 or hour > (12 if half else 23):
        return None
    if half:
        hour = hour % 12 + (12 if found["noon"] == "p" else 0)
    return hour * 60 + past


def _timed(found: re.Match[str], minutes: int | None, lead: str, now: datetime | None) -> Piece:
    doubt = _NO_TIME if minutes is None else None
    bounds = _at(day_of(now), minutes) if now and minutes is not None else None
    return Piece("clock", found.start(), found.end(), bounds, lead, doubt, clock=minutes)


def _at(window: Bounds, minutes: int) -> Bounds | None:
    """The minute inside the window at this time of day; "at 8" of an evening is the one after noon."""
    start, end = window
    if start is None or end is None or end - start > _DAY:
        return None
    for offset in (0, _HALF_DAY, 2 * _HALF_DAY):
        at = midnight(start) + timedelta(minutes=minutes + offset)
        if start <= at < end:
            return at, at + timedelta(minutes=1)
    return None


def _join(folded: str, one: Piece, other: Piece) -> Piece | None:
    """Two pieces that stand beside each other as one; None when they say two things."""
    gap = folded[one.end : other.start]
    ends = _TO.fullmatch(gap) or (other.lead in _UNTIL and gap == " ")
    if one.lead in _FROM and one.kind == other.kind == "day" and ends:
        return _from_to(one, other)
    if one.weekday and other.kind == "day" and not other.weekday and gap.strip(", ") in ("", "the"):
        return replace(other, start=one.start, lead=one.lead or other.lead)
    if one.kind == other.kind or len(gap) > _LONGEST_GAP or not _GAP.fullmatch(gap):
        return None
    day, time = (one, other) if _RANK[one.kind] > _RANK[other.kind] else (other, one)
    return _set(one, other, day, time)


def _from_to(one: Piece, other: Piece) -> Piece:
    bounds = None
    if one.bounds and other.bounds and one.bounds[0] and other.bounds[1]:
        bounds = _in_order(one.bounds[0], other.bounds[1])
    return replace(one, end=other.end, bounds=bounds, lead="", doubt=one.doubt or other.doubt, bound=False)


def _in_order(start: datetime, end: datetime) -> Bounds:
    """ "Between March and June 2025": the first takes the year of the second, or the one before."""
    if start >= end:
        start = back(start, max(start.year - end.year, 0), "year")
    return start if start < end else back(start, 1, "year"), end


def _set(one: Piece, other: Piece, day: Piece, time: Piece) -> Piece:
    kind = "day" if day.kind == "day" else "clock"
    doubt = day.doubt or time.doubt
    lead = one.lead or other.lead
    whole = replace(day, kind=kind, start=one.start, end=other.end, lead=lead, doubt=doubt, bound=False)
    if day.bounds is None or doubt:
        return replace(whole, bounds=None)
    if time.clock is not None:
        return replace(whole, bounds=_at(day.bounds, time.clock) or day.bounds, clock=time.clock)
    start, end = day.bounds
    if not (start and end and time.part and end - start <= _DAY):
        return whole
    window = _part_of(start, time.part)
    # "Yesterday at 7:30 in the evening" is half past seven of the evening.
    exact = _at(window, day.clock) if day.clock is not None else None
    return replace(whole, bounds=exact or window, part=time.part)
