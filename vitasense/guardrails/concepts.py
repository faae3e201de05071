"""Concepts of a message: classes of words ("cant", "unable", "struggling") and signs as relations between them."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from vitasense.guardrails.phrases import Match
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.words import Word

Relation: TypeAlias = Literal[">", "~"]
Phrase: TypeAlias = tuple[str, ...]
Places: TypeAlias = tuple[int, ...]

_GAP = 3
_LIGHT_GAP = 3
_THEN = 4
_NEAR = 8
_REACH = 24
_SHORTEST_STEM = 2
_SLIGHT = "slight_"


class Words(Rule):
    """Each concept with its words and phrases, separated by commas; `unlike` are words that only begin like one.

    Neither word of `compounds` counts without the other where they stand side by side, nor a colour before what is
    `coloured`. A concept beside a word of `slight` is also the concept `slight_<name>`: "wheezing a bit".
    """

    version: str
    source: str
    unlike: str
    doses: str
    light: str
    compounds: str
    colours: str
    coloured: str
    slight: str = ""
    concepts: Mapping[str, str]


class Lexicon(Words):
    """`rules/concepts.yaml` and `rules/compounds.yaml`."""

    def written(self) -> frozenset[str]:
        """Every whole word of the concepts."""
        return frozenset(
            word for said in self.concepts.values() for word in said.replace(",", " ").split() if word.isalpha()
        )


@dataclass(frozen=True, slots=True)
class Relations:
    """A sign: concepts that stand near one another; each step is (how, concept), `>` after it and `~` either side."""

    sign: str
    first: frozenset[str]
    steps: tuple[tuple[Relation, frozenset[str]], ...]


def phrases_of(rules: Words, fillers: frozenset[str]) -> Mapping[str, tuple[Phrase, ...]]:
    """Each concept's phrases without fillers."""
    return {
        name: tuple(
            phrase
            for piece in written.split(",")
            if (phrase := tuple(word for word in piece.split() if word not in fillers))
        )
        for name, written in rules.concepts.items()
    }


class Spans:
    """Where each concept stands, in the order of the words, so that what is near is found without a search."""

    def __init__(self, found: Mapping[str, Sequence[Places]]) -> None:
        self._found = found
        self._starts = {name: [places[0] for places in spans] for name, spans in found.items()}

    def has(self, concepts: frozenset[str]) -> bool:
        """True when one of the concepts is in the message."""
        return any(name in self._found for name in concepts)

    def count(self, concept: str) -> int:
        """At how many words of the message the concept begins."""
        return len(set(self._starts.get(concept, ())))

    def every(self, concepts: frozenset[str]) -> Iterator[Places]:
        """All places of the concepts."""
        for name in concepts:
            yield from self._found.get(name, ())

    def around(self, concepts: frozenset[str], places: Places) -> Iterator[Places]:
        """The places of the concepts that begin not far from `places`."""
        for name in concepts:
            starts = self._starts.get(name, ())
            low = bisect_left(starts, places[0] - _REACH)
            high = bisect_left(starts, places[-1] + _REACH)
            yield from self._found.get(name, ())[low:high]


