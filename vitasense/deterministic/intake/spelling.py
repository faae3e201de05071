"""Typing errors: a word nobody knows becomes the one known word within an edit or two, or stays as it is."""

from collections.abc import Iterator, Mapping

_SHORTEST, _SHORTEST_NAME, _LONGEST = 5, 6, 20
_TWO_EDITS, _TWO_EDITS_NAME = 8, 9
_REMEMBERED = 4096
_ENDINGS = tuple((ending, len(ending)) for ending in ("s", "es", "ed", "ing", "er", "ers", "ly", "al", "able", "ation"))
_STEM = 4


class Spelling:
    """Corrects cue words, and names of medicines, foods and findings more strictly; deterministic.

    A name is taken only when every name within reach means the same thing: between two medicines nothing is guessed.
    """

    def __init__(self, known: frozenset[str], cues: frozenset[str], names: Mapping[str, str]) -> None:
        self._known = known
        self._cues = _buckets(word for word in cues if len(word) >= _SHORTEST)
        self._named = _buckets(word for word in names if len(word) >= _SHORTEST_NAME and word not in cues)
        self._names = names
        self._seen: dict[str, str] = {}

    def correct(self, word: str) -> str:
        """The word itself when it is known, short, or far from every word it could be."""
        if len(word) < 4 or len(word) > _LONGEST or word in self._known or self._inflected(word):
            return word
        if word not in self._seen:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[word] = self._corrected(word)
        return self._seen[word]

    def _inflected(self, word: str) -> bool:
        """Whether a regular ending on a known word makes this one: "documented" is no slip for "documents"."""
        for ending, length in _ENDINGS:
            stem = word[:-length] if word.endswith(ending) else ""
            if len(stem) >= _STEM and (stem in self._known or f"{stem}e" in self._known or stem[:-1] in self._known):
                return True
        return False

    def _corrected(self, word: str) -> str:
        cues = sorted(_near(word, self._cues, 2 if len(word) >= _TWO_EDITS else 1))
        names = sorted(_near(word, self._named, 2 if len(word) >= _TWO_EDITS_NAME else 1))
        if cues and (not names or cues[0][0] <= names[0][0]):
            return cues[0][1]
        meant = {self._names[name] for _, name in names}
        return names[0][1] if len(meant) == 1 and len(word) >= _SHORTEST_NAME - 1 else word


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
