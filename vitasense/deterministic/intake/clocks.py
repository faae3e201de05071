"""Two times of the clock, and until when something is to wait, in a person's words."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_WORDS = {
    word: hour
    for hour, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
} | {"noon": 12, "midnight": 0}
_CLOCK = (
    r"(?P<hour{0}>\d{{1,2}}|" + "|".join(_WORDS) + r")(?:[:.h](?P<minute{0}>\d\d))?(?: ?o'?clock)?"
    r"(?: ?(?P<half{0}>[ap]\.? ?m\b\.?|at night|in the (?:evening|morning|night|afternoon)))?"
)
_BETWEEN = re.compile(
    rf"\b(?:{_CLOCK.format(1)}) ?(?:to|until|till|and|through|-|–) ?(?:{_CLOCK.format(2)})", re.IGNORECASE
)
_EVENING = re.compile(r"^p|evening|afternoon", re.IGNORECASE)
_NIGHT = re.compile(r"night", re.IGNORECASE)
_NOON, _LAST_HOUR = 12, 23
_LATE = 6  # a quiet time "from 10" without more begins in the evening, one "from 2" does not
_MORNING = 8  # the hour at which a day begins that something is put off to

_COUNT = r"(?P<count>\d{1,3}|an?|half an|" + "|".join(_WORDS) + r"|a couple of|a few)"
_FOR = re.compile(rf"\b(?:for|by|in) (?:another )?{_COUNT} (?P<unit>minute|min|hour|hr|day|week)s?\b", re.IGNORECASE)
_UNITS = {"min": "minute", "hr": "hour"}
_COUNTS = {"a": 1.0, "an": 1.0, "half an": 0.5, "a couple of": 2.0, "a few": 3.0}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNTIL = re.compile(
    r"\b(?:until|till|til|to) (?:(?P<day>tomorrow|tonight|this|next|" + "|".join(_DAYS) + r")\b ?)?"
    r"(?:at )?(?P<rest>(?:the )?(?:morning|noon|afternoon|evening|night|week|\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?"
    r"|(?:" + "|".join(_WORDS) + r")(?: ?o'?clock)?(?: ?[ap]\.?m\.?)?))?",
    re.IGNORECASE,
)
_PARTS = {"morning": _MORNING, "noon": 12, "afternoon": 13, "evening": 18, "night": 22}


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of the clock to another; over midnight when the second is the earlier."""

    start: time
    end: time


def hours_of(text: str) -> Hours | None:
    """ "between 10 pm and 7 am", "from eleven at night to six": the first two times of the clock; None without two.

    Hours that may be of the morning or of the evening begin in the evening and end in the morning, as nights do.
    """
    found = _BETWEEN.search(_plain(text))
    if found is None:
        return None
    start, end = (_time(found, place) for place in ("1", "2"))
    return Hours(start, end) if start and end and start != end else None


def _time(found: re.Match[str], place: str) -> time | None:
    said, half = found[f"hour{place}"].lower(), found[f"half{place}"] or ""
    hour, minute = _WORDS.get(said) if said in _WORDS else int(said), int(found[f"minute{place}"] or 0)
    if hour is None or hour > _LAST_HOUR + 1 or minute > 59:
        return None
    written = found[f"minute{place}"] is not None and len(said) == len("22")
    if half:
        hour = hour % _NOON + (_NOON if _EVENING.search(half) or _night(half, hour) else 0)
    elif place == "1" and _LATE < hour < _NOON and not written:
        hour += _NOON
    return time(hour % (_LAST_HOUR + 1), minute)


def _night(half: str, hour: int) -> bool:
    """ "Eleven at night" is late, "two at night" is early."""
    return bool(_NIGHT.search(half)) and hour % _NOON >= _LATE


def wait_words(text: str) -> str | None:
    """The words that say how long something is to wait: "for two hours", "until tomorrow"; None without any."""
    text = _plain(text)
    if found := _FOR.search(text):
        return found[0]
    found = next((each for each in _UNTIL.finditer(text) if each["day"] or each["rest"]), None)
    return found[0].strip() if found else None


def waits_until(words: str, now: datetime) -> datetime | None:
    """When the wait of `wait_words` ends, in the zone of `now`; a day begins at eight. None for what says no time."""
    if found := _FOR.search(words):
        return now + _span(found)
    found = _UNTIL.search(words)
    return _until(found, now) if found and (found["day"] or found["rest"]) else None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _span(found: re.Match[str]) -> timedelta:
    said, unit = found["count"].lower(), found["unit"].lower()
    count = _COUNTS.get(said) or float(_WORDS.get(said) or said)
    return timedelta(**{f"{_UNITS.get(unit, unit)}s": count})


def _until(found: re.Match[str], now: datetime) -> datetime | None:
    day, rest = (found["day"] or "").lower(), (found["rest"] or "").lower().removeprefix("the ")
    at = _at(rest, day)
    if at is None:
        return None
    wanted = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    if day in _DAYS or rest == "week":
        ahead = ((_DAYS.index(day) if day in _DAYS else 0) - now.weekday()) % 7 or 7
        return wanted + timedelta(days=ahead)
    if day == "tomorrow":
        return wanted + timedelta(days=1)
    return wanted if wanted > now else wanted + timedelta(days=1)


def _at(rest: str, day: str) -> time | None:
    if rest in _PARTS:
        return time(_PARTS[rest])
    if rest in ("", "week"):
        return time(_PARTS["night"] if day == "tonight" else _MORNING)
    found = re.match(r"(\d{1,2}|[a-z]+)(?:[:.](\d\d))?", rest)
    said = found[1] if found else ""
    hour = _WORDS.get(said) if said in _WORDS else int(said) if said.isdigit() else None
    if hour is None or hour > _LAST_HOUR:
        return None
    if re.search(r"[ap]\.?m", rest):
        hour = hour % _NOON + (_NOON if re.search(r"p\.?m", rest) else 0)
    minute = int(found[2] or 0) if found else 0
    return time(hour, minute) if minute <= 59 else None
