"""The embedder that needs nothing: words, their synonyms and pieces of words, hashed into 384 numbers.

What it can: find what was said in other words of the lists (hypertension, htn), with another ending, in British
spelling, under a brand name, and mostly in spite of a slip of the keys. A denied word and a number have features of
their own, so "no penicillin allergy" and "penicillin allergy", or 5 mg and 50 mg, are near each other but not equal.

What it cannot: understand. It knows no synonym that is in no list, no language but English beyond equal words, no
irony and no order of words; it does not know who did what to whom, how far a denial reaches beyond its clause, or that
48 is near 50. A similarity is a likeness of words, never a fact: whoever uses a hit reads its text.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

import numpy as np

from vitasense.memory.embeddings.features import DIMENSIONS, REVISION, hashed, units
from vitasense.memory.embeddings.synonyms import Phrase, synonyms
from vitasense.memory.embeddings.words import cut, list_of_words
from vitasense.memory.schemas import Space, Vector

_IN_THIS_THREAD = 32
_MOST_ALTERNATIVES = 12
_VERSION_BYTES = 8


class LexicalEmbedder:
    """Embeds without a model, a download or a wait; the same text gives the same vector in every process."""

    local = True

    @property
    def space(self) -> Space:
        """Its version is a hash of every list that it uses: another list, another space."""
        return Space("lexical", _version(), DIMENSIONS)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:  # noqa: ARG002 - one for both
        """A unit vector for each text, questions and entries alike."""
        if len(texts) <= _IN_THIS_THREAD:
            return [vector(text) for text in texts]
        return await asyncio.to_thread(lambda: [vector(text) for text in texts])


def vector(text: str) -> Vector:
    """The unit vector of a text; also of an empty one, which is like nothing else."""
    counted = Counter(units(cut(text))) or Counter({("said", (text,)): 1})
    parts = [hashed(unit) for unit in counted]
    often = np.repeat([1 + math.log(count) for count in counted.values()], [len(places) for places, _ in parts])
    weights = np.concatenate([weights for _, weights in parts]) * often
    summed = np.bincount(np.concatenate([places for places, _ in parts]), weights, DIMENSIONS)
    length = math.sqrt(summed @ summed)
    # Features may cancel each other out to the last one.
    return (summed / length).astype(np.float32) if length else vector(f"\n{text!r}")


def expanded(text: str) -> list[list[str]]:
    """For each word or phrase of a question that counts: itself and other ways to say it, for a full text search.

    An entry holds the words of a list when it holds one of its terms, some of which have several words. Function
    words and denials are left out; numbers stay. At most 12 terms each, as written in the lists, in lower case.
    """
    words = cut(text)
    found: dict[tuple[str, ...], None] = {}
    place = 0
    while place < len(words):
        phrase, end = synonyms().at(words, place)
        end = max(end, place + 1)
        if phrase or words[place].counts:
            written = " ".join(word.written for word in words[place:end])
            found[_alternatives(written, phrase)] = None
        place = end
    return [list(terms) for terms in found]


def _alternatives(written: str, phrase: Phrase) -> tuple[str, ...]:
    concepts = synonyms().concepts.get(phrase, ())
    others = (name for concept in concepts for name in synonyms().names[concept])
    return tuple(dict.fromkeys((written, *others)))[:_MOST_ALTERNATIVES]


@cache
def _version() -> str:
    lists = synonyms()
    said = repr((REVISION, list_of_words(), sorted(lists.concepts.items()), sorted(lists.kinds.items())))
    return blake2b(said.encode(), digest_size=_VERSION_BYTES).hexdigest()
