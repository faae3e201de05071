"""Finds names as capitalised words that are no ordinary ones."""

import re
from collections.abc import Iterator

from vitasense.guardrails.identifiers.found import NAMED, Found, IdentifierKind
from vitasense.guardrails.identifiers.name_words import NameWords
from vitasense.guardrails.identifiers.rules import Cues, Vocabulary, cues, vocabulary

_LONGEST_RUN = 8
_MOSTLY_CAPITALS, _SHORTEST_SHOUT = 0.6, 20  # share of capitals in a text of more letters than this
_PLACE_BEFORE = re.compile(r"(?<!\w)(?:in|from|near|to|at|visiting|where:?|city)\s+$", re.IGNORECASE)
_LOOK_BACK = 12
# What follows a single unknown word at the beginning of a sentence when it is a person.
_PERSON_AFTER = re.compile(
    r"\s*(?:,\s(?:can|could|would|please|you|i|my|md|phd|rn)\b|:\s|['’]s\b|\sand\s[A-Z]|,\s[A-Z]|\s(?:said|says|told|asked|lives"
    r"|lived|wrote|called|thinks|wants|shouted|spent|flew|gave|went|came|drove|phoned|texted|had given)\b)"
)
_CODE_AFTER = re.compile(r" \d{3,5}(?:[- ]\d{2,3})?(?: [A-Z]{2})?(?![\w%/]|[.,]\d| ?(?:mg|mcg|g|ml|kcal|units?|mm)\b)")
_NUMBER_BEFORE = re.compile(r"(?<!\S)\d{1,3} $")


class CapitalisedNames:
    """Finds people, employers and places by their capitals."""

    def __init__(self) -> None:
        self._cues: Cues = cues()
        self._words: Vocabulary = vocabulary()

    def find(self, text: str) -> Iterator[Found]:
        """Every run of capitalised words in `text` that names somebody; none in a text that is all capitals."""
        if _is_shouted(text):
            return
        words = NameWords(text)
        at = 0
        while at < len(words):
            last = self._last(words, at)
            first = self._first(words, at, last) if last is not None else None
            if first is not None and last is not None and self._stands_out(words, first, last):
                yield self._found(words, first, last)
            at = at + 1 if last is None else last + 1

    def _last(self, words: NameWords, first: int) -> int | None:
        """The last of the capitalised words that stand together from `first` on."""
        last: int | None = None
        for at in range(first, min(first + _LONGEST_RUN, len(words))):
            if at > first and not words.follows(at):
                break
            if at > first and words.links(at):
                continue
            if not self._may_belong(words, at, first=at == first):
                break
            last = at
            if words.ends_sentence(at):
                break
        return last

    def _may_belong(self, words: NameWords, at: int, *, first: bool) -> bool:
        """Clinical words, times and words of grammar part names, but "New", "San" and "May" may begin one."""
        word = words[at]
        if not word.capital:
            return False
        if len(word.bare) == 1:
            return not first and word.text != "I"
        if words.unknown(at):
            return True
        if word.plain in self._cues.begins_names or self._words.is_time(word.bare):
            unknown_next = at + 1 < len(words) and words[at + 1].capital and words.unknown(at + 1)
            return unknown_next and word.plain in self._cues.begins_names
        if self._words.is_grammar(word.bare):
            return False
        if words.ends_organisation(at) or (not first and words.given(at - 1) and not word.bare.isupper()):
            return not first
        return not (self._words.is_clinical(word.bare) or words.acronym(at) or word.plain in self._cues.titles)

    def _first(self, words: NameWords, first: int, last: int) -> int | None:
        """Where the name begins in the run, if there is one: ordinary words that open the sentence are no part of it."""
        unknown = any(words.unknown(at) for at in range(first, last + 1))
        firm = words.ends_organisation(last) and any(self._names_a_firm(words, at) for at in range(first, last))
        if not unknown and not firm:
            return None
        opens = words.begins_sentence(first)
        while opens and first < last and not words.unknown(first) and self._opens(words, first, firm=firm):
            first += 1
        return first

    def _opens(self, words: NameWords, at: int, *, firm: bool) -> bool:
        plain = words[at].plain
        if firm:
            return plain in self._cues.generic
        return self._words.is_small(plain) and plain not in self._cues.begins_names and not words.given(at)

    def _names_a_firm(self, words: NameWords, at: int) -> bool:
        """Whether the word tells which hospital or firm it is: "Mercy" does, "General" does not."""
        plain = words[at].plain
        generic = plain in self._cues.generic or self._words.is_people(plain)
        return words[at].capital and not generic and not self._words.is_clinical(plain)

    def _stands_out(self, words: NameWords, first: int, last: int) -> bool:
        """Whether the run is a name: within a sentence any is; at its beginning it takes more than a capital."""
        opening = words[first].bare
        if opening.isupper() and opening.isascii() and not self._after_place_word(words, first):
            return last > first and not words[last].bare.isupper()
        if not words.begins_sentence(first) or last > first or not opening.isascii():
            return True
        if words.frequent(first):
            return True
        after = words.text[words[last].name_end :]
        alone = bool(words.text[: words[first].start].strip()) and not after.strip(" .!?\n")
        return not self._words.opens_a_sentence(opening) and (alone or _PERSON_AFTER.match(after) is not None)

    def _found(self, words: NameWords, first: int, last: int) -> Found:
        kind = self._kind(words, first, last)
        start, end = words[first].start, words[last].name_end
        if kind == "organisation" and (number := _NUMBER_BEFORE.search(words.text[:start])):
            start = number.start()  # 3 Round Stones Inc
        if kind == "place" and (code := _CODE_AFTER.match(words.text[end:])):
            end += code.end()
        return Found(start, end, kind, NAMED)

    def _kind(self, words: NameWords, first: int, last: int) -> IdentifierKind:
        if words.ends_organisation(last):
            return "organisation"
        start = words[first].start
        if any(words.given(at) for at in range(first, last + 1)) and words.text[start - 3 : start].lower() != "in ":
            return "person"
        return "place" if self._after_place_word(words, first) else "name"

    def _after_place_word(self, words: NameWords, at: int) -> bool:
        start = words[at].start
        return _PLACE_BEFORE.search(words.text[max(0, start - _LOOK_BACK) : start]) is not None


def _is_shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return len(letters) > _SHORTEST_SHOUT and capitals > _MOSTLY_CAPITALS * len(letters)
