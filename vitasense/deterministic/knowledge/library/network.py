"""The same graph for networkx."""

from collections.abc import Iterable

import networkx as nx

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact
from vitasense.deterministic.platform.findings import Evidence


def network(nodes: Iterable[NodeFact], edges: Iterable[tuple[int, EdgeFact, Evidence]]) -> "nx.MultiDiGraph[str]":
    """A graph whose edges are keyed by their place in the library."""
    built: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in nodes:
        built.add_node(node.key, name=node.name, kind=node.kind.value)
    for place, edge, evidence in edges:
        told = {"severity": edge.severity.value} if edge.severity else {}
        built.add_edge(
            edge.source, edge.target, key=place, relation=edge.relation.value, says=edge.says, evidence=evidence, **told
        )
    return built
