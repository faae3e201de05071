"""Numbers as written or spoken: "145", "one forty five", "seven point eight", "half", "1 1/2"."""

from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.tokens import Token

_ONE_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = {word: value for value, word in enumerate(_ONE_WORDS)}
_TENS = {word: 20 + 10 * value for value, word in enumerate(_TEN_WORDS)}
_DIGITS = {**{word: value for word, value in _ONES.items() if value < 10}, "oh": 0, "o": 0}
_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_FRACTIONS = {(1.0, 2.0): 0.5, (1.0, 4.0): 0.25, (3.0, 4.0): 0.75, (1.0, 3.0): 1 / 3, (2.0, 3.0): 2 / 3}
_COUNTS = {"half": 0.5, "couple": 2.0, "few": 3.0, "dozen": 12.0, "quarter": 0.25}


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `[first, last)`; `loose` for words such as "a", "half" and "couple" that only count."""

    value: float
    first: int
    last: int
    loose: bool = False


def find_numbers(tokens: Sequence[Token]) -> tuple[Number, ...]:
    """Every number of the text from left to right, without overlaps."""
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        number = _digits(tokens, at) or _spoken(tokens, at) or _loose(tokens, at)
        if number:
            found.append(number)
        at = number.last if number else at + 1
    return tuple(found)


def _digits(tokens: Sequence[Token], at: int) -> Number | None:
    if tokens[at].raw in _SIGNS:
        return Number(_SIGNS[tokens[at].raw], at, at + 1)
    if not tokens[at].number:
        return None
    value = _written(tokens[at].raw)
    if at + 1 < len(tokens) and tokens[at + 1].raw in _SIGNS:
        return Number(value + _SIGNS[tokens[at + 1].raw], at, at + 2)
    part = _fraction(tokens, at)
    if part is not None:
        return Number(part, at, at + 3)
    rest = _fraction(tokens, at + 1)
    return Number(value + rest, at, at + 4) if rest is not None else Number(value, at, at + 1)


def _written(raw: str) -> float:
    whole, comma, decimals = raw.partition(",")
    if comma and (len(decimals) < 3 or len(whole) > 3):
        return float(f"{whole}.{decimals}")
    return float(raw.replace(",", "")[:300])


def _fraction(tokens: Sequence[Token], at: int) -> float | None:
    if at + 2 >= len(tokens) or tokens[at + 1].raw != "/" or not (tokens[at].number and tokens[at + 2].number):
        return None
    if at + 3 < len(tokens) and tokens[at + 3].raw == "/":
        return None
    return _FRACTIONS.get((_written(tokens[at].raw), _written(tokens[at + 2].raw)))


def _below_hundred(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    word = tokens[at].word if at < len(tokens) else ""
    if word in _TENS:
        after = tokens[at + 1].word if at + 1 < len(tokens) else ""
        one = _DIGITS.get(after, 0) if after not in ("oh", "o") else 0
        return (_TENS[word] + one, at + 2) if one else (_TENS[word], at + 1)
    return (_ONES[word], at + 1) if word in _ONES else None


def _spoken(tokens: Sequence[Token], at: int) -> Number | None:
    start = at + 1 if tokens[at].word == "a" and _word(tokens, at + 1) == "hundred" else at
    first = (1, start) if start > at else _below_hundred(tokens, at)
    if first is None:
        return None
    value, after = first
    value, after = _hundreds(tokens, value, after)
    decimals, after = _decimals(tokens, after)
    return Number(float(f"{value}{decimals}"), at, after)


def _hundreds(tokens: Sequence[Token], value: int, after: int) -> tuple[int, int]:
    if _word(tokens, after) == "hundred":
        skip = after + 2 if _word(tokens, after + 1) == "and" else after + 1
        rest = _below_hundred(tokens, skip)
        return (value * 100 + rest[0], rest[1]) if rest else (value * 100, after + 1)
    if 0 < value < 10 and _word(tokens, after) in ("oh", "o"):
        one = _DIGITS.get(_word(tokens, after + 1), 0)
        return (value * 100 + one, after + 2) if one else (value, after)
    rest = _below_hundred(tokens, after) if 0 < value < 10 else None
    if rest and rest[0] >= 10:
        return value * 100 + rest[0], rest[1]
    return value, after


def _decimals(tokens: Sequence[Token], after: int) -> tuple[str, int]:
    if _word(tokens, after) != "point":
        return "", after
    digits = ""
    at = after + 1
    while len(digits) < 4 and (digit := _DIGITS.get(_word(tokens, at))) is not None:
        digits, at = digits + str(digit), at + 1
    return (f".{digits}", at) if digits else ("", after)


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if at < len(tokens) else ""


def _loose(tokens: Sequence[Token], at: int) -> Number | None:
    word = tokens[at].word
    if word in ("a", "an") and _word(tokens, at + 1) in _COUNTS:
        last = at + 3 if _word(tokens, at + 2) == "of" else at + 2
        return Number(_COUNTS[_word(tokens, at + 1)], at, last, loose=True)
    if word in _COUNTS:
        last = at + 2 if _word(tokens, at + 1) in ("a", "an", "of") else at + 1
        return Number(_COUNTS[word], at, last, loose=True)
    return Number(1.0, at, at + 1, loose=True) if word in ("a", "an") else None
