"""The words of a proposed edge, in plain language. They say no more than what was read surely enough to propose it.

They do not say which of two things acts on the other, nor what is harmed: who read the sentence adds it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from vitasense.deterministic.knowledge.facts import NodeKind, Relation
from vitasense.deterministic.knowledge.reading import Candidate, Effect, Mechanism
from vitasense.deterministic.knowledge.review.schemas import Draft
from vitasense.deterministic.knowledge.schemas import Severity

_WHAT: Mapping[tuple[Mechanism | None, Effect | None], str] = MappingProxyType(
    {
        (Mechanism.PHARMACOKINETIC, Effect.RAISES): "the level of one of them in the blood can rise",
        (Mechanism.PHARMACOKINETIC, Effect.LOWERS): "the level of one of them in the blood can fall",
        (Mechanism.PHARMACOKINETIC, None): "the level of one of them in the blood can change",
        (Mechanism.PHARMACODYNAMIC, Effect.RAISES): "they can act more strongly or harm more easily",
        (Mechanism.PHARMACODYNAMIC, Effect.LOWERS): "one of them can work less well",
    }
)
_AFFECT = "they can affect each other"
_NOT_MEANT = "it is not meant for people with this illness"
_DENIED = "the text says that nothing of the kind happens"
_TOGETHER: Mapping[Severity | None, str] = MappingProxyType(
    {
        Severity.CONTRAINDICATED: "Do not take them together. Ask your doctor or pharmacist before the next dose.",
        Severity.MAJOR: "Ask your doctor or pharmacist before you take them together.",
        Severity.MODERATE: "Tell your doctor or pharmacist that you take both.",
        Severity.MINOR: "Mention it at your next visit.",
        None: "Ask your doctor or pharmacist whether that matters for you.",
    }
)
_WITH_ILLNESS: Mapping[Severity | None, str] = MappingProxyType(
    {
        Severity.CONTRAINDICATED: "Ask your doctor or pharmacist today, before the next dose.",
        Severity.MAJOR: "Ask your doctor or pharmacist today whether it is right for you.",
        Severity.MODERATE: "Ask your doctor or pharmacist whether it is right for you.",
        Severity.MINOR: "Mention it at your next visit.",
        None: "Ask your doctor or pharmacist whether that matters for you.",
    }
)
_CHANGES = {Effect.RAISES: "raise", Effect.LOWERS: "lower", None: "change"}
_DEGREES = {"strong": "strongly ", "moderate": "moderately ", "weak": "weakly "}


def what_of(candidate: Candidate) -> str:
    """What happens, as a clause."""
    if candidate.relation is Relation.CONTRAINDICATED:
        return _NOT_MEANT
    return _WHAT.get((candidate.mechanism, candidate.effect), _AFFECT)


def advice_of(relation: Relation, severity: Severity | None) -> str:
    """What to do, by how much it matters."""
    return (_WITH_ILLNESS if relation is Relation.CONTRAINDICATED else _TOGETHER)[severity]


def says_of(draft: Draft, candidate: Candidate) -> str:
    """The edge as a clause."""
    source, target = draft.source_name, draft.target_name
    if candidate.is_absent:
        return f"{source} and {target}: {_DENIED}"
    match draft.relation:
        case Relation.INTERACTS:
            return f"{source} and {target}: {draft.what}"
        case Relation.CONTRAINDICATED:
            return f"{source} with {target}: {draft.what}"
        case Relation.CAUSES:
            return f"{source} can cause {target}"
        case Relation.CHANGES:
            return f"{source} can {_CHANGES[candidate.effect]} {target}"
        case Relation.SUBSTRATE:
            carried = (draft.target or "").startswith(f"{NodeKind.TRANSPORTER}:")
            return f"{source} is {'carried' if carried else 'cleared'} by {target}"
        case Relation.INHIBITS | Relation.INDUCES:
            return f"{source} {_DEGREES.get(draft.strength or '', '')}{draft.relation} {target}"
        case _:
            return f"{source} {draft.relation.replace('_', ' ')} {target}"
