"""Alarms of a person: raised once, joined, answered, and closed. Every step is kept and told as an event."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.alarms import lifecycle, repository
from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.alarms.lifecycle import Move
from vitasense.deterministic.alarms.schemas import Alarm, AlarmChange, Raised, State, TimerKind, Wanted
from vitasense.deterministic.alarms.timers import wind
from vitasense.deterministic.decisions import decision, tell
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Evidence, Urgency
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound
from vitasense.deterministic.platform.untrusted import clean, shown

MOST_AT_ONCE = 500
_ANSWERS = (Move.ACKNOWLEDGE, Move.SNOOZE)
CHANGED = "This alarm was changed at the same moment. Look at it again."


@dataclass(frozen=True, slots=True)
class _Doing:
    """One step in a transaction: whose alarm, who does it, and when."""

    tx: AsyncSession
    patient_id: UUID
    actor: Principal
    now: datetime
    ids: NewId


async def raise_alarm(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    key: str,
    title: str,
    text: str,
    urgency: Urgency,
    category: Category,
    decision_id: UUID,
    evidence: tuple[Evidence, ...],
    actor: Principal,
    now: datetime,
    ids: NewId,
) -> Raised:
    """One alarm for each key. The same kind again joins the open one, or opens one again that closed a moment ago.

    `tells` says whether to plan messages: for a new one, one opened again as an emergency, one that became more urgent,
    and one of which nothing was said for intervals.again. A decision that raised the alarm before changes nothing.
    Raises InvalidInput for an empty key or title, NotFound for a decision that is not there.
    """
    if not key or not title.strip():
        raise InvalidInput("An alarm has a key and a title.")
    await decision(tx, patient_id, decision_id)
    doing = _Doing(tx, patient_id, actor, now, ids)
    new = Alarm(
        id=ids(),
        category=category,
        key=key,
        title=shown(title),
        text=clean(text),
        state=State.RAISED,
        urgency=urgency,
        raised_at=now,
        changed_at=now,
        seen=1,
        last_seen_at=now,
        decision_id=decision_id,
        evidence=evidence,
    )
    await repository.wait_for_turn(tx, patient_id)
    known = await repository.of_key(tx, patient_id, key)
    if known and known.decision_id == decision_id:
        return Raised(known, False, False)
    if known and known.state.is_open:
        return await _join(doing, known, new)
    if known and lifecycle.reopens(known, urgency, now):
        return await _reopen(doing, known, new)
    await repository.add(tx, patient_id, new, actor, new.title)
    await _wind_all(doing, new)
    await _tell(doing, new, "alarm.raised")
    return Raised(new, True, True)


async def _join(doing: _Doing, known: Alarm, new: Alarm) -> Raised:
    after = lifecycle.seen_again(known, new.urgency, doing.now)
    if after.urgency is not known.urgency:
        after = _about(after, new)
    tells = after.version != known.version
    await _save(doing, known, after, after.title if tells else None)
    if tells:
        await _wind_escalation(doing, after)
    return Raised(after, False, tells)


async def _reopen(doing: _Doing, known: Alarm, new: Alarm) -> Raised:
    after = _about(lifecycle.reopened(known, new.urgency, doing.now), new)
    await _save(doing, known, after, after.title)
    await _wind_all(doing, after)
    return Raised(after, False, after.urgency is Urgency.EMERGENCY)


def _about(alarm: Alarm, new: Alarm) -> Alarm:
    return replace(alarm, title=new.title, text=new.text, decision_id=new.decision_id, evidence=new.evidence)


async def alarm(tx: AsyncSession, patient_id: UUID, alarm_id: UUID) -> Alarm:
    """The alarm. Raises NotFound when there is none, or none that may be seen."""
    found = await repository.alarm(tx, patient_id, alarm_id)
    if found is None:
        raise NotFound("There is no such alarm.")
    return found


async def alarms(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    only_open: bool = False,
    limit: int = 100,
    since: datetime | None = None,
    until: datetime | None = None,
    changed_since: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
) -> list[Alarm]:
    """The alarms that changed last, first, as Wanted says; at most 500. Raises InvalidInput for another limit."""
    if not 0 < limit <= MOST_AT_ONCE:
        raise InvalidInput(f"From 1 to {MOST_AT_ONCE} alarms are given at once.")
    return await repository.alarms(tx, patient_id, Wanted(only_open, since, until, changed_since, after), limit)


async def history(tx: AsyncSession, patient_id: UUID, alarm_id: UUID) -> list[AlarmChange]:
    """Every step of the alarm, the first first; none when it may not be seen."""
    return await repository.history(tx, patient_id, alarm_id)


async def move(
    tx: AsyncSession,
    patient_id: UUID,
    alarm_id: UUID,
    what: Move,
    *,
    actor: Principal,
    now: datetime,
    ids: NewId,
    note: str | None = None,
    until: datetime | None = None,
    version: int | None = None,
) -> Alarm:
    """The alarm after the move, with its step kept and alarm.changed told; a move that was made already changes nothing.

    `version` is the one that the person saw. Raises NotFound; Conflict when the alarm is another version by now, or
    cannot take the move; InvalidInput for the end of a snooze; NotAllowed when anybody but a person answers an alarm.
    """
    if what in _ANSWERS and actor.role not in (Role.PATIENT, Role.PROVIDER):
        raise NotAllowed("Only a person answers an alarm.")
    known = await repository.alarm(tx, patient_id, alarm_id, hold=True)
    if known is None:
        raise NotFound("There is no such alarm.")
    if version is not None and version != known.version:
        raise Conflict(CHANGED)
    after = lifecycle.moved(known, what, now, until)
    if after is known:
        return known
    doing = _Doing(tx, patient_id, actor, now, ids)
    await _save(doing, known, after, shown(note) if note else None)
    if after.state is State.SNOOZED and after.snoozed_until:
        await _wind(doing, after, "snooze", after.snoozed_until)
    if after.state is State.RAISED:
        await _wind_escalation(doing, after)
    return after


async def attend(
    tx: AsyncSession, patient_id: UUID, kind: TimerKind, alarm_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Alarm | None:
    """What a timer of kind snooze, escalation or staleness finds: the alarm when it took a step, None when it did not.

    One that calls then (`state.calls`) is to be told. An alarm that was confirmed since is looked at again later.
    """
    known = await repository.alarm(tx, patient_id, alarm_id, hold=True)
    if known is None or not known.state.is_open:
        return None
    what = _rings(known, kind, now)
    if what is not None:
        return await move(tx, patient_id, alarm_id, what, actor=actor, now=now, ids=ids)
    if kind == "staleness":
        again = known.last_seen_at + intervals().stale.of(known.urgency)
        await wind(tx, patient_id, "staleness", alarm_id, again, now, ids)
    return None


def _rings(alarm: Alarm, kind: TimerKind, now: datetime) -> Move | None:
    wakes = alarm.state is State.SNOOZED and alarm.snoozed_until is not None and now >= alarm.snoozed_until
    rings = {
        "snooze": (wakes, Move.WAKE),
        "escalation": (lifecycle.is_overdue(alarm, now), Move.ESCALATE),
        "staleness": (lifecycle.is_stale(alarm, now), Move.EXPIRE),
    }
    due, what = rings.get(kind, (False, Move.WAKE))
    return what if due else None


async def _save(doing: _Doing, before: Alarm, after: Alarm, note: str | None) -> None:
    if not await repository.save(doing.tx, doing.patient_id, before, after, doing.actor, note):
        raise Conflict(CHANGED)
    if after.version != before.version:
        await _tell(doing, after, "alarm.changed")


async def _tell(doing: _Doing, alarm: Alarm, kind: str) -> None:
    payload = {"alarm_id": str(alarm.id), "state": alarm.state.value, "version": alarm.version}
    behind = alarm.decision_id
    await tell(doing.tx, doing.patient_id, kind, payload, behind=behind, at=doing.now, actor=doing.actor, ids=doing.ids)


async def _wind_all(doing: _Doing, alarm: Alarm) -> None:
    await _wind(doing, alarm, "staleness", doing.now + intervals().stale.of(alarm.urgency))
    await _wind_escalation(doing, alarm)


async def _wind_escalation(doing: _Doing, alarm: Alarm) -> None:
    after = intervals().escalate.of(alarm.urgency)
    if after is not None and alarm.state is State.RAISED:
        await _wind(doing, alarm, "escalation", doing.now + after)


async def _wind(doing: _Doing, alarm: Alarm, kind: TimerKind, due_at: datetime) -> None:
    await wind(doing.tx, doing.patient_id, kind, alarm.id, due_at, doing.now, doing.ids)
