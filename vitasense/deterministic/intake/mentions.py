"""Where the text names something of the lexicon, and which of its meanings fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import Meaning, load, openings
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import Token, ends_sentence, phrase

_ORDER = tuple(EntityType)


@dataclass(frozen=True, slots=True)
class Mention:
    """A lexicon phrase at tokens `[first, last)` with the meaning that its neighbours suggest."""

    meaning: Meaning
    first: int
    last: int

    @property
    def type(self) -> EntityType:
        """What kind of thing it names."""
        return self.meaning.type


def find_mentions(tokens: Sequence[Token]) -> tuple[Mention, ...]:
    """Longest phrases first, from left to right, without overlaps."""
    words = tuple(token.word for token in tokens)
    found: list[Mention] = []
    at = 0
    while at < len(words):
        match = _longest(words, at)
        if match is None:
            at += 1
            continue
        last, possible = match
        found.append(Mention(_fitting(possible, tokens, at, last), at, last))
        at = last
    return tuple(found)


def _longest(words: tuple[str, ...], at: int) -> tuple[int, tuple[Meaning, ...]] | None:
    for key, possible in openings().get(words[at], ()):
        if words[at : at + len(key)] == key:
            return at + len(key), possible
    return None


@cache
def _cues(name: str) -> frozenset[str]:
    return frozenset(cast("Sequence[str]", load("context")[name]))


@cache
def _leads(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(phrase(words) for words in cast("Sequence[str]", load("context")[name]))


def _fitting(possible: tuple[Meaning, ...], tokens: Sequence[Token], first: int, last: int) -> Meaning:
    by_type = {meaning.type: meaning for meaning in reversed(possible)}
    substance = [kind for kind in (EntityType.ALLERGEN, EntityType.DRUG, EntityType.FOOD) if kind in by_type]
    if substance and _follows(tokens, first, "allergy", 9):
        return Meaning(EntityType.ALLERGEN, by_type[substance[0]].name)
    if EntityType.VITAL in by_type and EntityType.SYMPTOM in by_type:
        return by_type[EntityType.VITAL if _follows(tokens, first, "asked", 4) else EntityType.SYMPTOM]
    if EntityType.DRUG in by_type and _near(tokens, first, last, "taking"):
        return by_type[EntityType.DRUG]
    owned = EntityType.LAB in by_type and bool(first) and tokens[first - 1].word in _cues("owned")
    if EntityType.FOOD in by_type and EntityType.LAB in by_type and not owned and _near(tokens, first, last, "eating"):
        return by_type[EntityType.FOOD]
    if EntityType.FOOD in by_type and EntityType.ALLERGEN in by_type:
        return by_type[EntityType.FOOD]
    return min(possible, key=lambda meaning: _ORDER.index(meaning.type))


def _sentence_before(tokens: Sequence[Token], first: int, reach: int) -> list[str]:
    words: list[str] = []
    for token in reversed(tokens[max(0, first - reach) : first]):
        if ends_sentence(token):
            break
        words.append(token.word)
    return words[::-1]


def _follows(tokens: Sequence[Token], first: int, name: str, reach: int) -> bool:
    words = tuple(_sentence_before(tokens, first, reach))
    return any(
        words[at : at + len(cue)] == cue and "but" not in words[at:] for at in range(len(words)) for cue in _leads(name)
    )


def _near(tokens: Sequence[Token], first: int, last: int, name: str) -> bool:
    around = (*_sentence_before(tokens, first, 6), *(token.word for token in tokens[last : last + 3]))
    return not _cues(name).isdisjoint(around)
