"""From tagged words to intents with calibrated confidence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.calibration import confidence
from vitasense.deterministic.intake.cues import CATEGORIES, Rule, rules
from vitasense.deterministic.intake.defaults import USUAL, usual_wish
from vitasense.deterministic.intake.schemas import Intent, IntentName
from vitasense.deterministic.intake.tokens import Token, ends_sentence
from vitasense.deterministic.intake.wording import plain

_MORE, _MOST, _LEAST = 0.02, 0.98, 0.4
_SIDE = frozenset({IntentName.SMALLTALK_GREETING, IntentName.SMALLTALK_THANKS})
_POLITE = 0.4
_SURE, _BACKGROUND = 0.5, 30
_MEMBERS = 5
_LISTED = f"(?:{CATEGORIES}|<lab>|<vital>)"
_MEMBER = re.compile(_LISTED)
_BETWEEN = " (?:(?:and|or|plus|also|any|all|my|the|last|latest|recent|current) ){0,4}"
_CLAUSE = re.compile(
    r" (?:and|also|but|plus|then) (?=(?:what|how|when|which|who|where|why|is|are|do|show|list|tell|give) )"
)
_ROW = re.compile(f"{_LISTED}(?:{_BETWEEN}{_LISTED})+")


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands for tokens `[first, last)` in the tagged text."""

    first: int
    last: int
    name: str


def tagged(tokens: Sequence[Token], tags: Sequence[Tag]) -> str:
    """The text as plain words and tags with single spaces, sentence ends as a dot: " what is my <vital> . "."""
    at_place = {tag.first: tag for tag in tags}
    words: list[str] = []
    place = 0
    while place < len(tokens):
        tag = at_place.get(place)
        if tag:
            words.extend([tag.name] if tag.name else [])
            place = max(tag.last, place + 1)
            continue
        words.extend(_shown(tokens[place]))
        place += 1
    words = plain(words)
    return f" {' '.join(words)} " if words else " "


def _shown(token: Token) -> tuple[str, ...]:
    if token.number:
        return ("<num>",)
    if ends_sentence(token):
        return (".",)
    return (token.word,) if token.word[0].isalnum() else ()


def find_intents(text: str) -> tuple[Intent, ...]:
    """The intents of a tagged text, most confident first; a surer rule drops the ones it beats in its sentence.

    A statement that wishes for nothing is also the background of the sentence after it.
    """
    found: dict[IntentName, float] = {}
    read: dict[str, dict[IntentName, float]] = {}
    background = ""
    for sentence in dict.fromkeys(text.split(" . ")):
        said = sentence.strip(" .")
        if not said:
            continue
        scored = read.setdefault(said, _of_each(said))
        merged = _before_background(scored, f" {background} {said} ") if background else scored
        merged = _with_usual(said, merged)
        background = said if max(merged.values(), default=0.0) < _SURE and _names_something(said) else ""
        found = {name: max(found.get(name, 0.0), merged.get(name, 0.0)) for name in found | merged}
    return ordered(_clear(found))


def _before_background(scored: dict[IntentName, float], text: str) -> dict[IntentName, float]:
    whole = _scored(text)
    return _beaten({name: max(scored.get(name, 0.0), whole.get(name, 0.0)) for name in scored | whole})


def _with_usual(said: str, scored: dict[IntentName, float]) -> dict[IntentName, float]:
    """The scores with the usual wish for what was named, when no other is sure."""
    usual = usual_wish(said) if max(scored.values(), default=0.0) < _SURE else None
    return scored | {usual: USUAL} if usual else scored


def _of_each(said: str) -> dict[IntentName, float]:
    """The scores of a sentence; clauses are read for themselves too, and things named in a row one by one."""
    found: dict[IntentName, float] = {}
    for text in (said, *_one_by_one(said), *_clauses(said)):
        scored = _beaten(_scored(f" {text} "))
        found = {name: max(found.get(name, 0.0), scored.get(name, 0.0)) for name in found | scored}
    return found


def _clauses(said: str) -> Iterator[str]:
    parts = _CLAUSE.split(said, maxsplit=_MEMBERS)
    if len(parts) > 1:
        yield from parts


def _one_by_one(said: str) -> Iterator[str]:
    row = _ROW.search(said)
    members = _MEMBER.findall(row[0]) if row else []
    if row and len(set(members)) > 1:
        yield from (f"{said[: row.start()]}{member}{said[row.end() :]}" for member in members[:_MEMBERS])


def _names_something(said: str) -> bool:
    return "<" in said and said.count(" ") < _BACKGROUND


def _scored(text: str) -> dict[IntentName, float]:
    words = frozenset(text.split())
    return {rule.name: score for rule in rules() if (score := _score(rule, text, words)) >= _LEAST}


def _beaten(scored: dict[IntentName, float]) -> dict[IntentName, float]:
    dropped = {
        other
        for rule in rules()
        if rule.name in scored
        for other in rule.beats
        if other in scored and scored[other] <= scored[rule.name] + _MORE
    }
    return {name: score for name, score in scored.items() if name not in dropped}


def ordered(scored: dict[IntentName, float]) -> tuple[Intent, ...]:
    """Intents by falling score, ties in the order of IntentName, each with the confidence that its score stands for."""
    places = {name: place for place, name in enumerate(IntentName)}
    names = sorted(scored, key=lambda name: (-scored[name], places[name]))
    return tuple(Intent(name=name, confidence=round(confidence(scored[name]), 2)) for name in names)


def _score(rule: Rule, text: str, words: frozenset[str]) -> float:
    weights = [cue.weight for cue in rule.cues if cue.found(text, words)]
    if not weights or any(cue.found(text, words) for cue in rule.unless):
        return 0.0
    best = max(weights)
    return min(best + _MORE, _MOST) if best >= 0.8 and len(weights) > 1 else best


def _clear(scored: dict[IntentName, float]) -> dict[IntentName, float]:
    """Courtesies give way to a wish, and weak guesses to a clear one."""
    wishes = {name: score for name, score in scored.items() if name not in _SIDE}
    best = max(wishes.values(), default=0.0)
    if best >= 0.8:
        wishes = {name: score for name, score in wishes.items() if score >= 0.5}
    polite = {name: min(score, _POLITE) if wishes else score for name, score in scored.items() if name in _SIDE}
    return wishes | polite
