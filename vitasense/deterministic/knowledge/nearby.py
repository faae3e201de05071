"""The known names near to what was written: within two letters of it, or of how it sounds."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.knowledge.slips import as_heard

_EDITS = 2
_TWO_HEARD = 8
_SIGNS, _COUNTED, _WORD = 41, 4, 64
_COLUMNS = -(-_SIGNS * _COUNTED // _WORD)


class Nearby:
    """Finds names by their letters, then by an edit distance; deterministic."""

    def __init__(self, names: Iterable[str], *, heard: bool = True) -> None:
        self._names = sorted(names)
        self._written = _Forms(self._names)
        self._heard = _Forms([as_heard(name) for name in self._names] if heard else [])

    def of(self, word: str) -> list[str]:
        """Every name within two edits of the word, or of its sound (one of a short one), in their order."""
        heard = as_heard(word)
        allowed = 1 if len(heard) < _TWO_HEARD else _EDITS
        found = {*self._written.within(word, _EDITS), *self._heard.within(heard, allowed)}
        return [self._names[place] for place in sorted(found)]


class _Forms:
    """One form of each name, with its letters as bits: an edit changes at most two of them."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = forms
        self._lengths = np.array([len(form) for form in forms], np.int16)
        self._letters = _columns(forms, self._lengths)

    def within(self, word: str, allowed: int) -> list[int]:
        """The places of the forms within so many edits of the word."""
        if not word or not self._forms:
            return []
        near = np.abs(self._lengths - len(word)) <= allowed
        apart = np.zeros(len(self._forms), np.uint8)
        for own, bits in zip(self._letters, _letters(word), strict=True):
            apart += np.bitwise_count(own ^ np.uint64(bits))
        places: list[int] = np.flatnonzero(near & (apart <= 2 * allowed)).tolist()
        distance = Edits(word)
        # Two letters transposed around a third that was added or left out are two edits, but three to the algorithm.
        return [
            place
            for place in places
            if distance.to(self._forms[place]) <= allowed + (allowed == _EDITS and apart[place] <= 1)
        ]


class Edits:
    """Letters added, left out, exchanged or transposed with the next between one word and others.

    Optimal string alignment distance (Damerau 1964), the bits of one column at a time (Hyyrö 2003).
    """

    def __init__(self, word: str) -> None:
        self._length = len(word)
        self._places: dict[str, int] = {}
        for at, letter in enumerate(word):
            self._places[letter] = self._places.get(letter, 0) | 1 << at

    def to(self, other: str) -> int:
        """The distance to another word."""
        if not self._length:
            return len(other)
        full = (1 << self._length) - 1
        last = 1 << (self._length - 1)
        distance, more, less, diagonal, before = self._length, full, 0, 0, 0
        for letter in other:
            same = self._places.get(letter, 0)
            swapped = (((~diagonal & same) << 1) & full) & before
            diagonal = ((((same & more) + more) ^ more) | same | less | swapped) & full
            right, left = less | (~(diagonal | more) & full), diagonal & more
            distance += bool(right & last) - bool(left & last)
            right, left = ((right << 1) | 1) & full, (left << 1) & full
            more, less, before = left | (~(diagonal | right) & full), diagonal & right, same
        return distance


def _letters(word: str) -> list[int]:
    """A bit for each time a letter occurs, up to four, in whole words of 64 bits."""
    bits = 0
    for letter, times in Counter(ord(letter) % _SIGNS for letter in word).items():
        bits |= ((1 << min(times, _COUNTED)) - 1) << (letter * _COUNTED)
    return [bits >> (_WORD * at) & ((1 << _WORD) - 1) for at in range(_COLUMNS)]


def _columns(forms: Sequence[str], lengths: NDArray[np.int16]) -> list[NDArray[np.uint64]]:
    """The same bits for many words at once: a column for each 64 of them."""
    signs = np.frombuffer("".join(forms).encode("utf-32-le"), np.uint32) % _SIGNS
    places = np.repeat(np.arange(len(forms)), lengths)
    counts = np.bincount(places * _SIGNS + signs, minlength=len(forms) * _SIGNS).reshape(-1, _SIGNS)
    bits = (np.uint64(1) << np.minimum(counts, _COUNTED).astype(np.uint64)) - np.uint64(1)
    columns = [np.zeros(len(forms), np.uint64) for _ in range(_COLUMNS)]
    for sign in range(_SIGNS):
        column, shift = divmod(sign * _COUNTED, _WORD)
        columns[column] |= bits[:, sign] << np.uint64(shift)
    return columns
