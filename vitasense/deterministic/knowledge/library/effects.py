"""What medicines do to a person, and the genes that they go by, as volumes: symptoms, nutrients, values and genes."""

from collections.abc import Iterator
from itertools import product

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.library.entries import TERM_KINDS, book, edge, named_key, sides, term_node
from vitasense.deterministic.knowledge.library.volume import Volume, volume
from vitasense.deterministic.knowledge.rulebook import Rulebook
from vitasense.deterministic.knowledge.schemas import HowOften, Nutrient, Symptom, Term

_VERBS = {"lowers": "can lower", "raises": "can raise"}


def effect_volumes(rules: Rulebook) -> tuple[Volume, ...]:
    """One volume for each file of what medicines cause, lower or raise, and of genes; KeyError for a dangling name."""
    genes = {guide.gene: guide.key for guide in rules.genes}
    return (
        volume(book(rules.symptoms), [_symptom(each) for each in rules.symptoms if not each.condition], []),
        volume(book(rules.nutrients), map(_nutrient, rules.nutrients), []),
        volume(book(rules.effects), [], _causes(rules)),
        volume(book(rules.levels), [], _changes(rules)),
        volume(
            book(rules.genes), map(_gene, genes), _guided(rules), {_gene(name).key: ref for name, ref in genes.items()}
        ),
    )


def _symptom(symptom: Symptom) -> NodeFact:
    return NodeFact(f"{NodeKind.SYMPTOM}:{symptom.key}", symptom.name, symptom.names)


def _nutrient(nutrient: Nutrient) -> NodeFact:
    return NodeFact(f"{NodeKind.NUTRIENT}:{nutrient.key}", nutrient.name, nutrient.names)


def _gene(name: str) -> NodeFact:
    return NodeFact(named_key(NodeKind.GENE, name), name, codes={"hgnc": (name,)})


def _causes(rules: Rulebook) -> Iterator[EdgeFact]:
    for entry in rules.effects:
        often = None if entry.how_often is HowOften.UNKNOWN else entry.how_often.value
        caused = [_caused(rules, rules.symptoms[key]) for key in entry.symptoms]
        for (key, name), (target, said) in product(sides(rules, entry.members).items(), caused):
            says = f"{name} can cause {said}"
            yield edge(rules.effects, entry, key, Relation.CAUSES, target, says, advice=entry.advice, strength=often)


def _caused(rules: Rulebook, symptom: Symptom) -> tuple[str, str]:
    """The key of its node, and how it reads after "can cause"."""
    node = term_node(_term(rules, "condition", symptom.condition)) if symptom.condition else _symptom(symptom)
    return node.key, symptom.said or node.name


def _changes(rules: Rulebook) -> Iterator[EdgeFact]:
    for entry in rules.levels:
        changed = [_changed(rules, name) for name in entry.of]
        for (key, name), node in product(sides(rules, entry.members).items(), changed):
            says = f"{name} {_VERBS[entry.direction]} {node.name}"
            yield edge(
                rules.levels, entry, key, Relation.CHANGES, node.key, says, what=entry.direction, advice=entry.advice
            )


def _changed(rules: Rulebook, name: str) -> NodeFact:
    kind, _, key = name.partition(":")
    return _nutrient(rules.nutrients[key]) if kind == NodeKind.NUTRIENT else term_node(_term(rules, kind, key))


def _term(rules: Rulebook, kind: str, key: str) -> Term:
    """The term whose node is of that kind. Raises KeyError when there is none."""
    term = rules.terms[key]
    if TERM_KINDS.get(term.kind) != kind:
        raise KeyError(f"{kind}:{key}")
    return term


def _guided(rules: Rulebook) -> Iterator[EdgeFact]:
    for entry in rules.genes:
        for key, name in sides(rules, entry.members).items():
            says = f"the dose or choice of {name} goes by the gene {entry.gene}: it {entry.what}"
            yield edge(rules.genes, entry, key, Relation.GUIDED_BY, _gene(entry.gene).key, says, what=entry.what)
