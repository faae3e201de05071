"""Texts that instruct the assistant and texts that do not, as they were written for this project or made from them."""

import base64
import codecs
import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

import yaml

FOLDER = Path(__file__).parent / "datasets" / "injection"
TUNED, UNTOUCHED = ("first", "second", "third"), "fourth"
NOT_IN_ENGLISH = frozenset({"language", "code"})  # families that the weights, which know English words, do not learn
_MADE, _SEED = 1500, 0
_LOOKALIKES = str.maketrans("aeopcxyi", "аеорсхуі")
_LEET = str.maketrans("oieast", "013457")
_ACCENTED = str.maketrans("aeiou", "áéíóú")
_FULL_WIDTH = ord("Ａ") - ord("A")
_TAGS = 0xE0000

ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "hex": lambda text: text.encode().hex(),
    "leet": lambda text: text.translate(_LEET),
    "spaced": lambda text: "  ".join(" ".join(word) for word in text.split()),
    "dotted": lambda text: " ".join(".".join(word) for word in text.split()),
    "fullwidth": lambda text: "".join(chr(ord(c) + _FULL_WIDTH) if c.isalpha() else c for c in text),
    "homoglyph": lambda text: text.translate(_LOOKALIKES),
    "zero_width": lambda text: "\u200b".join(text),
    "tags": lambda text: "Blood count normal." + "".join(chr(_TAGS + ord(c)) for c in text),
    "reversed": lambda text: text[::-1],
    "percent": lambda text: quote(text).replace("e", "%65"),
    "entities": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "accents": lambda text: text.translate(_ACCENTED),
    "mixed_case": lambda text: "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(text)),
}


def attacks(name: str) -> list[str]:
    """The attacks of a tuned or untouched set, encoded as its file says."""
    return [each for family in families(name).values() for each in family]


def families(name: str) -> Mapping[str, Sequence[str]]:
    """The same by what they try."""
    return {family: [_encoded(each) for each in told] for family, told in _families(name).items()}


def clinical(name: str) -> list[str]:
    """The sentences of clinical documents and labels that belong to a set."""
    return _lines(f"{name}_clinical.txt")


def training_attacks() -> list[str]:
    """What the weights learn as instructions: the tuned sets in clear, the training set, and made sentences."""
    told = [
        each if isinstance(each, str) else each["text"]
        for name in TUNED
        for family, texts in _families(name).items()
        if family not in NOT_IN_ENGLISH
        for each in texts
    ]
    return list(dict.fromkeys([*told, *_lines("training_attacks.txt"), *_made()]))


def training_ordinary() -> list[str]:
    """What the weights learn as harmless, beside the messages of the triage sets."""
    return [*(text for name in TUNED for text in clinical(name)), *_lines("training_ordinary.txt")]


def _made() -> list[str]:
    grammar = yaml.safe_load((FOLDER / "grammar.yaml").read_text(encoding="utf-8"))
    slots: Mapping[str, Sequence[str]] = grammar["slots"]
    chance = random.Random(_SEED)  # noqa: S311 (no secret: the same sentences each time)
    chosen = [chance.choice(grammar["sentences"]) for _ in range(_MADE)]
    return [re.sub(r"\{(\w+)\}", lambda slot: chance.choice(slots[slot[1]]), sentence) for sentence in chosen]


@cache
def _families(name: str) -> Mapping[str, Sequence[str | Mapping[str, str]]]:
    return yaml.safe_load((FOLDER / f"{name}_attacks.yaml").read_text(encoding="utf-8"))


def _encoded(attack: str | Mapping[str, str]) -> str:
    if isinstance(attack, str):
        return attack
    return ENCODINGS[attack["as"]](attack["text"]) if "as" in attack else attack["text"]


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
