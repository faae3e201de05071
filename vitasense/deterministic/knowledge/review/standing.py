"""How a proposal stands to what is known already."""

from collections.abc import Sequence

from vitasense.deterministic.knowledge.facts import EdgeFact, Relation
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.review.schemas import Known, Proposal, Standing

_SHOWN = 3
_OPPOSITE = {Relation.INHIBITS: Relation.INDUCES, Relation.INDUCES: Relation.INHIBITS}


def known(proposal: Proposal, library: Library) -> Known:
    """What documents say of the two, or of kinds that they belong to, beside the proposal's own edge.

    A proposal without a severity says nothing else than what is known.
    """
    edge = proposal.edge
    source, target = (library.place(key) if key else None for key in (edge.source, edge.target))
    if source is None or target is None:
        return Known(Standing.UNNAMED)
    said = [(place, library.edge(place)) for place in _said(edge.relation, source, target, library)]
    others = [(place, fact) for place, fact in said if fact.ref != str(proposal.id)]
    if not others:
        return Known(Standing.NEW)
    evidence = tuple(library.evidence(place) for place, _ in others[:_SHOWN])
    facts = [fact for _, fact in others]
    standing = Standing.OTHER if _differs(proposal, facts) else Standing.SAME
    return Known(standing, facts[0].severity, evidence)


def _said(relation: Relation, source: int, target: int, library: Library) -> Sequence[int]:
    """Edges that say the same or the opposite, the most severe first; none that was only worked out."""
    if relation is Relation.INTERACTS:
        return [place for place in library.listed(source, target) if not library.is_inferred(place)]
    wanted = (relation, _OPPOSITE.get(relation, relation))
    return [
        place
        for place in library.edges_of(source)
        if library.ends(place) == (source, target)
        and library.relation(place) in wanted
        and not library.is_inferred(place)
    ]


def _differs(proposal: Proposal, facts: Sequence[EdgeFact]) -> bool:
    edge = proposal.edge
    if any(fact.relation is not edge.relation for fact in facts):
        return True
    rated = edge.severity is not None and edge.severity != facts[0].severity
    return proposal.candidate.is_absent or rated
