"""Edits of a message that must not lower its level: who speaks, typing, chatter, minimising, order."""

import re
from collections.abc import Callable, Iterator

_PERSONS = {
    "i": "he",
    "i'm": "he is",
    "i've": "he has",
    "my": "his",
    "me": "him",
    "myself": "himself",
    "am": "is",
    "mine": "his",
}
_CHATTER = "Hi there, hope you are well. I watched a film with my cousin and we had soup. {} The weather is lovely too."
_MINIMISED = "It is probably nothing and I don't want to bother anyone but {}, not a big deal really"
_SHORTEST_TYPED = 5


def third_person(text: str) -> str:
    return re.sub(r"[A-Za-z']+", lambda word: _PERSONS.get(word.group().lower(), word.group()), text)


def chatter(text: str) -> str:
    return _CHATTER.format(text[0].upper() + text[1:] + ".")


def minimised(text: str) -> str:
    return _MINIMISED.format(text)


def shouted(text: str) -> str:
    return text.upper() + "!!!"


def unpunctuated(text: str) -> str:
    return re.sub(r"[',]|\.(?!\d)", "", text).lower()


def reordered(text: str) -> str:
    first, mark, rest = text.partition(", ")
    return f"{rest}, {first}" if mark and rest else text


def texted(text: str) -> str:
    return "omg pls help " + text.replace(" you ", " u ").replace(" and ", " & ") + " idk what to do"


def relative(text: str) -> str:
    return f"my husband says: {text}"


EDITS: tuple[Callable[[str], str], ...] = (
    third_person,
    chatter,
    minimised,
    shouted,
    unpunctuated,
    reordered,
    texted,
    relative,
)


def typed_badly(text: str) -> Iterator[str]:
    """`text` with one longer word at a time misspelt: two letters swapped, one lost, or one doubled, in turn."""
    for place, match in enumerate(re.finditer(r"[A-Za-z]+", text)):
        word = match.group()
        if len(word) >= _SHORTEST_TYPED:
            yield text[: match.start()] + _MISTAKES[place % len(_MISTAKES)](word) + text[match.end() :]


def _swapped(word: str) -> str:
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def _lost(word: str) -> str:
    middle = len(word) // 2
    return word[:middle] + word[middle + 1 :]


def _doubled(word: str) -> str:
    middle = len(word) // 2
    return word[:middle] + word[middle - 1] + word[middle:]


_MISTAKES: tuple[Callable[[str], str], ...] = (_swapped, _lost, _doubled)