class Tagger:
    """Finds the concepts in the words; linear in the words."""

    def __init__(self, rules: Words, fillers: frozenset[str]) -> None:
        self._light = frozenset(rules.light.split())
        self._unlike = frozenset(rules.unlike.split())
        self._doses = frozenset(rules.doses.split())
        self._compounds = frozenset(tuple(pair.split()) for pair in rules.compounds.split(","))
        self._colours, self._coloured = frozenset(rules.colours.split()), frozenset(rules.coloured.split())
        self._slight = frozenset(rules.slight.split())
        self._whole: dict[str, list[tuple[str, Phrase]]] = {}
        self._stems: dict[str, list[tuple[str, Phrase]]] = {}
        for name, phrases in phrases_of(rules, fillers).items():
            for phrase in phrases:
                table = self._stems if phrase[0].endswith("*") else self._whole
                table.setdefault(phrase[0].rstrip("*"), []).append((name, phrase))

    def find(self, words: Sequence[Word]) -> Spans:
        """For every concept in the message the places of its words."""
        found: dict[str, list[Places]] = {}
        apart = {place: places for places in self.apart(words) for place in places}
        for place, word in enumerate(words):
            dose = word.text.isdigit() and place + 1 < len(words) and words[place + 1].text in self._doses
            for name, phrase in self._starting(word.text):
                if dose and len(phrase) == 1:
                    continue
                places = self._follow(phrase, words, place)
                if places is None or _breaks(places, apart):
                    continue
                found.setdefault(name, []).append(places)
                if not self._slight.isdisjoint((word.filler, words[places[-1]].then)):
                    found.setdefault(f"{_SLIGHT}{name}", []).append(places)
        return Spans(found)

    def apart(self, words: Sequence[Word]) -> Iterator[frozenset[int]]:
        """The places of words that together name something else: none of them counts without the others."""
        for place in range(1, len(words)):
            before, text = words[place - 1].text, words[place].text
            if (before, text) in self._compounds:
                yield frozenset((place - 1, place))
            elif before in self._colours and text in self._coloured:
                yield frozenset((place - 1,))

    def _starting(self, text: str) -> Iterator[tuple[str, Phrase]]:
        if text in self._unlike:
            yield from self._whole.get(text, ())
            return
        # "heart's" and "hearts" speak of the heart.
        yield from self._whole.get(text) or (self._whole.get(text[:-1], ()) if text.endswith("s") else ())
        for length in range(_SHORTEST_STEM, len(text) + 1):
            yield from self._stems.get(text[:length], ())

    def _follow(self, phrase: Phrase, words: Sequence[Word], start: int) -> Places | None:
        places = [start]
        loose = False
        for term in phrase[1:]:
            if term == "..":
                loose = True
                continue
            place = self._next(term, words, places[-1], loose)
            if place is None:
                return None
            places.append(place)
            loose = False
        return tuple(places)

    def _next(self, term: str, words: Sequence[Word], after: int, loose: bool) -> int | None:
        skipped = 0
        for place in range(after + 1, min(len(words), after + 2 + _GAP + _LIGHT_GAP)):
            if words[place].sentence != words[after].sentence or (words[place].comma and not loose):
                return None
            if _fits(term, words[place].text):
                return place
            light = words[place].text in self._light
            skipped += not light
            if skipped > (_GAP if loose else 0):
                return None
        return None


def _breaks(places: Places, apart: Mapping[int, frozenset[int]]) -> bool:
    """Whether the places take a word out of a name of something else ("blood sugar … sick"), or are a thing's colour."""
    named = (apart[place] for place in places if place in apart)
    return any(len(places) == 1 or not whole.issubset(places) for whole in named)


def _fits(term: str, text: str) -> bool:
    return text.startswith(term[:-1]) if term.endswith("*") else text == term


def related(rule: Relations, spans: Spans, words: Sequence[Word]) -> Iterator[Match]:
    """Every place where the concepts of `rule` stand in their relations."""
    if spans.has(rule.first) and all(spans.has(concepts) for _, concepts in rule.steps):
        for first in spans.every(rule.first):
            for taken in _walk(rule, 0, (first,), spans, words):
                yield Match(rule.sign, tuple(sorted({place for places in taken for place in places})))


def _walk(
    rule: Relations, step: int, taken: tuple[Places, ...], spans: Spans, words: Sequence[Word]
) -> Iterator[tuple[Places, ...]]:
    if step == len(rule.steps):
        yield taken
        return
    how, concepts = rule.steps[step]
    for places in spans.around(concepts, taken[-1]):
        if _stands(how, taken[-1], places, words) and not any(set(places).intersection(other) for other in taken):
            yield from _walk(rule, step + 1, (*taken, places), spans, words)


def _stands(how: Relation, one: Places, other: Places, words: Sequence[Word]) -> bool:
    if words[one[0]].sentence != words[other[0]].sentence:
        return False
    after = other[0] - one[-1]
    if how == ">":
        return 0 < after <= _THEN
    return 0 < after <= _NEAR or 0 < one[0] - other[-1] <= _NEAR


def relations(sign: str, written: str) -> Relations:
    """The relations that `written` describes: "unable > speak|talk ~ sudden"."""
    pieces = written.split()
    named = [frozenset(piece.split("|")) for piece in pieces[::2]]
    return Relations(sign, named[0], tuple(zip(pieces[1::2], named[1:], strict=True)))  # type: ignore[arg-type]


@cache
def lexicon() -> Lexicon:
    """The concepts, loaded once."""
    return load("concepts", Lexicon, "compounds")


@cache
def tagger() -> Tagger:
    """The tagger of the lexicon."""
    return Tagger(lexicon(), language().fillers)
