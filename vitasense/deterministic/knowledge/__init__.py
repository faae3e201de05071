"""Knowledge: medicines, their interactions and the words of medicine, each fact with its source."""

from vitasense.deterministic.knowledge.allergens import Kinship, kinship
from vitasense.deterministic.knowledge.catalogue import explanations
from vitasense.deterministic.knowledge.graph import graph, relate
from vitasense.deterministic.knowledge.names import Ingredient, drug, drug_names, ingredients, normalise
from vitasense.deterministic.knowledge.pairs import interactions
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug, DrugClass, Explanation, Interaction, Role, Severity, Term
from vitasense.deterministic.knowledge.service import drug_facts, explain, find_term, term_names

__all__ = [
    "Drug",
    "DrugClass",
    "Explanation",
    "Ingredient",
    "Interaction",
    "Kinship",
    "Role",
    "Severity",
    "Term",
    "drug",
    "drug_facts",
    "drug_names",
    "explain",
    "explanations",
    "find_term",
    "graph",
    "ingredients",
    "interactions",
    "kinship",
    "normalise",
    "relate",
    "rulebook",
    "term_names",
]
