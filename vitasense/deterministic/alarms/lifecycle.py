"""The life of an alarm as a table. Pure: every step gives a new alarm, or the same one when nothing happened."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.alarms.schemas import Alarm, State
from vitasense.deterministic.platform.findings import Urgency, most_urgent
from vitasense.deterministic.platform.problems import Conflict, InvalidInput


class Move(StrEnum):
    """What can happen to an alarm besides being seen again."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    WAKE = "wake"
    ESCALATE = "escalate"
    CLEAR = "clear"
    EXPIRE = "expire"


_CLOSES = {Move.CLEAR: State.CLEARED, Move.EXPIRE: State.STALE}

# What is not in the table cannot happen. An alarm that somebody answered does not escalate: seen again it calls again first.
TRANSITIONS: Mapping[State, Mapping[Move, State]] = {
    State.RAISED: {
        Move.ACKNOWLEDGE: State.ACKNOWLEDGED,
        Move.SNOOZE: State.SNOOZED,
        Move.ESCALATE: State.ESCALATED,
        **_CLOSES,
    },
    State.ACKNOWLEDGED: {Move.SNOOZE: State.SNOOZED, **_CLOSES},
    State.SNOOZED: {
        Move.ACKNOWLEDGE: State.ACKNOWLEDGED,
        Move.SNOOZE: State.SNOOZED,
        Move.WAKE: State.RAISED,
        **_CLOSES,
    },
    State.ESCALATED: {Move.ACKNOWLEDGE: State.ACKNOWLEDGED, Move.SNOOZE: State.SNOOZED, **_CLOSES},
    State.CLEARED: {},
    State.STALE: {},
}
# Saying twice what was said is no error and no second step.
_REPEATS = {
    (State.ACKNOWLEDGED, Move.ACKNOWLEDGE),
    (State.ESCALATED, Move.ESCALATE),
    (State.RAISED, Move.WAKE),
    (State.CLEARED, Move.CLEAR),
    (State.STALE, Move.EXPIRE),
}


def moved(alarm: Alarm, move: Move, now: datetime, until: datetime | None = None) -> Alarm:
    """The alarm after the move, one version on; the same alarm when it is there already.

    `until` is the end of a snooze. Raises Conflict for what cannot happen in its state, and InvalidInput for a snooze
    that ends in the past, or later than intervals.snooze allows for its urgency.
    """
    if (alarm.state, move) in _REPEATS:
        return alarm
    target = TRANSITIONS[alarm.state].get(move)
    if target is None:
        raise Conflict(f"An alarm that is {alarm.state.value} cannot take: {move.value}.")
    end = _snoozed_until(alarm.urgency, until, now) if move is Move.SNOOZE else None
    if move is Move.SNOOZE and (alarm.state, alarm.snoozed_until) == (State.SNOOZED, end):
        return alarm
    return replace(alarm, state=target, changed_at=now, snoozed_until=end, version=alarm.version + 1)


def seen_again(alarm: Alarm, urgency: Urgency, now: datetime) -> Alarm:
    """The open alarm after one more reading of its kind. Its version moves on only when somebody is to be told again.

    That is when it became more urgent, or when nothing was said for intervals.again, unless it is put off. Its urgency
    never falls while it is open. Raises Conflict when it is closed (see `reopened`).
    """
    if not alarm.state.is_open:
        raise Conflict("This alarm is over.")
    rises = urgency.rank > alarm.urgency.rank
    seen = replace(
        alarm,
        urgency=most_urgent(alarm.urgency, urgency),
        seen=alarm.seen + 1,
        last_seen_at=max(alarm.last_seen_at, now),
    )
    if not (rises or _calls_again(alarm, now)):
        return seen
    state = State.ESCALATED if alarm.state is State.ESCALATED and not rises else State.RAISED
    return replace(seen, state=state, changed_at=now, snoozed_until=None, version=alarm.version + 1)


def reopens(alarm: Alarm, urgency: Urgency, now: datetime) -> bool:
    """Whether a reading of its kind opens the closed alarm again instead of raising a new one: soon after, not worse."""
    if alarm.state.is_open or urgency.rank > alarm.urgency.rank:
        return False
    return now - alarm.changed_at < intervals().reopen.of(alarm.urgency)


def reopened(alarm: Alarm, urgency: Urgency, now: datetime) -> Alarm:
    """The closed alarm, raised again with the urgency of now. Raises Conflict unless `reopens`."""
    if not reopens(alarm, urgency, now):
        raise Conflict("This alarm cannot be opened again: raise a new one.")
    return replace(
        alarm,
        state=State.RAISED,
        urgency=urgency,
        seen=alarm.seen + 1,
        last_seen_at=max(alarm.last_seen_at, now),
        changed_at=now,
        version=alarm.version + 1,
    )


def _calls_again(alarm: Alarm, now: datetime) -> bool:
    if alarm.state is State.SNOOZED:
        return alarm.snoozed_until is not None and now >= alarm.snoozed_until
    return now - alarm.changed_at >= intervals().again.of(alarm.urgency)


def _snoozed_until(urgency: Urgency, until: datetime | None, now: datetime) -> datetime:
    if until is None or until.tzinfo is None:
        raise InvalidInput("Say until when the alarm is to wait, with its time zone.")
    longest = intervals().snooze.of(urgency)
    if not now < until <= now + longest:
        minutes = int(longest.total_seconds() // 60)
        raise InvalidInput(f"This alarm can wait for at most {minutes} minutes from now.", longest_minutes=minutes)
    return until


def is_overdue(alarm: Alarm, now: datetime) -> bool:
    """Whether nobody has answered for so long that it escalates (intervals.escalate)."""
    after = intervals().escalate.of(alarm.urgency)
    return alarm.state is State.RAISED and after is not None and now - alarm.changed_at >= after


def is_stale(alarm: Alarm, now: datetime) -> bool:
    """Whether no reading has confirmed the open alarm for intervals.stale."""
    return alarm.state.is_open and now - alarm.last_seen_at >= intervals().stale.of(alarm.urgency)
