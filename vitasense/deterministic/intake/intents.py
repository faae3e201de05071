"""From tagged words to intents with calibrated confidence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.calibration import confidence
from vitasense.deterministic.intake.clauses import OPENERS, clauses, for_others, last_named, run_on, tells, with_meant
from vitasense.deterministic.intake.cues import CATEGORIES, Rule, rules
from vitasense.deterministic.intake.defaults import USUAL, usual_wish
from vitasense.deterministic.intake.schemas import Intent, IntentName
from vitasense.deterministic.intake.tokens import Token, ends_sentence
from vitasense.deterministic.intake.wording import plain

_MORE, _MOST, _LEAST = 0.02, 0.98, 0.4
_GENES = (IntentName.GENOMICS_GENE, IntentName.GENOMICS_DRUG, IntentName.GENOMICS_RESULTS)
# what people tell rather than ask for
_TOLD = frozenset(
    {
        *(IntentName.MEASUREMENT_LOG, IntentName.NUTRITION_LOG, IntentName.MEMORY_REMEMBER),
        *(IntentName.MEMORY_FORGET, IntentName.MEMORY_CORRECT, IntentName.ACCESS_OTHER_RECORD),
    }
)
_AND, _COMMAS, _CLAUSE = frozenset({"+", "&"}), frozenset({",", ";"}), 3
_SIDE = frozenset({IntentName.SMALLTALK_GREETING, IntentName.SMALLTALK_THANKS, IntentName.HELP_CAPABILITIES})
_POLITE = 0.4
_SURE, _CLEAR, _BACKGROUND = 0.5, 0.8, 30
_MEMBERS = 5
_LISTED = f"(?:{CATEGORIES}|<lab>|<vital>)"
_MEMBER = re.compile(_LISTED)
_BETWEEN = " (?:(?:and|or|plus|also|any|all|my|the|last|latest|recent|current|results|result|list|history) ){0,4}"
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
        words.extend(_joined(tokens, place) or _shown(tokens[place]))
        place += 1
    words = plain(words)
    return f" {' '.join(words)} " if words else " "


def _joined(tokens: Sequence[Token], place: int) -> tuple[str, ...]:
    """ "then" for a comma between a clause and one that asks: "my feet itch, what is it"."""
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    return ("then",) if tokens[place].word in _COMMAS and place >= _CLAUSE and after in OPENERS else ()


def _shown(token: Token) -> tuple[str, ...]:
    if token.number:
        return ("<num>",)
    if ends_sentence(token):
        return (".",)
    if token.word in _AND:
        return ("and",)
    return (token.word,) if token.word[0].isalnum() else ()


def find_intents(text: str) -> tuple[Intent, ...]:
    """The intents of a tagged text, most confident first; a surer rule drops the ones it beats in its sentence.

    A statement that wishes for nothing is also the background of the sentence after it.
    """
    read: dict[str, dict[IntentName, float]] = {}
    told: list[tuple[str, dict[IntentName, float]]] = []
    background = meant = ""
    for sentence in dict.fromkeys(text.split(" . ")):
        said = with_meant(sentence.strip(" ."), meant)
        if not said:
            continue
        meant = last_named(said) or meant
        scored = read.setdefault(said, _of_each(said))
        merged = _before_background(scored, f" {background} {said} ") if background else scored
        merged = _with_usual(said, merged)
        background = said if max(merged.values(), default=0.0) < _SURE and _names_something(said) else ""
        told.append((said, merged))
    return ordered(_clear(_of_genes(text, _merged(_without_stories(told)))))


def _of_genes(text: str, scored: dict[IntentName, float]) -> dict[IntentName, float]:
    """The scores without laboratory results where "my result" is that of the gene that was named."""
    if "<lab" in text or max((scored.get(name, 0.0) for name in _GENES), default=0.0) < _SURE:
        return scored
    return {name: score for name, score in scored.items() if name is not IntentName.LAB_LATEST}


def _without_stories(told: Sequence[tuple[str, dict[IntentName, float]]]) -> list[dict[IntentName, float]]:
    """The scores of each sentence; what a story seems to wish for gives way to a clear wish outside of it."""
    asked = [scored for said, scored in told if not tells(said)]
    if max((score for scored in asked for score in scored.values()), default=0.0) < _CLEAR:
        return [scored for _, scored in told]
    stories = [scored for said, scored in told if tells(said)]
    return asked + [{name: score for name, score in scored.items() if name in _TOLD} for scored in stories]


def _before_background(scored: dict[IntentName, float], text: str) -> dict[IntentName, float]:
    whole = _scored(text)
    return _beaten({name: max(scored.get(name, 0.0), whole.get(name, 0.0)) for name in scored | whole})


def _with_usual(said: str, scored: dict[IntentName, float]) -> dict[IntentName, float]:
    """The scores with the usual wish for what was named, when no other is sure."""
    unsure = max(scored.values(), default=0.0) < _SURE and not for_others(said)
    usual = usual_wish(said) if unsure else None
    return scored | {usual: USUAL} if usual else scored


def _of_each(said: str) -> dict[IntentName, float]:
    """The scores of a sentence, with those of things named in a row one by one.

    Where every clause of it is a clear wish, it is what its clauses are; else they are read beside the whole.
    """
    parts = [_beaten(_scored(f" {part} ")) for part in clauses(said)]
    clear = len(parts) > 1 and all(max(part.values(), default=0.0) >= _CLEAR for part in parts)
    whole = [] if clear else [_beaten(_scored(f" {text} ")) for text in (said, *_one_by_one(said))]
    found = _merged(whole + parts if len(parts) > 1 else whole)
    if max(found.values(), default=0.0) >= _SURE or for_others(said):
        return found
    return _merged([found, *(_beaten(_scored(f" {part} ")) for part in run_on(said))])


def _merged(every: Sequence[dict[IntentName, float]]) -> dict[IntentName, float]:
    names = {name for scored in every for name in scored}
    return {name: max(scored.get(name, 0.0) for scored in every) for name in names}


def _one_by_one(said: str) -> Iterator[str]:
    row = _ROW.search(said)
    members = _MEMBER.findall(row[0]) if row else []
    if row and len(set(members)) > 1:
        yield from (f"{said[: row.start()]}{member}{said[row.end() :]}" for member in members[:_MEMBERS])


def _names_something(said: str) -> bool:
    return "<" in said and said.count(" ") < _BACKGROUND


def _scored(text: str) -> dict[IntentName, float]:
    if for_others(text.strip()):
        return {}
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
