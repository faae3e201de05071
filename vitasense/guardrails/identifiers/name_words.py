"""A text as words, and what the vocabulary says of each: ordinary, or perhaps a name."""

import re
from dataclasses import dataclass

from vitasense.guardrails.identifiers.folding import fold
from vitasense.guardrails.identifiers.rules import cues, names, vocabulary

LONGEST_ACRONYM = 5
# A possessive is no part of the word.
_PIECE = r"[^\W\d_]+(?:['’](?!s(?!\w))[^\W\d_]+)*"
_WORD = re.compile(rf"(?<!\w)(?!(?<=['’])s(?!\w)){_PIECE}(?:-{_PIECE})*(?!\w)\.?")
# A capital and then small letters, or all capitals; a capital inside only where names have one: McDonald, DeLuca.
_LIKE_A_NAME = re.compile(
    r"(?:[^\W\d_a-z](?:[^\W\d_A-Z]+|[^\W\d_a-z]+)|(?:Mc|Mac|O['’]|D['’]|L['’]|De|Di|La|Le|Van|Fitz)[^\W\d_a-z][^\W\d_A-Z]+"
    r"|[A-Z][a-z]+[A-Z][a-z]+)(?:['’][a-z]+)?(?:-\w+)*"
)
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\n\"“”(\[{•*>|=-]|\d\))\s*$")
_GAPS = frozenset({" ", "  ", "-", " & ", "\u00a0", "'s ", "’s "})
_LOOK_BACK = 12  # characters before a word that tell whether it begins a sentence


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its full stop, if it has one, at `start:end`."""

    text: str
    start: int
    end: int

    @property
    def bare(self) -> str:
        """The word without its full stop."""
        return self.text.rstrip(".")

    @property
    def plain(self) -> str:
        """The word folded."""
        return fold(self.bare)

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()

    @property
    def name_end(self) -> int:
        """A full stop after a name ends the sentence; after an initial it belongs to the name."""
        return self.end if len(self.bare) == 1 else self.start + len(self.bare)


class NameWords:
    """The words of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [Word(match.group(), *match.span()) for match in _WORD.finditer(text)]
        self._vocabulary = vocabulary()

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, at: int) -> Word:
        return self.words[at]

    def follows(self, at: int) -> bool:
        """Whether the word stands right after the one before it."""
        return self.text[self.words[at - 1].end : self.words[at].start] in _GAPS

    def begins_sentence(self, at: int) -> bool:
        """Whether a sentence, a line or a quotation begins with the word."""
        start = self.words[at].start
        return _SENTENCE_END.search(self.text[max(0, start - _LOOK_BACK) : start]) is not None

    def ends_sentence(self, at: int) -> bool:
        """Whether the word's full stop is the sentence's."""
        word = self.words[at]
        cue = cues()
        return (
            word.text.endswith(".")
            and len(word.bare) > 2
            and word.plain not in cue.suffixes | cue.titles | cue.organisation_ends
        )

    def links(self, at: int) -> bool:
        """Whether it is a small word inside names: van, de, of."""
        return self.words[at].text in cues().particles or self.words[at].text == "of"

    def ends_organisation(self, at: int) -> bool:
        """Whether firms and institutions are called so: Ltd, Hospital."""
        return self.words[at].plain in cues().organisation_ends

    def given(self, at: int) -> bool:
        """Whether it is a frequent given name."""
        return self.words[at].plain in names().given

    def frequent(self, at: int) -> bool:
        """Whether it is a frequent given name or surname."""
        return self.given(at) or self.words[at].plain in names().surnames

    def acronym(self, at: int) -> bool:
        """Whether it is a short word of capitals."""
        word = self.words[at].bare
        return word.isupper() and word.isascii() and len(word) <= LONGEST_ACRONYM

    def unknown(self, at: int) -> bool:
        """Whether it looks like a name and is no word that we know."""
        word = self.words[at].bare
        pieces = [piece for piece in word.split("-") if piece]
        if len(word) == 1 or any(len(piece) == 1 for piece in pieces) or self.acronym(at):
            return False  # an initial, "X-ray", "ECG"
        following = self.words[at + 1].text if at + 1 < len(self.words) else ""
        ordinary = [self._vocabulary.names_nobody(piece, following) for piece in pieces]
        if all(ordinary) or (any(ordinary) and not all(piece[:1].isupper() for piece in pieces)):
            return False
        return not any(map(self._vocabulary.is_eponym, pieces)) and _LIKE_A_NAME.fullmatch(word) is not None
