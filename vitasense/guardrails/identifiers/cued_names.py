"""Finds names by the words before them: "Dr", "my name is", "my wife", "I work for", "I live in"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vitasense.guardrails.identifiers.found import CUED, NAMED, Found, IdentifierKind
from vitasense.guardrails.identifiers.name_words import NameWords
from vitasense.guardrails.identifiers.rules import Cues, Vocabulary, cues, vocabulary

_LONGEST_NAME, _LONGEST_SMALL_NAME = 6, 3
_SHORTEST_FREQUENT = 4
_PERSON_AFTER = re.compile(r"\s(?:has|had|is|was|says|said|who|takes|took|got|needs|feels|lives)\b|['’]s\b")


@dataclass(frozen=True, slots=True)
class _Cue:
    """What is before a name.

    `trusted` ones make a name of ordinary capitalised words, `small` ones of unknown words in small letters, and
    `person_after` ones of these only where a word follows that people are the subject of.
    """

    pattern: re.Pattern[str]
    kind: IdentifierKind
    trusted: bool = False
    small: bool = False
    person_after: bool = False


class CuedNames:
    """Finds people, employers and places by the words before them."""

    def __init__(self) -> None:
        self._words: Vocabulary = vocabulary()
        self._cues = tuple(_all(cues()))

    def find(self, text: str) -> Iterator[Found]:
        """Every name in `text` that stands after a cue, and frequent given names in small letters."""
        words = NameWords(text)
        starts = {word.start: index for index, word in enumerate(words.words)}
        for cue in self._cues:
            for match in cue.pattern.finditer(text):
                first = starts.get(match.end())
                last = self._last(words, first, cue) if first is not None else None
                if first is not None and last is not None:
                    yield Found(words[first].start, words[last].name_end, cue.kind, CUED)
        yield from self._frequent(words)

    def _frequent(self, words: NameWords) -> Iterator[Found]:
        for at, word in enumerate(words.words):
            ordinary = word.capital or len(word.plain) < _SHORTEST_FREQUENT or self._words.names_nobody(word.plain)
            if not ordinary and words.given(at):
                last = self._last_small(words, at, any_word=False)
                yield Found(word.start, words[at if last is None else last].name_end, "person", NAMED)

    def _last(self, words: NameWords, first: int, cue: _Cue) -> int | None:
        """The last word of the name that begins at `first`; None when there is none."""
        last: int | None = None
        for at in range(first, min(first + _LONGEST_NAME, len(words))):
            if at > first and not words.follows(at):
                break
            if at > first and words.links(at):
                continue
            if not words[at].capital or not self._may_name(words, at, trusted=cue.trusted):
                break
            last = at
            if words.ends_sentence(at):
                break
        if last is not None:
            return last
        person = cue.person_after and _PERSON_AFTER.match(words.text[words[first].end :]) is not None
        return self._last_small(words, first, any_word=cue.small or person)

    def _may_name(self, words: NameWords, at: int, *, trusted: bool) -> bool:
        word = words[at].bare
        if len(word) == 1:
            return word != "I" and (trusted or at + 1 < len(words))
        if not trusted:
            return words.unknown(at) or (words.given(at) and not self._words.is_small(word))
        known = self._words
        if known.is_label(word) or known.is_clinical(word) or known.is_time(word) or known.is_grammar(word):
            return False
        return not (word.isupper() and known.names_nobody(word))

    def _last_small(self, words: NameWords, first: int, *, any_word: bool) -> int | None:
        """The last word of a name in small letters; a frequent name must begin it unless any unknown word may."""
        last: int | None = None
        for at in range(first, min(first + _LONGEST_SMALL_NAME, len(words))):
            word = words[at]
            frequent = words.given(at) or (at > first and words.frequent(at))
            ordinary = self._words.names_nobody(word.bare) and not (frequent and any_word)
            if (at > first and not words.follows(at)) or len(word.bare) == 1 or ordinary:
                break
            if self._words.is_grammar(word.bare) or (at == first and not any_word and not frequent):
                break
            last = at
        return last


def _all(cue: Cues) -> Iterator[_Cue]:
    titles, relations = _choices(cue.titles), _choices(cue.relations)
    owner = r"(?<!\w)(?:my|his|her|our|their|your|the|a)\s(?:[a-z-]{2,12}\s)?"
    called = r"(?:['’]s)?,?(?:\s(?:is|named|called|name|is called|is named))?\s(?=\w)"
    yield _Cue(re.compile(rf"(?<!\w)(?:{titles})\.?\s{{1,2}}(?=[^\W\d_])", re.IGNORECASE), "person", trusted=True)
    yield _Cue(_phrases(cue.name_follows), "person", trusted=True, small=True)
    yield _Cue(_phrases(cue.name_labels, label=True), "person", trusted=True, small=True)
    yield _Cue(_phrases(cue.name_may_follow), "person")
    yield _Cue(re.compile(rf"{owner}(?:{relations}){called}", re.IGNORECASE), "person", person_after=True)
    yield _Cue(_phrases(cue.employer_follows), "organisation", trusted=True)
    yield _Cue(_phrases(cue.place_follows), "place", small=True)


def _phrases(phrases: Iterable[str], *, label: bool = False) -> re.Pattern[str]:
    """Any of the phrases and what separates it from a name: a label has a colon or ends the line."""
    ends = r"(?:\s{0,4}[:?#]\s{0,8}|\s?\n\s{0,8})" if label else r",?\s{1,3}"
    return re.compile(rf"(?<!\w)(?:{_choices(phrases)}){ends}(?=[^\W\d_])", re.IGNORECASE)


def _choices(phrases: Iterable[str]) -> str:
    longest = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace("'", "['’]") for phrase in longest)
