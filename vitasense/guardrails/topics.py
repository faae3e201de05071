"""Which words of a message speak of an illness in general: asked by a student, told in a story, feared or supposed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from vitasense.guardrails.clauses import clauses
from vitasense.guardrails.phrases import Match, Matcher, matcher_of
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.times import YEARS
from vitasense.guardrails.words import Word

_TOPIC, _FEAR, _FEAR_OF, _SUPPOSED = "topic", "fear", "fear_of", "supposed"
_SPREADING = (_TOPIC, _SUPPOSED)


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
    urgent = {word.sentence for word in words if word.text in topics().urgent}
    runs = list(clauses(words, lambda place: _begins(words, place)))
    found = [(match, run) for match, run in _with_clause(matches, runs) if words[match.first].sentence not in urgent]
    general = {place for match, at in found for place in _own(match, runs[at])}
    reached = [(match, at) for match, at in found if match.name in _SPREADING and not _is_background(runs[at], words)]
    onwards = _spread(runs, {at for _, at in reached}, 1, words)
    back = _spread(runs, {at for match, at in reached if match.name == _TOPIC}, -1, words)
    return frozenset(general.union(*(runs[at] for at in (*onwards, *back))))


def _with_clause(matches: Sequence[Match], runs: Sequence[range]) -> Iterator[tuple[Match, int]]:
    of_place = {place: at for at, run in enumerate(runs) for place in run}
    yield from ((match, of_place[match.first]) for match in matches)


def _own(match: Match, clause: range) -> range:
    """What a match reaches in its own clause: a topic all of it, a fear or a supposition what follows."""
    return range(clause.start if match.name == _TOPIC else match.first, max(match.last + 1, clause.stop))


def _is_background(clause: range, words: Sequence[Word]) -> bool:
    """Whether the clause says what someone was doing when it happened."""
    return any(words[place].text in topics().others | topics().activities for place in clause)


def _is_of(match: Match, words: Sequence[Word]) -> bool:
    """Whether "of" was said after the fear: "scared of choking", not "scared, choking"."""
    return words[match.first + 1].filler == "of"


def cue_words() -> frozenset[str]:
    """Every word of the rules, so that none of them is mended into another."""
    rules = topics()
    return frozenset(word for words in rules.words.values() for word in words) | rules.urgent


def _begins(words: Sequence[Word], place: int) -> bool:
    word, before = words[place], words[place - 1]
    rules = topics()
    of_someone = word.text in rules.joins and place + 1 < len(words) and words[place + 1].text in rules.persons
    return word.comma or word.sentence != before.sentence or word.text in rules.ends or of_someone


def _spread(runs: Sequence[range], reached: Collection[int], step: int, words: Sequence[Word]) -> Iterator[int]:
    """The clauses next to those reached, up to one that speaks of a person, begins with a turn or ends the sentence."""
    rules = topics()
    general = False
    for at in range(len(runs)) if step > 0 else range(len(runs) - 1, -1, -1):
        if at in reached:
            general = True
            continue
        general = general and _goes_on(runs, at, at - step, words)
        general = general and rules.persons.isdisjoint(words[place].text for place in runs[at])
        if general:
            yield at


def _goes_on(runs: Sequence[range], at: int, beside: int, words: Sequence[Word]) -> bool:
    """Whether two neighbouring clauses are of one sentence, with no turn between them."""
    later = words[runs[max(at, beside)].start]
    return later.text not in topics().ends and later.sentence == words[runs[min(at, beside)].start].sentence


@cache
def topics() -> Topics:
    """The topics, loaded once."""
    return load("topics", Topics)


@cache
def _matcher() -> Matcher:
    rules = topics()
    lists = {**rules.words, "year": YEARS}
    named = {_TOPIC: rules.topics, _FEAR: rules.fears, _FEAR_OF: rules.fears_of, _SUPPOSED: rules.supposed}
    return matcher_of(named, lists, language().fillers)
