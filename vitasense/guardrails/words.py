"""Words of a message with their places: apostrophes, case and fillers put aside, misspellings of known words mended."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from string import ascii_lowercase

_WORD = re.compile(r"(?<![a-z0-9])['’]\d\d(?![a-z0-9])|[a-z0-9]+(?:['’`][a-z]+)*|&", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?=\s|$)|\.\.+")
_CLAUSE_MARK = re.compile(r"[,:()\u2013\u2014]|\s-+\s")
# Inside a number, as in "38.9".
_POINTS = (".", ",")
_APOSTROPHES = re.compile(r"['’`]")
_CENTURY_TURNS = 30
_LONGEST_WORD = 24
_SHORTEST_MENDED = 4
_SHORTEST_MENDED_TWICE = 9
_REMEMBERED = 4096

_JOINED = {
    ("can", "not"): "cant",
    ("could", "not"): "couldnt",
    ("do", "not"): "dont",
    ("does", "not"): "doesnt",
    ("did", "not"): "didnt",
    ("is", "not"): "isnt",
    ("are", "not"): "arent",
    ("was", "not"): "wasnt",
    ("have", "not"): "havent",
    ("has", "not"): "hasnt",
    ("will", "not"): "wont",
    ("would", "not"): "wouldnt",
    ("i", "am"): "im",
    ("he", "is"): "hes",
    ("she", "is"): "shes",
}
# "a bit" is a filler, "the dog bit me" is not.
_BIT, _A_BIT = "bit", frozenset({"a", "little", "wee", "tiny", "every", "quite", "this", "that", "the"})
_RENAMED = {
    "cannot": "cant",
    "aint": "isnt",
    "u": "you",
    "ur": "your",
    "&": "and",
    "w": "with",
    "wo": "without",
    "r": "are",
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `text` is lower case and mended, `start`..`end` its place in the message.

    `sentence` counts sentences; `comma` is True when a comma, colon, dash or bracket stands before it; `filler` is the
    filler word left out just before it, `then` the one just after it in its sentence, if any.
    """

    text: str
    start: int
    end: int
    sentence: int
    comma: bool
    filler: str = ""
    then: str = ""


class Slips:
    """Words that people write, for those that nobody writes: slips of the keys, whatever the word means."""

    def __init__(self, written: Collection[str]) -> None:
        self._written = frozenset(word for word in written if len(word) >= _SHORTEST_MENDED and word.isalpha())
        self.meant = lru_cache(maxsize=_REMEMBERED)(self._meant)

    def _meant(self, word: str) -> str | None:
        """The one written word of which `word` has two neighbours swapped, a letter doubled, or an inner one lost."""
        if word in self._written or not word.isalpha() or not _SHORTEST_MENDED <= len(word) <= _LONGEST_WORD:
            return None
        for slips in (_unswapped, _undoubled, _with_one_more):
            meant = self._written.intersection(slips(word))
            if meant:
                return next(iter(meant)) if len(meant) == 1 else None
        return None


class Spelling:
    """The words worth mending, and the real words that only look like misspellings of them.

    With `slips`, what is a slip of some written word is that word before it is a misspelling of a known one.
    """

    def __init__(self, known: Collection[str], real_words: Collection[str], slips: Slips | None = None) -> None:
        self._slips = slips
        self._known = frozenset(known)
        self._real = frozenset(real_words)
        self._by_deletion: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= _SHORTEST_MENDED and word.isalpha():
                for shorter in _deletions(word):
                    self._by_deletion.setdefault(shorter, []).append(word)

    def mend(self, word: str) -> str:
        """The known word that `word` misspells by one edit (two when it is long), else `word`."""
        if not self._by_deletion or word in self._known or word in self._real or not _may_be_mended(word):
            return word
        if self._slips and (meant := self._slips.meant(word)):
            return meant
        candidates = {known for shorter in _deletions(word) for known in self._by_deletion.get(shorter, ())}
        ranked = sorted((edits(word, known), known) for known in candidates if _same_start(word, known))
        best = next(((distance, known) for distance, known in ranked if distance <= _allowed(word, known)), None)
        return best[1] if best else word


