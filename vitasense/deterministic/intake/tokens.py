"""Words with their places: the text cut once, in one pass, for everything that follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.spelling import Spelling

_TOKEN = re.compile(
    r"(?P<word>[^\W\d_][^\W_]*)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+(?:[.,]\d+)?)"
    r"|(?P<mark>[^\w\s]|_)"
)
_JOINERS = frozenset("'’‘`´-‐‑–—_*\"“”()[]")
_ENDS = frozenset(".!?;\n")
_ABBREVIATED = frozenset({"dr", "mr", "mrs", "ms", "prof", "st", "vs", "approx", "appt"})
_PRIMES, _CLOSING = frozenset("'’‘′"), frozenset("\"”″'’′")
_TALL = frozenset("345678")
_INCHES = re.compile(r"\s?(?:\d|1[01])(?![\d/])")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark: `word` folded and corrected, `raw` folded as typed, `[start, end)` in the text."""

    word: str
    raw: str
    start: int
    end: int
    number: bool = False


def fold(text: str) -> str:
    """Lower case without changing a length, so that places stay true."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def cut(text: str, corrections: Spelling | None = None) -> tuple[Token, ...]:
    """The tokens of a text; apostrophes, dashes, quotes and dots inside abbreviations are dropped."""
    folded = fold(text)
    tokens: list[Token] = []
    for found in _TOKEN.finditer(folded):
        raw, number = found.group(), found.lastgroup == "number"
        if found.lastgroup == "mark":
            raw = _length(folded, found, tokens) or raw
        if found.lastgroup == "mark" and (raw in _JOINERS or _silent(folded, raw, found, tokens)):
            continue
        word = corrections.correct(raw) if corrections and found.lastgroup == "word" else raw
        tokens.append(Token(word, raw, found.start(), found.end(), number))
    return tuple(tokens)


def _length(text: str, mark: re.Match[str], before: Sequence[Token]) -> str | None:
    """The prime after a number as feet, and what closes feet and inches as inches: 5'11"."""
    if not before or not before[-1].number or before[-1].end != mark.start():
        return None
    if mark.group() in _PRIMES and before[-1].raw in _TALL and _INCHES.match(text, mark.end()):
        return "ft"
    closes = len(before) > 1 and before[-2].raw == "ft"
    return "inch" if closes and mark.group() in _CLOSING else None


def _silent(text: str, raw: str, mark: re.Match[str], before: Sequence[Token]) -> bool:
    if raw not in (".", ";"):
        return False
    if _inside_word(text, mark.end()):
        return True
    return raw == "." and bool(before) and (before[-1].raw in _ABBREVIATED or _closes_abbreviation(text, before[-1]))


def _closes_abbreviation(text: str, last: Token) -> bool:
    """Whether a dot after this token is the last one of "b.i.d." or "p.m."."""
    return len(last.raw) == 1 and last.raw.isalpha() and text[max(0, last.start - 1) : last.start] == "."


def _inside_word(text: str, after: int) -> bool:
    return after < len(text) and not text[after].isspace()


def ends_sentence(token: Token) -> bool:
    """Whether this mark closes a sentence."""
    return token.raw in _ENDS


def phrase(words: str) -> tuple[str, ...]:
    """A lexicon phrase cut the same way as a text."""
    return tuple(token.word for token in cut(words))
