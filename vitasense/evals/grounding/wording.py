"""Numbers, dates and names inside a reply, found and replaced: the ground of the rephrasings and the alterations."""

import re
from collections.abc import Callable, Sequence
from random import Random

Alteration = Callable[[str, Random], str | None]
NUMBER = re.compile(r"(?<![\w.,/:*-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w:/*-]|\.\d|,\d|\s?(?:st|nd|rd|th)\b)")
PAIR = re.compile(r"(?<![\w/])(\d{2,3})/(\d{2,3})(?![\w/])")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
_MONTH = "|".join((*MONTHS, *(month[:3] for month in MONTHS)))
DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({_MONTH}) (\d{{4}})\b")
MONTH_FIRST = re.compile(rf"\b({_MONTH}) (\d{{1,2}}), (\d{{4}})\b")
MONTH_YEAR = re.compile(rf"(?<!\d )\b({_MONTH}) (\d{{4}})\b")
CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)\b")
_DATE = re.compile("|".join(pattern.pattern for pattern in (DAY_FIRST, MONTH_FIRST, MONTH_YEAR, CLOCK)))
_LIST_MARK = re.compile(r"(?m)^\d{1,2}[.)]\s")
_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = ("_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def plain_numbers(text: str) -> list[re.Match[str]]:
    """The numbers of a text that are not part of a date, a time or a pair."""
    taken = [match.span() for pattern in (_DATE, _LIST_MARK) for match in pattern.finditer(text)]
    return [n for n in NUMBER.finditer(text) if not any(start <= n.start() < end for start, end in taken)]


def dates(text: str) -> list[re.Match[str]]:
    """The written days of a text."""
    return sorted([*DAY_FIRST.finditer(text), *MONTH_FIRST.finditer(text)], key=lambda match: match.start())


def put(text: str, match: re.Match[str], new: str) -> str:
    """`text` with `new` in the place of the match."""
    return text[: match.start()] + new + text[match.end() :]


def change_one(text: str, found: Sequence[re.Match[str]], change: Callable[[str], str], random: Random) -> str | None:
    """`text` with one of the matches changed; None when there is none or nothing changes."""
    if not found:
        return None
    match = random.choice(found)
    changed = put(text, match, change(match.group()))
    return changed if changed != text else None


def spelled(number: int) -> str:
    """ "one hundred and forty-two"."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    rest = number % 100
    return f"{_ONES[number // 100]} hundred" + (f" and {spelled(rest)}" if rest else "")


def roman(number: int) -> str:
    """ "XIV"."""
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written
