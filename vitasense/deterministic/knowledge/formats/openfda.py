"""Drug labels of openFDA as JSON: the product, its ingredients, and the sections of its label as text.

A label's text makes no edge by itself: `labels` gives the sections to knowledge/reading, which proposes candidates.
Fields are those of open.fda.gov/apis/drug/label: `set_id`, `effective_time`, `openfda` and a field for each section.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, Level, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.formats import keys
from vitasense.deterministic.knowledge.formats.files import Bundle
from vitasense.deterministic.knowledge.formats.json_items import Item, first, items, texts
from vitasense.deterministic.knowledge.formats.parsed import Facts, Flaws

KIND = "openfda"
ORIGIN = "Drug label, openFDA"
EXPECTED = "drug labels of openFDA: JSON with a list “results”, each with set_id, openfda and sections"
SECTIONS = (
    "boxed_warning",
    "contraindications",
    "warnings",
    "warnings_and_cautions",
    "precautions",
    "general_precautions",
    "drug_interactions",
    "drug_and_or_laboratory_test_interactions",
    "use_in_specific_populations",
    "pregnancy",
    "clinical_pharmacology",
    "pharmacokinetics",
    "do_not_use",
    "ask_doctor",
    "ask_doctor_or_pharmacist",
)
MOST_INGREDIENTS = 60  # a multivitamin has about 30


@dataclass(frozen=True, slots=True)
class LabelSection:
    """One section of a label: its name in openFDA (`drug_interactions`) and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its set id, name, ingredients as named, the day it took effect (YYYYMMDD), and its sections."""

    id: str
    name: str
    ingredients: tuple[str, ...]
    effective: str
    sections: tuple[LabelSection, ...]


def read(path: Path) -> Facts:
    """For each label its product and its ingredients. Raises InvalidInput for another kind of file."""
    flaws = Flaws()
    return Facts(_facts(Bundle(path), flaws), flaws, EXPECTED)


def labels(path: Path, flaws: Flaws | None = None) -> Iterator[Label]:
    """The labels with their sections. Raises InvalidInput for another kind of file."""
    for _, item in _items(Bundle(path), Flaws() if flaws is None else flaws):
        found = [LabelSection(name, "\n\n".join(texts(item.get(name)))) for name in SECTIONS if texts(item.get(name))]
        yield Label(_id(item), _name(item), tuple(_ingredients(item)), first(item, "effective_time"), tuple(found))


def _items(files: Bundle, flaws: Flaws) -> Iterator[tuple[str, Item]]:
    for name in files.names:
        with files.open(name) as stream:
            for number, item in items(stream, "results", EXPECTED, flaws):
                yield f"{name} entry {number}", item


def _facts(files: Bundle, flaws: Flaws) -> Iterator[Fact]:
    told = set[str]()
    for place, item in _items(files, flaws):
        name, ingredients = _name(item), _ingredients(item)
        if not _id(item) or not keys.slug(name):
            flaws.add(place, "The label has no set_id or no name.", name)
        elif not ingredients or len(ingredients) > MOST_INGREDIENTS:
            flaws.add(place, "The label does not name its ingredients in openfda.", name)
        else:
            yield from _product(place, item, name, ingredients, told)


def _product(place: str, item: Item, name: str, ingredients: Sequence[str], told: set[str]) -> Iterator[Fact]:
    openfda = _openfda(item)
    systems = {"spl": [_id(item)], "rxnorm": texts(openfda.get("rxcui")), "ndc": texts(openfda.get("product_ndc"))}
    codes = {system: tuple(dict.fromkeys(found)) for system, found in systems.items() if found}
    key = f"{NodeKind.DRUG}:spl_{keys.slug(_id(item))}"
    yield NodeFact(key, name, (), codes)
    ref = f"{place}, set id {_id(item)}, effective {first(item, 'effective_time') or 'unknown'}"
    inside = {node.key: node for node in map(keys.ingredient, ingredients)}
    for node in inside.values():
        if node.key not in told:
            told.add(node.key)
            yield node
        yield EdgeFact(key, Relation.CONTAINS, node.key, f"{name} contains {node.name}", ORIGIN, ref, Level.LABEL)


def _id(item: Item) -> str:
    return first(item, "set_id", "id")


def _name(item: Item) -> str:
    return keys.quiet(first(_openfda(item), "brand_name", "generic_name"))


def _ingredients(item: Item) -> list[str]:
    """As `substance_name` lists them; else the generic name, split where it names several."""
    found = texts(_openfda(item).get("substance_name"))
    if not found:
        generic = first(_openfda(item), "generic_name").replace(" and ", ",").replace(" AND ", ",")
        found = [part.strip() for part in generic.split(",")]
    return [each for each in dict.fromkeys(found) if keys.slug(each)]


def _openfda(item: Item) -> Item:
    found = item.get("openfda")
    return cast("Item", found) if isinstance(found, dict) else {}
