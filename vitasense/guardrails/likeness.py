"""How much a message is like the messages of a labelled corpus: logistic regression over words and their pieces.

The rules name what is dangerous; the weights know other ways to say it. They are trained by `vitasense.evals.training`
on messages written for this project, and are kept as readable tables in `weights/`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from vitasense.guardrails.words import AS_WRITTEN, Slips, Spelling, Word, read_words

_SHORTEST_PIECE, _LONGEST_PIECE = 3, 5
_LONGEST_OPENING = 3
_PIECE = "~"
_NUMBER = "#"
# Added to the squared length of each block, so that two or three words alone say little (as shrinkage does).
LITTLE = 400.0
# Words that speak for a class at least this much are worth mending.
_TELLING = 2.0

Feature = str


@dataclass(frozen=True, slots=True)
class Like:
    """The probability that a message belongs to the class, and `[start, end)` of the word that speaks most for it."""

    probability: float
    start: int
    end: int


@dataclass(frozen=True)
class Weights:
    """One class against the rest: inverse document frequency and weight of each feature, and the intercept."""

    intercept: float
    table: Mapping[Feature, tuple[float, float]]

    def probability(self, words: Sequence[str]) -> float:
        """Between 0 and 1; 0.5 is the border of the classes."""
        score = self.intercept + sum(self._block(features(words)) for features in BLOCKS)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))

    @cached_property
    def spelling(self) -> Spelling:
        """Mends words that nobody writes into the one telling word that they misspell."""
        telling = [name for name in self.table if name.isalpha() and self.weight(name) >= _TELLING]
        return Spelling(telling, common_words(), common_slips())

    def weight(self, feature: Feature) -> float:
        """How much one feature speaks for the class; 0 for an unknown one."""
        frequency, weight = self.table.get(feature, (0.0, 0.0))
        return frequency * weight

    def _block(self, features: Iterable[Feature]) -> float:
        """Sublinear TF-IDF of the known features, scaled to about length one, times their weights."""
        known = {feature: count for feature, count in Counter(features).items() if feature in self.table}
        values = {feature: (1 + math.log(count)) * self.table[feature][0] for feature, count in known.items()}
        length = math.sqrt(LITTLE + sum(value * value for value in values.values()))
        return sum(value * self.table[feature][1] for feature, value in values.items()) / length


def features_of(text: str) -> tuple[Sequence[Word], Sequence[str]]:
    """The words of a message with their places, and as they count here: every number is one word."""
    found = read_words(text, AS_WRITTEN, ())
    return found, [_NUMBER if word.text.isdigit() else word.text for word in found]


def like(text: str, weights: Weights) -> Like:
    """How much the message is like the class of `weights`. Linear in its length."""
    found, written = features_of(text)
    if not written:
        return Like(0.0, 0, 0)
    words = [weights.spelling.mend(word) for word in written]
    loudest = found[max(range(len(words)), key=lambda at: weights.weight(words[at]))]
    return Like(weights.probability(words), loudest.start, loudest.end)


@cache
def common_words() -> frozenset[str]:
    """Words that the corpora use more than once, so that none of them is taken for a misspelling."""
    text = files("vitasense.guardrails").joinpath("weights/words.txt").read_text("utf-8")
    return frozenset(text.split())


@cache
def common_slips() -> Slips:
    """The slips of common words."""
    return Slips(common_words())


@cache
def weights_of(name: str) -> Mapping[str, Weights]:
    """The classes of `weights/<name>.tsv`: lines of class, feature, inverse document frequency and weight.

    The line of a class without a feature holds the intercept.
    """
    text = files("vitasense.guardrails").joinpath(f"weights/{name}.tsv").read_text("utf-8")
    intercepts: dict[str, float] = {}
    tables: dict[str, dict[Feature, tuple[float, float]]] = {}
    for line in text.splitlines():
        kind, feature, frequency, weight = line.split("\t")
        if feature:
            tables.setdefault(kind, {})[feature] = (float(frequency), float(weight))
        else:
            intercepts[kind] = float(weight)
    return {kind: Weights(intercept, tables.get(kind, {})) for kind, intercept in intercepts.items()}


def word_features(words: Sequence[str]) -> Iterator[Feature]:
    """Words, two and three neighbours, and pairs with one or two words between them."""
    yield from words
    for size in (2, 3):
        yield from (" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    for apart in (2, 3):
        yield from (f"{words[at]}{' _' * (apart - 1)} {words[at + apart]}" for at in range(len(words) - apart))


def opening_features(words: Sequence[str]) -> Iterator[Feature]:
    """The first one, two and three words: how a message is put."""
    yield from (f"^{' '.join(words[:size])}" for size in range(1, min(_LONGEST_OPENING, len(words)) + 1))


def piece_features(words: Sequence[str]) -> Iterator[Feature]:
    """Pieces of three to five letters of each word, with its ends marked: what survives a misspelling."""
    for word in words:
        marked = f"<{word}>"
        for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1):
            yield from (_PIECE + marked[at : at + size] for at in range(len(marked) - size + 1))


# Each kind of feature is scaled to length one by itself.
BLOCKS = (word_features, piece_features, opening_features)
