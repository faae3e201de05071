"""Words with their places: the text cut once, in one pass, for everything that follows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<word>[^\W\d_][^\W_]*)|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)|(?P<mark>[^\w\s]|_)"
)
_JOINERS = frozenset("'’‘`´-‐‑–—_*\"“”()[]")
_ENDS = frozenset(".!?;\n")


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


def cut(text: str, corrections: "Spelling | None" = None) -> tuple[Token, ...]:
    """The tokens of a text; apostrophes, dashes, quotes and dots inside abbreviations are dropped."""
    folded = fold(text)
    tokens: list[Token] = []
    for found in _TOKEN.finditer(folded):
        raw, number = found.group(), found.lastgroup == "number"
        if found.lastgroup == "mark" and (raw in _JOINERS or (raw == "." and _inside_word(folded, found.end()))):
            continue
        word = corrections.correct(raw) if corrections and found.lastgroup == "word" else raw
        tokens.append(Token(word, raw, found.start(), found.end(), number))
    return tuple(tokens)


def _inside_word(text: str, after: int) -> bool:
    return after < len(text) and not text[after].isspace()


def ends_sentence(token: Token) -> bool:
    """Whether this mark closes a sentence."""
    return token.raw in _ENDS


def phrase(words: str) -> tuple[str, ...]:
    """A lexicon phrase cut the same way as a text."""
    return tuple(token.word for token in cut(words))


class Spelling:
    """Corrects a word that nobody knows to the one cue word within an edit or two; deterministic."""

    def __init__(self, known: frozenset[str], cues: frozenset[str]) -> None:
        self._known = known
        buckets: dict[tuple[str, int], list[str]] = {}
        for cue in sorted(cues):
            if len(cue) >= 5:
                buckets.setdefault((cue[0], len(cue)), []).append(cue)
        self._buckets: Mapping[tuple[str, int], list[str]] = buckets

    def correct(self, word: str) -> str:
        """The word itself when it is known, short or far from every cue word."""
        if len(word) < 4 or len(word) > 20 or word in self._known:
            return word
        allowed = 2 if len(word) >= 8 else 1
        near = [
            (distance, cue)
            for length in range(len(word) - allowed, len(word) + allowed + 1)
            for cue in self._buckets.get((word[0], length), ())
            if (distance := edits(word, cue, allowed)) <= allowed
        ]
        return min(near)[1] if near else word


def edits(one: str, other: str, limit: int) -> int:
    """Optimal string alignment distance (Damerau 1964), or limit + 1 as soon as it must be greater."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, right in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > limit:
            return limit + 1
        before, last = last, line
    return last[-1]
