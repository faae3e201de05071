"""Knowledge: medicines, their interactions and the words of medicine, each fact with its source."""

from vitasense.deterministic.knowledge import releases, review
from vitasense.deterministic.knowledge.allergens import Kinship, kinship
from vitasense.deterministic.knowledge.catalogue import explanations
from vitasense.deterministic.knowledge.effects import effect_names, effects
from vitasense.deterministic.knowledge.exporting import export
from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact, NodeKind, Relation, key_of
from vitasense.deterministic.knowledge.graph import graph, node, reasons, relate, why
from vitasense.deterministic.knowledge.kinds import Usual, members, of_kind, usual
from vitasense.deterministic.knowledge.library import Book, Library, Volume, library, volume
from vitasense.deterministic.knowledge.names import Ingredient, drug, drug_names, normalise, written_names
from vitasense.deterministic.knowledge.pairs import CHECKED, between, checked, interactions, is_covered, pair
from vitasense.deterministic.knowledge.partners import partners
from vitasense.deterministic.knowledge.products import Part, Product, product
from vitasense.deterministic.knowledge.released import released
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug, DrugClass, Explanation, Interaction, Role, Severity, Term
from vitasense.deterministic.knowledge.searching import named
from vitasense.deterministic.knowledge.service import drug_facts, explain, find_term, term_names
from vitasense.deterministic.knowledge.shelf import Shelf
from vitasense.deterministic.knowledge.spelling import Resolution, misspelt, ordinary_words, resolve
from vitasense.deterministic.knowledge.strengths import Strength
from vitasense.deterministic.knowledge.substances import ingredients, place_of

__all__ = [
    "CHECKED",
    "Book",
    "Drug",
    "DrugClass",
    "EdgeFact",
    "Explanation",
    "Ingredient",
    "Interaction",
    "Kinship",
    "Level",
    "Library",
    "NodeFact",
    "NodeKind",
    "Part",
    "Product",
    "Relation",
    "Resolution",
    "Role",
    "Severity",
    "Shelf",
    "Strength",
    "Term",
    "Usual",
    "Volume",
    "between",
    "checked",
    "drug",
    "drug_facts",
    "drug_names",
    "effect_names",
    "effects",
    "explain",
    "explanations",
    "export",
    "find_term",
    "graph",
    "ingredients",
    "interactions",
    "is_covered",
    "key_of",
    "kinship",
    "library",
    "members",
    "misspelt",
    "named",
    "node",
    "normalise",
    "of_kind",
    "ordinary_words",
    "pair",
    "partners",
    "place_of",
    "product",
    "reasons",
    "relate",
    "released",
    "releases",
    "resolve",
    "review",
    "rulebook",
    "term_names",
    "usual",
    "volume",
    "why",
    "written_names",
]
