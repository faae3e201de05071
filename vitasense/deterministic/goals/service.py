"""Goals of a person: set by themselves, suggested by others, accepted or refused, and their history."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.decisions import tell
from vitasense.deterministic.goals import repository
from vitasense.deterministic.goals.limits import book, checked, in_own_unit, kind_of
from vitasense.deterministic.goals.schemas import Direction, Goal, GoalSet, GoalState, Per, Person
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound
from vitasense.deterministic.platform.untrusted import shown

ALL_STATES = frozenset(GoalState)


async def set_goal(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    metric: str,
    target: float,
    actor: Principal,
    now: datetime,
    ids: NewId,
    unit: str | None = None,
    direction: Direction = "at_least",
    per: Per | None = None,
    person: Person | None = None,
    reason: str | None = None,
    until: datetime | None = None,
) -> GoalSet:
    """The goal that the person set: active at once, in place of the one they had for the same; or, set by a provider, a
    suggestion that waits for the person.

    `unit` is UCUM, the metric's own when None. The same goal again changes nothing. Raises InvalidInput, with the reason,
    for what may not be a goal (limits.checked) or an end that is past; NotAllowed for anybody else.
    """
    if actor.role not in (Role.PATIENT, Role.PROVIDER):
        raise NotAllowed("A goal is set by the person, or suggested by a provider.")
    if until is not None and (until.tzinfo is None or until <= now):
        raise InvalidInput("A goal ends at a time to come, with its time zone.")
    kind = kind_of(metric)
    own = in_own_unit(kind, target, unit)
    counted, notes = checked(kind, direction, own, per, person or Person())
    is_own = actor.role is Role.PATIENT
    new = Goal(
        id=ids(),
        category=kind.category,
        metric=metric,
        direction=direction,
        target=own,
        unit=kind.unit,
        per=counted,
        state=GoalState.ACTIVE if is_own else GoalState.SUGGESTED,
        made_by="patient" if is_own else "provider",
        reason=shown(reason) if reason else None,
        evidence=(),
        since=now,
        until=until,
        changed_at=now,
    )
    await repository.wait_for_turn(tx, patient_id)
    kept = await _same(tx, patient_id, new)
    if kept is None:
        await _close_suggestions(tx, patient_id, metric, actor, now, ids)
        kept = await _begin(tx, patient_id, new, actor, ids) if is_own else await _add(tx, patient_id, new, actor, ids)
    return GoalSet(kept, tuple(notes))


async def may_suggest(tx: AsyncSession, patient_id: UUID, metric: str, now: datetime) -> bool:
    """Whether no suggestion for the metric waits for an answer and none was refused in the last month."""
    since = now - book().suggestions.again_after
    known = await repository.goals(tx, patient_id, {GoalState.SUGGESTED, GoalState.REFUSED}, metric)
    return not any(each.state is GoalState.SUGGESTED or each.changed_at > since for each in known)


async def suggest_goal(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    metric: str,
    target: float,
    reason: str,
    actor: Principal,
    now: datetime,
    ids: NewId,
    direction: Direction = "at_least",
    per: Per | None = None,
    evidence: tuple[Evidence, ...] = (),
    decision_id: UUID | None = None,
) -> Goal | None:
    """The suggestion of the service, in the metric's own unit, with its reason in plain words.

    None when one for the metric waits already, when one was refused in the last month, or when the person has this very
    goal. Raises InvalidInput as `set_goal`.
    """
    kind = kind_of(metric)
    counted, _ = checked(kind, direction, in_own_unit(kind, target, None), per, Person())
    new = Goal(
        *(ids(), kind.category, metric, direction, target, kind.unit, counted, GoalState.SUGGESTED, "service"),
        *(shown(reason), evidence, now, None, now, None, decision_id),
    )
    await repository.wait_for_turn(tx, patient_id)
    if not await may_suggest(tx, patient_id, metric, now) or await _same(
        tx, patient_id, replace(new, state=GoalState.ACTIVE)
    ):
        return None
    return await _add(tx, patient_id, new, actor, ids)


async def accept(
    tx: AsyncSession, patient_id: UUID, goal_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Goal:
    """The suggestion, active from now on in place of the goal the person had for the same; again changes nothing.

    Raises NotAllowed for anybody but the person, NotFound, and Conflict for what is no suggestion any more.
    """
    known = await _suggestion(tx, patient_id, goal_id, actor, GoalState.ACTIVE)
    if known.state is GoalState.ACTIVE:
        return known
    taken = replace(known, state=GoalState.ACTIVE, since=now, changed_at=now)
    before = await _end_active(tx, patient_id, taken, actor, ids)
    taken = replace(taken, replaces=before.id if before else None)
    return await _save(tx, patient_id, taken, actor, ids)


async def refuse(
    tx: AsyncSession, patient_id: UUID, goal_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Goal:
    """The suggestion, refused; again changes nothing. Raises as `accept`."""
    known = await _suggestion(tx, patient_id, goal_id, actor, GoalState.REFUSED)
    if known.state is GoalState.REFUSED:
        return known
    return await _save(tx, patient_id, replace(known, state=GoalState.REFUSED, changed_at=now), actor, ids)


async def end(
    tx: AsyncSession,
    patient_id: UUID,
    goal_id: UUID,
    *,
    actor: Principal,
    now: datetime,
    ids: NewId,
    reached: bool = False,
) -> Goal:
    """The active goal, ended or reached; again changes nothing. Raises NotFound, and Conflict for one that is not active."""
    state = GoalState.REACHED if reached else GoalState.ENDED
    await repository.wait_for_turn(tx, patient_id)
    known = await goal(tx, patient_id, goal_id)
    if known.state is state:
        return known
    if known.state is not GoalState.ACTIVE:
        raise Conflict("This goal is not active.")
    return await _save(tx, patient_id, replace(known, state=state, changed_at=now), actor, ids)


async def end_overdue(tx: AsyncSession, patient_id: UUID, *, actor: Principal, now: datetime, ids: NewId) -> list[Goal]:
    """The active goals whose time is over, ended."""
    await repository.wait_for_turn(tx, patient_id)
    over = await repository.ran_out(tx, patient_id, now)
    return [
        await _save(tx, patient_id, replace(each, state=GoalState.ENDED, changed_at=now), actor, ids) for each in over
    ]


async def goal(tx: AsyncSession, patient_id: UUID, goal_id: UUID) -> Goal:
    """The goal. Raises NotFound when there is none, or none that may be seen."""
    found = await repository.goal(tx, patient_id, goal_id)
    if found is None:
        raise NotFound("There is no such goal.")
    return found


async def goals(
    tx: AsyncSession, patient_id: UUID, states: frozenset[GoalState] = ALL_STATES, metric: str | None = None
) -> list[Goal]:
    """Goals of these states, the one that changed last first."""
    return await repository.goals(tx, patient_id, states, metric)


async def _suggestion(tx: AsyncSession, patient_id: UUID, goal_id: UUID, actor: Principal, already: GoalState) -> Goal:
    if actor.role is not Role.PATIENT:
        raise NotAllowed("Only the person accepts or refuses a goal.")
    await repository.wait_for_turn(tx, patient_id)
    known = await goal(tx, patient_id, goal_id)
    if known.state not in (GoalState.SUGGESTED, already):
        raise Conflict("This goal is no suggestion any more.")
    return known


async def _same(tx: AsyncSession, patient_id: UUID, new: Goal) -> Goal | None:
    known = await repository.goals(tx, patient_id, {new.state}, new.metric)
    wanted = (new.direction, new.per, new.target, new.until)
    return next((each for each in known if (each.direction, each.per, each.target, each.until) == wanted), None)


async def _begin(tx: AsyncSession, patient_id: UUID, new: Goal, actor: Principal, ids: NewId) -> Goal:
    before = await _end_active(tx, patient_id, new, actor, ids)
    return await _add(tx, patient_id, replace(new, replaces=before.id if before else None), actor, ids)


async def _end_active(tx: AsyncSession, patient_id: UUID, new: Goal, actor: Principal, ids: NewId) -> Goal | None:
    active = await repository.goals(tx, patient_id, {GoalState.ACTIVE}, new.metric)
    before = next((each for each in active if (each.direction, each.per) == (new.direction, new.per)), None)
    if before:
        ended = replace(before, state=GoalState.ENDED, changed_at=new.changed_at)
        await _save(tx, patient_id, ended, actor, ids)
    return before


async def _close_suggestions(
    tx: AsyncSession, patient_id: UUID, metric: str, actor: Principal, now: datetime, ids: NewId
) -> None:
    for each in await repository.goals(tx, patient_id, {GoalState.SUGGESTED}, metric):
        await _save(tx, patient_id, replace(each, state=GoalState.ENDED, changed_at=now), actor, ids)


async def _add(tx: AsyncSession, patient_id: UUID, new: Goal, actor: Principal, ids: NewId) -> Goal:
    if not await repository.add(tx, patient_id, new):
        raise Conflict("A goal for this stands already.")
    return await _told(tx, patient_id, new, actor, ids)


async def _save(tx: AsyncSession, patient_id: UUID, after: Goal, actor: Principal, ids: NewId) -> Goal:
    await repository.save(tx, patient_id, after)
    return await _told(tx, patient_id, after, actor, ids)


async def _told(tx: AsyncSession, patient_id: UUID, goal: Goal, actor: Principal, ids: NewId) -> Goal:
    payload = {"goal_id": str(goal.id), "state": goal.state.value}
    at = goal.changed_at
    await tell(tx, patient_id, "goal.changed", payload, behind=goal.decision_id, at=at, actor=actor, ids=ids)
    return goal
