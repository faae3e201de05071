"""Alerts and tasks: which wait and why, what is acknowledged or put off, and what never happens without a yes."""

from datetime import timedelta

import pytest

from tests.deterministic.alarms.raising import asked, raised
from tests.deterministic.decisions.made import decided
from tests.people import access_of
from tests.tools.tracked import DAY, NOW, done, proposed, told
from vitasense.deterministic import alarms, decisions
from vitasense.deterministic.alarms import Alarm, State, TaskKind, TaskState
from vitasense.deterministic.auth import monitor_access
from vitasense.deterministic.decisions import Action, ActionKind, Details
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.guardrails import verify
from vitasense.tools import alarms as tools
from vitasense.tools import tasks
from vitasense.tools.context import Proposal

EARLIER = NOW - timedelta(hours=2)


async def _raised(database: Database, patient: Principal, **given: object) -> Alarm:
    async with database.transaction(monitor_access("test", patient.account_id)) as tx:
        return (await raised(tx, patient, EARLIER, **given)).alarm  # type: ignore[arg-type]


async def _of(database: Database, patient: Principal, alarm: Alarm) -> Alarm:
    async with database.transaction(access_of(patient)) as tx:
        return await alarms.alarm(tx, patient.account_id, alarm.id)


async def test_why_tells_the_reading_the_ground_the_rule_and_what_was_done(
    database: Database, patient: Principal
) -> None:
    monitor = monitor_access("test", patient.account_id)
    made = decided(EARLIER)
    act = Action(ActionKind.RECOMMEND, None, Details(text="Sit quietly for five minutes and measure again."))
    async with database.transaction(monitor) as tx:
        await decisions.record(tx, patient.account_id, made, (act,), actor=monitor.principal, ids=new_id)
        await alarms.raise_alarm(
            tx,
            patient.account_id,
            key="blood_pressure",
            title="Blood pressure elevated",
            text="145/95 is high.",
            urgency=Urgency.ROUTINE,
            category=made.category,
            decision_id=made.id,
            evidence=(),
            actor=monitor.principal,
            now=EARLIER,
            ids=new_id,
        )
    found = await told(tools.WHY, database, patient, "Why did you alert me?")
    text = "\n".join(each.text for each in found)
    assert "sys 145 mmHg and dia 95 mmHg" in text
    assert "145/95 is high." in text
    assert "rule blood_pressure (version 2026.11)" in text
    assert "0.9" in text
    assert "Sit quietly" in text
    checked = verify(text, found)
    assert checked.supported, checked.unsupported


async def test_why_of_another_measurement_says_that_nothing_was_raised_about_it(
    database: Database, patient: Principal
) -> None:
    await _raised(database, patient)
    (found,) = await told(tools.WHY, database, patient, "Why the alarm about my temperature?")
    assert found.status is Status.NOT_FOUND


@pytest.mark.parametrize("said", ["What alarms are open?", "open alerts"])
async def test_open_alerts_are_listed_and_none_says_what_that_means(
    database: Database, patient: Principal, said: str
) -> None:
    (none,) = await told(tools.LIST, database, patient, said)
    assert none.status is Status.NOT_FOUND
    assert "only that nothing was raised" in none.text
    await _raised(database, patient, urgency=Urgency.URGENT)
    (one,) = await told(tools.LIST, database, patient, said)
    assert one.urgency is Urgency.URGENT


async def test_an_alert_is_acknowledged_only_by_the_yes(database: Database, patient: Principal) -> None:
    alarm = await _raised(database, patient)
    proposal = await proposed(tools.ACKNOWLEDGE, database, patient, "I've seen it")
    assert isinstance(proposal, Proposal)
    assert (await _of(database, patient, alarm)).state is State.RAISED
    (found,) = await done(tools.ACKNOWLEDGE, database, patient, "Acknowledge it")
    assert "acknowledged" in found.text
    assert (await _of(database, patient, alarm)).state is State.ACKNOWLEDGED


async def test_of_several_open_alerts_none_is_guessed(database: Database, patient: Principal) -> None:
    await _raised(database, patient)
    await _raised(database, patient, key="heart_rate", title="Heart rate high")
    (silent,) = await proposed(tools.ACKNOWLEDGE, database, patient, "Acknowledge it")
    assert silent.status is Status.NOT_EVALUATED
    named = await proposed(tools.ACKNOWLEDGE, database, patient, "Acknowledge the alert about my heart rate")
    assert isinstance(named, Proposal)
    assert named.details["Alert"] == "Heart rate high"


async def test_an_alert_is_put_off_until_the_time_that_was_said(database: Database, patient: Principal) -> None:
    alarm = await _raised(database, patient)
    said = "Snooze the blood pressure alarm until tomorrow"
    proposal = await proposed(tools.SNOOZE, database, patient, said)
    assert proposal.details["Until"] == "20 November 2026 at 08:00"
    await done(tools.SNOOZE, database, patient, said)
    kept = await _of(database, patient, alarm)
    assert (kept.state, kept.snoozed_until) == (State.SNOOZED, NOW.replace(hour=8, minute=0) + DAY)


async def test_putting_off_needs_a_time_and_an_alert(database: Database, patient: Principal) -> None:
    (no_alert,) = await proposed(tools.SNOOZE, database, patient, "Snooze it for two hours")
    assert "no open alert" in no_alert.text
    (no_time,) = await proposed(tools.SNOOZE, database, patient, "Snooze the alarm")
    assert "until when" in no_time.text


class TestTasks:
    """What the person is asked to do, and answering it by chat."""

    async def test_tasks_come_with_their_time(self, database: Database, patient: Principal) -> None:
        (nothing,) = await told(tasks.TASKS, database, patient, "What should I do next?")
        assert nothing.status is Status.NOT_FOUND
        async with database.transaction(monitor_access("test", patient.account_id)) as tx:
            await asked(tx, patient, EARLIER)
        (one,) = await told(tasks.TASKS, database, patient, "What do I have to measure?")
        assert "Measure your blood pressure again." in one.text
        assert "it was due" in one.text

    async def test_a_question_is_answered_in_the_persons_words(self, database: Database, patient: Principal) -> None:
        async with database.transaction(monitor_access("test", patient.account_id)) as tx:
            await asked(
                tx,
                patient,
                EARLIER,
                kind=TaskKind.QUESTION,
                key="question.pills",
                text="Did you take your tablets today?",
                metric=None,
            )
        said = "My answer is: no, only in the morning"
        proposal = await proposed(tasks.ANSWER, database, patient, said)
        assert proposal.details["Answer"] == "no, only in the morning"
        (noted,) = await done(tasks.ANSWER, database, patient, said)
        assert "Did you take your tablets today?" in noted.text
        async with database.transaction(access_of(patient)) as tx:
            (task,) = await alarms.tasks(tx, patient.account_id, TaskState.DONE)
        assert task.answer == "no, only in the morning"

    async def test_without_a_question_an_answer_is_not_kept(self, database: Database, patient: Principal) -> None:
        (silent,) = await proposed(tasks.ANSWER, database, patient, "My answer is: yes")
        assert silent.status is Status.NOT_EVALUATED
