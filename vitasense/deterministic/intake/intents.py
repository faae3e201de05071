"""From tagged words to intents with calibrated confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.cues import Rule, rules
from vitasense.deterministic.intake.schemas import Intent, IntentName
from vitasense.deterministic.intake.tokens import Token, ends_sentence

_MORE, _MOST, _LEAST = 0.02, 0.98, 0.4
_SIDE = frozenset({IntentName.SMALLTALK_GREETING, IntentName.SMALLTALK_THANKS})
_POLITE = 0.4


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands for tokens `[first, last)` in the tagged text."""

    first: int
    last: int
    name: str


def tagged(tokens: Sequence[Token], tags: Sequence[Tag]) -> str:
    """The text as words and tags with single spaces, sentence ends as a dot: " what is my <vital> . "."""
    at_place = {tag.first: tag for tag in tags}
    words: list[str] = []
    place = 0
    while place < len(tokens):
        tag = at_place.get(place)
        if tag:
            words.append(tag.name)
            place = max(tag.last, place + 1)
            continue
        words.extend(_shown(tokens[place]))
        place += 1
    return f" {' '.join(words)} " if words else " "


def _shown(token: Token) -> tuple[str, ...]:
    if token.number:
        return ("<num>",)
    if ends_sentence(token):
        return (".",)
    return (token.word,) if token.word[0].isalnum() else ()


def find_intents(text: str) -> tuple[Intent, ...]:
    """The intents of a tagged text, most confident first; a surer rule drops the ones it beats."""
    words = frozenset(text.split())
    scored = {rule.name: score for rule in rules() if (score := _score(rule, text, words)) >= _LEAST}
    dropped = {
        other
        for rule in rules()
        if rule.name in scored
        for other in rule.beats
        if other in scored and scored[other] <= scored[rule.name] + _MORE
    }
    kept = {name: score for name, score in scored.items() if name not in dropped}
    return ordered(_clear(kept))


def ordered(scored: dict[IntentName, float]) -> tuple[Intent, ...]:
    """Intents by falling confidence, ties in the order of IntentName."""
    places = {name: place for place, name in enumerate(IntentName)}
    names = sorted(scored, key=lambda name: (-scored[name], places[name]))
    return tuple(Intent(name=name, confidence=round(scored[name], 2)) for name in names)


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