# Mends nothing.
AS_WRITTEN = Spelling((), ())


def read_words(text: str, spelling: Spelling, fillers: Collection[str]) -> list[Word]:
    """The words of `text` without fillers, in order. Linear in the length of the text."""
    found: list[Word] = []
    mended: dict[str, str] = {}
    sentence, last_end, comma, before, filler = 0, 0, False, "", ""
    for match in _WORD.finditer(text):
        between = text[last_end : match.start()]
        within = between in _POINTS and text[max(last_end - 1, 0) : last_end].isdigit() and match.group()[0].isdigit()
        if not within and _SENTENCE_END.search(between):
            sentence += 1
        comma = comma or (not within and bool(_CLAUSE_MARK.search(between)))
        last_end = match.end()
        plain = _plain(match.group(), mended, spelling)
        amount = plain == _BIT and before in _A_BIT
        before = match.group().lower()
        joined = _JOINED.get((found[-1].text, plain)) if found and not comma else None
        if joined and found[-1].sentence == sentence:
            found[-1] = Word(joined, found[-1].start, match.end(), sentence, found[-1].comma)
        elif plain not in fillers or (plain == _BIT and not amount):
            found.append(Word(plain, match.start(), match.end(), sentence, comma, filler))
            comma, filler = False, ""
        else:
            filler = plain
            if found and found[-1].sentence == sentence:
                found[-1] = replace(found[-1], then=plain)
    return found


def mend_text(text: str, words: Sequence[Word]) -> tuple[str, Sequence[int]]:
    """`text` with its mended words written out, and for each place in it (and its end) the place in `text`."""
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for word in words:
        written = text[word.start : word.end]
        if len(word.text) >= _SHORTEST_MENDED and written.isalpha() and written.lower() != word.text:
            pieces.extend((text[last : word.start], word.text))
            places.extend((*range(last, word.start), *[word.start] * len(word.text)))
            last = word.end
    return "".join((*pieces, text[last:])), [*places, *range(last, len(text) + 1)]


def edits(left: str, right: str) -> int:
    """Optimal string alignment distance: insert, delete, replace, or swap two neighbours, each one."""
    before: Sequence[int] = ()
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        two_before, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if two_before and i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _plain(word: str, mended: dict[str, str], spelling: Spelling) -> str:
    if word not in mended:
        lowered = _APOSTROPHES.sub("", word.lower())
        renamed = _RENAMED.get(lowered, lowered)
        mended[word] = _year(lowered) if word[0] in "'’" else spelling.mend(renamed)
    return mended[word]


def _year(two_figures: str) -> str:
    """The year that "'98" or "'04" is short for."""
    return ("20" if int(two_figures) < _CENTURY_TURNS else "19") + two_figures


def _unswapped(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def _undoubled(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word) - 1) if word[at] == word[at + 1])


def _with_one_more(word: str) -> Iterator[str]:
    return (word[:at] + letter + word[at:] for at in range(1, len(word)) for letter in ascii_lowercase)


def _may_be_mended(word: str) -> bool:
    return _SHORTEST_MENDED - 1 <= len(word) <= _LONGEST_WORD and word.isalpha()


def _same_start(word: str, known: str) -> bool:
    return word[0] == known[0] or (word[:2] == known[1::-1] and len(known) >= _SHORTEST_MENDED)


def _allowed(word: str, known: str) -> int:
    if min(len(word), len(known)) < _SHORTEST_MENDED:
        return 0
    return 2 if len(known) >= _SHORTEST_MENDED_TWICE else 1


def _deletions(word: str) -> set[str]:
    once = {word[:i] + word[i + 1 :] for i in range(len(word))}
    if len(word) < _SHORTEST_MENDED_TWICE - 2:
        return once | {word}
    return once | {word} | {w[:i] + w[i + 1 :] for w in once for i in range(len(w))}
