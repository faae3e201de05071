"""Looks at what a reader gave."""

from collections.abc import Iterable
from pathlib import Path

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, NodeFact


def nodes(facts: Iterable[Fact]) -> dict[str, NodeFact]:
    """The nodes by key."""
    return {fact.key: fact for fact in facts if isinstance(fact, NodeFact)}


def edges(facts: Iterable[Fact]) -> list[EdgeFact]:
    """The edges in their order."""
    return [fact for fact in facts if isinstance(fact, EdgeFact)]


def triples(facts: Iterable[Fact]) -> list[tuple[str, str, str]]:
    """Source, relation and target of each edge."""
    return [(edge.source, edge.relation.value, edge.target) for edge in edges(facts)]


def written(folder: Path, name: str, text: str) -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
