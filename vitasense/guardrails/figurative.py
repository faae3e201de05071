"""Ways of speaking that report nothing: idioms, and signs said of machines, firms, plants, animals and works."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from vitasense.guardrails.phrases import Match, Matcher, matcher_of
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.words import Word

_IDIOM, _SUBJECT = "idiom", "subject"
_REACH = 3
_JOINS = frozenset({"and", "but", "because", "so", "when", "while", "if", "that", "then", "or", "since", "as"})


class Figurative(Rule):
    """`rules/figurative.yaml` and `rules/idioms.yaml`."""

    version: str
    source: str
    blockers: frozenset[str]
    plurals: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    subjects: tuple[str, ...]
    idioms: tuple[str, ...]


def figurative_places(words: Sequence[Word]) -> frozenset[int]:
    """The places of the words that belong to a way of speaking. Linear in the words.

    Source: `rules/figurative.yaml` and `rules/idioms.yaml`.
    """
    matches = _matcher().find(words)
    said = (match for match in matches if match.name == _IDIOM or _speaks_of(match, words))
    return frozenset(place for match in said for place in range(match.first, match.last + 1))


def _speaks_of(match: Match, words: Sequence[Word]) -> bool:
    """Whether the first word of the match is what its clause speaks of: "the car died", not "in the car, dying"."""
    rules = figurative()
    if any(words[place].comma for place in range(match.first + 1, match.last + 1)):
        return False
    return not any(word.text in rules.blockers or word.text.endswith("ing") for word in _before(match.first, words))


def _before(place: int, words: Sequence[Word]) -> Iterator[Word]:
    for distance in range(1, _REACH + 1):
        at = place - distance
        if at < 0 or words[at + 1].comma or words[at].sentence != words[place].sentence or words[at].text in _JOINS:
            return
        yield words[at]


def cue_words() -> frozenset[str]:
    """Every word of the lists, so that none of them is mended into another."""
    return frozenset(word for words in figurative().words.values() for word in words)


@cache
def figurative() -> Figurative:
    """The ways of speaking, loaded once."""
    return load("figurative", Figurative, "idioms")


@cache
def _matcher() -> Matcher:
    rules = figurative()
    lists = dict(rules.words)
    for name in rules.plurals:
        lists[name] = tuple({form for word in rules.words[name] for form in (word, f"{word}s")})
    return matcher_of({_IDIOM: rules.idioms, _SUBJECT: rules.subjects}, lists, language().fillers)
