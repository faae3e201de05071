"""The room's rule files as volumes: every entry becomes nodes and edges with its sentence and source."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import TypeVar

from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact, NodeKind, Relation, key_of
from vitasense.deterministic.knowledge.library.volume import Book, Volume, volume
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.rulebook import Book as Rules
from vitasense.deterministic.knowledge.rulebook import Rulebook
from vitasense.deterministic.knowledge.schemas import Drug, DrugClass, Entry, Interaction, ProteinRole, Role, Term

UNGROUPED = "other"
_TERM_KINDS = {
    "condition": NodeKind.CONDITION,
    "lab": NodeKind.LAB,
    "vital": NodeKind.LAB,
    "test": NodeKind.LAB,
}
_METABOLISE = ("CYP", "UGT")  # the names of enzymes begin so; the other proteins of FDA's table carry
E = TypeVar("E", bound=Entry)


def volumes(rules: Rulebook) -> tuple[Volume, ...]:
    """One volume for each file or folder of rules. Concepts such as "side effect" are no part of the graph."""
    terms = [term for term in rules.terms if term.kind in _TERM_KINDS]
    groups = [group for group in rules.classes if group.key != UNGROUPED]
    proteins = {role.protein: role.key for role in (*rules.enzymes, *rules.prodrugs)}
    return (
        volume(_book(rules.drugs), [_drug(drug) for drug in rules.drugs], _memberships(rules)),
        volume(_book(rules.classes), [_class(group) for group in groups], _uses(rules)),
        volume(_book(rules.combinations), _products(rules), _contents(rules)),
        volume(
            _book(rules.enzymes),
            [_protein(name) for name in proteins],
            _roles(rules, rules.enzymes),
            {_protein(name).key: ref for name, ref in proteins.items()},
        ),
        volume(_book(rules.prodrugs), [], _roles(rules, rules.prodrugs)),
        volume(_book(rules.terms), [_term(term) for term in terms], []),
        volume(_book(rules.interactions), [], _interactions(rules)),
    )


def role_text(drug: Drug, role: ProteinRole) -> str:
    """One role in words, as a clause."""
    if role.role is Role.SUBSTRATE:
        return f"{drug.name} is {'carried' if role.strength is None else 'cleared'} by {role.protein}"
    if role.role is Role.ACTIVATED_BY:
        return f"{drug.name} is turned into its working form by {role.protein}"
    degree = {"strong": "strongly ", "moderate": "moderately ", "weak": "weakly "}.get(role.strength or "", "")
    return f"{drug.name} {degree}{role.role.value} {role.protein}"


def _book(rules: Rules[E]) -> Book:
    return Book(rules.name, rules.version, rules.source)


def _drug(drug: Drug) -> NodeFact:
    codes = {"rxnorm": (drug.rxcui,) if drug.rxcui else (), "atc": drug.atc}
    return NodeFact(key_of(drug), drug.name, (*drug.names, *drug.brands), codes)


def _class(group: DrugClass) -> NodeFact:
    return NodeFact(f"class:{group.key}", group.plural, (group.name, group.name.partition(" (")[0]))


def _products(rules: Rulebook) -> Iterator[NodeFact]:
    for entry in rules.combinations:
        yield NodeFact(_product_key(entry.key), entry.key, entry.names)


def _product_key(name: str) -> str:
    return f"{NodeKind.DRUG}:{normalise(name).replace(' ', '_')}"


def _protein(name: str) -> NodeFact:
    kind = NodeKind.ENZYME if name.startswith(_METABOLISE) else NodeKind.TRANSPORTER
    return NodeFact(f"{kind}:{normalise(name).replace(' ', '_')}", name)


def _term(term: Term) -> NodeFact:
    return NodeFact(f"{_TERM_KINDS[term.kind]}:{term.key}", term.name, term.names)


def _memberships(rules: Rulebook) -> Iterator[EdgeFact]:
    for drug in rules.drugs:
        for key in drug.classes:
            if key != UNGROUPED:
                says = f"{drug.name} belongs to the {rules.classes[key].plural}"
                yield _edge(rules.drugs, drug, key_of(drug), Relation.IS_A, f"class:{key}", says)


def _uses(rules: Rulebook) -> Iterator[EdgeFact]:
    for group in rules.classes:
        for key in group.treats:
            term = rules.terms[key]
            says = f"{group.plural} are used for {term.name}"
            yield _edge(rules.classes, group, f"class:{group.key}", Relation.USED_FOR, _term(term).key, says)


def _contents(rules: Rulebook) -> Iterator[EdgeFact]:
    for entry in rules.combinations:
        for key in entry.ingredients:
            drug = rules.drugs[key]
            says = f"{entry.key} contains {drug.name}"
            yield _edge(rules.combinations, entry, _product_key(entry.key), Relation.CONTAINS, key_of(drug), says)


def _roles(rules: Rulebook, book: Rules[ProteinRole]) -> Iterator[EdgeFact]:
    for role in book:
        for key in role.members:
            drug = rules.drugs[key]
            says = role_text(drug, role)
            fact = _edge(book, role, key_of(drug), Relation(role.role.value), _protein(role.protein).key, says)
            yield replace(fact, strength=role.strength)


def _interactions(rules: Rulebook) -> Iterator[EdgeFact]:
    for entry in rules.interactions:
        left, right = _sides(rules, entry.left), _sides(rules, entry.right)
        for a, b in product(left, right):
            yield _interaction(rules, entry, (a, b), f"{left[a]} and {right[b]}")


def _interaction(rules: Rulebook, entry: Interaction, pair: tuple[str, str], names: str) -> EdgeFact:
    says = f"{names}: {entry.what}"
    fact = _edge(rules.interactions, entry, pair[0], Relation.INTERACTS, pair[1], says)
    return replace(fact, severity=entry.severity, what=entry.what, advice=entry.advice)


def _sides(rules: Rulebook, names: tuple[str, ...]) -> dict[str, str]:
    """The nodes behind members of an entry, key and name; a kind stays one node, named groups become their members."""
    found: dict[str, str] = {}
    for name in names:
        kind, _, key = name.rpartition(":")
        if kind == "group":
            found |= _sides(rules, rules.groups[key].members)
        else:
            node = _class(rules.classes[key]) if kind == "class" else _drug(rules.drugs[key])
            found[node.key] = node.name
    return found


def _edge(book: Rules[E], entry: E, source: str, relation: Relation, target: str, says: str) -> EdgeFact:
    origin = entry.source or book.source
    return EdgeFact(source, relation, target, says, origin, entry.key, _level(origin))


def _level(origin: str) -> Level:
    words = origin.casefold()
    if "guideline" in words:
        return Level.GUIDELINE
    return Level.LABEL if "label" in words else Level.COMPENDIUM
