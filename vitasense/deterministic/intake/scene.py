"""What the steps of reading share: tokens, numbers and mentions, found by their place in constant time."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from vitasense.deterministic.intake.locales import UNKNOWN, Conventions
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import Token, ends_sentence
from vitasense.deterministic.units import canonical_unit, is_valid

_PAIRS = {"[ft_i]": ("[in_i]", 12.0), "[stone_av]": ("[lb_av]", 14.0)}
_LONGEST_UNIT = 6
_RATIO = re.compile(r"[a-zµ]{1,6}/[a-z]{1,6}")  # "mg/mmol": a unit of UCUM that no table spells
# Words that are also spellings of a unit (UCUM: a year, b barn, t tonne), but not after a number in plain English.
_NO_UNITS = frozenset({"in", "a", "an", "at", "as", "to", "b", "i", "x", "on", "or", "and", "so"})
_ASKING = frozenset(
    {"what", "which", "who", "whose", "where", "why", "how", "can", "could", "should", "would", "does", "whats"}
)
# These begin a question only before a subject: "was put on ramipril" tells.
_MAY_ASK = frozenset({"is", "are", "was", "were", "am", "do", "did", "have", "has", "may", "will", "when", "any"})
_SUBJECTS = frozenset(
    {"i", "we", "you", "he", "she", "they", "it", "my", "the", "this", "that", "there", "is", "was", "did"}
)
_INVERTED = frozenset({"can", "could", "should", "would", "may", "do", "does", "did", "is", "are", "am", "if", "shall"})
_SENTENCE = 60


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at tokens `[first, last)`; `second` is the lower pressure."""

    value: float
    unit: str | None
    first: int
    last: int
    second: float | None = None


class Scene:
    """One text, cut: tokens, numbers (without those of dates and times) and mentions; `hidden` are the tokens of periods."""

    def __init__(
        self,
        tokens: Sequence[Token],
        numbers: Sequence[Number],
        mentions: Sequence[Mention],
        *,
        text: str = "",
        hidden: Collection[int] = (),
        conventions: Conventions = UNKNOWN,
    ) -> None:
        self.tokens, self.numbers, self.mentions = tokens, tuple(numbers), tuple(mentions)
        self.text, self.hidden, self.conventions = text, hidden, conventions
        self.number_at = {number.first: number for number in numbers}
        self.number_before = {number.last: number for number in numbers}
        self.mention_at = {mention.first: mention for mention in mentions}
        self.sentence = _sentences(tokens)

    def word(self, at: int) -> str:
        """The folded word at a place, "" outside the text."""
        return self.tokens[at].raw if 0 <= at < len(self.tokens) else ""

    def said(self, first: int, last: int) -> str:
        """The text of tokens `[first, last)`, as it was typed."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def joined(self, at: int) -> str:
        """What stands between a token and the next without any space, "" at the ends of the text."""
        if not 0 <= at < len(self.tokens) - 1:
            return ""
        return self.text[self.tokens[at].end : self.tokens[at + 1].start]

    def breaks(self, first: int, last: int) -> bool:
        """Whether a sentence ends between two tokens."""
        return any(ends_sentence(token) for token in self.tokens[first:last])

    def names(self, first: int, last: int, *types: EntityType) -> bool:
        """Whether something of these types begins between two tokens."""
        return any(place in self.mention_at and self.mention_at[place].type in types for place in range(first, last))

    def asks(self, place: int) -> bool:
        """Whether the sentence asks: it begins as a question, or "can I", "if I" and the like stand before the place."""
        first = place
        while first > max(0, place - _SENTENCE) and self.sentence[first - 1] == self.sentence[place]:
            first -= 1
        words = [token.word for token in self.tokens[first:place]]
        if _begins_question(words):
            return True
        return any(one in _INVERTED and other in _SUBJECTS for one, other in pairwise(words))


def _begins_question(words: Sequence[str]) -> bool:
    if not words:
        return False
    return words[0] in _ASKING or (words[0] in _MAY_ASK and len(words) > 1 and words[1] in _SUBJECTS)


def _sentences(tokens: Sequence[Token]) -> list[int]:
    """The number of the sentence of each token; the mark that ends one belongs to it."""
    numbers: list[int] = []
    count = 0
    for token in tokens:
        numbers.append(count)
        count += ends_sentence(token)
    return numbers


def asks_something(tokens: Sequence[Token]) -> bool:
    """Whether a sentence ends with a question mark or begins as a question."""
    words: list[str] = []
    for token in tokens:
        if token.raw == "?":
            return True
        words = [] if ends_sentence(token) else [*words, token.word][:2]
        if _begins_question(words):
            return True
    return False


def unit_at(scene: Scene, at: int) -> tuple[str, int] | None:
    """The UCUM unit that begins at a token, longest spelling first, and the token after it."""
    power = scene.word(at) == "10"  # "10^9/L"; no other unit begins with a number
    if not power and at < len(scene.tokens) and scene.tokens[at].number:
        return None
    for length in range(min(_LONGEST_UNIT, len(scene.tokens) - at), int(power) * 3, -1):
        words = (
            (scene.said(at, at + length),) if power else tuple(token.raw for token in scene.tokens[at : at + length])
        )
        unit = None if length == 1 and words[0] in _NO_UNITS else _unit(words)
        if unit:
            return unit, at + length
    return None


@lru_cache(maxsize=4096)
def _unit(words: tuple[str, ...]) -> str | None:
    joined = "".join(words)
    found = canonical_unit(" ".join(words)) or canonical_unit(joined)
    return joined if found is None and _RATIO.fullmatch(joined) and is_valid(joined) else found


def quantity(scene: Scene, number: Number) -> Quantity:
    """The number with the unit that follows it, feet and inches or stones and pounds put together."""
    found = unit_at(scene, number.last)
    if found is None:
        return Quantity(number.value, None, number.first, number.last)
    unit, last = found
    rest = scene.number_at.get(last) if unit in _PAIRS else None
    if rest is None or rest.loose:
        return Quantity(number.value, unit, number.first, last)
    small, factor = _PAIRS[unit]
    after = unit_at(scene, rest.last)
    end = after[1] if after and after[0] == small else rest.last + (scene.word(rest.last) == "in")
    return Quantity(number.value * factor + rest.value, small, number.first, end)
