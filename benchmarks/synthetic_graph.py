"""A made-up graph of 200,000 edges with the proportions of real releases: always the same one."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact, Relation
from vitasense.deterministic.knowledge.schemas import Severity

SEED = 6
INGREDIENTS, PRODUCTS, CLASSES, CONDITIONS, SYMPTOMS, PROTEINS = 6_000, 12_000, 800, 2_000, 600, 60
_SEVERITIES = (*Severity, None)
_STRENGTHS = ("strong", "moderate", "weak", "sensitive")


@dataclass(frozen=True, slots=True)
class Share:
    """So many edges of one relation, from one kind of node to another."""

    relation: Relation
    source: str
    target: str
    count: int


SHARES = (
    Share(Relation.IS_A, "ingredient", "class", 18_000),
    Share(Relation.CONTAINS, "drug", "ingredient", 15_000),
    Share(Relation.USED_FOR, "ingredient", "condition", 12_000),
    Share(Relation.SUBSTRATE, "ingredient", "enzyme", 2_000),
    Share(Relation.INHIBITS, "ingredient", "enzyme", 1_000),
    Share(Relation.INDUCES, "ingredient", "enzyme", 400),
    Share(Relation.CONTRAINDICATED, "ingredient", "condition", 20_000),
    Share(Relation.CAUSES, "ingredient", "symptom", 73_001),
    Share(Relation.INTERACTS, "ingredient", "ingredient", 56_000),
    Share(Relation.INTERACTS, "class", "ingredient", 1_500),
    Share(Relation.INTERACTS, "class", "class", 300),
)
_COUNTS = {
    "ingredient": INGREDIENTS,
    "drug": PRODUCTS,
    "class": CLASSES,
    "condition": CONDITIONS,
    "symptom": SYMPTOMS,
    "enzyme": PROTEINS,
}


def nodes() -> Iterator[NodeFact]:
    """Every node, with another name and a code."""
    for kind, count in _COUNTS.items():
        for number in range(count):
            codes = {"rxnorm": (str(10_000_000 + number),)} if kind == "ingredient" else {}
            yield NodeFact(_key(kind, number), f"{kind} {number}", (f"{kind} number {number} of the list",), codes)


def edges() -> Iterator[EdgeFact]:
    """200,000 edges, each other than the others; kinds form a tree of classes beside them."""
    chance = random.Random(SEED)
    for number in range(1, CLASSES):  # a tree: no circles
        yield _edge(Relation.IS_A, _key("class", number), _key("class", (number - 1) // 4), number, chance)
    for share in SHARES:
        taken: set[tuple[int, int]] = set()
        while len(taken) < share.count:
            pair = (_one(chance, share.source), _one(chance, share.target))
            if pair in taken or pair[::-1] in taken or (share.source == share.target and pair[0] == pair[1]):
                continue
            taken.add(pair)
            yield _edge(share.relation, _key(share.source, pair[0]), _key(share.target, pair[1]), len(taken), chance)


def _one(chance: random.Random, kind: str) -> int:
    """Some nodes have many edges, most have few; what belongs to a class mostly belongs to a low one."""
    count = _COUNTS[kind]
    number = int(count * chance.random() ** 1.5)
    return count - 1 - number if kind == "class" else number


def _key(kind: str, number: int) -> str:
    return f"{kind}:{kind}_{number}"


def _edge(relation: Relation, source: str, target: str, number: int, chance: random.Random) -> EdgeFact:
    rated = relation in (Relation.INTERACTS, Relation.CONTRAINDICATED)
    acts = relation in (Relation.SUBSTRATE, Relation.INHIBITS, Relation.INDUCES)
    return EdgeFact(
        source=source,
        relation=relation,
        target=target,
        says=f"{source} {relation.value} {target}, as is written in entry {number} of the list",
        origin=f"made up, {relation.value} of table {number % 40}",
        ref=f"file line {number}",
        level=Level.LABEL,
        severity=chance.choice(_SEVERITIES) if rated else None,
        what=f"the level rises by {number % 97} percent and its effect is stronger for {number % 13} hours"
        if rated
        else None,
        advice=f"Ask your doctor or pharmacist, advice {number % 300}." if rated else None,
        strength=chance.choice(_STRENGTHS) if acts else None,
    )
