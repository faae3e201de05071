"""What must be true of facts before they are believed: no dangling node or code, no contradiction, no cycle of is_a."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import networkx as nx
import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.schemas import ATC_CODE, Entry, Severity

_PROTEINS = frozenset({NodeKind.ENZYME, NodeKind.TRANSPORTER})
_TARGETS: Mapping[Relation, frozenset[NodeKind]] = {
    Relation.SUBSTRATE: _PROTEINS,
    Relation.ACTIVATED_BY: _PROTEINS,
    Relation.INHIBITS: _PROTEINS,
    Relation.INDUCES: _PROTEINS,
    Relation.GUIDED_BY: frozenset({NodeKind.GENE, NodeKind.LAB}),
}
_RATED = frozenset({Relation.INTERACTS, Relation.CONTRAINDICATED, Relation.CHANGES})
_CODES = {"rxnorm": re.compile(r"\d{1,8}"), "atc": re.compile(ATC_CODE), "loinc": re.compile(r"\d{1,7}-\d")}
_FIRST, _LAST = date(1900, 1, 1), date(2200, 1, 1)
_KINDS = frozenset(NodeKind)


class Contradiction(Entry):
    """A contradiction that is known of a source."""

    kind: Literal["severity", "role"]
    one: str
    two: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: tuple[Contradiction, ...]


def reasons(
    nodes: Iterable[NodeFact], edges: Sequence[EdgeFact], known: Iterable[str] = (), above: Sequence[EdgeFact] = ()
) -> list[str]:
    """Why the facts cannot be believed, each reason in words; empty when nothing speaks against them.

    `known` are keys of nodes that an edge may name beside those of `nodes`, `above` memberships that hold already.
    """
    held = {node.key: node for node in nodes}
    return [
        *(reason for node in held.values() for reason in _of_node(node)),
        *(reason for edge in edges for reason in _of_edge(edge)),
        *_dangling(edges, {*held, *known}),
        *_two_severities(edges),
        *_both_ways(edges),
        *(circle for circle in cycles((*above, *edges)) if circle not in cycles(above)),
    ]


def cycles(edges: Iterable[EdgeFact]) -> list[str]:
    """Each knot of kinds that are, one through the other, a kind of themselves."""
    above: nx.DiGraph[str] = nx.DiGraph((edge.source, edge.target) for edge in edges if edge.relation is Relation.IS_A)
    knots = [sorted(knot) for knot in nx.strongly_connected_components(above)]  # pyright: ignore[reportUnknownMemberType]
    found = [knot for knot in knots if len(knot) > 1 or above.has_edge(knot[0], knot[0])]
    return [f"is_a goes round in a circle: {', '.join(knot)}" for knot in sorted(found)]


@cache
def known_contradictions() -> tuple[Contradiction, ...]:
    """Those that are listed, with where they were read."""
    rules = files("vitasense.deterministic.knowledge") / "rules" / "contradictions.yaml"
    return _File.model_validate(yaml.load(rules.read_text("utf-8"), Loader=yaml.CSafeLoader)).entries


def _of_node(node: NodeFact) -> Iterator[str]:
    kind, _, own = node.key.partition(":")
    if kind not in _KINDS or not own:
        yield f"“{node.key}” is no key of a node: its kind is not known, or it has no name of its own"
    if not node.name:
        yield f"{node.key} has no name"
    for system, codes in node.codes.items():
        form = _CODES.get(system)
        for code in codes:
            if not code or "|" in f"{system}{code}" or (form and not form.fullmatch(code)):
                yield f"{node.key} has the code “{code}”, which is none of {system}"


def _of_edge(edge: EdgeFact) -> Iterator[str]:
    wrong = list(_faults(edge))
    if wrong:
        yield f"{edge.source} {edge.relation} {edge.target} ({edge.ref}) {' and '.join(wrong)}"


def _faults(edge: EdgeFact) -> Iterator[str]:
    if not (edge.says and edge.origin and edge.ref):
        yield "says nothing, or does not name where it is from"
    if edge.severity and edge.relation not in _RATED:
        yield "has a severity, which only interactions, contraindications and changes have"
    wanted = _TARGETS.get(edge.relation)
    if wanted and edge.target.partition(":")[0] not in wanted:
        yield f"does not point to {' or '.join(sorted(wanted))}"
    if edge.source == edge.target and edge.relation not in (Relation.INTERACTS, Relation.IS_A):
        yield "points to itself"
    days = [day for day in (edge.valid_from, edge.valid_to) if day]
    if any(not _FIRST <= day <= _LAST for day in days) or days != sorted(days):
        yield "ends before it begins, or is valid at no time that we know"


def _dangling(edges: Iterable[EdgeFact], known: set[str]) -> Iterator[str]:
    for edge in edges:
        for key in (edge.source, edge.target):
            if key not in known:
                yield f"{edge.ref} names {key}, which is no node of the file, of the rules or of another release"


def _two_severities(edges: Iterable[EdgeFact]) -> Iterator[str]:
    rated: dict[tuple[str, str, str, Relation], set[Severity]] = {}
    for edge in edges:
        if edge.severity:
            one, two = sorted((edge.source, edge.target))
            rated.setdefault((edge.origin, one, two, edge.relation), set()).add(edge.severity)
    for (origin, one, two, _), found in rated.items():
        if len(found) > 1 and ("severity", one, two) not in _listed():
            yield f"{origin} rates {one} with {two} in two ways: {' and '.join(sorted(found))}"


def _both_ways(edges: Iterable[EdgeFact]) -> Iterator[str]:
    found: dict[tuple[str, str, str], set[Relation]] = {}
    for edge in edges:
        if edge.relation in (Relation.INHIBITS, Relation.INDUCES):
            found.setdefault((edge.origin, edge.source, edge.target), set()).add(edge.relation)
    for (origin, source, target), roles in found.items():
        if len(roles) > 1 and ("role", *sorted((source, target))) not in _listed():
            yield f"{origin} says that {source} holds back {target} and that it speeds it up"


@cache
def _listed() -> frozenset[tuple[str, ...]]:
    return frozenset((each.kind, *sorted((each.one, each.two))) for each in known_contradictions())
