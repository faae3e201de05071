"""Numbers with their units, and dates, as they are written in a sentence."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

_NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[-\u2212](?=\d))?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?P<ordinal>st|nd|rd|th)?(?![\w]*\d)"
)
_FUSED = re.compile(r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)?)(?=[A-Za-zµμ°%])")
_AFTER = re.compile(r"[\s-]?(?:x\s?|×\s?)?(?P<unit>[^\s,;()]+(?:\s+[^\s,;()]+){0,4})")
# An unlisted unit such as "mg/h" is still a unit, so it must be the finding's own.
_COMPOUND = re.compile(r"[a-zµμ]{1,5}/[a-z0-9.²^*]{1,12}")
_ONES = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_SPELLED = re.compile(
    r"\b(?:(?:" + "|".join([*_ONES, *_TENS, *_SCALES]) + r")\b(?:[\s-]+(?:and\s+)?(?=[a-z])|\b)?)+", re.IGNORECASE
)
_NOT_A_COUNT = re.compile(r"\b(?:no|any|every|each|which|this|that|the|another|some|someone)\s+$", re.IGNORECASE)
_ONE_OF = re.compile(r"\s*(?:of|another|or|more|thing|moment|day|by|question|at a time|place|way)\b", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:^|\n)[ \t]*(?:[-*#>]+[ \t]*)?(?:step[ \t]+)?(\d{1,2})[.):](?=[ \t]|$)", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = "(?P<month>" + "|".join(_MONTHS) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w-]){_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?(?![\w-])",
        rf"(?<!\w){_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        r"(?<![\w/.-])(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d{2}|\d{2})(?![\w/])",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b",
        rf"(?<!\w){_DAY}\s+(?:of\s+)?{_MONTH}",
        rf"\b{_MONTH}\s+{_DAY}(?!\d)(?!\s?%)(?![.,]\d)",
        r"(?P<hour>\b\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s?(?P<half>[ap]\.?m\b\.?)?",
        r"(?P<hour>\b\d{1,2})\s?(?P<half>[ap]\.?m\b\.?)",
        rf"(?:(?<=\bin )|(?<=since )|(?<=during )|(?<=year )|(?<=from )|(?<=until )|(?<=of )|(?<=\()){_YEAR}\b(?!\s?(?:mg|kcal|steps|ml|m\b|iu|g\b))",
    )
)
_MONTH_NAMED = re.compile(
    rf"\b(?:in|since|last|this|from|until|during|of)\s+(?P<month>{'|'.join(m for m in _MONTHS if m != 'may' and len(m) > 3)}|May)\b"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its digits after the point and its unit, "" when none is written; `words` follow it."""

    number: float
    decimals: int
    unit: str
    start: int
    end: int
    following: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time of day; what is not written is None. `readings` are the (month, day) pairs it may mean."""

    year: int | None
    readings: frozenset[tuple[int | None, int | None]]
    clock: tuple[int, int] | None
    start: int
    end: int

    def fits(self, at: datetime | date) -> bool:
        """True when everything that is written agrees with `at`."""
        if self.clock is not None:
            return isinstance(at, datetime) and (at.hour, at.minute) == self.clock
        if self.year is not None and at.year != self.year:
            return False
        return any(month in (None, at.month) and day in (None, at.day) for month, day in self.readings)


def moments(text: str) -> Iterator[Moment]:
    """The dates and times in `text`; a place is read once, the longest way first."""
    covered = bytearray(len(text) + 1)
    for pattern in (*_DATES, _MONTH_NAMED):
        for match in pattern.finditer(text):
            if not any(covered[match.start() : match.end()]):
                moment = _moment(match)
                if moment is not None:
                    covered[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                    yield moment


def amounts(text: str, units: Mapping[str, str], taken: bytearray) -> Iterator[Amount]:
    """The numbers in `text` outside the places marked in `taken` (dates, list marks), in digits or in words."""
    covered = bytearray(taken)
    for mark in _LIST_MARK.finditer(text):
        covered[mark.start(1) : mark.end(1)] = b"\x01" * (mark.end(1) - mark.start(1))
    for pattern in (_NUMBER, _FUSED):
        for match in pattern.finditer(text):
            if not any(covered[match.start() : match.end()]):
                covered[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                yield _digits(match, text, units)
    for match in _SPELLED.finditer(text):
        if not any(covered[match.start() : match.end()]):
            amount = _spelled(match, text, units)
            if amount is not None:
                yield amount


def _digits(match: re.Match[str], text: str, units: Mapping[str, str]) -> Amount:
    written = match.group("number")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written):
        written = written.replace(",", "")
    plain = written.replace(",", ".")
    decimals = len(plain.partition(".")[2])
    sign = (
        -1 if match.groupdict().get("sign") and not text[: match.start()].rstrip().endswith(tuple("0123456789")) else 1
    )
    unit, end, following = _unit(text, match.end(), units)
    return Amount(sign * float(plain), decimals, unit, match.start(), end, following)


def _spelled(match: re.Match[str], text: str, units: Mapping[str, str]) -> Amount | None:
    words = [word for word in re.findall(r"[a-z]+", match.group().lower()) if word != "and"]
    end = match.start() + len(match.group().rstrip(" -\t\n"))
    if words == ["one"]:
        unit, _, _ = _unit(text, end, units)
        if _NOT_A_COUNT.search(text[max(0, match.start() - 12) : match.start()]) or _ONE_OF.match(text, end):
            return None
        if not unit and not text[end:].strip():
            return None
    unit, unit_end, following = _unit(text, end, units)
    return Amount(_value(words), 0, unit, match.start(), unit_end, following)


def _value(words: list[str]) -> float:
    total, current = 0, 0
    for word in words:
        if word in _SCALES and word != "hundred":
            total, current = total + max(current, 1) * _SCALES[word], 0
        elif word == "hundred":
            current = max(current, 1) * 100
        else:
            # "one forty five" is said for 145.
            step = _ONES.get(word, _TENS.get(word, 0))
            current = current * 100 + step if 0 < current < 10 and step >= 10 else current + step
    return float(total + current)


def _unit(text: str, end: int, units: Mapping[str, str]) -> tuple[str, int, str]:
    """Unit name, where it ends, and the words that follow the number."""
    match = _AFTER.match(text, end)
    if not match or (text[end : end + 1] == "-" and text[end + 1 : end + 2].isdigit()):
        return "", end, ""
    following = match.group("unit")
    pieces = list(re.finditer(r"\S+", following))
    for piece in reversed(pieces):
        written = "".join(following[: piece.end()].split()).rstrip(".:!?").lower()
        if written in units:
            return units[written], match.start("unit") + piece.end(), following.lower()
    first = pieces[0].group().rstrip(".:!?").lower()
    if _COMPOUND.fullmatch(first):
        return first, match.start("unit") + pieces[0].end(), following.lower()
    return "", end, following.lower()


def _moment(match: re.Match[str]) -> Moment | None:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else None
    if year is not None and year < 100:
        year += 2000 if year < 70 else 1900
    clock = _clock(found)
    if "hour" in found:
        return Moment(None, frozenset(), clock, match.start(), match.end()) if clock else None
    readings = _readings(found)
    return Moment(year, readings, None, match.start(), match.end()) if readings else None


def _clock(found: Mapping[str, str | None]) -> tuple[int, int] | None:
    if not found.get("hour"):
        return None
    hour, minute = int(found["hour"] or 0), int(found.get("minute") or 0)
    half = (found.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _readings(found: Mapping[str, str | None]) -> frozenset[tuple[int | None, int | None]]:
    if found.get("first"):
        first, second = int(found["first"] or 0), int(found["second"] or 0)
        pairs = {(first, second), (second, first)}
        return frozenset((month, day) for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31)
    month = found.get("month")
    number = None if month is None else int(month) if month.isdigit() else _MONTHS[month.lower()]
    day = int(found["day"]) if found.get("day") else None  # type: ignore[arg-type]
    if (number is not None and not 1 <= number <= 12) or (day is not None and not 1 <= day <= 31):
        return frozenset()
    return frozenset({(number, day)})
