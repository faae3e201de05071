"""Makes the edge that a candidate would become: names become nodes, and its words are chosen by what was read."""

from dataclasses import replace

from vitasense.deterministic.knowledge.facts import NodeKind, Relation
from vitasense.deterministic.knowledge.graph import node
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.reading import Candidate, Mention
from vitasense.deterministic.knowledge.review.schemas import LONGEST_WORDS, Changes, Draft
from vitasense.deterministic.knowledge.review.wording import advice_of, says_of, what_of
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.platform.untrusted import visible

STRENGTHS = ("strong", "moderate", "weak", "sensitive")
_RATED = frozenset({Relation.INTERACTS, Relation.CONTRAINDICATED})
_ROLES = frozenset({Relation.SUBSTRATE, Relation.ACTIVATED_BY, Relation.INHIBITS, Relation.INDUCES})
_TAKEN = frozenset({NodeKind.INGREDIENT, NodeKind.CLASS, NodeKind.FOOD, NodeKind.NUTRIENT})
_PROTEINS = frozenset({NodeKind.ENZYME, NodeKind.TRANSPORTER})
_TARGETS = {
    Relation.INTERACTS: _TAKEN,
    Relation.CONTRAINDICATED: frozenset({NodeKind.CONDITION}),
    Relation.CAUSES: frozenset({NodeKind.CONDITION, NodeKind.SYMPTOM}),
    Relation.CHANGES: frozenset({NodeKind.LAB, NodeKind.NUTRIENT}),
    **dict.fromkeys(_ROLES, _PROTEINS),
}
_ANY = frozenset(NodeKind)


def draft(candidate: Candidate, library: Library) -> Draft:
    """The edge that a candidate would become. An end that is no node of the right kind, or more than one, stays open."""
    relation = candidate.relation
    source, source_name = _end(candidate.subject, _TAKEN, library)
    target, target_name = _end(candidate.object, _TARGETS.get(relation, _ANY), library)
    rated = relation in _RATED and not candidate.is_absent
    made = Draft(
        source=source,
        source_name=source_name,
        relation=relation,
        target=target,
        target_name=target_name,
        says="",
        severity=candidate.severity if rated else None,
        what=what_of(candidate) if rated else None,
        advice=advice_of(relation, candidate.severity) if rated else None,
        strength=next((cue for cue in candidate.cues if cue in STRENGTHS), None) if relation in _ROLES else None,
    )
    return replace(made, says=says_of(made, candidate))


def mended(before: Draft, changes: Changes, candidate: Candidate, library: Library) -> Draft:
    """The draft with the changes. An advice that nobody wrote follows the severity.

    Raises InvalidInput for a name that is no node of the right kind, for words that are too long, and for what such an
    edge does not have.
    """
    _refuse_misplaced(before.relation, changes)
    made = before
    if changes.source is not None:
        key, name = _named(changes.source, _TAKEN, library)
        made = replace(made, source=key, source_name=name)
    if changes.target is not None:
        key, name = _named(changes.target, _TARGETS.get(before.relation, _ANY), library)
        made = replace(made, target=key, target_name=name)
    if changes.severity is not None:
        follows = made.advice == advice_of(made.relation, made.severity)
        advice = advice_of(made.relation, changes.severity) if follows else made.advice
        made = replace(made, severity=changes.severity, advice=advice)
    if changes.what is not None:
        made = replace(made, what=line_of(changes.what, "what happens").rstrip("."))
    if changes.advice is not None:
        made = replace(made, advice=line_of(changes.advice, "the advice"))
    made = replace(made, strength=changes.strength or made.strength)
    return replace(made, says=says_of(made, candidate))


def line_of(text: str, what: str) -> str:
    """The text on one line, without what nobody sees. Raises InvalidInput when it is empty or too long."""
    line = " ".join(visible(text).split())
    if not line:
        raise InvalidInput(f"Say {what}: it is empty.")
    if len(line) > LONGEST_WORDS:
        raise InvalidInput(f"Say {what} in at most {LONGEST_WORDS} characters; these are {len(line)}.")
    return line


def _refuse_misplaced(relation: Relation, changes: Changes) -> None:
    if relation not in _RATED and (changes.severity or changes.what or changes.advice):
        raise InvalidInput("Only interactions and contraindications have a severity, what happens, and an advice.")
    if changes.strength and (relation not in _ROLES or changes.strength not in STRENGTHS):
        raise InvalidInput(f"A strength is that of a role at an enzyme or transporter: {', '.join(STRENGTHS)}.")


def _end(mention: Mention, kinds: frozenset[NodeKind], library: Library) -> tuple[str | None, str]:
    """Key and name of the node of a mention; of a product the one ingredient that is in it. No key: none, or several."""
    place = library.place(mention.key) if mention.key else None
    place = library.find(mention.text) if place is None and mention.text else place
    place = _one_of(place, library)
    if place is None or library.kind(place) not in kinds:
        return None, " ".join(visible(mention.text).split()) or "the medicine of the document"
    return library.key(place), library.name(place)


def _one_of(place: int | None, library: Library) -> int | None:
    """The node itself; of a product the ingredient that is in it, None when there are several."""
    if place is None or library.kind(place) is not NodeKind.DRUG:
        return place
    edges = [edge for edge in library.edges_of(place) if library.relation(edge) is Relation.CONTAINS]
    inside = {library.ends(edge)[1] for edge in edges if library.ends(edge)[0] == place}
    return inside.pop() if len(inside) == 1 else None


def _named(name: str, kinds: frozenset[NodeKind], library: Library) -> tuple[str, str]:
    """Key and name of the node that a reviewer names, by name or key."""
    shown = visible(name)
    place = library.place(name.strip())
    place = node(name, library) if place is None else place
    if place is None:
        raise InvalidInput(f"“{shown}” is the name of nothing that is known here.")
    meant = _one_of(place, library)
    if meant is None:
        raise InvalidInput(f"“{shown}” holds several ingredients: name the one that is meant.")
    if library.kind(meant) not in kinds:
        raise InvalidInput(f"“{shown}” is of the kind {library.kind(meant)}; here it must be {_listed(kinds)}.")
    return library.key(meant), library.name(meant)


def _listed(kinds: frozenset[NodeKind]) -> str:
    return " or ".join(sorted(kinds))
