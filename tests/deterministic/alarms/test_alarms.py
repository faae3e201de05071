"""Alarms on the real database: one for each key, every step kept and told, and only for who may."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.alarms.raising import MINUTE, By, raised, service
from tests.deterministic.decisions.made import NOW, granted, stored, switch_off, told, watching
from tests.people import access_of
from vitasense.deterministic.alarms import (
    State,
    acknowledge,
    alarm,
    alarms,
    attend,
    clear,
    escalate,
    history,
    mark_stale,
    raise_alarm,
    snooze,
    wake,
)
from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.decisions import Decision
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound


async def test_the_same_kind_again_joins_and_is_told_only_when_it_gets_worse(
    database: Database, patient: Principal, admin_url: str
) -> None:
    async with database.transaction(watching(patient)) as tx:
        first = await raised(tx, patient)
        storm = [await raised(tx, patient, NOW + number * MINUTE) for number in range(1, 6)]
        worse = await raised(tx, patient, NOW + 6 * MINUTE, Urgency.URGENT)
        better = await raised(tx, patient, NOW + 7 * MINUTE)
        steps = await history(tx, patient.account_id, first.alarm.id)
        (kept,) = await alarms(tx, patient.account_id)
    assert (first.is_new, first.tells, worse.is_new, worse.tells) == (True, True, False, True)
    assert not any(each.is_new or each.tells for each in (*storm, better))
    assert (kept.seen, kept.urgency, kept.version) == (8, Urgency.URGENT, 2) and kept == better.alarm
    assert [(step.version, step.state, step.note) for step in steps] == [
        (1, State.RAISED, "Blood pressure routine"),
        (2, State.RAISED, "Blood pressure urgent"),
    ]
    events = [(kind, payload) for kind, payload, _ in told(admin_url, patient) if kind.startswith("alarm")]
    ids = {"alarm_id": str(first.alarm.id), "state": "raised"}
    assert events == [("alarm.raised", ids | {"version": 1}), ("alarm.changed", ids | {"version": 2})]


async def test_two_that_raise_one_key_at_once_make_one_alarm(database: Database, patient: Principal) -> None:
    async def one(number: int) -> bool:
        async with database.transaction(watching(patient)) as tx:
            return (await raised(tx, patient, NOW + number * MINUTE)).is_new

    news = await asyncio.gather(*(one(number) for number in range(6)))
    async with database.transaction(access_of(patient)) as tx:
        (kept,) = await alarms(tx, patient.account_id)
    assert sorted(news) == [False] * 5 + [True] and kept.seen == 6


async def test_the_same_decision_raises_once(database: Database, patient: Principal) -> None:
    made = await stored(database, patient)
    async with database.transaction(watching(patient)) as tx:
        twice = [await raised(tx, patient, decision_id=made.id) for _ in range(2)]
    assert [each.is_new for each in twice] == [True, False] and twice[1].alarm.seen == 1


async def test_a_value_around_its_limit_opens_the_same_alarm_again(database: Database, patient: Principal) -> None:
    by = service(patient)
    async with database.transaction(watching(patient)) as tx:
        first = (await raised(tx, patient)).alarm
        await clear(tx, patient.account_id, first.id, by.actor, NOW + MINUTE, "back to usual", ids=new_id)
        soon = await raised(tx, patient, NOW + 5 * MINUTE)
        await clear(tx, patient.account_id, first.id, by.actor, NOW + 6 * MINUTE, "back to usual", ids=new_id)
        worse = await raised(tx, patient, NOW + 7 * MINUTE, Urgency.URGENT)
        await clear(tx, patient.account_id, worse.alarm.id, by.actor, NOW + 8 * MINUTE, "back to usual", ids=new_id)
        late = await raised(tx, patient, NOW + 8 * MINUTE + intervals().reopen.urgent, Urgency.URGENT)
        steps = [step.state for step in await history(tx, patient.account_id, first.id)]
    assert (soon.alarm.id, soon.is_new, soon.tells) == (first.id, False, False)
    assert worse.is_new and worse.alarm.id != first.id and late.is_new and late.alarm.id != worse.alarm.id
    assert steps == [State.RAISED, State.CLEARED, State.RAISED, State.CLEARED]


async def test_an_emergency_that_opens_again_is_told(database: Database, patient: Principal) -> None:
    by = service(patient)
    async with database.transaction(watching(patient)) as tx:
        first = (await raised(tx, patient, NOW, Urgency.EMERGENCY)).alarm
        await clear(tx, patient.account_id, first.id, by.actor, NOW + MINUTE, "back to usual", ids=new_id)
        again = await raised(tx, patient, NOW + 2 * MINUTE, Urgency.EMERGENCY)
    assert (again.alarm.id, again.is_new, again.tells) == (first.id, False, True)


async def test_a_person_answers_and_each_step_says_who_and_why(
    database: Database, patient: Principal, admin_url: str
) -> None:
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient)).alarm
    person, until = By(patient), NOW + 60 * MINUTE
    async with database.transaction(access_of(patient)) as tx:
        put_off = await snooze(tx, patient.account_id, known.id, until, patient, NOW, ids=new_id, version=1)
        again = await snooze(tx, patient.account_id, known.id, until, patient, NOW, ids=new_id)
        seen = await acknowledge(tx, patient.account_id, known.id, patient, NOW, "I took a rest", ids=new_id)
        with pytest.raises(Conflict):
            await acknowledge(tx, patient.account_id, known.id, patient, NOW, ids=new_id, version=1)
        with pytest.raises(Conflict):
            await wake(tx, patient.account_id, known.id, patient, NOW, ids=new_id)
        with pytest.raises(InvalidInput):
            await snooze(tx, patient.account_id, known.id, NOW + timedelta(days=8), patient, NOW, ids=new_id)
        over = await clear(tx, patient.account_id, known.id, patient, NOW, "a cuff that was too small", ids=new_id)
        steps = await history(tx, patient.account_id, known.id)
    assert put_off.snoozed_until == until and again == put_off and seen.snoozed_until is None
    assert over.version == len(steps) == 4 and person.actor.account_id == steps[1].actor_id
    assert [(step.actor_role, step.note) for step in steps[1:]] == [
        ("patient", None),
        ("patient", "I took a rest"),
        ("patient", "a cuff that was too small"),
    ]
    events = told(admin_url, patient)
    assert [kind for kind, _, _ in events].count("alarm.changed") == 3 and len({chain for _, _, chain in events}) == 1
    assert "cuff" not in str(events)


async def test_the_service_cannot_answer_for_the_person(database: Database, patient: Principal) -> None:
    by = service(patient)
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient)).alarm
        with pytest.raises(NotAllowed):
            await acknowledge(tx, patient.account_id, known.id, by.actor, NOW, ids=new_id)
        assert await alarm(tx, patient.account_id, known.id) == known


async def test_timers_escalate_wake_and_age_an_alarm_as_it_then_stands(database: Database, patient: Principal) -> None:
    times, by = intervals(), service(patient)
    late, wakes = NOW + times.escalate.urgent, NOW + 200 * MINUTE
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient, NOW, Urgency.URGENT)).alarm
        early = await attend(tx, patient.account_id, "escalation", known.id, **service(patient, late - MINUTE).all)
        urged = await attend(tx, patient.account_id, "escalation", known.id, **service(patient, late).all)
        twice = await attend(tx, patient.account_id, "escalation", known.id, **service(patient, late).all)
        await database.switch(tx, access_of(patient))
        await snooze(tx, patient.account_id, known.id, wakes, patient, late, ids=new_id)
        await database.switch(tx, watching(patient))
        asleep = await attend(tx, patient.account_id, "snooze", known.id, **service(patient, late).all)
        awake = await attend(tx, patient.account_id, "snooze", known.id, **service(patient, wakes).all)
        ages = NOW + times.stale.urgent
        await raised(tx, patient, wakes, Urgency.URGENT)
        young = await attend(tx, patient.account_id, "staleness", known.id, **service(patient, ages).all)
        ages = wakes + times.stale.urgent
        old = await attend(tx, patient.account_id, "staleness", known.id, **service(patient, ages).all)
        gone = await attend(tx, patient.account_id, "staleness", known.id, **service(patient, ages).all)
        with pytest.raises(Conflict):
            await escalate(tx, patient.account_id, known.id, by.actor, ages, ids=new_id)
        same = await mark_stale(tx, patient.account_id, known.id, by.actor, ages, ids=new_id)
    states = [each and each.state for each in (early, urged, twice, asleep, awake, young, old, gone)]
    assert states == [None, State.ESCALATED, None, None, State.RAISED, None, State.STALE, None]
    assert same == old


async def test_a_provider_sees_alarms_of_shared_parts_only_and_changes_none_without_leave(
    database: Database, patient: Principal, provider: Principal
) -> None:
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient)).alarm
        hidden = await raised(tx, patient, key="glucose", category=Category.LABS)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await alarms(tx, patient.account_id) == []
        with pytest.raises(NotFound):
            await acknowledge(tx, patient.account_id, known.id, provider, NOW, ids=new_id)
    await granted(database, patient, provider, Category.VITALS)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert [each.id for each in await alarms(tx, patient.account_id)] == [known.id]
        assert await history(tx, patient.account_id, hidden.alarm.id) == []
        with pytest.raises(NotFound):
            await acknowledge(tx, patient.account_id, known.id, provider, NOW, ids=new_id)
    async with database.transaction(access_of(patient)) as tx:
        assert await alarm(tx, patient.account_id, known.id) == known


async def test_when_monitoring_is_off_the_service_neither_reads_nor_raises(
    database: Database, patient: Principal, admin_url: str
) -> None:
    made = await stored(database, patient)
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient)).alarm
    await switch_off(database, patient)
    before, by = told(admin_url, patient), service(patient)
    async with database.transaction(watching(patient)) as tx:
        assert await alarms(tx, patient.account_id) == []
        assert await attend(tx, patient.account_id, "staleness", known.id, **by.all) is None
        with pytest.raises(NotFound):
            await clear(tx, patient.account_id, known.id, by.actor, NOW, "x", ids=new_id)
        with pytest.raises(NotFound):
            await raised_of(tx, patient, made)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(watching(patient)) as tx:
            await raised(tx, patient, key="other")
    assert told(admin_url, patient) == before


async def raised_of(tx: AsyncSession, patient: Principal, made: Decision) -> None:
    await raise_alarm(
        tx,
        patient.account_id,
        key="other",
        title="Other",
        text="",
        urgency=made.urgency,
        category=made.category,
        decision_id=made.id,
        evidence=(),
        **service(patient).all,
    )


async def test_an_alarm_without_key_title_or_decision_is_refused(database: Database, patient: Principal) -> None:
    async with database.transaction(watching(patient)) as tx:
        with pytest.raises(InvalidInput):
            await raised(tx, patient, key="")
        with pytest.raises(InvalidInput):
            await raised(tx, patient, title="  ")
        with pytest.raises(NotFound):
            await raised(tx, patient, decision_id=new_id())
        with pytest.raises(InvalidInput):
            await alarms(tx, patient.account_id, limit=0)
        assert await alarms(tx, patient.account_id) == []
