"""Numbers said in words ("one seventy five", "eighty six", "thirty nine point five") as digits."""

import re
from collections.abc import Iterator, Sequence

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUE = {
    **{word: number for number, word in enumerate((*_UNITS, *_TEENS))},
    **{word: number * 10 for number, word in enumerate(_TENS, 2)},
    "oh": 0,
    "fourty": 40,
}
NUMBER_WORDS = frozenset((*_VALUE, "hundred", "point"))
_LEAST = 13.0
_WORD = "|".join(sorted((*_VALUE, "hundred", "point"), key=len, reverse=True))
_SAID = re.compile(rf"\b(?:{_WORD})(?:(?:[\s-]|\s(?:and|&)\s)(?:{_WORD}))*\b", re.IGNORECASE)


def digits(text: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """`text` with said numbers of 13 and more as digits; `places` maps it (and its end) to the text before."""
    pieces: list[str] = []
    kept: list[int] = []
    last = 0
    for start, end, said in _numbers(text):
        pieces += [text[last:start], said]
        kept += [*places[last:start], *[places[start]] * len(said)]
        last = end
    return "".join([*pieces, text[last:]]), [*kept, *places[last:]]


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _SAID.finditer(text):
        said = [word for word in re.split(r"[\s-]+", match.group().lower()) if word not in ("and", "&")]
        value = _value(said)
        if value is not None and (value >= _LEAST or "point" in said):
            yield match.start(), match.end(), f"{value:g}"


def _value(words: Sequence[str]) -> float | None:
    """The number that the words say, None when they say none."""
    whole, _, part = " ".join(words).partition("point")
    total = _whole(whole.split())
    digits_after = "".join(str(_VALUE.get(word, 0)) for word in part.split())
    return total if total is None or not digits_after else float(f"{total:g}.{digits_after}")


def _whole(words: Sequence[str]) -> float | None:
    total = 0
    last = 0
    for word in words:
        number = _VALUE.get(word)
        if number is None:
            total = (total or 1) * 100
        elif not total or (last >= 20 and number < 10 and last % 10 == 0) or total % 100 == 0 or word == "oh":
            total = total * 100 if word == "oh" else total + number
        else:
            total = total * 100 + number
        last = number if number is not None else 100
    return float(total) if words and total < 1000 else None
