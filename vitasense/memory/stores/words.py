"""Words that matter, for stores without PostgreSQL's text search: lower case, no stop words, endings cut.

PostgreSQL's English configuration finds the same for plain inflections; where the two differ, PostgreSQL decides.
"""

import re
import unicodedata
import zlib
from collections import Counter

# The stop words of PostgreSQL's English configuration (Snowball project, english.stop).
STOP = frozenset(
    """i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing a an the and but if or because as until while of at by for with about
    against between into through during before after above below to from up down in out on off over under again further
    then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very s t can will just don should now""".split()  # noqa: SIM905 - as it is published
)
_WORD = re.compile(r"\w+")
_VOWEL = re.compile(r"[aeiouy]")


def lexemes(text: str) -> Counter[str]:
    """The stems of the words that matter, each with how often it stands there."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return Counter(_stem(word) for word in words if word not in STOP)


def number_of(lexeme: str) -> int:
    """A number of 32 bits for the lexeme: its place in a sparse vector."""
    return zlib.crc32(lexeme.encode())


def _stem(word: str) -> str:
    """Plurals, -ed, -ing and a final y: step 1 of Porter (1980), and the silent e."""
    word = _without_inflection(_singular(word))
    if len(word) > 2 and word.endswith("y") and _VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("ss", "us")) and _VOWEL.search(word[:-2]):
        return word[:-1]
    return word


def _without_inflection(word: str) -> str:
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2 and _VOWEL.search(stem):
            doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem
    return word
