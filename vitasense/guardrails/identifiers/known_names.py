"""Finds the names of known people however they are written: parts, order, case, accents, initials, slips of a key."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vitasense.guardrails.identifiers.folding import fold, folded
from vitasense.guardrails.identifiers.found import KNOWN, Found
from vitasense.guardrails.identifiers.name_parts import SHORTEST_SAFE, NameParts
from vitasense.guardrails.identifiers.rules import Cues, Vocabulary, cues, vocabulary

_SHORTEST_SPACED = 5  # letters of a name that may have spaces inside
_CAPITALISED_BELOW = 7  # a misspelt name shorter than this must begin with a capital
_LOOK_AROUND = 60  # characters in which initials and further names stand beside a name
_TOKEN = re.compile(r"[a-z]+")
_LETTERS_AND_DIGITS = re.compile(r"[a-z0-9]+")
_INSIDE = frozenset({"", " ", "'", "\t"})
# Between two parts of a name: spaces, a comma, a hyphen, initials or particles; not the end of a sentence.
_GAP = re.compile(r"(?:[\s,'_-]{0,4}|\.|[\s,'-]{1,3}(?:(?:[a-z]\.?|[a-z]{2,4})[\s,'-]{1,3}){1,3})")
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\n\"“(\[•>*-])\s*$")
_PERSON_AFTER = re.compile(
    r"\s*(?:,|:|['’]s\b|(?:is|was|has|had|said|says|will|can|does|did|and|or|who|takes|took|lives|lived)\b|[.!?]?\s*$)"
)
_PRONOUN_AFTER = re.compile(r"\s+(?:i|you|we|he|she|it|they|this|that|the|my|be|not|have)\b", re.IGNORECASE)
_NAMES_BEFORE = re.compile(r"(?:(?<!\w)[^\W\d_](?:\.\s?|['’])|(?<!\w)[^\W\d_]+\s)+$")
_NAMES_AFTER = re.compile(r"(?:[\s-][^\W\d_]\.(?!\w)|[ -][^\W\d_]{2,})+")
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.\s?){2,4}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A part of a name in the folded text; `sure` unless it is a word of its own, `several` parts in a row."""

    start: int
    end: int
    people: frozenset[int]
    sure: bool
    several: bool = False


