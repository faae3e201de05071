"""The room's rule files as volumes: every entry becomes nodes and edges with its sentence and source."""

from collections.abc import Iterator
from itertools import product

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, NodeKind, Relation, key_of
from vitasense.deterministic.knowledge.library.effects import effect_volumes
from vitasense.deterministic.knowledge.library.entries import (
    TERM_KINDS,
    book,
    class_node,
    drug_node,
    edge,
    named_key,
    sides,
    term_node,
)
from vitasense.deterministic.knowledge.library.volume import Volume, volume
from vitasense.deterministic.knowledge.rulebook import Book as Rules
from vitasense.deterministic.knowledge.rulebook import Rulebook
from vitasense.deterministic.knowledge.schemas import Drug, Interaction, ProteinRole, Role

UNGROUPED = "other"
_METABOLISE = ("CYP", "UGT")  # the names of enzymes begin so; the other proteins of FDA's table carry


def volumes(rules: Rulebook) -> tuple[Volume, ...]:
    """One volume for each file or folder of rules. Concepts such as "side effect" are no part of the graph."""
    terms = [term for term in rules.terms if term.kind in TERM_KINDS]
    groups = [group for group in rules.classes if group.key != UNGROUPED]
    proteins = {role.protein: role.key for role in (*rules.enzymes, *rules.prodrugs)}
    return (
        volume(book(rules.drugs), [drug_node(drug) for drug in rules.drugs], _memberships(rules)),
        volume(book(rules.classes), [class_node(group) for group in groups], _uses(rules)),
        volume(book(rules.combinations), _products(rules), _contents(rules)),
        volume(
            book(rules.enzymes),
            [_protein(name) for name in proteins],
            _roles(rules, rules.enzymes),
            {_protein(name).key: ref for name, ref in proteins.items()},
        ),
        volume(book(rules.prodrugs), [], _roles(rules, rules.prodrugs)),
        volume(book(rules.terms), [term_node(term) for term in terms], []),
        volume(book(rules.interactions), [], _interactions(rules)),
        *effect_volumes(rules),
    )


def role_text(drug: Drug, role: ProteinRole) -> str:
    """One role in words, as a clause."""
    if role.role is Role.SUBSTRATE:
        return f"{drug.name} is {'carried' if role.strength is None else 'cleared'} by {role.protein}"
    if role.role is Role.ACTIVATED_BY:
        return f"{drug.name} is turned into its working form by {role.protein}"
    degree = {"strong": "strongly ", "moderate": "moderately ", "weak": "weakly "}.get(role.strength or "", "")
    return f"{drug.name} {degree}{role.role.value} {role.protein}"


def _products(rules: Rulebook) -> Iterator[NodeFact]:
    for entry in rules.combinations:
        yield NodeFact(_product_key(entry.key), entry.key, entry.names)


def _product_key(name: str) -> str:
    return named_key(NodeKind.DRUG, name)


def _protein(name: str) -> NodeFact:
    kind = NodeKind.ENZYME if name.startswith(_METABOLISE) else NodeKind.TRANSPORTER
    return NodeFact(named_key(kind, name), name)


def _memberships(rules: Rulebook) -> Iterator[EdgeFact]:
    for drug in rules.drugs:
        for key in drug.classes:
            if key != UNGROUPED:
                says = f"{drug.name} belongs to the {rules.classes[key].plural}"
                yield edge(rules.drugs, drug, key_of(drug), Relation.IS_A, f"class:{key}", says)


def _uses(rules: Rulebook) -> Iterator[EdgeFact]:
    for group in rules.classes:
        for key in group.treats:
            term = rules.terms[key]
            says = f"{group.plural} are used for {term.name}"
            yield edge(rules.classes, group, f"class:{group.key}", Relation.USED_FOR, term_node(term).key, says)


def _contents(rules: Rulebook) -> Iterator[EdgeFact]:
    for entry in rules.combinations:
        for key in entry.ingredients:
            drug = rules.drugs[key]
            says = f"{entry.key} contains {drug.name}"
            yield edge(rules.combinations, entry, _product_key(entry.key), Relation.CONTAINS, key_of(drug), says)


def _roles(rules: Rulebook, roles: Rules[ProteinRole]) -> Iterator[EdgeFact]:
    for role in roles:
        for key in role.members:
            drug = rules.drugs[key]
            says = role_text(drug, role)
            protein = _protein(role.protein).key
            yield edge(roles, role, key_of(drug), Relation(role.role.value), protein, says, strength=role.strength)


def _interactions(rules: Rulebook) -> Iterator[EdgeFact]:
    for entry in rules.interactions:
        left, right = sides(rules, entry.left), sides(rules, entry.right)
        for a, b in product(left, right):
            yield _interaction(rules, entry, (a, b), f"{left[a]} and {right[b]}")


def _interaction(rules: Rulebook, entry: Interaction, pair: tuple[str, str], names: str) -> EdgeFact:
    return edge(
        rules.interactions,
        entry,
        pair[0],
        Relation.INTERACTS,
        pair[1],
        f"{names}: {entry.what}",
        severity=entry.severity,
        what=entry.what,
        advice=entry.advice,
    )
