"""Text as one compares names in it: no case, no accents, Latin letters; and where each letter came from."""

import unicodedata
from collections.abc import Iterator
from functools import cache

# BGN/PCGN romanisation (1947, 1962), simplified to what people write on a keyboard.
_CYRILLIC = "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya і=i ї=yi є=ye ґ=g ё=yo ў=w"
_GREEK = "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
_ROMAN = {pair[0]: pair[2:] for pair in f"{_CYRILLIC} {_GREEK}".split()}
_LATIN = {
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
}
_MARKS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "\u00a0": " ", "\u202f": " "}
_SPECIAL = _ROMAN | _LATIN | _MARKS
_NORDIC = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ñ": "ny"}


def folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters (and its end) the position in `text`."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _plain(character)
        letters.append(plain)
        places.extend([place] * len(plain))
    return "".join(letters), [*places, len(text)]


def fold(text: str) -> str:
    """The folded text alone."""
    return "".join(map(_plain, text))


def spellings(name: str) -> Iterator[str]:
    """The ways in which a name is written in Latin letters, folded: Müller, Mueller and Muller are one."""
    plain = fold(name)
    yield plain
    yield fold("".join(_NORDIC.get(letter, letter) for letter in unicodedata.normalize("NFC", name).lower()))
    for two, one in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("ss", "s")):
        if two in plain and len(plain) > len(two) + 2:
            yield plain.replace(two, one)


@cache
def _plain(character: str) -> str:
    lower = character.lower()
    if lower in _SPECIAL:
        return _SPECIAL[lower]
    if unicodedata.category(character) in ("Cf", "Mn"):
        return ""  # joiners, soft hyphens and separate accents
    bare = "".join(each for each in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(each))
    return "".join(_SPECIAL.get(each, each) for each in bare)
