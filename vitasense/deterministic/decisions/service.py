"""What was decided, what was done about it and why; where a person stands."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.decisions import repository
from vitasense.deterministic.decisions.chain import tell
from vitasense.deterministic.decisions.schemas import Action, Decision, Explained, Risk
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.problems import InvalidInput, NotFound

MOST_AT_ONCE = 500
_NEXT = timedelta(microseconds=1)


async def record(
    tx: AsyncSession,
    patient_id: UUID,
    decision: Decision,
    actions: Sequence[Action] = (),
    *,
    actor: Principal,
    ids: NewId,
) -> bool:
    """Write the decision, its actions and the event decision.made; False when it had been decided already.

    A decision is known by its event, agent and rule: when False comes back nothing was written, and what the actions
    stand for must not be done again. Raises InvalidInput for a confidence outside 0 to 1 or a time without zone.
    """
    if not 0 <= decision.confidence <= 1 or math.isnan(decision.confidence):
        raise InvalidInput("The confidence of a decision is from 0 to 1.")
    if decision.decided_at.tzinfo is None:
        raise InvalidInput("The time of the decision has no time zone.")
    if not await repository.add(tx, patient_id, decision):
        return False
    if actions:
        await repository.add_actions(tx, patient_id, decision, actions, ids)
    payload = {"decision_id": str(decision.id), "actions": [action.kind.value for action in actions]}
    at = decision.decided_at
    await tell(tx, patient_id, "decision.made", payload, behind=decision.id, at=at, actor=actor, ids=ids)
    return True


async def act(tx: AsyncSession, patient_id: UUID, decision: Decision, actions: Sequence[Action], *, ids: NewId) -> None:
    """Write what was done about a decision of this transaction, in this order, once it is known what came of it."""
    if actions:
        await repository.add_actions(tx, patient_id, decision, actions, ids)


async def decisions(
    tx: AsyncSession,
    patient_id: UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Decision]:
    """The newest decisions from `since` to before `until`, at most 500. Raises InvalidInput for another limit."""
    if not 0 < limit <= MOST_AT_ONCE:
        raise InvalidInput(f"From 1 to {MOST_AT_ONCE} decisions are given at once.")
    return await repository.between(tx, patient_id, since, until, limit)


async def decision(tx: AsyncSession, patient_id: UUID, decision_id: UUID) -> Decision:
    """The decision. Raises NotFound when there is none, or none that may be seen."""
    found = await repository.one(tx, patient_id, decision_id)
    if found is None:
        raise NotFound("There is no such decision.")
    return found


async def why(tx: AsyncSession, patient_id: UUID, of: UUID) -> Explained:
    """What stands behind an alarm or a decision, and what was done about it. Raises NotFound.

    Of an alarm it is the decision that gave it its present urgency.
    """
    behind = await repository.behind_alarm(tx, patient_id, of)
    found = await decision(tx, patient_id, behind or of)
    alarm = of if behind else await repository.alarm_of(tx, patient_id, of)
    return Explained(found, await repository.actions_of(tx, patient_id, found.id), UUID(str(alarm)) if alarm else None)


async def risks(tx: AsyncSession, patient_id: UUID) -> list[Risk]:
    """Where the person stands: the newest of each key, in order of the keys."""
    return await repository.risks(tx, patient_id)


async def update_risk(
    tx: AsyncSession, patient_id: UUID, risk: Risk, decision_id: UUID, *, actor: Principal, ids: NewId
) -> bool:
    """Write where the person stands now, with the event risk.changed; False when it says what already stands.

    One that is older than what stands is left out: a late reading does not turn the profile back. Raises NotFound when
    there is no such decision.
    """
    await decision(tx, patient_id, decision_id)
    await repository.wait_for_turn(tx, patient_id)
    stands = next(iter(await repository.risks(tx, patient_id, risk.key)), None)
    if stands and ((stands.label, stands.text) == (risk.label, risk.text) or risk.at < stands.at):
        return False
    if stands and stands.at == risk.at:  # two at one moment: the later word follows the earlier
        risk = risk.model_copy(update={"at": risk.at + _NEXT})
    await repository.add_risk(tx, patient_id, risk, decision_id)
    payload = {"decision_id": str(decision_id)}
    await tell(tx, patient_id, "risk.changed", payload, behind=decision_id, at=risk.at, actor=actor, ids=ids)
    return True
