"""Any course of an alarm's life agrees with a model of what a person may rely on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.alarms.lifecycle import (
    TRANSITIONS,
    Move,
    is_overdue,
    is_stale,
    moved,
    reopened,
    reopens,
    seen_again,
)
from vitasense.deterministic.alarms.schemas import Alarm, State
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import Conflict, InvalidInput

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
urgencies = st.sampled_from(list(Urgency))


def an_alarm(urgency: Urgency = Urgency.ROUTINE, state: State = State.RAISED, at: datetime = NOW) -> Alarm:
    until = at + MINUTE if state is State.SNOOZED else None
    return Alarm(
        *(new_id(), Category.VITALS, "blood_pressure", "Blood pressure", "145/95", state, urgency),
        *(at, at, 1, at, new_id()),
        snoozed_until=until,
    )


# The model, written apart from the table: what each state takes.
TAKES = {
    State.RAISED: {Move.ACKNOWLEDGE, Move.SNOOZE, Move.ESCALATE, Move.CLEAR, Move.EXPIRE, Move.WAKE},
    State.ACKNOWLEDGED: {Move.ACKNOWLEDGE, Move.SNOOZE, Move.CLEAR, Move.EXPIRE},
    State.SNOOZED: {Move.ACKNOWLEDGE, Move.SNOOZE, Move.WAKE, Move.CLEAR, Move.EXPIRE},
    State.ESCALATED: {Move.ACKNOWLEDGE, Move.SNOOZE, Move.ESCALATE, Move.CLEAR, Move.EXPIRE},
    State.CLEARED: {Move.CLEAR},
    State.STALE: {Move.EXPIRE},
}
LEADS = {
    Move.ACKNOWLEDGE: State.ACKNOWLEDGED,
    Move.SNOOZE: State.SNOOZED,
    Move.WAKE: State.RAISED,
    Move.ESCALATE: State.ESCALATED,
    Move.CLEAR: State.CLEARED,
    Move.EXPIRE: State.STALE,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_each_state_takes_its_moves_and_no_other(state: State, move: Move) -> None:
    before = an_alarm(state=state)
    until = NOW + 2 * MINUTE if move is Move.SNOOZE else None
    if move not in TAKES[state]:
        with pytest.raises(Conflict):
            moved(before, move, NOW, until)
        return
    after = moved(before, move, NOW, until)
    assert after.state is LEADS[move]
    assert (after is before) == (move not in TRANSITIONS[state]) and after.version - before.version <= 1


class Life(RuleBasedStateMachine):
    """One key of one person: readings come, people answer, time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.alarm: Alarm | None = None
        self.worst = Urgency.SELF_CARE
        self.steps = 0
        self.told_at = NOW

    @rule(minutes=st.integers(1, 40_000))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(urgency=urgencies)
    def a_reading_comes(self, urgency: Urgency) -> None:
        known = self.alarm
        if known is None or (not known.state.is_open and not reopens(known, urgency, self.now)):
            self.alarm, self.worst, self.steps, self.told_at = an_alarm(urgency, at=self.now), urgency, 1, self.now
            return
        if not known.state.is_open:
            self.alarm, self.worst = reopened(known, urgency, self.now), urgency
            self.steps, self.told_at = self.steps + 1, self.now
            assert urgency.rank <= known.urgency.rank
            return
        self.alarm = seen_again(known, urgency, self.now)
        rises, quiet_for = urgency.rank > self.worst.rank, self.now - known.changed_at
        if self.alarm.version != known.version:
            asleep = known.state is State.SNOOZED and known.snoozed_until and self.now < known.snoozed_until
            assert rises or (not asleep and self.alarm.state.calls)
            assert rises or known.state is State.SNOOZED or quiet_for >= intervals().again.of(known.urgency)
            self.steps += 1
        else:
            assert not rises and self.alarm.state is known.state
        self.worst = max(self.worst, urgency, key=lambda each: each.rank)
        assert self.alarm.seen == known.seen + 1

    @precondition(lambda self: self.alarm is not None)  # type: ignore[attr-defined]
    @rule(move=st.sampled_from(list(Move)), minutes=st.integers(-5, 60_000))
    def somebody_moves_it(self, move: Move, minutes: int) -> None:
        assert self.alarm is not None
        known, until = self.alarm, self.now + minutes * MINUTE if move is Move.SNOOZE else None
        longest = intervals().snooze.of(known.urgency)
        allowed = move in TAKES[known.state]
        in_time = until is None or self.now < until <= self.now + longest
        if not allowed or not in_time:
            with pytest.raises((Conflict, InvalidInput)):
                moved(known, move, self.now, until)
            return
        self.alarm = moved(known, move, self.now, until)
        self.steps += self.alarm is not known
        assert self.alarm.state is LEADS[move]

    @invariant()
    def history_is_complete_and_urgency_never_fell(self) -> None:
        if self.alarm is not None:
            assert self.alarm.version == self.steps
            assert self.alarm.urgency is self.worst
            assert (self.alarm.snoozed_until is not None) == (self.alarm.state is State.SNOOZED)

    @invariant()
    def an_emergency_is_never_put_off_for_long(self) -> None:
        if self.alarm and self.alarm.urgency is Urgency.EMERGENCY and self.alarm.snoozed_until:
            assert self.alarm.snoozed_until - self.alarm.changed_at <= intervals().snooze.emergency


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


