"""Words of a text as they are compared: lower case, one spelling, without endings; numbers as they are."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*[\d]*[^\W_]*|[.;!?:\n]|,\s|\s-\s")
_APOSTROPHES = re.compile("['’]")
_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_VOWEL = re.compile("[aeiouy]")
_SHORTEST_STEMMED = 4
_REMEMBERED = 65_536
NUMBER, END = "#", "|"

Stem = str


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    function: frozenset[str]
    faint: tuple[str, ...]
    cues: frozenset[str]
    turns: frozenset[str]
    forms: Mapping[str, str]
    spellings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number (its stem begins with `#`) or end of a clause (`|`), with how it was written."""

    stem: Stem
    written: str

    @property
    def is_function(self) -> bool:
        """Whether it only holds a sentence together."""
        return self.written in rules().function

    @property
    def counts(self) -> bool:
        """Whether it says something: neither a function word, nor a denial, nor the end of a clause."""
        return self.stem != END and not self.is_function and self.written not in rules().cues


@cache
def rules() -> _Rules:
    """The words of rules/words.yaml; every scalar is text there, "no" and "on" too."""
    return _Rules.model_validate(yaml.load(list_of_words(), Loader=yaml.CBaseLoader))  # noqa: S506 - makes only text


@cache
def list_of_words() -> str:
    """The file behind `rules`, as it is."""
    return files("vitasense.memory").joinpath("rules/words.yaml").read_text(encoding="utf-8")


@cache
def faint() -> frozenset[Stem]:
    """The stems of words that weigh little."""
    return frozenset(stem(word) for word in rules().faint)


def cut(text: str) -> list[Word]:
    """The words, numbers and clause ends of a text, in order. Linear in its length."""
    return [_word(found) for found in _TOKEN.findall(_plain(text))]


@lru_cache(_REMEMBERED)
def stem(word: str) -> Stem:
    """`word` (lower case) in the spelling and without the ending in which it is compared."""
    word = rules().forms.get(word, word)
    for british, one in rules().spellings:
        if british in word:
            word = word.replace(british, one)
    if len(word) < _SHORTEST_STEMMED or not word.isalpha():
        return word
    return _bare(_verb(_singular(word)))


@lru_cache(_REMEMBERED)
def _word(written: str) -> Word:
    if written[0].isdigit():
        return Word(NUMBER + _number(written), written)
    if not written[0].isalpha():
        return Word(END, written)
    plain = _APOSTROPHES.sub("", written.removesuffix("'s").removesuffix("’s"))
    return Word(stem(plain), plain)


def _number(written: str) -> str:
    """7.20 and 7,2 are 7.2; 1,000 is 1000; a longer chain (a date, a version) stays."""
    plain = written.replace(",", "") if _THOUSANDS.match(written) else written.replace(",", ".")
    if plain.count(".") > 1:
        return plain
    whole, _, rest = plain.partition(".")
    return f"{whole.lstrip('0') or '0'}.{rest.rstrip('0')}".rstrip(".")


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > _SHORTEST_STEMMED:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if word.endswith("sis"):
        return word[:-2]
    if word.endswith("ses") and len(word) > 5:
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _verb(word: str) -> str:
    for ending in ("ization", "ation", "ating", "ated", "ate", "ingly", "ing", "edly", "ed", "ly"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= (4 if ending.startswith("a") else 3) and _VOWEL.search(rest):
            return _undoubled(rest)
    return word


def _undoubled(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz" else word


def _bare(word: str) -> str:
    """Without a silent e, and with i for a final y: take and taking, allergy and allergies."""
    if word.endswith("e") and len(word) > 3:
        return word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def denied(words: Sequence[Word], reach: int) -> frozenset[int]:
    """The places of the words that a cue denies: up to `reach` words on, to the end of the clause or a turn."""
    places: set[int] = set()
    left = 0
    for place, word in enumerate(words):
        if word.written in rules().cues:
            left = reach
        elif word.stem == END or word.written in rules().turns:
            left = 0
        elif left and word.counts:
            places.add(place)
            left -= 1
    return frozenset(places)
