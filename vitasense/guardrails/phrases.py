"""The small pattern language of the rule files, compiled once and matched in time linear in the words.

`chest pain`            the words side by side (fillers do not count)
`{chest} .. {pain}`     in this order, at most five words between
`{chest} . {pain}`      in this order, at most one word between for each point
`{chest} & {pain}`      in any order, near each other in one sentence
`heart|cardiac arrest`  one of several words; `{name}` stands for a word list of the file
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from vitasense.guardrails.words import Word

_POINTS = {".": 1, "..": 5}
_NEAR = 9

Term: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """Terms that follow one another; `gaps[i]` words may stand before term i."""

    terms: tuple[Term, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """All parts, in any order, near each other; the name is what a match of it means."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched: `places` are indexes into the words."""

    name: str
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        """Index of the earliest word."""
        return min(self.places)

    @property
    def last(self) -> int:
        """Index of the latest word."""
        return max(self.places)


def compile_pattern(name: str, written: str, lists: Mapping[str, Sequence[str]], fillers: Collection[str]) -> Pattern:
    """The pattern that `written` describes, without fillers. Raises KeyError for an unknown word list."""
    pieces = [" ".join(term for term in piece.split() if term not in fillers) for piece in written.split(" & ")]
    return Pattern(name, tuple(_part(piece, lists) for piece in pieces))


def words_of(patterns: Iterable[Pattern]) -> frozenset[str]:
    """Every word that any of the patterns can match."""
    return frozenset(word for pattern in patterns for part in pattern.parts for term in part.terms for word in term)


class Matcher:
    """Finds every pattern in the words, starting from each pattern's rarest word."""

    def __init__(self, patterns: Collection[Pattern]) -> None:
        used: dict[str, int] = {}
        for pattern in patterns:
            for word in words_of([pattern]):
                used[word] = used.get(word, 0) + 1
        self._by_word: dict[str, list[tuple[Pattern, int, int]]] = {}
        for pattern in patterns:
            part, term = _rarest(pattern, used)
            for word in pattern.parts[part].terms[term]:
                self._by_word.setdefault(word, []).append((pattern, part, term))

    def find(self, words: Sequence[Word]) -> list[Match]:
        """All matches, in the order of the words."""
        matches: list[Match] = []
        for place, word in enumerate(words):
            for pattern, part, term in self._by_word.get(word.text, ()):
                places = _match_around(pattern, part, term, words, place)
                if places:
                    matches.append(Match(pattern.name, places))
        return matches


def _part(piece: str, lists: Mapping[str, Sequence[str]]) -> Part:
    terms: list[Term] = []
    gaps: list[int] = []
    gap = 0
    for written in piece.split():
        if written in _POINTS:
            gap += _POINTS[written]
            continue
        terms.append(_term(written, lists))
        gaps.append(gap)
        gap = 0
    return Part(tuple(terms), tuple(gaps))


def _term(written: str, lists: Mapping[str, Sequence[str]]) -> Term:
    words: set[str] = set()
    for choice in written.split("|"):
        words.update(lists[choice[1:-1]] if choice.startswith("{") else [choice])
    return frozenset(words)


def _rarest(pattern: Pattern, used: Mapping[str, int]) -> tuple[int, int]:
    places = [(i, j) for i, part in enumerate(pattern.parts) for j in range(len(part.terms))]
    return min(places, key=lambda at: sum(used[word] for word in pattern.parts[at[0]].terms[at[1]]))


def _match_around(
    pattern: Pattern, anchor: int, term: int, words: Sequence[Word], place: int
) -> tuple[int, ...] | None:
    own = _extend(pattern.parts[anchor], term, words, place)
    if own is None:
        return None
    places = list(own)
    for index, part in enumerate(pattern.parts):
        if index != anchor:
            other = _nearest(part, words, place, frozenset(places))
            if other is None:
                return None
            places.extend(other)
    return tuple(sorted(places))


def _extend(part: Part, term: int, words: Sequence[Word], place: int) -> tuple[int, ...] | None:
    before = _walk(part, range(term - 1, -1, -1), words, place, -1)
    after = _walk(part, range(term + 1, len(part.terms)), words, place, 1)
    return None if before is None or after is None else (*before, place, *after)


def _walk(part: Part, terms: range, words: Sequence[Word], place: int, step: int) -> tuple[int, ...] | None:
    found: list[int] = []
    at = place
    for term in terms:
        gap = part.gaps[term if step > 0 else term + 1]
        reach = (at + step * distance for distance in range(1, gap + 2))
        hit = next((i for i in reach if _is(words, i, place, part.terms[term])), None)
        if hit is None:
            return None
        found.append(hit)
        at = hit
    return tuple(found)


def _nearest(part: Part, words: Sequence[Word], place: int, taken: frozenset[int]) -> tuple[int, ...] | None:
    for distance in range(1, _NEAR + 1):
        for at in (place - distance, place + distance):
            if at not in taken and _is(words, at, place, part.terms[0]):
                found = _extend(part, 0, words, at)
                if found is not None and not taken.intersection(found):
                    return found
    return None


def _is(words: Sequence[Word], at: int, place: int, term: Term) -> bool:
    return 0 <= at < len(words) and words[at].text in term and words[at].sentence == words[place].sentence


def matcher_of(
    named: Mapping[str, Iterable[str]], lists: Mapping[str, Sequence[str]], fillers: Collection[str]
) -> Matcher:
    """A matcher of all lines of `named`, each under its name. Raises KeyError for an unknown word list."""
    return Matcher([compile_pattern(name, line, lists, fillers) for name, lines in named.items() for line in lines])
