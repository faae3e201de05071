"""What longer stretches show is told once, shared as narrowly as its words, and goals follow from days."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.api.clocked import WATCH, Clocked, at_hour, heart_rate
from tests.people import access_of
from vitasense.deterministic import alarms, decisions, goals, records
from vitasense.deterministic.devices import Measured, SourceDevice
from vitasense.deterministic.goals import Goal, GoalState
from vitasense.deterministic.platform.access import Category, Role
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres

SCALE = SourceDevice("Scale", kind="scale", external_id="s")
RESTING, WEIGHT, STEPS = "40443-4", "29463-7", "55423-8"


@pytest.fixture
async def one(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Clocked:
    made = Clocked(database, admin_url, server, tmp_path, at_hour(12))
    await made.open()
    return made


def resting(one: Clocked, before: float, after: float, days: int = 90, lately: int = 10) -> Iterator[Measured]:
    chance = random.Random(4)
    for ago in range(days, 0, -1):
        level = after if ago <= lately else before
        yield Measured(WATCH, RESTING, one.moment - timedelta(days=ago), round(chance.gauss(level, 1.5)), "/min")


def weighed(one: Clocked, *kilograms: float) -> list[Measured]:
    """A weight each morning, the last of today."""
    count = len(kilograms)
    return [
        Measured(SCALE, WEIGHT, one.moment - timedelta(days=count - 1 - place, hours=4), each, "kg")
        for place, each in enumerate(kilograms)
    ]


async def goals_of(one: Clocked) -> list[Goal]:
    async with one.database.transaction(access_of(one.patient)) as tx:
        return await goals.goals(tx, one.patient.account_id)


async def test_a_level_that_changed_and_stayed_is_told_once_with_both_levels(one: Clocked) -> None:
    await one.take(list(resting(one, 58, 68)))
    await one.day_ends()
    (alarm,) = await one.alarms()
    assert alarm.key == f"change.{RESTING}" and "higher since" in alarm.text and alarm.urgency.value == "self_care"
    assert "68" in alarm.text and "58" in alarm.text
    told = len(await one.decisions())
    await one.later(days=1)
    await one.day_ends()
    assert len(await one.decisions()) == told


async def test_a_level_that_stayed_the_same_is_not_told(one: Clocked) -> None:
    await one.take(list(resting(one, 58, 58)))
    await one.day_ends()
    assert await one.alarms() == [] and await one.decisions() == []


async def test_hours_unlike_the_weeks_before_are_told_and_usual_ones_are_not(one: Clocked) -> None:
    chance = random.Random(7)
    hours = [one.moment - timedelta(hours=ago) for ago in range(40 * 24, 0, -1)]
    usual = [max(60, round(chance.gauss(64, 2))) for _ in hours]  # none below the guideline, whatever weekday it is
    await one.take([heart_rate(at, value) for at, value in zip(hours[:-12], usual, strict=False)])
    await one.day_ends()
    assert await one.alarms() == []
    await one.take([heart_rate(at, round(chance.gauss(92, 2))) for at in hours[-12:]])
    await one.day_ends()
    (alarm,) = [each for each in await one.alarms() if each.key == "unusual.8867-4"]
    assert "higher than in the weeks before" in alarm.text
    await one.day_ends()
    assert len([each for each in await one.decisions() if each.rule.endswith("anomalies.8867-4")]) == 1


async def test_a_gain_with_heart_failure_is_shared_as_the_illness_is(one: Clocked) -> None:
    illness = {
        "resourceType": "Condition",
        "id": "hf",
        "subject": {"reference": f"Patient/{one.patient.account_id}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": "Heart failure"},
    }
    async with one.database.transaction(access_of(one.patient)) as tx:
        await records.import_bundle(tx, one.patient.account_id, illness, now=one.moment)
    await one.take(weighed(one, 80, 80.1, 80, 80.1, 82.4))
    (alarm,) = await one.alarms()
    assert alarm.key.startswith("weight.") and alarm.category is Category.CONDITIONS
    provider = await one.person(Role.PROVIDER)
    await one.shares_with(provider)  # the vitals alone
    async with one.database.transaction(access_of(provider, one.patient.account_id)) as tx:
        assert await goals.goals(tx, one.patient.account_id) == []
        assert await alarms.alarms(tx, one.patient.account_id) == []
        assert await decisions.decisions(tx, one.patient.account_id) == []


async def test_the_same_gain_without_the_illness_is_not_judged(one: Clocked) -> None:
    await one.take(weighed(one, 80, 80.1, 80, 80.1, 82.4))
    assert await one.alarms() == []


async def test_days_of_few_steps_suggest_a_goal_which_a_refusal_ends(one: Clocked) -> None:
    rows = [
        Measured(
            WATCH,
            STEPS,
            one.moment - timedelta(days=ago, hours=3),
            4000.0 + 100 * ago,
            "{steps}",
            one.moment - timedelta(days=ago, hours=1),
        )
        for ago in range(12, 0, -1)
    ]
    await one.take(rows)
    await one.day_ends()
    (suggested,) = await goals_of(one)
    assert suggested.state is GoalState.SUGGESTED and suggested.metric == STEPS and suggested.reason
    await one.later(days=1)
    await one.day_ends()
    assert len(await goals_of(one)) == 1
    async with one.database.transaction(access_of(one.patient)) as tx:
        await goals.refuse(
            tx, one.patient.account_id, suggested.id, actor=one.patient, now=one.moment, ids=one.services.new_id
        )
    await one.later(days=1)
    await one.day_ends()
    assert [each.state for each in await goals_of(one)] == [GoalState.REFUSED]


async def test_with_monitoring_off_the_end_of_a_day_changes_nothing(one: Clocked) -> None:
    await one.allows(False)
    await one.take(list(resting(one, 58, 68)))
    await one.day_ends()
    assert await one.alarms() == [] and await one.decisions() == []
