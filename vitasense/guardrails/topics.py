"""Which words of a message speak of an illness in general: asked by a student, told in a story, feared or supposed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from vitasense.guardrails.phrases import Match, Matcher, compile_pattern
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.times import YEARS
from vitasense.guardrails.words import Word

_TOPIC, _FEAR, _FEAR_OF, _SUPPOSED = "topic", "fear", "fear_of", "supposed"


class Topics(Rule):
    """`rules/topics.yaml`."""

    version: str
    source: str
    words: Mapping[str, tuple[str, ...]]
    topics: tuple[str, ...]
    fears: tuple[str, ...]
    fears_of: tuple[str, ...]
    supposed: tuple[str, ...]
    urgent: frozenset[str]
    ends: frozenset[str]
    joins: frozenset[str]
    persons: frozenset[str]
    others: frozenset[str]
    activities: frozenset[str]


def general_places(words: Sequence[Word]) -> frozenset[int]:
    """The places of the words that tell of nobody's illness. Linear in the words.

    Source: `rules/topics.yaml`.
    """
    matches = [match for match in _matcher().find(words) if match.name != _FEAR_OF or _is_of(match, words)]
    if not matches:
        return frozenset()
    rules = topics()
    urgent = {word.sentence for word in words if word.text in rules.urgent}
    clauses = _clauses(words)
    of_place = {place: at for at, clause in enumerate(clauses) for place in clause}
    general: set[int] = set()
    reached: dict[str, set[int]] = {_TOPIC: set(), _SUPPOSED: set()}
    for match in matches:
        own = of_place[match.first]
        if words[match.first].sentence in urgent:
            continue
        start = clauses[own].start if match.name == _TOPIC else match.first
        general.update(range(start, max(match.last + 1, clauses[own].stop)))
        background = any(words[place].text in rules.others | rules.activities for place in clauses[own])
        if match.name in reached and not background:
            reached[match.name].add(own)
    onwards = _spread(clauses, reached[_TOPIC] | reached[_SUPPOSED], 1, words)
    back = _spread(clauses, reached[_TOPIC], -1, words)
    return frozenset(general.union(*(clauses[at] for at in (*onwards, *back))))


def _is_of(match: Match, words: Sequence[Word]) -> bool:
    """Whether "of" was said after the fear: "scared of choking", not "scared, choking"."""
    return words[match.first + 1].filler == "of"


def cue_words() -> frozenset[str]:
    """Every word of the rules, so that none of them is mended into another."""
    rules = topics()
    return frozenset(word for words in rules.words.values() for word in words) | rules.urgent


def _clauses(words: Sequence[Word]) -> Sequence[range]:
    found: list[range] = []
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or _begins(words, place):
            found.append(range(first, place))
            first = place
    return found


def _begins(words: Sequence[Word], place: int) -> bool:
    word, before = words[place], words[place - 1]
    rules = topics()
    of_someone = word.text in rules.joins and place + 1 < len(words) and words[place + 1].text in rules.persons
    return word.comma or word.sentence != before.sentence or word.text in rules.ends or of_someone


def _spread(clauses: Sequence[range], reached: Collection[int], step: int, words: Sequence[Word]) -> Iterator[int]:
    """The clauses next to those reached, up to one that speaks of a person, begins with a turn or ends the sentence."""
    rules = topics()
    order = range(len(clauses)) if step > 0 else range(len(clauses) - 1, -1, -1)
    general, sentence = False, -1
    for at in order:
        first = clauses[at].start
        if at in reached:
            general, sentence = True, words[first].sentence
            continue
        turn = clauses[at].start if step > 0 else clauses[at + 1].start if general else first
        turned = words[turn].text in rules.ends or words[first].sentence != sentence
        general = general and not turned and rules.persons.isdisjoint(words[place].text for place in clauses[at])
        if general:
            yield at


@cache
def topics() -> Topics:
    """The topics, loaded once."""
    return load("topics", Topics)


@cache
def _matcher() -> Matcher:
    rules, fillers = topics(), language().fillers
    lists = {**rules.words, "year": YEARS}
    named = {_TOPIC: rules.topics, _FEAR: rules.fears, _FEAR_OF: rules.fears_of, _SUPPOSED: rules.supposed}
    return Matcher([compile_pattern(name, line, lists, fillers) for name, lines in named.items() for line in lines])
