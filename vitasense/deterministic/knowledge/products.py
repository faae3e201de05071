"""From the text of a product to what it holds: ingredients with strengths, form, route, release and brand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.knowledge.names import Ingredient, drug_names, ingredients, normalise, written_names
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.strengths import MARK, Strength, marked
from vitasense.deterministic.knowledge.writing import NumberOrder, writing

_BRAND = re.compile(r"\[([^\]]+)\]")
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_BESIDE = re.compile(rf"(?<={MARK})\s*-\s*(?=\w)")
_SEPARATORS = re.compile(r"/|\+|;|,|&|\band\b|\bwith\b", re.IGNORECASE)

Numbers = tuple[Strength, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One ingredient of a product, and how much of it one unit of the product holds; None when that is not written."""

    ingredient: Ingredient
    strength: Strength | None


@dataclass(frozen=True, slots=True)
class Product:
    """What a product's text says; what it does not say is None.

    `form` and `route` are plain words ("tablet", "oral"), `release` is extended, delayed or modified, `brand` is the
    known brand or the one in square brackets, `quantity` the size of a syringe, a bottle or a tube.
    """

    written: str
    parts: tuple[Part, ...] = ()
    form: str | None = None
    route: str | None = None
    release: str | None = None
    brand: str | None = None
    quantity: Strength | None = None


def product(text: str) -> Product:
    """What the text of a product says ("Hydrochlorothiazide 12.5 MG / Lisinopril 10 MG Oral Tablet").

    Names are read exactly, as `ingredients` reads them: an unknown one has `drug=None`. Numbers are given to
    ingredients only where their order is sure: each behind its name, or after a name whose order the rules tell.
    """
    plain = _BRACKETS.sub(" ", text)
    words = f" {normalise(plain)} "
    form = _first(words, _forms())
    named = _brand(text, plain)
    found, quantity = _parts(text, plain)
    lone = found[0].strength if len(found) == 1 else None
    if form and writing().forms[form].by_weight and lone and lone.unit == "g":
        found, quantity = (Part(found[0].ingredient, None),), lone
    route = _first(words, writing().routes) or (writing().forms[form].route if form else None)
    return Product(text.strip(), found, form, route, _first(words, writing().releases), named, quantity)


def _parts(text: str, plain: str) -> tuple[tuple[Part, ...], Strength | None]:
    """The ingredients with their strengths, and the size of what they come in."""
    known = ingredients(text)
    quantity, pieces = _pieces(_without_numbered_name(plain))
    if len(pieces) == len(known) > 1 and all(name for name, _ in pieces):
        strengths = _beside_names(pieces)
    else:
        strengths, size = _behind_one_name([numbers for _, each in pieces for numbers in each], known, plain)
        quantity = quantity or size
    return tuple(Part(one, strength) for one, strength in zip(known, strengths, strict=True)), quantity


def _without_numbered_name(plain: str) -> str:
    """The text with a known name that holds a number as one word: the 3 of "Omega 3 1000 mg" is no strength."""
    words = normalise(plain).split()
    names = (words[:count] for count in range(len(words), 1, -1))
    numbered = (name for name in names if any(word.isdigit() for word in name) and " ".join(name) in drug_names())
    found = next(numbered, None)
    return re.sub(r"^\W*" + r"\W*".join(found), "name ", plain, flags=re.IGNORECASE) if found else plain


def _pieces(plain: str) -> tuple[Strength | None, list[tuple[str, list[Numbers]]]]:
    """The quantity that opens the text, and what stands between separators: a name with the numbers behind it."""
    found = marked(plain)
    numbers = iter(found.strengths)
    pieces: list[tuple[str, list[Numbers]]] = []
    quantity: Strength | None = None
    for piece in _SEPARATORS.split(_BESIDE.sub("/", found.text)):
        name = normalise(piece.replace(MARK, " "))
        own = [next(numbers) for _ in range(piece.count(MARK))]
        if own and not pieces and piece.strip().startswith(MARK) and own[0][0].secondary:
            opening, *own = own
            quantity = opening[0] if opening[0].unit in ("mL", "L") else None
        if name or not pieces:
            pieces.append((name, own))
        else:
            pieces[-1][1].extend(own)
    return quantity, pieces


