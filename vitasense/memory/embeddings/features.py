"""What a text is made of when it is compared: words, what they name, pieces of them, numbers and denials, hashed."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vitasense.memory.embeddings.synonyms import Concept, Phrase, meant, synonyms
from vitasense.memory.embeddings.words import NUMBER, Stem, Word, denied, faint

REVISION = "1"  # raise it when features or weights change, and everything is embedded anew
DIMENSIONS = 384

# Weights before the whole is made one long. Chosen by hand on the tuned half of the retrieval set.
_WORD, _NAMED_WORD, _CONCEPT, _KIND, _NUMBER, _DENIED = 1.0, 0.4, 1.0, 0.6, 0.8, 0.5
_PIECES, _UNNAMED_PIECES = 0.3, 0.4  # of all pieces of one word together
_INSIDE = 0.3  # of a word inside a phrase that names something
_FAINT = 0.3
_SHORTEST_PIECED, _PIECE = 4, 3
_DENIAL_REACHES = 5
_PLACES = 8  # of each feature, so that two features that meet in one of them are still told apart
_REMEMBERED = 65_536

Unit: TypeAlias = tuple[str, Phrase]
Hashed: TypeAlias = tuple[NDArray[np.intp], NDArray[np.float64]]
_SAID, _WITHIN, _NOT = "said", "within", "not"


def units(words: Sequence[Word]) -> Iterator[Unit]:
    """What counts in a text, in order: words, phrases that name something with the words inside, and denials."""
    places_denied = denied(words, _DENIAL_REACHES)
    place = 0
    while place < len(words):
        phrase, end = synonyms().at(words, place)
        end = max(end, place + 1)
        if len(phrase) > 1:
            yield _SAID, phrase
            yield from ((_WITHIN, (word.stem,)) for word in words[place:end] if word.counts)
        elif phrase or words[place].counts:
            phrase = phrase or (words[place].stem,)
            yield _SAID, phrase
        if phrase and places_denied.intersection(range(place, end)):
            yield _NOT, phrase
        place = end


@lru_cache(_REMEMBERED)
def hashed(unit: Unit) -> Hashed:
    """The places and signed weights of a unit among the dimensions, the same in every process."""
    named = list(_features(*unit))
    digests = b"".join(blake2b(name.encode(), digest_size=_PLACES * 2).digest() for name, _ in named)
    numbers = np.frombuffer(digests, dtype=">u2").astype(np.intp)
    weights = np.repeat([weight / math.sqrt(_PLACES) for _, weight in named], _PLACES)
    return (numbers >> 1) % DIMENSIONS, np.where(numbers & 1, weights, -weights)


def _features(how: str, phrase: Phrase) -> Iterator[tuple[str, float]]:
    concepts = synonyms().concepts.get(phrase, ())
    if how == _NOT:
        for name in concepts or phrase:
            yield f"not {name}", _DENIED / math.sqrt(len(concepts or phrase))
        return
    scale = _INSIDE if how == _WITHIN else 1.0
    if len(phrase) > 1:
        yield from _meanings(concepts, scale)
        return
    for stem in phrase:
        yield from _word(stem, concepts, scale)


def _word(stem: Stem, concepts: Sequence[Concept], scale: float) -> Iterator[tuple[str, float]]:
    if stem.startswith(NUMBER):
        yield stem, _NUMBER * scale
        return
    scale *= _FAINT if stem in faint() else 1.0
    yield from _meanings(concepts or synonyms().concepts.get(meant(stem), ()), scale)
    yield stem, (_NAMED_WORD if concepts else _WORD) * scale
    pieces = _pieces(stem)
    weight = (_PIECES if concepts else _UNNAMED_PIECES) * scale
    yield from ((f"~{piece}", weight / math.sqrt(len(pieces))) for piece in pieces)


def _meanings(concepts: Sequence[Concept], scale: float) -> Iterator[tuple[str, float]]:
    each = scale / math.sqrt(len(concepts)) if concepts else 0.0
    wider = dict.fromkeys(kind for concept in concepts for kind in synonyms().kinds.get(concept, ()))
    yield from ((concept, _CONCEPT * each) for concept in concepts)
    yield from ((concept, _KIND * scale / len(wider) ** 0.25) for concept in wider)


def _pieces(stem: Stem) -> list[str]:
    """Three letters at a time, with the ends marked: what remains alike in spite of a slip of the keys."""
    if len(stem) < _SHORTEST_PIECED:
        return []
    marked = f"<{stem}>"
    return [marked[at : at + _PIECE] for at in range(len(marked) - _PIECE + 1)]
