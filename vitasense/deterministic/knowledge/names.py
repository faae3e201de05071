"""From what a person or a record calls a medicine to the ingredients behind it. Unknown stays unknown."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug

_UNIT = r"(?:mg|mcg|ug|µg|g|kg|ml|l|meq|mmol|unt|units?|iu|hr|h|actuat|%|day|days)"
_DOSE = re.compile(
    rf"\b\d[\d.,/]*\s*{_UNIT}(?:\s*/\s*(?:\d[\d.,]*\s*)?{_UNIT})?(?![a-z])|\b\d+\s*day\s+pack\b", re.IGNORECASE
)
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_PARTS = re.compile(r"/|\+|;|,|\band\b|\bwith\b", re.IGNORECASE)
_PRODUCT = re.compile(r"^product (?:containing|containing precisely|containing only)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Ingredient:
    """One part of a named product: as it was written, and the medicine if it is known."""

    written: str
    drug: Drug | None


def normalise(text: str) -> str:
    """Lower case, without accents, apostrophes and punctuation, single spaces: the form in which names are compared."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’`]", "", plain.casefold())).split())


def ingredients(name: str) -> tuple[Ingredient, ...]:
    """The ingredients of a product name, brand or generic, with or without dose, form and salt.

    A part that is not known comes back with `drug=None`; an empty name gives an empty tuple.
    """
    exact = _exact(name)
    if exact:
        return tuple(Ingredient(name.strip(), drug) for drug in exact)
    text = _PRODUCT.sub("", _BRACKETS.sub(" ", name))
    whole = _bare(text)
    if whole:
        return tuple(Ingredient(name.strip(), drug) for drug in whole)
    written = [" ".join(part.split()) for part in _PARTS.split(_DOSE.sub(" ", text)) if normalise(part)]
    found = [(part, _bare(part)) for part in written]
    if len(found) < 2 or not any(drugs for _, drugs in found):
        return (Ingredient(name.strip(), None),) if normalise(name) else ()
    return tuple(Ingredient(part, drug) for part, drugs in found for drug in (drugs or (None,)))


def drug(name: str) -> Drug | None:
    """The medicine of this name; None when it is not known or when the product has several ingredients."""
    parts = ingredients(name)
    return parts[0].drug if len(parts) == 1 else None


def drug_names() -> Mapping[str, tuple[str, ...]]:
    """Every known name in normalised form (see `normalise`) with the keys of its ingredients."""
    return _index()


def _exact(text: str) -> tuple[Drug, ...]:
    return tuple(rulebook().drugs[key] for key in _index().get(normalise(text), ()))


def _bare(text: str) -> tuple[Drug, ...]:
    book = rulebook()
    words = [
        w for w in normalise(_DOSE.sub(" ", text)).split() if w not in book.words["forms"].members and not w.isdigit()
    ]
    while words:
        found = _exact(" ".join(words))
        if found or words[-1] not in book.words["salts"].members:
            return found
        words.pop()
    return ()


@cache
def _index() -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for entry in rulebook().drugs:
        for name in (entry.name, entry.key.replace("_", " "), *entry.names, *entry.brands):
            _add(index, name, (entry.key,))
    for product in rulebook().combinations:
        for name in (product.key, *product.names):
            _add(index, name, product.ingredients)
    return index


def _add(index: dict[str, tuple[str, ...]], name: str, keys: tuple[str, ...]) -> None:
    if index.setdefault(normalise(name), keys) != keys:
        raise ValueError(f"the name {name!r} means two medicines")
