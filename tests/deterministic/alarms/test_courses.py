"""Whatever happens to an alarm on the real database, its history and its events are whole, and one of a key is open."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.alarms.raising import By, raised
from tests.deterministic.decisions.made import NOW, told
from tests.people import access_of, new_principal
from vitasense.deterministic.alarms import alarms, history
from vitasense.deterministic.alarms.lifecycle import Move
from vitasense.deterministic.alarms.service import move
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import Conflict, InvalidInput

steps = st.tuples(st.one_of(st.sampled_from(Urgency), st.sampled_from(Move)), st.integers(1, 3000))


async def happen(tx: AsyncSession, patient: Principal, course: Sequence[tuple[Urgency | Move, int]]) -> None:
    """Readings come and the person answers what was raised last, each some minutes after the one before."""
    now, last = NOW, None
    for what, minutes in course:
        now += timedelta(minutes=minutes)
        if isinstance(what, Urgency):
            last = (await raised(tx, patient, now, what, by=By(patient, now))).alarm
        elif last is not None:
            until = now + timedelta(minutes=10) if what is Move.SNOOZE else None
            with contextlib.suppress(Conflict, InvalidInput):
                await move(tx, patient.account_id, last.id, what, actor=patient, now=now, ids=new_id, until=until)


@given(course=st.lists(steps, min_size=1, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_course_keeps_one_open_alarm_and_a_whole_history(
    database: Database, admin_url: str, course: list[tuple[Urgency | Move, int]]
) -> None:
    patient = new_principal(Role.PATIENT)
    async with database.transaction(access_of(patient)) as tx:
        await happen(tx, patient, course)
        kept = await alarms(tx, patient.account_id)
        histories = [await history(tx, patient.account_id, each.id) for each in kept]
    for each, changes in zip(kept, histories, strict=True):
        assert [change.version for change in changes] == list(range(1, each.version + 1))
        assert (changes[-1].state, changes[-1].at) == (each.state, each.changed_at)
    assert sum(each.state.is_open for each in kept) <= 1
    events = [payload for kind, payload, _ in told(admin_url, patient) if kind.startswith("alarm.")]
    assert sorted((str(each["alarm_id"]), each["version"], each["state"]) for each in events) == sorted(
        (str(change.alarm_id), change.version, change.state.value) for changes in histories for change in changes
    )
    assert sum(each.seen for each in kept) == sum(isinstance(what, Urgency) for what, _ in course)
