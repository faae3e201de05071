"""What known people are called: every part and spelling of their names, and what is one slip of a key away."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from vitasense.guardrails.identifiers.folding import fold, spellings
from vitasense.guardrails.identifiers.rules import cues, names

SHORTEST_SAFE = 4  # letters of a part that is a name in any case; shorter ones need a capital
SHORTEST_MISSPELT = 5
_SHORTEST_PART = 2
_PIECE = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LATIN = re.compile(r"[a-z]+")
# Two or three initials that are an abbreviation of something else.
_ABBREVIATIONS = frozenset({"md", "am", "pm", "eg", "ie", "iv", "po", "im", "sc", "rn", "do", "pa", "ot", "pt"})


class NameParts:
    """Folded spelling → positions of the people who are called so; `people` are (position, name)."""

    def __init__(self, people: Iterable[tuple[int, str]]) -> None:
        self.exact: dict[str, set[int]] = defaultdict(set)
        self.initials: dict[str, set[int]] = defaultdict(set)
        self._near: dict[str, set[str]] = defaultdict(set)
        for position, name in people:
            self._add(position, name)

    @property
    def longest(self) -> int:
        """Letters of the longest part."""
        return max(map(len, self.exact), default=0)

    @property
    def foreign(self) -> list[str]:
        """The parts in scripts that are not written in Latin letters here, the longest first."""
        return sorted((part for part in self.exact if not part.isascii()), key=len, reverse=True)

    def misspelt(self, word: str) -> frozenset[int]:
        """The people one of whose parts is one letter more, less, other or swapped away from the folded word."""
        if len(word) < SHORTEST_MISSPELT - 1:
            return frozenset()
        shorter = _without_one(word)
        parts = {part for form in (word, *shorter) for part in self._near.get(form, ())}
        parts |= {form for form in shorter if len(form) >= SHORTEST_MISSPELT and form in self.exact}
        return frozenset(each for part in parts if one_slip(word, part) for each in self.exact[part])

    def _add(self, position: int, name: str) -> None:
        cue = cues()
        ignored = cue.titles | cue.suffixes | cue.particles
        pieces = [piece for piece in _PIECE.findall(name) if fold(piece) not in ignored]
        for part in dict.fromkeys(_parts(name, pieces)):
            self.exact[part].add(position)
            if len(part) >= SHORTEST_MISSPELT and _LATIN.fullmatch(part):
                for near in _without_one(part):
                    self._near[near].add(part)
        letters = "".join(fold(piece)[:1] for piece in pieces)
        if len(letters) > 1 and letters not in _ABBREVIATIONS:
            self.initials[letters].add(position)


def _parts(name: str, pieces: list[str]) -> Iterator[str]:
    """The pieces in every spelling, what they are short for, what a user name makes of them."""
    for piece in pieces:
        yield from (part for part in _spelled(piece) if len(part) >= _SHORTEST_PART)
        yield from names().diminutives.get(fold(piece), ())
    if not pieces:
        yield from [fold(" ".join(name.split()))] if name.strip() else []
    plain = [fold(piece) for piece in pieces]
    yield from (one + other for one, other in pairwise(plain))
    if len(plain) > 1 and len(plain[-1]) >= SHORTEST_SAFE:
        first, last = plain[0], plain[-1]
        yield from (first + last, last + first, first[:1] + last, last + first[:1])


def _spelled(piece: str) -> Iterator[str]:
    """A piece as a whole, without its apostrophe, and what follows it: O'Brien, OBrien, Brien."""
    parts = re.split("['’]", piece)
    yield from spellings("".join(parts))
    for own in parts if len(parts) > 1 else ():
        if len(own) >= SHORTEST_SAFE:
            yield from spellings(own)


def _without_one(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def one_slip(word: str, part: str) -> bool:
    """Whether one letter was added, left out, changed, or swapped with the next (Damerau, Commun ACM 1964;7:171)."""
    if abs(len(word) - len(part)) > 1:
        return False
    if len(word) != len(part):
        longer, shorter = (word, part) if len(word) > len(part) else (part, word)
        return shorter in _without_one(longer)
    differ = [place for place, pair in enumerate(zip(word, part, strict=True)) if pair[0] != pair[1]]
    if len(differ) != 2:
        return len(differ) == 1
    one, other = differ
    return other == one + 1 and (word[one], word[other]) == (part[other], part[one])
