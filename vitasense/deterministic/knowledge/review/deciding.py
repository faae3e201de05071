"""What a decision makes of a proposal, and when there is nothing left to decide."""

from collections.abc import Sequence
from dataclasses import replace

from vitasense.deterministic.knowledge.review.schemas import Draft, Proposal, State
from vitasense.deterministic.platform.problems import Conflict, InvalidInput

_ABSENT = "The sentence denies this: what is denied never becomes an edge. Refuse the proposal."


def accepted(before: Proposal) -> Proposal:
    """The proposal as it was read. Raises InvalidInput when no edge can be made of it."""
    return replace(_possible(before, before.draft), state=State.ACCEPTED, edited=None, reason=None)


def edited(before: Proposal, edge: Draft) -> Proposal:
    """The proposal as it was mended. Raises InvalidInput when no edge can be made of it."""
    return replace(_possible(before, edge), state=State.EDITED, edited=edge, reason=None)


def refused(before: Proposal, reason: str) -> Proposal:
    """The proposal without an edge."""
    return replace(before, state=State.REFUSED, edited=None, reason=reason)


def is_settled(before: Proposal, after: Proposal) -> bool:
    """Whether it was decided like this already, and what came of it counts."""
    same = (before.state, before.edited, before.reason) == (after.state, after.edited, after.reason)
    return same and before.is_in_force == (after.state is not State.REFUSED)


def refuse_decided(proposals: Sequence[Proposal], seen: int | None) -> None:
    """Raises Conflict when one of them was decided on more often than the person saw; None lets everything pass."""
    other = next((each for each in proposals if seen is not None and each.decisions != seen), None)
    if other:
        away = "" if other.is_in_force or other.state is State.REFUSED else ", and its release was taken back"
        raise Conflict(
            f"{other.id} was {other.state} already{away}. To decide again, name the decision that you saw: "
            f"version {other.decisions}.",
            version=other.decisions,
        )


def _possible(before: Proposal, edge: Draft) -> Proposal:
    if before.candidate.is_absent:
        raise InvalidInput(_ABSENT)
    for key, name in ((edge.source, edge.source_name), (edge.target, edge.target_name)):
        if key is None:
            raise InvalidInput(
                f"“{name}” is no one thing that is known here: edit the proposal and name what is meant."
            )
    if edge.source == edge.target:
        raise InvalidInput(f"Both ends are {edge.source_name}: edit the proposal and name what is meant.")
    return before
