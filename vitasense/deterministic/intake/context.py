"""Negation, owner and time of what was said, in the manner of NegEx and ConText: triggers, windows, terminators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.schemas import EntityType, Experiencer, Temporality
from vitasense.deterministic.intake.tokens import Token, ends_sentence, phrase

_SUPPOSED = (EntityType.SYMPTOM, EntityType.CONDITION)

Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


@dataclass(frozen=True, slots=True)
class Context:
    """How one finding was meant."""

    negated: bool = False
    experiencer: Experiencer = "patient"
    temporality: Temporality = "recent"


def _index(rows: Mapping[str, Sequence[str]]) -> Phrases:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for effect, words in rows.items():
        for key in map(phrase, words):
            table.setdefault(key[0], []).append((key, effect))
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in table.items()}


@cache
def _rules(name: str) -> Phrases:
    rows = load("context")[name]
    return _index({name: cast("list[str]", rows)} if isinstance(rows, list) else cast("Mapping[str, list[str]]", rows))


@cache
def _window() -> int:
    return int(cast("str", load("context")["window"]))


def _at(words: Sequence[str], place: int, rules: Phrases) -> tuple[str, int] | None:
    for key, effect in rules.get(words[place], ()):
        if tuple(words[place : place + len(key)]) == key:
            return effect, place + len(key)
    return None


def contexts(tokens: Sequence[Token], mentions: Sequence[Mention]) -> Mapping[int, Context]:
    """First token of each mention → its context. Linear: each finding looks only at its window."""
    words = [token.raw for token in tokens]
    ends = {place for place, token in enumerate(tokens) if ends_sentence(token)}
    people = {mention.first: mention for mention in mentions if mention.type is EntityType.PERSON}
    return {mention.first: _context(words, ends, people, mention) for mention in mentions}


def _context(words: Sequence[str], ends: set[int], people: Mapping[int, Mention], finding: Mention) -> Context:
    effects = _before(words, ends, finding) | _after(words, ends, finding)
    time: Temporality = "recent"
    if "hypothetical" in effects and finding.type in _SUPPOSED:
        time = "hypothetical"
    elif "historical" in effects:
        time = "historical"
    owner = _owner(words, ends, people, finding)
    return Context("negated" in effects, owner, time)


def _before(words: Sequence[str], ends: set[int], finding: Mention) -> set[str]:
    effects: set[str] = set()
    place = max(0, finding.first - _window())
    while place < finding.first:
        pseudo = _at(words, place, _rules("pseudo"))
        if pseudo:
            place = pseudo[1]
            continue
        if place in ends or _at(words, place, _rules("ends")):
            effects.clear()
        trigger = _at(words, place, _rules("before"))
        if trigger and trigger[1] <= finding.first:
            effects.add(trigger[0])
            place = trigger[1]
            continue
        place += 1
    return effects


def _after(words: Sequence[str], ends: set[int], finding: Mention) -> set[str]:
    for place in range(finding.last, min(len(words), finding.last + _window())):
        if place in ends or words[place] == "," or _at(words, place, _rules("ends")):
            return set()
        trigger = _at(words, place, _rules("after"))
        if trigger:
            return {trigger[0]}
    return set()


def _owner(words: Sequence[str], ends: set[int], people: Mapping[int, Mention], finding: Mention) -> Experiencer:
    if finding.type is EntityType.PERSON:
        return "other"
    for place in range(finding.first - 1, max(-1, finding.first - _window() - 4), -1):
        if place in people:
            return "other"
        own = words[place] == "my" and _relative_at(people, place + 1)
        if place in ends or (_at(words, place, _rules("owner_ends")) and not own):
            break
    follows = finding.last + 1
    said_of = finding.last < len(words) and words[finding.last] in ("in", "of")
    skip = follows + 1 if follows < len(words) and words[follows] in ("my", "the", "our") else follows
    return "other" if said_of and skip in people else "patient"


def _relative_at(people: Mapping[int, Mention], place: int) -> bool:
    return place in people
