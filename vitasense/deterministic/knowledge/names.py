"""From what a person or a record calls a medicine to the ingredients behind it. Unknown stays unknown."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.knowledge.nomenclature import added, international
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug

_UNIT = r"(?:mg|mcg|ug|[µμ]g|g|kg|ml|l|meq|mmol|unt|units?|iu|hr|h|actuat|%|day|days|(?:milli|micro|nano)?grams?)"
_DOSE = re.compile(
    rf"\b\d[\d.,/-]*\s*{_UNIT}(?:\s*/\s*(?:\d[\d.,]*\s*)?{_UNIT})?(?![a-z])|\b\d+\s*day\s+pack\b", re.IGNORECASE
)
_NUMBERS = re.compile(r"(?<![\w-])\d+(?:[.,]\d+)*(?:\s*[/-]\s*\d+(?:[.,]\d+)*)*(?![\w-])")
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_PARTS = re.compile(r"/|\+|;|,|&|\band\b|\bwith\b", re.IGNORECASE)
_PRODUCT = re.compile(r"^product (?:containing precisely|containing only|containing)\s+", re.IGNORECASE)
_ACID = "ate"  # "alendronate": what a metal in front of it makes a salt of

Keys = tuple[str, ...]


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

    Spaces and hyphens ("co-codamol", "cocodamol"), the generic names of other countries ("amlodipin", "sulphasalazine")
    and words that add an ingredient ("Diovan HCT") are read; a misspelt name is not (see `spelling.resolve`).
    A part that is not known comes back with `drug=None`; an empty name gives an empty tuple.
    """
    text = without_brackets(name)
    whole = _drugs(_index().get(normalise(name), ())) or bare(text)
    if whole:
        return tuple(Ingredient(name.strip(), drug) for drug in whole)
    found = [(part, bare(part)) for part in parts(text)]
    if len(found) < 2 or not any(drugs for _, drugs in found):
        return (Ingredient(name.strip(), None),) if normalise(name) else ()
    return tuple(Ingredient(part, drug) for part, drugs in found for drug in (drugs or (None,)))


def drug(name: str) -> Drug | None:
    """The medicine of this name; None when it is not known or when the product has several ingredients."""
    found = ingredients(name)
    return found[0].drug if len(found) == 1 else None


def drug_names() -> Mapping[str, Keys]:
    """Every known name in normalised form (see `normalise`) with the keys of its ingredients."""
    return _index()


def written_names() -> Mapping[str, str]:
    """Every known name in normalised form with the way it is written ("toprol xl": "Toprol XL")."""
    return _written()


def without_brackets(name: str) -> str:
    """The name without what stands in brackets and without the opening of a product's description."""
    return _PRODUCT.sub("", _BRACKETS.sub(" ", name))


def parts(text: str) -> list[str]:
    """The parts of a product's name as they are written, without doses and numbers; a hyphen parts known names only."""
    plain = _NUMBERS.sub(" ", _DOSE.sub(" ", text))
    written = [" ".join(part.split()) for part in _PARTS.split(plain) if normalise(part)]
    return [piece for part in written for piece in _hyphened(part)]


def words_of(text: str, *, forms: bool = False) -> list[str]:
    """The words of a name that say which ingredient it is: no dose or number, and no form but for who wants it."""
    return [word for word in _plain(text, numbers=False) if forms or word not in _words("forms")]


def bare(text: str) -> tuple[Drug, ...]:
    """The medicines of a name without separators, with or without dose, form and salt; empty when it is not known."""
    names = ((words, name) for words in _attempts(text) for name in without_salts(words))
    found = ((words, name, _known(name)) for words, name in names)
    return _drugs(next((keys for words, name, keys in found if keys and not _loses(words, name, keys)), ()))


def _hyphened(part: str) -> list[str]:
    pieces = part.split("-")
    return pieces if not bare(part) and all(bare(piece) for piece in pieces) else [part]


def _attempts(text: str) -> Iterator[list[str]]:
    """The words of a name, first with all that may belong to it ("Omega 3", "nicotine patch"), then with less."""
    for words in (_plain(text), _plain(text, numbers=False)):
        yield words
        yield [word for word in words if word not in _words("forms")]


def _plain(text: str, *, numbers: bool = True) -> list[str]:
    dosed = _DOSE.sub(" ", text)
    return normalise(dosed if numbers else _NUMBERS.sub(" ", dosed)).split()


def without_salts(words: Sequence[str]) -> Iterator[str]:
    """The name of these words, then without each salt behind it ("losartan potassium"), then without the one before an acid."""
    rest = list(words)
    while rest:
        yield " ".join(rest)
        if rest[-1] not in _words("salts"):
            break
        rest.pop()
    if len(words) > 1 and words[0] in _words("metals") and words[-1].endswith(_ACID):
        yield " ".join(words[1:])


def _loses(words: Sequence[str], name: str, keys: Keys) -> bool:
    """Whether a mineral is taken for a salt: "vitamin D calcium" is not vitamin D alone."""
    cut = set(words) - set(name.split())
    return not cut.isdisjoint(_words("metals")) and any(drug.kind == "supplement" for drug in _drugs(keys))


def _known(name: str) -> Keys:
    """The keys of a name: as it is, as one word, in the spelling of another country, or with a word that adds to it."""
    found = _index().get(name) or _together().get(name) or _joined().get(name.replace(" ", ""))
    found = found or _international().get(international(name))
    if found or " " not in name:
        return found or ()
    first, _, last = name.rpartition(" ")
    own = _index().get(first, ())
    more = added(last, first, own)
    return (*own, more) if own and more else ()


def _drugs(keys: Keys) -> tuple[Drug, ...]:
    return tuple(rulebook().drugs[key] for key in keys)


def _words(key: str) -> frozenset[str]:
    return rulebook().words[key].members


@cache
def _index() -> dict[str, Keys]:
    index: dict[str, Keys] = {}
    for name, keys in _named():
        if index.setdefault(normalise(name), keys) != keys:
            raise ValueError(f"the name {name!r} means two medicines")
    return index


@cache
def _written() -> dict[str, str]:
    return {normalise(name): name for name, _ in reversed([*_named()])}


def _named() -> Iterator[tuple[str, Keys]]:
    for entry in rulebook().drugs:
        for name in (entry.name, entry.key.replace("_", " "), *entry.names, *entry.brands):
            yield name, (entry.key,)
    for product in rulebook().combinations:
        for name in (product.key, *product.names):
            yield name, product.ingredients


@cache
def _joined() -> dict[str, Keys]:
    return _unique((name.replace(" ", ""), keys) for name, keys in _index().items())


@cache
def _together() -> dict[str, Keys]:
    """Products by the names of their ingredients one after the other: "hydrocodone acetaminophen"."""
    products = {tuple(product.ingredients) for product in rulebook().combinations}
    orders = {order for product in products for order in (product, product[::-1])}
    return _unique((normalise(" ".join(drug.name for drug in _drugs(keys))), keys) for keys in sorted(orders))


@cache
def _international() -> dict[str, Keys]:
    """Generic names in the spelling where all countries meet; without those that would mean two medicines."""
    generic = [
        (normalise(name), (entry.key,))
        for entry in rulebook().drugs
        for name in (entry.name, entry.key.replace("_", " "), *entry.names)
    ]
    return _unique((international(name), keys) for name, keys in generic)


def _unique(rows: Iterator[tuple[str, Keys]]) -> dict[str, Keys]:
    found: dict[str, set[Keys]] = {}
    for name, keys in rows:
        found.setdefault(name, set()).add(keys)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}
