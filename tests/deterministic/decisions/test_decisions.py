"""Decisions are made once, say why, and are seen only as far as their parts are shared."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from tests.deterministic.decisions.made import (
    NOW,
    decided,
    finding,
    granted,
    reading,
    stored,
    switch_off,
    told,
    watching,
)
from tests.people import access_of
from vitasense.deterministic.decisions import (
    Action,
    ActionKind,
    Details,
    Risk,
    decision,
    decisions,
    record,
    risks,
    update_risk,
    why,
)
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, NotFound


def risk(label: str = "raised", seconds: int = 0, words: str = "Your blood pressure is above your usual.") -> Risk:
    at = NOW + timedelta(seconds=seconds)
    return Risk(key="cardiovascular", label=label, text=words, evidence=(), at=at, category=Category.VITALS)


async def test_a_decision_is_made_once_for_each_event_agent_and_rule(
    database: Database, patient: Principal, admin_url: str
) -> None:
    first, access = decided(), watching(patient)
    again = replace(first, id=new_id(), outcome="something else")
    other = replace(first, id=new_id(), rule="trend")
    actions = [Action(ActionKind.RECOMMEND, None, Details(text="Rest, then measure again."))]
    async with database.transaction(access) as tx:
        made = [
            await record(tx, patient.account_id, each, actions, actor=access.principal, ids=new_id)
            for each in (first, again, other)
        ]
    assert made == [True, False, True]
    async with database.transaction(access_of(patient)) as tx:
        kept = await decisions(tx, patient.account_id)
        assert sorted(each.rule for each in kept) == ["blood_pressure", "trend"]
        assert len((await why(tx, patient.account_id, first.id)).actions) == 1
    events = told(admin_url, patient)
    assert [(kind, payload["decision_id"]) for kind, payload, _ in events] == [
        ("decision.made", str(first.id)),
        ("decision.made", str(other.id)),
    ]
    assert "elevated" not in str(events) and "145" not in str(events)


async def test_a_decision_reads_back_as_it_was_made_and_its_actions_keep_their_order(
    database: Database, patient: Principal
) -> None:
    made, access = decided(model="llama"), watching(patient)
    kinds = [ActionKind.ALERT, ActionKind.RECOMMEND, ActionKind.SCHEDULE_CHECK, ActionKind.UPDATE_RISK, ActionKind.ASK]
    async with database.transaction(access) as tx:
        actions = [Action(kind, str(new_id())) for kind in kinds]
        await record(tx, patient.account_id, made, actions, actor=access.principal, ids=new_id)
        found = await decision(tx, patient.account_id, made.id)
        assert replace(found, confidence=0.9) == made and found.confidence == pytest.approx(0.9)
        assert [each.kind for each in (await why(tx, patient.account_id, made.id)).actions] == kinds


async def test_a_provider_sees_only_the_parts_of_a_decision_that_are_shared(
    database: Database, patient: Principal, provider: Principal
) -> None:
    made = await stored(
        database,
        patient,
        inputs=(reading(), reading(category=Category.MEDICATIONS, ref="m")),
        findings=(finding(), finding("You take lisinopril.", Category.MEDICATIONS, Category.VITALS)),
    )
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await decisions(tx, patient.account_id) == []
        with pytest.raises(NotFound):
            await why(tx, patient.account_id, made.id)
    await granted(database, patient, provider, Category.VITALS)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        found = await decision(tx, patient.account_id, made.id)
    assert "lisinopril" not in str(found) and len(found.inputs) == 1 and found.withheld == 2
    async with database.transaction(access_of(patient)) as tx:
        assert (await decision(tx, patient.account_id, made.id)).withheld == 0


async def test_when_monitoring_is_off_the_service_neither_reads_nor_decides(
    database: Database, patient: Principal, admin_url: str
) -> None:
    await stored(database, patient)
    await switch_off(database, patient)
    before, access = told(admin_url, patient), watching(patient)
    async with database.transaction(access) as tx:
        assert await decisions(tx, patient.account_id) == []
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(access) as tx:
            await record(tx, patient.account_id, decided(), actor=access.principal, ids=new_id)
    assert told(admin_url, patient) == before


@pytest.mark.parametrize(
    "changes", [{"confidence": 1.5}, {"confidence": float("nan")}, {"at": NOW.replace(tzinfo=None)}]
)
async def test_a_decision_without_sound_confidence_or_zone_is_refused(
    database: Database, patient: Principal, changes: dict[str, object]
) -> None:
    access, made = watching(patient), decided(**changes)  # type: ignore[arg-type]
    async with database.transaction(access) as tx:
        with pytest.raises(InvalidInput):
            await record(tx, patient.account_id, made, actor=access.principal, ids=new_id)


async def test_a_risk_is_written_only_when_it_says_something_else(
    database: Database, patient: Principal, admin_url: str
) -> None:
    made, access = await stored(database, patient), watching(patient)
    told_risks = [risk(), risk(seconds=5), risk("high", 5), risk("low", 1), risk("higher", 5)]
    async with database.transaction(access) as tx:
        written = [
            await update_risk(tx, patient.account_id, each, made.id, actor=access.principal, ids=new_id)
            for each in told_risks
        ]
        stands = await risks(tx, patient.account_id)
    assert written == [True, False, True, False, True]  # the same, a newer, an older, and one at the same moment
    assert [each.label for each in stands] == ["higher"]
    assert [kind for kind, _, _ in told(admin_url, patient)] == ["decision.made", *["risk.changed"] * 3]


async def test_two_that_find_the_same_risk_at_once_write_it_once(database: Database, patient: Principal) -> None:
    made, access = await stored(database, patient), watching(patient)

    async def one(seconds: int) -> bool:
        async with database.transaction(access) as tx:
            found = risk(seconds=seconds)
            return await update_risk(tx, patient.account_id, found, made.id, actor=access.principal, ids=new_id)

    assert sum(await asyncio.gather(*(one(0) for _ in range(5)))) == 1


async def test_a_risk_of_an_unknown_decision_is_refused(database: Database, patient: Principal) -> None:
    access = watching(patient)
    async with database.transaction(access) as tx:
        with pytest.raises(NotFound):
            await update_risk(tx, patient.account_id, risk(), new_id(), actor=access.principal, ids=new_id)
        assert await risks(tx, patient.account_id) == []
