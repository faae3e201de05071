"""A text as the pieces of an address: words, numbers and marks, and what each may be."""

import re
from dataclasses import dataclass

from vitasense.guardrails.identifiers.folding import fold
from vitasense.guardrails.identifiers.rules import Places, Vocabulary, places, vocabulary

_TOKEN = re.compile(r"\d+(?:[-/]\d+)*[a-zA-Z]?(?!\w)|[^\W\d_](?:[\w'’-]*\w)?\.?|\d[\w-]*|[^\w\s]")
_NO_HOUSE_NUMBER = re.compile(r"\d+(?:[a-zA-Z]{2,}|s$)")  # 500mg, 70s
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)")
BETWEEN = frozenset({",", "\\", "-", "/", "#", "(", ")", "’", "'"})
QUOTE_MARKS = frozenset({">", "?", "|", "*"})
_LONGEST_LINE, _SHORTEST_COMPOUND = 5, 6


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark at `start:end`; `gap` is what stands between the one before and it."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def number(self) -> bool:
        """Whether it may be the number of a house, a box or a district."""
        return self.text[0].isdigit() and not _NO_HOUSE_NUMBER.match(self.text)

    @property
    def word(self) -> bool:
        """Whether it is a word."""
        return self.text[0].isalpha()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()

    @property
    def plain(self) -> str:
        """The word folded, without its full stop."""
        return fold(self.text).rstrip(".")

    @property
    def new_line(self) -> bool:
        """Whether a line ends before it."""
        return "\n" in self.gap


class Tokens:
    """The tokens of one text; in a text without capitals any unknown word may be a name."""

    def __init__(self, text: str) -> None:
        self.all: list[Token] = []
        last = 0
        for match in _TOKEN.finditer(text):
            self.all.append(Token(match.group(), *match.span(), text[last : match.start()]))
            last = match.end()
        self.cased = any(token.word and token.capital for token in self.all)
        self.places: Places = places()
        self.words: Vocabulary = vocabulary()

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, at: int) -> Token:
        return self.all[at]

    def next(self, at: int) -> Token | None:
        """The token after, if there is one."""
        return self.all[at + 1] if at + 1 < len(self.all) else None

    def on_line(self, at: int) -> Token | None:
        """The token after, if it is on the same line."""
        following = self.next(at)
        return None if following is None or following.new_line else following

    def number_follows(self, at: int) -> bool:
        """Whether a number comes next on the line."""
        following = self.on_line(at)
        return following is not None and following.number

    def written_as_name(self, at: int) -> bool:
        """Whether it is a word with a capital, or any word in a text without capitals."""
        return self.all[at].word and (self.all[at].capital or not self.cased)

    def unknown(self, at: int) -> bool:
        """Whether it may be a name: written as one, and no word that we know."""
        token = self.all[at]
        return self.written_as_name(at) and len(token.plain) > 1 and not self.words.names_nobody(token.text.rstrip("."))

    def may_name_street(self, at: int) -> bool:
        """Whether it may be a word of a street's name."""
        token = self.all[at]
        if token.plain in self.places.linking:
            return token.plain not in self.places.joining
        if _ORDINAL.fullmatch(token.text):
            return True
        return token.word and (
            token.capital or not self.words.is_small(token.text) or token.plain in self.places.ordinals
        )

    def ends_like_street(self, at: int) -> bool:
        """Whether it is one word for a street and its name: Storgatan, Hauptstraße."""
        plain = self.all[at].plain
        if len(plain) < _SHORTEST_COMPOUND or self.words.names_nobody(self.all[at].text):
            return False
        return any(plain.endswith(end) and len(plain) > len(end) + 1 for end in map(fold, self.places.street_endings))

    def quotes(self, at: int) -> bool:
        """Whether it is a mark at the beginning of a quoted line: `> `, `??? `."""
        first = at
        while first > 0 and not self.all[first].gap and self.all[first].text == self.all[at].text:
            first -= 1
        return self.all[at].text in QUOTE_MARKS and self.all[first].new_line

    def line_of_names(self, at: int) -> bool:
        """Whether it begins a short line on which every word has a capital."""
        if not self.all[at].new_line and not (at and self.all[at - 1].text in QUOTE_MARKS):
            return False
        end = next((later for later in range(at + 1, len(self.all)) if self.all[later].new_line), len(self.all))
        line = self.all[at:end]
        return len(line) <= _LONGEST_LINE and all(one.number or one.text in BETWEEN or one.capital for one in line)
