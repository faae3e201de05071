"""Where the text names something of the lexicon, and which of its meanings fits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import Meaning, load, meanings, openings, symbols
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
        if match is None or _is_hours(tokens, at, match[0]):
            at += 1
            continue
        last, possible = match
        found.append(Mention(_fitting(possible, tokens, at, last), at, last))
        at = last
    return tuple(found)


def _is_hours(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether "hr" is the unit of the number before it: "every 6 hr" is no heart rate."""
    after = last < len(tokens) and tokens[last].number
    return tokens[at].word == "hr" and last == at + 1 and at > 0 and tokens[at - 1].number and not after


def _longest(words: tuple[str, ...], at: int) -> tuple[int, tuple[Meaning, ...]] | None:
    for key, possible in openings().get(words[at], ()):
        if words[at : at + len(key)] == key:
            return at + len(key), possible
    return None


def find_symbols(text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Chemical symbols before a number, in their own letters: "Na 138", "K: 4.1"."""
    taken = {place for mention in mentions for place in range(mention.first, mention.last)}
    for place, token in enumerate(tokens[:-1]):
        measure = symbols().get(text[token.start : token.end])
        after = place + 1 + (tokens[place + 1].raw in (":", "="))
        if measure and place not in taken and after < len(tokens) and tokens[after].number:
            yield Mention(Meaning(EntityType.LAB, measure.name, measure), place, place + 1)


def find_defined(
    text: str, tokens: Sequence[Token], mentions: Sequence[Mention], defined: Mapping[str, str]
) -> Iterator[Mention]:
    """Abbreviations that the text defines, as what they stand for; `defined` is abbreviation → long form."""
    taken = {place for mention in mentions for place in range(mention.first, mention.last)}
    for place, token in enumerate(tokens):
        long = defined.get(text[token.start : token.end]) if place not in taken else None
        possible = meanings().get(phrase(long)) if long else None
        if possible:
            yield Mention(_fitting(possible, tokens, place, place + 1), place, place + 1)


@cache
def _cues(name: str) -> frozenset[str]:
    return frozenset(cast("Sequence[str]", load("meanings")[name]))


@cache
def _leads(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(phrase(words) for words in cast("Sequence[str]", load("meanings")[name]))


def _fitting(possible: tuple[Meaning, ...], tokens: Sequence[Token], first: int, last: int) -> Meaning:
    by_type = {meaning.type: meaning for meaning in reversed(possible)}
    substance = [kind for kind in (EntityType.ALLERGEN, EntityType.DRUG, EntityType.FOOD) if kind in by_type]
    if substance and _follows(tokens, first, "allergy", 9):
        return Meaning(EntityType.ALLERGEN, by_type[substance[0]].name)
    if EntityType.VITAL in by_type and EntityType.SYMPTOM in by_type:
        return by_type[EntityType.VITAL if _follows(tokens, first, "asked", 4) else EntityType.SYMPTOM]
    if EntityType.DRUG in by_type and (_near(tokens, first, last, "taking") or _dosed(tokens, last)):
        return by_type[EntityType.DRUG]
    owned = EntityType.LAB in by_type and bool(first) and tokens[first - 1].word in _cues("owned")
    owned = owned or _measured(tokens, last)
    if EntityType.FOOD in by_type and EntityType.LAB in by_type and not owned and _near(tokens, first, last, "eating"):
        return by_type[EntityType.FOOD]
    if EntityType.FOOD in by_type and EntityType.ALLERGEN in by_type:
        return by_type[EntityType.FOOD]
    return min(possible, key=lambda meaning: _ORDER.index(meaning.type))


def _measured(tokens: Sequence[Token], last: int) -> bool:
    """Whether a value follows: "sugar 6.8 after lunch" is measured, "sugar 2 teaspoons" is eaten."""
    after = tokens[last : last + 2]
    return bool(after) and after[0].number and (len(after) < 2 or after[1].word not in _cues("eating") | _cues("doses"))


def _dosed(tokens: Sequence[Token], last: int) -> bool:
    """Whether a dose follows: "iron 325 mg" is a medicine, "magnesium 2.1 mg/dL" is not."""
    rest = [token.raw for token in tokens[last : last + 3]]
    return len(rest) > 1 and tokens[last].number and rest[1] in _cues("doses") and rest[2:] != ["/"]


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
        words[at : at + len(cue)] == cue and _ends_list().isdisjoint(words[at + len(cue) :])
        for at in range(len(words))
        for cue in _leads(name)
    )


@cache
def _ends_list() -> frozenset[str]:
    return _cues("ends_list")


def _near(tokens: Sequence[Token], first: int, last: int, name: str) -> bool:
    around = (*_sentence_before(tokens, first, 6), *(token.word for token in tokens[last : last + 3]))
    return not _cues(name).isdisjoint(around)
