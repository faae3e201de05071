"""Numbers as written or spoken: "145", "one forty five", "seven point eight", "six and a half", "1 1/2", "10k"."""

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
_PARTS = {"half": 0.5, "quarter": 0.25}
_QUARTERS = frozenset({"quarter", "quarters"})
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `[first, last)`; `loose` for words such as "a", "half" and "couple" that only count."""

    value: float
    first: int
    last: int
    loose: bool = False


def find_numbers(tokens: Sequence[Token], decimal: str | None = None) -> tuple[Number, ...]:
    """Every number of the text from left to right, without overlaps; `decimal` is the mark of the person's locale."""
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        number = _digits(tokens, at, decimal) or _spoken(tokens, at) or _loose(tokens, at)
        if number:
            found.append(number)
        at = number.last if number else at + 1
    return tuple(found)


def _digits(tokens: Sequence[Token], at: int, decimal: str | None) -> Number | None:
    if tokens[at].raw in _SIGNS:
        return Number(_SIGNS[tokens[at].raw], at, at + 1)
    if not tokens[at].number:
        return None
    value = written(tokens[at].raw, decimal)
    if at + 1 < len(tokens) and tokens[at + 1].raw in _SIGNS:
        return Number(value + _SIGNS[tokens[at + 1].raw], at, at + 2)
    part = _fraction(tokens, at)
    if part is not None:
        return Number(part, at, at + 3)
    if at + 1 < len(tokens) and tokens[at + 1].raw == "k" and tokens[at + 1].start == tokens[at].end:
        return Number(value * 1000, at, at + 2)
    rest = _fraction(tokens, at + 1)
    return Number(value + rest, at, at + 4) if rest is not None else _and_a_half(tokens, value, at, at + 1)


def written(raw: str, decimal: str | None = None) -> float:
    """The value of digits with marks; `decimal` is the decimal mark of the person's locale, None when it is not known.

    Of two kinds of mark the last is the decimal mark, and a mark that occurs twice groups thousands. A single mark
    before three digits groups thousands when the locale's decimal mark is the other one, and a comma does without
    a locale.
    """
    raw = raw[:_LONGEST]
    marks = [char for char in raw if char in ".,"]
    if not marks:
        return float(raw)
    last = marks[-1]
    if len(set(marks)) == 2:
        return float(raw.replace("," if last == "." else ".", "").replace(last, "."))
    head, _, tail = raw.partition(last)
    grouping = (decimal or ".") != last and len(head) <= 3 and len(tail) == 3
    return float(raw.replace(last, "")) if len(marks) > 1 or grouping else float(f"{head}.{tail}")


def _fraction(tokens: Sequence[Token], at: int) -> float | None:
    if at + 2 >= len(tokens) or tokens[at + 1].raw != "/" or not (tokens[at].number and tokens[at + 2].number):
        return None
    if at + 3 < len(tokens) and tokens[at + 3].raw == "/":
        return None
    return _FRACTIONS.get((written(tokens[at].raw), written(tokens[at + 2].raw)))


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
    if _word(tokens, after) in _QUARTERS:
        return _quarters(tokens, value, at, after + 1)
    value, after = _hundreds(tokens, value, after)
    decimals, after = _decimals(tokens, after)
    return _and_a_half(tokens, float(f"{value}{decimals}"), at, after)


def _quarters(tokens: Sequence[Token], count: int, at: int, after: int) -> Number:
    """ "three quarters of a" counts like "half a"."""
    rest = [_word(tokens, after), _word(tokens, after + 1)]
    skip = 2 if rest[0] == "of" and rest[1] in ("a", "an") else int(rest[0] in ("of", "a", "an"))
    return Number(count / 4, at, after + skip, loose=True)


def _and_a_half(tokens: Sequence[Token], value: float, first: int, last: int) -> Number:
    if [_word(tokens, last), _word(tokens, last + 1)] == ["and", "a"] and _word(tokens, last + 2) in _PARTS:
        return Number(value + _PARTS[_word(tokens, last + 2)], first, last + 3)
    return Number(value, first, last)


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
        of_one = _word(tokens, at + 1) == "of" and _word(tokens, last) in ("a", "an")
        return Number(_COUNTS[word], at, last + of_one, loose=True)
    return Number(1.0, at, at + 1, loose=True) if word in ("a", "an") else None
