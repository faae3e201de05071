"""Goals by chat: set, how they go, answered; no number that was not said, nothing without a yes."""

from tests.people import access_of
from tests.tools.tracked import DAY, NOW, STEPS, a_device, done, proposed, sample, streamed, told
from vitasense.deterministic import goals
from vitasense.deterministic.auth import monitor_access
from vitasense.deterministic.goals import Goal, GoalState
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.guardrails import verify
from vitasense.tools import goals as tools
from vitasense.tools.context import Proposal

SET = "Set a goal of 8,000 steps"


async def _goals(database: Database, patient: Principal) -> list[Goal]:
    async with database.transaction(access_of(patient)) as tx:
        return await goals.goals(tx, patient.account_id)


async def _suggested(database: Database, patient: Principal) -> None:
    access = monitor_access("test", patient.account_id)
    async with database.transaction(access) as tx:
        await goals.suggest_goal(
            tx,
            patient.account_id,
            metric=STEPS,
            target=7500,
            reason="You walk about 7000 steps on most days.",
            actor=access.principal,
            now=NOW - DAY,
            ids=new_id,
        )


async def test_a_goal_is_set_after_the_yes_and_told_back(database: Database, patient: Principal) -> None:
    proposal = await proposed(tools.SET, database, patient, SET)
    assert isinstance(proposal, Proposal)
    assert "at least 8000 steps" in proposal.summary
    assert await _goals(database, patient) == []
    (kept,) = await done(tools.SET, database, patient, SET)
    assert "at least 8000 steps per day" in kept.text
    (goal,) = await _goals(database, patient)
    assert (goal.metric, goal.target, goal.per, goal.state) == (STEPS, 8000, "day", GoalState.ACTIVE)


async def test_a_goal_without_a_number_is_asked_for(database: Database, patient: Principal) -> None:
    (silent,) = await proposed(tools.SET, database, patient, "Set a goal for my steps")
    assert silent.status is Status.NOT_EVALUATED


async def test_a_weight_is_aimed_at_from_above_and_a_week_is_said(database: Database, patient: Principal) -> None:
    weight = await proposed(tools.SET, database, patient, "my goal is a weight of 75 kg")
    assert "at most 75 kg" in weight.summary
    week = await proposed(tools.SET, database, patient, "Set a goal of 50,000 steps per week")
    assert "per week" in week.summary


async def test_progress_counts_the_days_with_data_and_never_misses_those_without(
    database: Database, patient: Principal
) -> None:
    (none,) = await told(tools.PROGRESS, database, patient, "How am I doing with my step goal?")
    assert none.status is Status.NOT_FOUND
    await done(tools.SET, database, patient, SET, now=NOW - 6 * DAY)
    (silent,) = await told(tools.PROGRESS, database, patient, "How am I doing with my step goal?")
    assert silent.status is Status.NOT_EVALUATED
    async with database.transaction(access_of(patient)) as tx:
        watch = await a_device(tx, patient, "Watch", "watch")
    days = {4: 9000, 3: 7000, 2: 8200, 0: 2000}
    await streamed(
        database,
        patient,
        [sample(STEPS, NOW.replace(hour=9) - back * DAY, steps, watch, minutes=60) for back, steps in days.items()],
    )
    (found,) = await told(tools.PROGRESS, database, patient, "How am I doing with my step goal?")
    assert "reached it on 2 of 3 days with data" in found.text
    assert "2 days had too little data" in found.text
    assert "2000 steps, that is 25% of it" in found.text
    checked = verify(found.text, [found])
    assert checked.supported, checked.unsupported


async def test_a_suggestion_is_accepted_or_refused_and_a_goal_is_ended(database: Database, patient: Principal) -> None:
    (nothing,) = await proposed(tools.ACCEPT, database, patient, "Accept the goal")
    assert nothing.status is Status.NOT_EVALUATED
    await _suggested(database, patient)
    (taken,) = await done(tools.ACCEPT, database, patient, "Accept the goal")
    assert "active" in taken.text
    (ended,) = await done(tools.STOP, database, patient, "Stop my goal")
    assert "ended" in ended.text


async def test_a_suggestion_is_refused(database: Database, patient: Principal) -> None:
    await _suggested(database, patient)
    proposal = await proposed(tools.REFUSE, database, patient, "No, I don't want that goal")
    assert "7500 steps" in proposal.summary
    (refused,) = await done(tools.REFUSE, database, patient, "No, I don't want that goal")
    assert "refused" in refused.text
