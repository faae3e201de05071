"""A text as it is seen: typographic letters and digits as plain ASCII, and what only hides or disguises, marked."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from vitasense.guardrails.grounding.lexicon import written_as

# Marks that vanish when a page shows them, and so may split or join what is read: tags, entities, emphasis in a word.
_HIDING = re.compile(
    r"&#?\w+;?|</?[A-Za-z!][^>\n]{0,200}>?|~~|(?<=[A-Za-z0-9])(?:\*\*+|__+|`+)(?=[.,]?[A-Za-z0-9])|(?<=\d[.,])[*_`]+(?=\d)|(?<=\d)_(?=\d)"
)
_UNUSUAL = re.compile(r"[^\n\t\r -~]")
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Cn", "Mn", "Me"})


class _Plain(dict[int, str]):
    """Code point to the plain letters that look the same; what has none stays itself."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _plain_letter(chr(code))
        return found


def plain(text: str) -> str:
    """`text` in lower case and, where that looks the same, in ASCII."""
    return (text if text.isascii() else text.translate(_table())).lower()


def places(text: str) -> list[int]:
    """For each letter of `plain(text)`, and for its end, the place in `text` that it comes from."""
    table = _table()
    found = [place for place, letter in enumerate(text) for _ in table[ord(letter)].lower()]
    return [*found, len(text)]


def hidden(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what a reader cannot see as it is: control and zero-width characters, markup within a word."""
    yield from (match.span() for match in _HIDING.finditer(text))
    yield from (match.span() for match in _UNUSUAL.finditer(text) if unicodedata.category(match[0]) in _INVISIBLE)


def _plain_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in written_as():
        return written_as()[letter]
    if unicodedata.category(letter) == "Zs":
        return " "
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    folded = unicodedata.normalize("NFKD", letter)
    base = "".join(piece for piece in folded if not unicodedata.combining(piece))
    return base if base.isascii() and base.strip() else letter


@cache
def _table() -> _Plain:
    return _Plain()
