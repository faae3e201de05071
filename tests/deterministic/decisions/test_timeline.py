"""The timeline tells in order and in plain words what happened, and no more than its reader may see."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.decisions.made import NOW, decided, finding, granted, reading, watching
from tests.people import access_of
from vitasense.deterministic.alarms import TaskKind, acknowledge, ask, clear, finish, raise_alarm
from vitasense.deterministic.decisions import (
    Action,
    ActionKind,
    Decision,
    Details,
    Risk,
    TimelineEntry,
    record,
    timeline,
    update_risk,
    why,
)
from vitasense.deterministic.decisions.timeline import _place  # pyright: ignore[reportPrivateUsage]
from vitasense.deterministic.goals import goals, suggest_goal
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import InvalidInput

DAY = timedelta(days=1)


async def react(tx: AsyncSession, patient: Principal) -> Decision:
    """A reading of 145/95 is decided, and everything is done about it."""
    actor, whose = watching(patient).principal, patient.account_id
    made = decided(
        inputs=(reading(), reading(category=Category.MEDICATIONS, ref="hidden")),
        findings=(finding(), finding("You take lisinopril.", Category.MEDICATIONS)),
    )
    by = {"actor": actor, "now": NOW, "ids": new_id}
    about = {"category": Category.VITALS, "decision_id": made.id}
    actions = [
        Action(ActionKind.ALERT),
        Action(ActionKind.RECOMMEND, None, Details(text="Rest for five minutes, then measure again.")),
        Action(ActionKind.SCHEDULE_CHECK),
    ]
    await record(tx, whose, made, actions, actor=actor, ids=new_id)
    words = {"key": "bp", "title": "Blood pressure elevated", "text": "145/95"}
    await raise_alarm(tx, whose, **words, urgency=Urgency.ROUTINE, evidence=(), **about, **by)  # type: ignore[arg-type]
    task = {"kind": TaskKind.MEASURE_AGAIN, "key": "bp", "text": "Measure again", "metric": "8480-6"}
    await ask(tx, whose, **task, due_at=NOW + DAY, **about, **by)  # type: ignore[arg-type]
    risk = Risk(key="bp", label="raised", text="Above your usual.", evidence=(), at=NOW, category=Category.VITALS)
    await update_risk(tx, whose, risk, made.id, actor=actor, ids=new_id)
    return made


async def told(tx: AsyncSession, patient: Principal, limit: int = 50, cursor: str | None = None) -> list[TimelineEntry]:
    return await timeline(tx, patient.account_id, NOW - DAY, NOW + DAY, limit, cursor, newest_first=False)


async def test_reading_decision_alert_recommendation_check_and_risk_stand_in_order(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(watching(patient)) as tx:
        made = await react(tx, patient)
    async with database.transaction(access_of(patient)) as tx:
        entries = await told(tx, patient)
        assert await timeline(tx, patient.account_id, NOW - DAY, NOW + DAY) == entries[::-1]
    assert [(each.kind, each.title, each.text) for each in entries[1:]] == [
        ("reading", "Blood pressure", "145 mmHg / 95 mmHg"),
        ("decision", "blood pressure elevated", "145/95 is high. You take lisinopril."),
        ("alarm", "Alert: Blood pressure elevated", ""),
        ("action", "Recommendation: Rest for five minutes, then measure again.", ""),
        ("task", "Asked of you: Measure again", ""),
        ("risk", "Risk profile: raised", "Above your usual."),
    ]
    assert {each.correlation_id for each in entries} == {made.correlation_id}
    assert [each.at for each in entries] == sorted(each.at for each in entries)


async def test_answers_and_what_they_end_stand_later(database: Database, patient: Principal) -> None:
    async with database.transaction(watching(patient)) as tx:
        await react(tx, patient)
    later = NOW + timedelta(hours=1)
    async with database.transaction(access_of(patient)) as tx:
        refs = {
            each.kind: new_id().__class__(each.ref.split("/")[1])
            for each in await told(tx, patient)
            if each.kind in ("alarm", "task")
        }
        await acknowledge(tx, patient.account_id, refs["alarm"], patient, later, ids=new_id)
        await finish(tx, patient.account_id, refs["task"], actor=patient, now=later, ids=new_id)
        await clear(tx, patient.account_id, refs["alarm"], patient, later, "Usual again", ids=new_id)
        last = (await told(tx, patient))[-3:]
        explained = await why(tx, patient.account_id, refs["alarm"])
    assert [each.title for each in last] == [
        "Alert acknowledged: Blood pressure elevated",
        "Alert over: Blood pressure elevated",
        "Done: Measure again",
    ]
    assert last[1].text == "Usual again"
    assert explained.alarm_id == refs["alarm"] and len(explained.actions) == 3


async def test_pages_join_without_gap_or_repeat(database: Database, patient: Principal) -> None:
    async with database.transaction(watching(patient)) as tx:
        for _ in range(3):
            await react_quietly(tx, patient)
        whole, pages = await told(tx, patient), list[TimelineEntry]()
        while page := await told(tx, patient, 2, pages[-1].cursor if pages else None):
            pages += page
    assert pages == whole and len({each.cursor for each in whole}) == len(whole) == 9


async def react_quietly(tx: AsyncSession, patient: Principal) -> None:
    made = decided(inputs=(reading(ref=str(new_id())),))
    done = [Action(ActionKind.RECOMMEND, None, Details(text="Rest."))]
    await record(tx, patient.account_id, made, done, actor=watching(patient).principal, ids=new_id)


async def test_the_same_reading_behind_two_decisions_stands_once(database: Database, patient: Principal) -> None:
    async with database.transaction(watching(patient)) as tx:
        for rule in ("blood_pressure", "trend"):
            made = decided(rule=rule)
            await record(tx, patient.account_id, made, actor=watching(patient).principal, ids=new_id)
        assert [each.kind for each in await told(tx, patient)] == ["reading", "decision", "decision"]


async def test_a_provider_sees_the_shared_parts_and_nothing_without_a_grant(
    database: Database, patient: Principal, provider: Principal
) -> None:
    async with database.transaction(watching(patient)) as tx:
        await react(tx, patient)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await told(tx, patient) == []
    await granted(database, patient, provider, Category.VITALS)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        entries = await told(tx, patient)
    assert [each.kind for each in entries] == ["reading", "decision", "alarm", "action", "task", "risk"]
    assert "lisinopril" not in str(entries)


async def test_goals_stand_with_their_numbers(database: Database, patient: Principal) -> None:
    async with database.transaction(watching(patient)) as tx:
        by = {"actor": watching(patient).principal, "now": NOW, "ids": new_id}
        await suggest_goal(tx, patient.account_id, metric="55423-8", target=7000, reason="You walked 6,000.", **by)  # type: ignore[arg-type]
        (entry,) = await told(tx, patient)
        assert len(await goals(tx, patient.account_id)) == 1
    assert entry.kind == "goal" and entry.title == "Goal suggested: You walked 6,000."
    assert entry.text == "at least 7000 steps a day"


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "WyJhIiwxLDJd", "\u00e9"])
async def test_a_cursor_of_elsewhere_and_a_page_without_end_are_refused(
    database: Database, patient: Principal, cursor: str
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        for limit, word in ((10, cursor), (0, None), (10**6, None)):
            with pytest.raises(InvalidInput):
                await told(tx, patient, limit, word)
        with pytest.raises(InvalidInput):
            await timeline(tx, patient.account_id, NOW.replace(tzinfo=None), NOW)


@given(st.text())
def test_no_word_is_a_cursor_by_accident(word: str) -> None:
    with pytest.raises(InvalidInput):
        _place(word)
