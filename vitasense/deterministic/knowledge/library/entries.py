"""What entries of the rule files become in the graph: books, nodes, and edges with their sentence and source."""

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact, NodeKind, Relation, key_of
from vitasense.deterministic.knowledge.library.volume import Book
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.rulebook import Book as Rules
from vitasense.deterministic.knowledge.rulebook import Rulebook
from vitasense.deterministic.knowledge.schemas import Drug, DrugClass, Entry, Severity, Term

TERM_KINDS: Mapping[str, NodeKind] = {
    "condition": NodeKind.CONDITION,
    "lab": NodeKind.LAB,
    "vital": NodeKind.LAB,
    "test": NodeKind.LAB,
}
E = TypeVar("E", bound=Entry)


def book(rules: Rules[E]) -> Book:
    """Where the facts of a book of rules come from."""
    return Book(rules.name, rules.version, rules.source)


def drug_node(drug: Drug) -> NodeFact:
    """The node of a medicine, herb or food."""
    codes = {"rxnorm": (drug.rxcui,) if drug.rxcui else (), "atc": drug.atc}
    return NodeFact(key_of(drug), drug.name, (*drug.names, *drug.brands), codes)


def class_node(group: DrugClass) -> NodeFact:
    """The node of a kind of medicines."""
    return NodeFact(_class_key(group), group.plural, (group.name, group.name.partition(" (")[0]))


def term_node(term: Term) -> NodeFact:
    """The node of a condition or of something that is measured. Raises KeyError for another term."""
    return NodeFact(f"{TERM_KINDS[term.kind]}:{term.key}", term.name, term.names)


def named_key(kind: NodeKind, name: str) -> str:
    """The key of a node that has no entry of its own."""
    return f"{kind}:{normalise(name).replace(' ', '_')}"


def sides(rules: Rulebook, names: tuple[str, ...]) -> dict[str, str]:
    """The nodes behind members of an entry, key and name; a kind stays one node, named groups become their members.

    Raises KeyError for a dangling name.
    """
    found: dict[str, str] = {}
    for name in names:
        kind, _, key = name.rpartition(":")
        if kind == "group":
            found |= sides(rules, rules.groups[key].members)
        elif kind == "class":
            found[_class_key(rules.classes[key])] = rules.classes[key].plural
        else:
            found[key_of(rules.drugs[key])] = rules.drugs[key].name
    return found


def edge(
    rules: Rules[E],
    entry: E,
    source: str,
    relation: Relation,
    target: str,
    says: str,
    *,
    severity: Severity | None = None,
    what: str | None = None,
    advice: str | None = None,
    strength: str | None = None,
) -> EdgeFact:
    """An edge that rests on the source of its entry, else on that of the book."""
    origin = entry.source or rules.source
    level = _level(origin)
    return EdgeFact(source, relation, target, says, origin, entry.key, level, severity, what, advice, strength)


def _class_key(group: DrugClass) -> str:
    return f"{NodeKind.CLASS}:{group.key}"


_level = cache(Level.of)