class KnownNames:
    """All names of known people, ready to be looked for; `people` are (position among the known, name)."""

    def __init__(self, people: Iterable[tuple[int, str]]) -> None:
        self._cues: Cues = cues()
        self._words: Vocabulary = vocabulary()
        self._parts = NameParts(people)
        self._longest = self._parts.longest
        self._foreign = re.compile("|".join(map(re.escape, self._parts.foreign)) or r"(?!)")

    def find(self, text: str) -> Iterator[Found]:
        """Every place of `text` where one of the people is named."""
        plain, places = folded(text)
        hits = {*self._exact(plain), *self._misspelt(plain, text, places)}
        for hit in self._merged(sorted(hits, key=lambda hit: (hit.start, -hit.end)), plain):
            start, end = places[hit.start], places[hit.end - 1] + 1
            written = text[start:end]
            if hit.sure or (hit.several and written != written.lower()) or self._is_name(text, start, end):
                start, end = self._with_neighbours(text, start, end)
                yield Found(start, end, "person", KNOWN, min(hit.people))
        yield from self._initials(text)

    def _exact(self, plain: str) -> Iterator[_Hit]:
        for match in self._foreign.finditer(plain):
            yield self._hit(match.group(), *match.span())
        tokens = [match.span() for match in _TOKEN.finditer(plain)]
        for first, (start, _) in enumerate(tokens):
            part = ""
            for at in range(first, len(tokens)):
                inside = at == first or plain[tokens[at - 1][1] : tokens[at][0]] in _INSIDE
                part += plain[tokens[at][0] : tokens[at][1]]
                if not inside or len(part) > self._longest:
                    break
                if part in self._parts.exact and (at == first or len(part) >= _SHORTEST_SPACED):
                    yield self._hit(part, start, tokens[at][1])

    def _hit(self, part: str, start: int, end: int) -> _Hit:
        sure = len(part) >= SHORTEST_SAFE and not self._words.is_small(part)
        return _Hit(start, end, frozenset(self._parts.exact[part]), sure or not part.isascii())

    def _misspelt(self, plain: str, text: str, places: list[int]) -> Iterator[_Hit]:
        for match in _LETTERS_AND_DIGITS.finditer(plain):
            word = match.group()
            small = len(word) < _CAPITALISED_BELOW and not text[places[match.start()]].isupper()
            if small or word in self._parts.exact or not (people := self._parts.misspelt(word)):
                continue
            if not self._words.names_nobody(word):
                yield _Hit(*match.span(), people, sure=True)

    def _merged(self, hits: list[_Hit], plain: str) -> Iterator[_Hit]:
        """Neighbouring parts of one person's name as one."""
        current: _Hit | None = None
        for hit in hits:
            if current is not None and hit.start < current.end:
                current = _both(current, hit, several=current.several)
            elif current is not None and current.people & hit.people and self._joins(plain[current.end : hit.start]):
                current = _both(current, hit, several=True)
            else:
                yield from [current] if current is not None else []
                current = hit
        yield from [current] if current is not None else []

    def _joins(self, gap: str) -> bool:
        small = all(len(word) == 1 or word in self._cues.particles for word in _TOKEN.findall(gap))
        return small and _GAP.fullmatch(gap) is not None

    def _is_name(self, text: str, start: int, end: int) -> bool:
        """Whether a word that is ordinary too ("Will", "May", "Rose") stands for the person here."""
        word, before, after = text[start:end], text[max(0, start - _LOOK_AROUND) : start], text[end:]
        if not word[:1].isupper():
            return False
        title = re.search(r"([^\W\d_]+)\.?\s+$", before)
        if (title and fold(title.group(1)) in self._cues.titles) or re.match(r"['’]s\b", after):
            return True
        if self._words.is_time(word) or _PRONOUN_AFTER.match(after):
            return False
        if _SENTENCE_END.search(before):
            return _PERSON_AFTER.match(after) is not None or not self._words.is_small(word)
        return not (text.isupper() and self._words.is_small(word))

    def _with_neighbours(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Initials and unknown names beside a known one belong to it: "J. Maria Elena Alvarez"."""
        before = _NAMES_BEFORE.search(text[max(0, start - _LOOK_AROUND) : start])
        for word in reversed(re.findall(r"[^\W\d_]+(?:\.\s?|['’]|\s)", before.group() if before else "")):
            if not self._belongs(word):
                break
            start -= len(word)
        after = _NAMES_AFTER.match(text[end : end + _LOOK_AROUND])
        for word in re.findall(r"[\s-][^\W\d_]+\.?", after.group() if after else ""):
            if not self._belongs(word):
                break
            end += len(word.rstrip(".")) if len(word.strip(" .-")) > 1 else len(word)
        return start, end

    def _belongs(self, written: str) -> bool:
        word = written.strip(" .-\n\t'’")
        if not word[:1].isupper() or word == "I":
            return False
        if len(word) == 1:
            return any(mark in written for mark in ".'’")
        return not word.isupper() and fold(word) not in self._cues.titles and not self._words.names_nobody(word)

    def _initials(self, text: str) -> Iterator[Found]:
        for match in _INITIALS.finditer(text):
            people = self._parts.initials.get(fold(re.sub(r"[.\s]", "", match.group())))
            if people and match.group().isupper():
                yield Found(match.start(), match.start() + len(match.group().rstrip()), "person", KNOWN, min(people))


def _both(one: _Hit, other: _Hit, *, several: bool) -> _Hit:
    people = one.people & other.people or one.people
    return _Hit(one.start, max(one.end, other.end), people, one.sure or other.sure, several)
