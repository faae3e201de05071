"""How likely letters are as a name that nobody knows, so that a made-up name is not taken for a slip."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping

_ORDER = 4
_ALPHABET = 30
_VOWELS = frozenset("aeiouy")
_STEM = range(3, 10)
_FAMILY = 4
_STEMLESS, _STEMMED = 1.0, 0.7


class Coinages:
    """Two ways to make up a name, learnt from the names that there are; each says how unlikely letters are, in nats.

    One goes letter by letter, as names do (an n-gram model with the smoothing of Witten and Bell 1991). The other puts
    syllables before an ending that many names share ("-gliptin"), as inventors of names do.
    """

    def __init__(self, names: Mapping[str, Hashable]) -> None:
        self._grams = Counter(gram for name in names for gram in _grams(name))
        self._contexts: Counter[str] = Counter()
        self._followers = Counter(gram[:-1] for gram in self._grams)
        for gram, count in self._grams.items():
            self._contexts[gram[:-1]] += count
        self._stems = _stems(names)
        self._names = len(names)
        self._shapes = Counter(_shape(name)[at : at + 3] for name in names for at in range(len(name) + 1))
        self._letters = _shares(Counter("".join(names)))

    def surprise(self, word: str, unless: str) -> float:
        """How unlikely it is that `word` was made up in a world where the name `unless` is not known, in nats."""
        return (self._by_letters(word, unless) + self._by_parts(word, unless)) / 2

    def _by_letters(self, word: str, unless: str) -> float:
        own = Counter(_grams(unless))
        contexts: Counter[str] = Counter()
        for gram, count in own.items():
            contexts[gram[:-1]] += count
        marked = _marked(word)
        return -sum(math.log(self._letter(marked[:at], own, contexts)) for at in range(_ORDER, len(marked) + 1))

    def _letter(self, text: str, own: Counter[str], contexts: Counter[str]) -> float:
        """The share of the last letter after those before it, the longer contexts smoothed by the shorter."""
        share = 1 / _ALPHABET
        for length in range(1, _ORDER + 1):
            gram = text[-length:]
            context = gram[:-1]
            seen = self._contexts[context] - contexts[context]
            if seen <= 0:
                break
            followers = self._followers[context]
            count = max(0, self._grams[gram] - own[gram])
            share = (count + followers * share) / (seen + followers)
        return share

    def _by_parts(self, word: str, unless: str) -> float:
        found = self._syllables(word, whole=True) + _STEMLESS
        for length in _STEM:
            stem = word[-length:]
            family = self._stems.get(stem, 0) - unless.endswith(stem)
            if length < len(word) and family >= _FAMILY - 1:
                rest = self._syllables(word[:-length], whole=False)
                found = min(found, rest - math.log(family / self._names) + _STEMMED)
        return found

    def _syllables(self, text: str, *, whole: bool) -> float:
        """Vowels and consonants in the order of names, each letter half as in names and half any."""
        shape = _shape(text) if whole else _shape(text)[:-1]
        order = -sum(math.log(self._next(shape[at : at + 3])) for at in range(len(shape) - 2))
        return order - sum(math.log(self._letters.get(letter, 0.5 / _ALPHABET)) for letter in text)

    def _next(self, shape: str) -> float:
        seen = sum(self._shapes[shape[:2] + kind] for kind in "VC$")
        return (self._shapes[shape] + 0.5) / (seen + 1.5)


def _marked(word: str) -> str:
    return "^" * (_ORDER - 1) + word + "$"


def _grams(word: str) -> Iterator[str]:
    marked = _marked(word)
    for at in range(_ORDER, len(marked) + 1):
        for length in range(1, _ORDER + 1):
            yield marked[at - length : at]


def _shape(word: str) -> str:
    return "^^" + "".join("V" if letter in _VOWELS else "C" for letter in word) + "$"


def _shares(counts: Counter[str]) -> dict[str, float]:
    """The share of each letter among vowels or consonants, half as it is in names and half as if all were alike."""
    vowels = {letter for letter in counts if letter in _VOWELS}
    shares: dict[str, float] = {}
    for kind in (vowels, set(counts) - vowels):
        seen = sum(counts[letter] for letter in kind)
        shares |= {letter: (counts[letter] / seen + 1 / len(kind)) / 2 for letter in kind}
    return shares


def _stems(names: Mapping[str, Hashable]) -> dict[str, int]:
    """The endings that names of several meanings share, with how many meanings."""
    found: defaultdict[str, set[Hashable]] = defaultdict(set)
    for name, meaning in names.items():
        for length in _STEM:
            if length <= len(name) - 2:
                found[name[-length:]].add(meaning)
    return {stem: len(meanings) for stem, meanings in found.items() if len(meanings) >= _FAMILY}