@given(urgencies, urgencies, st.integers(0, 100_000))
def test_a_storm_of_readings_calls_only_when_it_gets_worse_or_after_the_quiet_interval(
    first: Urgency, then: Urgency, minutes: int
) -> None:
    before, at = an_alarm(first), NOW + minutes * MINUTE
    after = seen_again(before, then, at)
    calls = then.rank > first.rank or minutes * MINUTE >= intervals().again.of(first)
    assert (after.version > before.version) == calls and after.urgency.rank == max(first.rank, then.rank)


def test_an_acknowledged_emergency_that_goes_on_calls_again() -> None:
    known = moved(an_alarm(Urgency.EMERGENCY), Move.ACKNOWLEDGE, NOW)
    assert seen_again(known, Urgency.EMERGENCY, NOW + MINUTE).state is State.ACKNOWLEDGED
    assert seen_again(known, Urgency.SELF_CARE, NOW + intervals().again.emergency).state is State.RAISED


def test_a_closed_alarm_opens_again_only_soon_and_not_for_worse() -> None:
    over = moved(an_alarm(), Move.CLEAR, NOW)
    soon, late = NOW + intervals().reopen.routine - MINUTE, NOW + intervals().reopen.routine
    assert reopens(over, Urgency.ROUTINE, soon) and reopened(over, Urgency.SELF_CARE, soon).state is State.RAISED
    for urgency, at in ((Urgency.URGENT, soon), (Urgency.ROUTINE, late)):
        assert not reopens(over, urgency, at)
        with pytest.raises(Conflict):
            reopened(over, urgency, at)
    with pytest.raises(Conflict):
        seen_again(over, Urgency.ROUTINE, soon)


def test_only_unanswered_urgent_alarms_are_overdue_and_any_open_one_grows_stale() -> None:
    long = NOW + timedelta(days=30)
    overdue = {each for each in Urgency if is_overdue(an_alarm(each), long)}
    assert overdue == {Urgency.URGENT, Urgency.EMERGENCY}
    assert not is_overdue(an_alarm(Urgency.EMERGENCY, State.ACKNOWLEDGED), long)
    assert not is_overdue(an_alarm(Urgency.EMERGENCY), NOW + intervals().escalate.emergency - MINUTE)
    assert {each for each in State if is_stale(an_alarm(state=each), long)} == {each for each in State if each.is_open}


@pytest.mark.parametrize("until", [None, NOW, NOW + timedelta(minutes=16), datetime(2026, 3, 2, 9, 5)])
def test_a_snooze_that_says_no_sound_time_is_refused(until: datetime | None) -> None:
    with pytest.raises(InvalidInput):
        moved(an_alarm(Urgency.EMERGENCY), Move.SNOOZE, NOW, until)
