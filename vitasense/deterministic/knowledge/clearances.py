"""What follows from enzymes and transporters: worked out, never told as documented.

The rule is that of FDA's table of substrates, inhibitors and inducers (2023): a sensitive substrate matters beside a
strong or moderate inhibitor or inducer, a moderately sensitive one beside a strong one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.library import Held, Library
from vitasense.deterministic.platform.findings import Evidence

INFERRED_CONFIDENCE = 0.6
_VICTIMS = (Relation.SUBSTRATE, Relation.ACTIVATED_BY)


@dataclass(frozen=True, slots=True)
class Clearance:
    """What follows from one protein: `victim` is cleared or activated by it, `other` holds it back or speeds it up.

    `victim` and `other` are places in the library.
    """

    victim: int
    other: int
    cleared: Held
    change: Held

    @property
    def activates(self) -> bool:
        """Whether the protein makes the working form of the victim."""
        return self.cleared.relation is Relation.ACTIVATED_BY

    @property
    def inhibits(self) -> bool:
        """Whether the other holds the protein back; else it speeds it up."""
        return self.change.relation is Relation.INHIBITS


def clearances(library: Library, one: int, two: int) -> list[Clearance]:
    """Every enzyme or transporter through which one of the two may change the other, each once.

    Where a protein makes the working form of a medicine, only that is told of it: the medicine works less.
    """
    return [
        Clearance(victim, other, cleared, change)
        for victim, other in ((one, two), (two, one))
        for change in library.roles(other)
        if change.relation not in _VICTIMS
        for cleared in _victim_roles(library, victim, change.protein)
        if _matters(cleared, change)
    ]


def explain_clearance(library: Library, found: Clearance) -> str:
    """The reason in words: "simvastatin is cleared by CYP3A4; clarithromycin strongly inhibits CYP3A4."""
    return f"{library.says(found.cleared.edge)}; {library.says(found.change.edge)}."


def consequence(library: Library, found: Clearance) -> str:
    """What may happen, as a sentence without an end: "the level of simvastatin may rise"."""
    victim = library.name(found.victim)
    if found.activates:
        return f"{victim} may work {'less' if found.inhibits else 'more strongly'}"
    return f"the level of {victim} may {'rise' if found.inhibits else 'fall'}"


def clearance_evidence(library: Library, found: Sequence[Clearance]) -> tuple[Evidence, ...]:
    """The table entries behind the clearances, each once."""
    edges = dict.fromkeys(edge for each in found for edge in (each.cleared.edge, each.change.edge))
    return tuple(library.evidence(edge) for edge in edges)


def _victim_roles(library: Library, victim: int, protein: int) -> list[Held]:
    roles = [role for role in library.roles(victim) if role.protein == protein and role.relation in _VICTIMS]
    activated = [role for role in roles if role.relation is Relation.ACTIVATED_BY]
    return activated or roles


def _matters(cleared: Held, change: Held) -> bool:
    if cleared.strength == "sensitive":
        return change.strength in ("strong", "moderate")
    if cleared.strength == "moderate":
        return change.strength == "strong"
    return change.strength is None
