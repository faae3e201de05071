"""Text that tries to instruct the assistant is labelled.

A label is advice to the pipeline and to the person who reads the log. It permits and forbids nothing: identity and
permission come from the session and the database, whatever a text says.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from vitasense.guardrails.likeness import like, weights_of
from vitasense.guardrails.phrases import Matcher, compile_pattern
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.unmasking import disguised, plain, turned
from vitasense.guardrails.words import AS_WRITTEN, read_words

RESEMBLING = "resembling"  # the family of what no phrase names
_HEADS = ("drop", "orders", "tell", "become", "secret")
_WORDS = re.compile("[a-z]+")
_SENTENCE = re.compile(r"[^\s.!?][^.!?\n]{7,1000}(?:[.!?](?=\S)[^.!?\n]{0,1000})*")
_START = 4  # letters by which a word of another language is looked for before the phrases are
_BEYOND_LATIN = "\u0250"
_ROOM = 60  # characters between two parts of a phrase in another language; our own choice

Phrases: TypeAlias = tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]


class InjectionRule(Rule):
    """One family of instruction-like phrases."""

    key: str
    any: tuple[str, ...]
    source: str


class Marker(Rule):
    """One regular expression over the raw text."""

    key: str
    pattern: str
    source: str


class Tongue(Rule):
    """The beginnings of words in one language, by what they do: `drop` orders, `tell` secrets or others' data."""

    lang: str
    drop: tuple[str, ...]
    orders: tuple[str, ...]
    tell: tuple[str, ...]
    secret: tuple[str, ...]
    others: tuple[str, ...]
    alone: tuple[str, ...]


class InjectionRules(Rule):
    """`rules/injection.yaml` and `rules/injection_tongues.yaml`."""

    version: str
    source: str
    resembling: float
    words: Mapping[str, tuple[str, ...]]
    entries: tuple[InjectionRule, ...]
    markers: tuple[Marker, ...]
    tongues: tuple[Tongue, ...]


@dataclass(frozen=True, slots=True)
class Instruction:
    """Instruction-like text at `start`..`end`; `key` is its family. In a disguise its place is the whole text."""

    key: str
    start: int
    end: int
    source: str


def find_instructions(text: str) -> tuple[Instruction, ...]:
    """Every place where `text` speaks to the assistant rather than to its reader, in the order of the text."""
    bare = plain(text)
    found = set(_marked(text)) | (set(_said(bare)) if bare == text else _everywhere(_said(bare), text))
    for other in disguised(bare):
        found |= _everywhere(_marked(other), text) | _everywhere(_said(other), text)
    if not _turned_words().isdisjoint(_WORDS.findall(bare.lower())):
        for other in turned(bare):
            found |= _everywhere(_phrases(other), text)
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.key)))


def _everywhere(found: Iterator[Instruction], text: str) -> set[Instruction]:
    return {Instruction(one.key, 0, len(text), one.source) for one in found}


def _marked(text: str) -> Iterator[Instruction]:
    for marker, pattern in _markers():
        for found in pattern.finditer(text):
            yield Instruction(marker.key, found.start(), found.end(), marker.source)


def _said(text: str) -> Iterator[Instruction]:
    yield from _phrases(text)
    yield from _in_tongues(text)
    yield from _resembling(text)


def _phrases(text: str) -> Iterator[Instruction]:
    sources = {rule.key: rule.source for rule in _rules().entries}
    words = read_words(text, AS_WRITTEN, language().fillers)
    for match in _matcher().find(words):
        yield Instruction(match.name, words[match.first].start, words[match.last].end, sources[match.name])


def _in_tongues(text: str) -> Iterator[Instruction]:
    latin_only = text.isascii()
    starts = (word[:_START] for word in _WORDS.findall(text.lower()))
    if latin_only and _starts().isdisjoint(starts):
        return
    for needed, phrases in _tongues(latin_only=latin_only):
        if needed.search(text):
            for key, pattern in phrases:
                yield from (Instruction(key, at.start(), at.end(), _rules().source) for at in pattern.finditer(text))


def _resembling(text: str) -> Iterator[Instruction]:
    """Sentences that are like instructions that were learnt, in words that no phrase names."""
    for found in _SENTENCE.finditer(text):
        if like(found.group(), weights_of("injection")["instruction"]).probability >= _rules().resembling:
            yield Instruction(RESEMBLING, found.start(), found.end(), _rules().source)


@cache
def _rules() -> InjectionRules:
    return load("injection", InjectionRules, "injection_tongues")


@cache
def _turned_words() -> frozenset[str]:
    """Words of which one stands in every turned instruction, turned."""
    return frozenset(other for key in _HEADS for word in _rules().words[key] for other in turned(word))


@cache
def _matcher() -> Matcher:
    rules, fillers = _rules(), language().fillers
    return Matcher(
        [compile_pattern(rule.key, line, rules.words, fillers) for rule in rules.entries for line in rule.any]
    )


@cache
def _markers() -> tuple[tuple[Marker, re.Pattern[str]], ...]:
    return tuple((marker, re.compile(marker.pattern, re.IGNORECASE)) for marker in _rules().markers)


@cache
def _tongues(*, latin_only: bool) -> tuple[Phrases, ...]:
    """For each language what must stand in a text for any phrase of it to be there, and the phrases."""
    chosen = [each for each in _rules().tongues if not latin_only or max(plain("".join(each.drop))) < _BEYOND_LATIN]
    return tuple(
        (_folded(_choice(_needed(each))), tuple((key, _folded(one)) for key, one in _of_tongue(each)))
        for each in chosen
    )


@cache
def _starts() -> frozenset[str]:
    """How the longest word of each needed phrase begins: few words of English begin so, and looking is quick."""
    needed = (plain(phrase).lower() for each in _rules().tongues for phrase in _needed(each))
    return frozenset(max(_WORDS.findall(phrase), key=len)[:_START] for phrase in needed if _WORDS.search(phrase))


def _needed(tongue: Tongue) -> tuple[str, ...]:
    return (*tongue.orders, *tongue.secret, *tongue.others, *tongue.alone)


def _folded(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _of_tongue(tongue: Tongue) -> Iterator[tuple[str, str]]:
    drop, orders = _choice(tongue.drop), _choice(tongue.orders)
    tell, secret, others = _choice(tongue.tell), _choice(tongue.secret), _choice(tongue.others)
    yield "override", _near(drop, orders)
    yield "reveal_prompt", _near(tell, secret)
    yield "other_person", _near(tell, others)
    yield "false_role", _choice(tongue.alone)


def _choice(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(plain(word)) for word in words) + ")"


def _near(one: str, other: str) -> str:
    return rf"{one}[^.!?\n]{{0,{_ROOM}}}?{other}|{other}[^.!?\n]{{0,{_ROOM}}}?{one}"
