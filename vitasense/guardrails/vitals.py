"""Vital signs written in a message ("sats 84", "BP 190/115", "sugar was 2.9"), in one unit each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# 1 mmol/L of glucose is 18.016 mg/dL (molar mass 180.16 g/mol); readings below 33.3 without a unit are mmol/L,
# the upper end of glucose meters (ISO 15197).
_MG_PER_MMOL = 18.016
_HIGHEST_MMOL = 33.3
_LOWEST_FAHRENHEIT = 80.0

_IS = r"(?:[\s:=,]|\b(?:is|was|at|of|reads?|reading|shows?|showing|says?|now|around|about|only|down|to|just|level|levels|my|his|her|dropped|fell|went|up|has|sat|under|below|above|over|rate|saturation|sats?|sugar|measured|been|came|back|out|as|it|it's|its|the|a|stuck|sitting|currently|hit|hitting)\b){1,14}"
_NUMBER = r"(\d{1,3}(?:[.,]\d{1,2})?)"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "oxygen",
        rf"\b(?:spo2|sp02|o2|oxygen|sats?|saturation|pulse\s?ox\w*|ox[iy]meter){_IS}{_NUMBER}(?!\s*(?:l\b|liters?|litres?|/|\d))",
    ),
    (
        "oxygen",
        rf"{_NUMBER}\s?%?\s*(?:on\s+(?:room\s+air|(?:the\s+|my\s+)?(?:pulse\s?ox|oximeter))|oxygen\b(?!\s+therapy)|spo2|sats?\b|o2\b)",
    ),
    ("pressure", r"\b(\d{2,3})\s?(?:/|over|\\)\s?(\d{2,3})\b"),
    ("systolic", rf"\b(?:systolic|top number){_IS}(\d{{2,3}})\b"),
    ("systolic", rf"\b(?:bp|blood pressure){_IS}(\d{{3}})\b(?!\s?(?:/|over|\\|\d|%))"),
    ("glucose", rf"\b(?:sugars?|glucose|bg|bgl|cgm|libre|dexcom){_IS}{_NUMBER}\s*(mmol(?:/l)?|mg(?:/dl)?)?"),
    (
        "temperature",
        rf"\b(?:temp|temperature|fever|thermometer){_IS}{_NUMBER}\s*(?:°|degrees|deg)?\s*(f\b|c\b|fahrenheit|celsius)?",
    ),
    ("temperature", r"\b(\d{2,3}(?:[.,]\d{1,2})?)\s*(?:°|degrees|deg)?\s*(f\b|c\b|fahrenheit|celsius)"),
    ("temperature", rf"{_NUMBER}\s*(?:°|degrees|deg)?\s*(f\b|c\b|fahrenheit|celsius)?\s*(?:temp\b|temperature|fever)"),
    ("pulse", rf"\b(?:pulse|heart\s?rate|hr|bpm){_IS}(\d{{2,3}})\b(?!\s?[%/])"),
    (
        "pulse",
        r"\bheart(?:'s|s)?\s(?:is\s)?(?:going|beating|racing|at|pounding|thumping|hammering)(?:\s(?:at|is|like|around|about|over)){0,2}\s(\d{2,3})\b",
    ),
    ("pulse", r"\bheart\s(\d{2,3})\s(?:on|bpm|beats|per|a min)"),
    ("potassium", rf"\b(?:potassium|k\+){_IS}{_NUMBER}"),
    ("ketones", rf"\b(?:blood\s)?ketones?{_IS}{_NUMBER}"),
    (
        "temperature",
        r"\b(?:hot|burning|rectal|armpit|forehead|fever\w*|boiling|warm|thermometer)\b[^.!?\n\d]{0,30}(3[89]|4[0-2]|3[89][.,]\d|4[0-2][.,]\d)\b(?![.,]\d)",
    ),
    (
        "temperature",
        r"(?<![\d/.,])(3[89](?:[.,]\d)?|4[0-2](?:[.,]\d)?)(?![\d/%]|[.,]\d)[^.!?\n\d]{0,30}\b(?:hot|burning up|feverish|boiling)\b",
    ),
    ("pulse", r"\b(\d{2,3})\s?(?:bpm|beats (?:per|a) minute)"),
    ("respiration", rf"\b(?:respiratory rate|resp rate|breathing rate|rr){_IS}(\d{{1,2}})\b"),
    ("respiration", r"\b(\d{1,2})\s?(?:breaths (?:per|a|in a|in one) minute)"),
)
_COMPILED = tuple((metric, re.compile(pattern, re.IGNORECASE)) for metric, pattern in _PATTERNS)
# Outside these a number is not this vital sign (a date, a score, a room), so nothing is concluded from it.
_POSSIBLE = {
    "oxygen": (40, 100),
    "systolic": (50, 300),
    "diastolic": (20, 200),
    "glucose": (10, 1500),
    "temperature": (25, 45),
    "pulse": (15, 300),
    "respiration": (3, 80),
    "potassium": (1.5, 10),
    "ketones": (0.1, 15),
}


_OWN_WORDS = re.compile(r"(?<![a-z\\])[a-z]{4,}(?![a-z\[*])")


def vital_words() -> frozenset[str]:
    """The words that a vital sign is told in."""
    said = (word for _, pattern in _PATTERNS for word in _OWN_WORDS.findall(pattern))
    return frozenset((*said, "oximeter", "oxymeter"))


@dataclass(frozen=True, slots=True)
class VitalSign:
    """`number` in %, mmHg, mg/dL (glucose), degrees Celsius, per minute, or mmol/L (potassium, ketones); place in the text."""

    metric: str
    number: float
    start: int
    end: int


def vital_signs(text: str) -> Iterator[VitalSign]:
    """Every vital sign in `text` whose value is possible for its metric."""
    for metric, pattern in _COMPILED:
        for match in pattern.finditer(text):
            for name, number in _read(metric, match):
                low, high = _POSSIBLE[name]
                if low <= number <= high:
                    yield VitalSign(name, number, match.start(), match.end())


def _read(metric: str, match: re.Match[str]) -> Iterator[tuple[str, float]]:
    number = float(match.group(1).replace(",", "."))
    unit = (match.group(2) or "").lower() if len(match.groups()) > 1 else ""
    if metric == "pressure":
        lower = float(match.group(2))
        if number > lower:
            yield "systolic", number
            yield "diastolic", lower
    elif metric == "glucose":
        yield metric, _glucose(number, unit)
    elif metric == "temperature":
        yield metric, _celsius(number, unit)
    else:
        yield metric, number


def _glucose(number: float, unit: str) -> float:
    molar = unit.startswith("mmol") or (not unit and number <= _HIGHEST_MMOL)
    return number * _MG_PER_MMOL if molar else number


def _celsius(number: float, unit: str) -> float:
    fahrenheit = unit.startswith("f") or (not unit and number >= _LOWEST_FAHRENHEIT)
    return round((number - 32) * 5 / 9, 2) if fahrenheit else number
