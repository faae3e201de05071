"""Faithful rephrasings by rule: the same statement, written another way."""

import re
from collections.abc import Callable, Mapping

from vitasense.evals.grounding.wording import DAY_FIRST, MONTH_FIRST, MONTHS, PAIR, plain_numbers, put, spelled

Rephrasing = Callable[[str], str | None]

_WRITTEN_OUT = {"mg/dL": "milligrams per deciliter", "mmol/L": "millimoles per litre", "kg": "kilograms", "cm": "centimetres", "%": " percent", "kcal": "calories", "bpm": "beats per minute"}  # fmt: skip
_SHORT = {"beats per minute": "bpm", "micrograms": "mcg", "kilograms": "kg", "percent": "%"}
_BRACKETS = re.compile(r"\s?\([^()]*\)")
_UP_TO = 20


def day_first(text: str) -> str | None:
    """14 March 2026 for March 14, 2026."""
    return _changed(text, MONTH_FIRST.sub(r"\2 \1 \3", text))


def month_first(text: str) -> str | None:
    """March 14, 2026 for 14 March 2026."""
    return _changed(text, DAY_FIRST.sub(r"\2 \1, \3", text))


def iso(text: str) -> str | None:
    """2026-03-14 for 14 March 2026."""
    numbers = {month: f"{i + 1:02}" for i, month in enumerate(MONTHS)} | {
        m[:3]: f"{i + 1:02}" for i, m in enumerate(MONTHS)
    }
    return _changed(text, DAY_FIRST.sub(lambda m: f"{m[3]}-{numbers[m[2]]}-{int(m[1]):02}", text))


def short_month(text: str) -> str | None:
    """14 Mar 2026 for 14 March 2026."""
    return _changed(text, DAY_FIRST.sub(lambda m: f"{m[1]} {m[2][:3]} {m[3]}", text))


def ordinal_day(text: str) -> str | None:
    """14th March 2026 for 14 March 2026."""
    return _changed(text, DAY_FIRST.sub(lambda m: f"{m[1]}{_suffix(int(m[1]))} {m[2]} {m[3]}", text))


def units_written_out(text: str) -> str | None:
    """Kilograms for kg."""
    found = [m for unit in _WRITTEN_OUT for m in re.finditer(rf"(?<=\d)\s?{re.escape(unit)}(?![\w/])", text)]
    for match in sorted(found, key=lambda m: -m.start()):
        text = put(text, match, f" {_WRITTEN_OUT[match.group().strip()].strip()}")
    return text if found else None


def units_shortened(text: str) -> str | None:
    """Bpm for beats per minute."""
    return _changed(text, re.sub("|".join(rf"\b{word}\b" for word in _SHORT), lambda m: _SHORT[m[0]], text))


def numbers_in_words(text: str) -> str | None:
    """ "Three" for 3."""
    found = [n for n in plain_numbers(text) if n.group().isdigit() and 1 < int(n.group()) < _UP_TO]
    found = [n for n in found if not re.search(r"(?:[Tt]ype|rom|\d,|\d and|\.) $|\($", text[: n.start()]) and not re.match(r"\s?[%(/]|,? and \d|, \d| to ", text[n.end() :])]  # fmt: skip
    for match in reversed(found):
        text = put(text, match, spelled(int(match.group())))
    return text if found else None


def pair_with_over(text: str) -> str | None:
    """142 over 88 for 142/88."""
    return _changed(text, PAIR.sub(r"\1 over \2", text))


def pressure_without_unit(text: str) -> str | None:
    """142/88 for 142/88 mmHg."""
    return _changed(text, re.sub(r"(\d{2,3}/\d{2,3}) mmHg", r"\1", text))


def without_brackets(text: str) -> str | None:
    """Without what stands in brackets."""
    return _changed(text, _BRACKETS.sub("", text)) if text.count("(") == 1 else None


def introduced(text: str) -> str:
    """With a first sentence that says nothing."""
    return f"Here is what I found in your record. {text}"


def as_bullets(text: str) -> str:
    """Each sentence as an item of a list."""
    return "\n".join(f"- {sentence}" for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text))


def in_bold(text: str) -> str | None:
    """Numbers in bold."""
    found = plain_numbers(text)
    for match in reversed(found):
        text = put(text, match, f"**{match.group()}**")
    return text if found else None


def with_typography(text: str) -> str:
    """Typographic apostrophes, dashes and spaces, as a model writes them."""
    return re.sub(r"(?<=\d) (?=(?:mg|mmHg|kg|g|mmol)\b)", "\u00a0", text.replace("'", "’")).replace(" - ", " – ")


REPHRASINGS: Mapping[str, Rephrasing] = {
    "day first": day_first,
    "month first": month_first,
    "ISO date": iso,
    "short month": short_month,
    "ordinal day": ordinal_day,
    "units written out": units_written_out,
    "units shortened": units_shortened,
    "numbers in words": numbers_in_words,
    "pair with over": pair_with_over,
    "pressure without its unit": pressure_without_unit,
    "without brackets": without_brackets,
    "introduced": introduced,
    "as bullets": as_bullets,
    "in bold": in_bold,
    "typography": with_typography,
}


def _changed(text: str, new: str) -> str | None:
    return new if new != text else None


def _suffix(day: int) -> str:
    return "th" if 10 <= day <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