def _beside_names(pieces: Sequence[tuple[str, list[Numbers]]]) -> list[Strength | None]:
    """Each name's own number; or, for "lisinopril/HCTZ 20/12.5", those behind the last name in the order of names."""
    *first, last = [numbers for _, numbers in pieces]
    if not any(first) and len(last) == 1 and len(last[0]) == len(pieces):
        return list(last[0])
    return [numbers[0][0] if len(numbers) == 1 and len(numbers[0]) == 1 else None for numbers in (*first, last)]


def _behind_one_name(
    numbers: Sequence[Numbers], known: Sequence[Ingredient], plain: str
) -> tuple[list[Strength | None], Strength | None]:
    """The strengths of what is called by one name, and the size of its pack when that is told apart from them."""
    single = [each[0] for each in numbers if len(each) == 1]
    if len(known) == 1 and len(single) == len(numbers):
        return _strength_and_size(single)
    order = next((row for name, row in _orders().items() if f" {name} " in f" {normalise(plain)} "), None)
    keys = [one.drug.key if one.drug else "" for one in known]
    several = [each for each in numbers if len(each) == len(known)]
    if order is None or len(several) != 1 or sorted(order.order) != sorted(keys):
        return [None] * len(known), None
    told = {
        key: Strength(each.amount, each.unit or order.unit) for key, each in zip(order.order, several[0], strict=True)
    }
    return [told[key] for key in keys], None


def _strength_and_size(single: Sequence[Strength]) -> tuple[list[Strength | None], Strength | None]:
    concentrated = [each for each in single if each.concentrated]
    strong = concentrated or [each for each in single if each.unit not in ("mL", "L", "h", "d")]
    sizes = [each for each in single if each not in strong and each.secondary]
    sure = len(strong) == 1 and len(sizes) <= 1 and len(strong) + len(sizes) == len(single)
    return [strong[0] if sure else None], sizes[0] if sure and sizes else None


def _brand(text: str, plain: str) -> str | None:
    bracket = _BRAND.search(text)
    if bracket:
        return bracket[1].strip()
    words = normalise(marked(plain).text.replace(MARK, " ")).split()
    names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    found = next((name for name in names if name in drug_names()), None)
    return written_names()[found] if found in _brands() else None


@cache
def _brands() -> frozenset[str]:
    """Names under which medicines are sold, normalised; a name made of its ingredients' names is none."""
    single = (name for drug in rulebook().drugs for name in drug.brands)
    several = (name for each in rulebook().combinations for name in (each.key, *filter(_is_brand, each.names)))
    return frozenset(normalise(name) for name in (*single, *several))


def _is_brand(name: str) -> bool:
    words = normalise(name).split()
    return name[:1].isupper() and not name.isupper() and words[0] != "co" and _generics().isdisjoint(words)


@cache
def _generics() -> frozenset[str]:
    return frozenset(normalise(name) for drug in rulebook().drugs for name in (drug.name, drug.key, *drug.names))


@cache
def _forms() -> Mapping[str, tuple[str, ...]]:
    return {form: row.words for form, row in writing().forms.items()}


@cache
def _orders() -> Mapping[str, NumberOrder]:
    return {normalise(name): row for row in writing().strengths for name in row.names}


def _first(words: str, table: Mapping[str, Iterable[str]]) -> str | None:
    """What the longest of the words in the text stands for; None when there is none, or two as long."""
    found = [(len(word), name) for name, each in table.items() for word in each if f" {word} " in words]
    longest = {name for length, name in found if length == max(found)[0]}
    return longest.pop() if len(longest) == 1 else None
