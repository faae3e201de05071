"""Typing errors: a word nobody knows becomes the one known word that it is near to, or stays as it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

_SHORTEST, _SHORTEST_NAME, _LONGEST = 5, 6, 20
_TWO_EDITS, _TWO_EDITS_NAME = 8, 9
_REMEMBERED = 4096
_ENDINGS = tuple((ending, len(ending)) for ending in ("s", "es", "ed", "ing", "er", "ers", "ly", "al", "able", "ation"))
_STEM = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known `word` that an unknown one may be, what it names, and how like it is, from 0 to 1."""

    word: str
    name: str
    likeness: float


class Lookup(Protocol):
    """One way to look up what a misspelt name may be."""

    def candidates(self, word: str) -> Sequence[Candidate]:
        """Every known name within reach of the word, the most like first; deterministic."""
        ...


class NearNames:
    """Names within an edit of a short word and two of a long one that begin with the same letter."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._buckets = _buckets(word for word in names if len(word) >= _SHORTEST_NAME)

    def candidates(self, word: str) -> Sequence[Candidate]:
        """Every name within reach, the most like first."""
        if len(word) < _SHORTEST_NAME - 1:
            return ()
        found = sorted(_near(word, self._buckets, 2 if len(word) >= _TWO_EDITS_NAME else 1))
        return tuple(Candidate(name, self._names[name], 1 - distance / len(word)) for distance, name in found)


class Together:
    """Several lookups as one: what each of them knows stands against what the others know."""

    def __init__(self, *lookups: Lookup) -> None:
        self._lookups = lookups

    def candidates(self, word: str) -> Sequence[Candidate]:
        """The names of all lookups, the most like first."""
        found = [one for lookup in self._lookups for one in lookup.candidates(word)]
        return sorted(found, key=lambda one: (-one.likeness, one.word))


class Spelling:
    """Corrects cue words by edits, and names of medicines, foods and findings more strictly by a lookup; deterministic.

    A name is taken only when every candidate means the same thing: between two medicines nothing is guessed.
    """

    def __init__(self, known: frozenset[str], cues: frozenset[str], names: Lookup) -> None:
        self._known = known
        self._cues = _buckets(word for word in cues if len(word) >= _SHORTEST)
        self._names = names
        self._seen: dict[str, str] = {}

    def correct(self, word: str) -> str:
        """The word itself when it is known, short, or far from every word it could be."""
        if len(word) < 4 or len(word) > _LONGEST:
            return word
        if word.endswith("ys") and f"{word[:-2]}ies" in self._known:
            return f"{word[:-2]}ies"
        if self.knows(word):
            return word
        if word not in self._seen:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[word] = self._corrected(word)
        return self._seen[word]

    def knows(self, word: str) -> bool:
        """Whether it is a word of the lexicon or of everyday language, in any regular form."""
        return word in self._known or self._inflected(word)

    def _inflected(self, word: str) -> bool:
        """Whether a regular ending on a known word makes this one: "documented" is no slip for "documents"."""
        for ending, length in _ENDINGS:
            stem = word[:-length] if word.endswith(ending) else ""
            single = stem[:-1] if stem[-1:] == stem[-2:-1] else stem  # "stopped" is made from "stop"
            if len(stem) >= _STEM and not {stem, f"{stem}e", single}.isdisjoint(self._known):
                return True
        return False

    def _corrected(self, word: str) -> str:
        cues = sorted(_near(word, self._cues, 2 if len(word) >= _TWO_EDITS else 1))
        names = self._names.candidates(word)
        if cues and (not names or 1 - cues[0][0] / len(word) >= names[0].likeness):
            return cues[0][1]
        return names[0].word if len({candidate.name for candidate in names}) == 1 else word


Buckets = Mapping[tuple[str, int], list[tuple[str, int]]]


def _buckets(words: Iterator[str]) -> Buckets:
    table: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for word in sorted(words):
        table.setdefault((word[0], len(word)), []).append((word, _letters(word)))
    return table


def _letters(word: str) -> int:
    """A bit for each letter that occurs: two words an edit apart differ in at most two bits."""
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) % 61)
    return bits


def _near(word: str, buckets: Buckets, allowed: int) -> Iterator[tuple[int, str]]:
    mask = _letters(word)
    for length in range(len(word) - allowed, len(word) + allowed + 1):
        for other, letters in buckets.get((word[0], length), ()):
            if (mask ^ letters).bit_count() <= 2 * allowed and (distance := edits(word, other, allowed)) <= allowed:
                yield distance, other


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
