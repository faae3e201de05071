"""Misspelt and made-up names of medicines, the same each time; written apart from the rules that read them."""

import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from string import ascii_lowercase

SHORTEST = 6
_EDITS = 2
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_REACH = 1.2
_SOUNDS = (
    ("ph", "f"), ("f", "ph"), ("th", "t"), ("t", "th"), ("y", "i"), ("i", "y"), ("c", "k"), ("k", "c"), ("c", "s"),
    ("s", "c"), ("z", "s"), ("s", "z"), ("x", "ks"), ("ae", "e"), ("oe", "e"), ("e", "a"), ("a", "e"), ("i", "e"),
    ("e", "i"), ("o", "u"), ("u", "o"), ("o", "a"), ("a", "o"), ("ch", "c"), ("qu", "k"), ("l", "ll"), ("ll", "l"),
    ("n", "nn"), ("nn", "n"), ("t", "tt"), ("tt", "t"), ("ss", "s"), ("m", "n"), ("n", "m"), ("d", "t"), ("v", "f"),
)  # fmt: skip
_ONSETS = (
    "b",
    "c",
    "d",
    "f",
    "g",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "x",
    "z",
    "br",
    "cl",
    "dr",
    "pr",
    "tr",
    "st",
)
_CODAS = ("", "", "", "n", "r", "x", "l", "m", "s")
_STEMS = (
    "azole", "prazole", "conazole", "pril", "sartan", "olol", "tumab", "zumab", "ximab", "tinib", "statin", "oxacin",
    "cillin", "mycin", "cycline", "ciclovir", "navir", "tidine", "setron", "azolam", "azepam", "barbital", "caine",
    "dipine", "dronate", "fibrate", "gliptin", "gliflozin", "glitazone", "lukast", "mustine", "oxetine", "profen",
    "platin", "rubicin", "semide", "sone", "terol", "thiazide", "triptan", "tyline", "xaban", "zosin", "apine",
    "piprazole", "parib", "ciclib", "glutide", "gatran", "coxib", "onidine", "adone", "ephrine", "ixol",
)  # fmt: skip
_BEFORE = ("des", "nor", "es", "levo", "dex", "ar", "pro", "hydro", "neo", "bi", "iso", "meth", "x", "super ")
_BEHIND = ("ol", "in", "ex", "um", "an", "x", "q", "zz", "ium", "az", "ix", "max", " forte", " plus", " gold", " nova")

Way = Callable[[random.Random, str], str]


def half(names: Sequence[str], which: int) -> list[str]:
    """The names of one of two halves (0 or 1) that may be misspelt: of six letters or more, without numbers."""
    return [name for name in names if _letters(name) >= SHORTEST and zlib.crc32(name.encode()) % 2 == which]


def misspelt(names: Sequence[str], way: Way, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Names with two edits of one way, each with the name that was meant."""
    rng = random.Random(f"{seed} {way.__name__}")  # noqa: S311
    made = 0
    while made < count:
        name = rng.choice(names)
        written = name
        for _ in range(_EDITS):
            written = way(rng, written)
        if " ".join(written.split()) == written != name:
            made += 1
            yield written, name


def anywhere(rng: random.Random, word: str) -> str:
    """A letter added, left out, exchanged for any other, or transposed with the next."""
    at, kind = rng.randrange(len(word)), rng.randrange(4)
    if kind == 0:
        at = rng.randrange(len(word) + 1)
        return word[:at] + rng.choice(ascii_lowercase) + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + rng.choice(ascii_lowercase.replace(word[at], "")) + word[at + 1 :]
    at = rng.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def on_the_keys(rng: random.Random, word: str) -> str:
    """A key hit twice, missed, beside the right one, with the one beside it, or before the one before it."""
    at, kind = rng.randrange(len(word)), rng.randrange(5)
    beside = _beside(word[at])
    if kind == 0:
        return word[:at] + word[at] + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind in (2, 3) and beside:
        return word[:at] + rng.choice(beside) + word[at + (kind == 2) :]
    at = rng.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def by_ear(rng: random.Random, word: str) -> str:
    """Letters exchanged for others that sound alike."""
    places = [(at, old, new) for old, new in _SOUNDS for at in range(len(word)) if word.startswith(old, at)]
    if not places:
        return anywhere(rng, word)
    at, old, new = rng.choice(places)
    return word[:at] + new + word[at + len(old) :]


def of_syllables(seed: int, count: int) -> list[str]:
    """Three or four random syllables."""
    rng = random.Random(f"{seed} syllables")  # noqa: S311
    return ["".join(_syllable(rng) for _ in range(rng.choice((3, 4)))) for _ in range(count)]


def like_generics(seed: int, count: int) -> list[str]:
    """Random syllables before an ending of international nonproprietary names."""
    rng = random.Random(f"{seed} generics")  # noqa: S311
    return ["".join(_syllable(rng) for _ in range(rng.choice((1, 2)))) + rng.choice(_STEMS) for _ in range(count)]


def extended(names: Sequence[str], seed: int, count: int) -> list[str]:
    """Known names with something before or behind them."""
    rng = random.Random(f"{seed} extended")  # noqa: S311
    chosen = [rng.choice(names) for _ in range(count)]
    return [name + rng.choice(_BEHIND) if rng.random() < 0.6 else rng.choice(_BEFORE) + name for name in chosen]


def glued(names: Sequence[str], seed: int, count: int) -> list[str]:
    """Two known names as one word."""
    rng = random.Random(f"{seed} glued")  # noqa: S311
    return ["".join(rng.sample(names, 2)).replace(" ", "") for _ in range(count)]


def _syllable(rng: random.Random) -> str:
    return rng.choice(_ONSETS) + rng.choice("aeiou") + rng.choice(_CODAS)


def _letters(name: str) -> int:
    return len(name) if all(letter.isalpha() or letter == " " for letter in name) else 0


def _beside(letter: str) -> list[str]:
    places = {key: (at + row / 2, row) for row, keys in enumerate(_ROWS) for at, key in enumerate(keys)}
    if letter not in places:
        return []
    x, y = places[letter]
    return [key for key, (at, row) in places.items() if 0 < (at - x) ** 2 + (row - y) ** 2 <= _REACH**2]
