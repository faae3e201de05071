"""A person talks about tracking without a model: who answers, that every number stands on findings, and what needs a yes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.deterministic.alarms.raising import raised
from tests.graphs.conftest import Talk, assistant_of
from tests.people import access_of
from tests.tools.tracked import DAY, measured
from vitasense.agents import AGENTS
from vitasense.deterministic import alarms, goals, tracking
from vitasense.deterministic.alarms import State
from vitasense.deterministic.auth import monitor_access
from vitasense.deterministic.intake import drug_names, gene_names
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.evals.scripted_model import ScriptedModel, calls, says
from vitasense.graphs.reactions import REACTIONS
from vitasense.guardrails import verify

Talking = Callable[..., Talk]
MONTHS = "How has my blood pressure been this month compared with last?"
ASKED = {
    MONTHS: "health",
    "Was I unusually tired last week?": "health",
    "Why did you alert me?": "health",
    "What alarms are open?": "health",
    "What should I do next?": "health",
    "What happened yesterday?": "health",
    "How am I doing with my step goal?": "health",
    "What is my time in range?": "health",
    "What is my health score?": "health",
    "early warning score": "health",
    "What symptoms did I log?": "health",
    "Did I have headaches when my pressure was high?": "health",
    "Which devices do I have?": "devices",
    "Is my watch working?": "devices",
    "When did my cuff last send something?": "devices",
    "Why is my heart rate data bad?": "devices",
    "Which device counts for steps?": "devices",
}


@pytest.mark.parametrize("question", ASKED)
async def test_every_question_is_answered_by_its_specialist_from_supported_findings(
    database: Database, talk: Talking, maria: Principal, question: str
) -> None:
    done = await talk(maria).say(question)
    assert set(done.reply.agents) - {"safety"} == {ASKED[question]}  # the gate may advise beside an answer
    for finding in done.reply.findings:
        assert not finding.kind.endswith(".failed"), finding
        assert finding.evidence or finding.status is not Status.FOUND
        assert finding.reason or finding.status is not Status.NOT_EVALUATED
    checked = verify(done.reply.text, done.reply.findings, drugs=drug_names(), genes=gene_names())
    assert checked.supported, checked.unsupported


async def test_two_months_are_compared_from_the_record(database: Database, talk: Talking, patient: Principal) -> None:
    now = system_clock()
    this = now.replace(day=1, hour=8, minute=0)
    async with database.transaction(access_of(patient)) as tx:
        for back in range(1, 16):
            await measured(tx, patient, this - back * DAY, 120 + back % 2, 80)
        for ahead in range((now - this).days + 1):
            await measured(tx, patient, min(this + ahead * DAY, now), 140, 90)
    done = await talk(patient).say(MONTHS)
    enough = (now - this).days + 1 >= 5
    kinds = {finding.kind for finding in done.reply.findings}
    assert kinds == {"tracking.comparison"}
    assert ("higher" in done.reply.text) is enough
    assert ("it takes 5 days" in done.reply.text) is not enough


async def test_a_severe_pressure_with_a_headache_is_an_emergency_and_goes_no_further(
    database: Database, talk: Talking, patient: Principal
) -> None:
    done = await talk(patient).say("My blood pressure is 185/125 and I have a headache")
    assert done.reply.urgency is Urgency.EMERGENCY
    assert done.reply.agents == ("safety",)
    assert done.confirmation is None
    async with database.transaction(access_of(patient)) as tx:
        assert (await tx.execute(text("select count(*) from phi.resource"))).scalar_one() == 0


class TestWriting:
    """Proposed, confirmed, written once, read back; without a yes nothing changed."""

    async def test_a_goal(self, database: Database, talk: Talking, patient: Principal) -> None:
        conversation = talk(patient)
        asked = await conversation.say("Set a goal of 8,000 steps")
        assert asked.confirmation is not None
        assert await self._goals(database, patient) == []
        no = await conversation.answer(asked, approved=False)
        assert "did not write" in no.reply.text
        assert await self._goals(database, patient) == []
        again = await conversation.say("Set a goal of 8,000 steps")
        yes = await conversation.answer(again, approved=True)
        assert "at least 8000 steps per day" in yes.reply.text
        assert await self._goals(database, patient) == [8000]
        how = await conversation.say("How am I doing with my step goal?")
        assert how.reply.agents == ("health",)

    async def _goals(self, database: Database, patient: Principal) -> list[float]:
        async with database.transaction(access_of(patient)) as tx:
            return [each.target for each in await goals.goals(tx, patient.account_id)]

    async def test_a_symptom(self, database: Database, talk: Talking, patient: Principal) -> None:
        conversation = talk(patient)
        asked = await conversation.say("log knee pain, 4/10")
        assert asked.confirmation is not None
        assert asked.confirmation.tool == "log_symptom"
        yes = await conversation.answer(asked, approved=True)
        assert "Knee pain, 4 out of 10" in yes.reply.text
        listed = await conversation.say("What symptoms did I log?")
        assert "Knee pain" in listed.reply.text

    async def test_an_alarm_is_acknowledged(self, database: Database, talk: Talking, patient: Principal) -> None:
        async with database.transaction(monitor_access("test", patient.account_id)) as tx:
            alarm = (await raised(tx, patient, system_clock() - timedelta(hours=1))).alarm
        conversation = talk(patient)
        why = await conversation.say("Why did you alert me?")
        assert "sys 145 mmHg" in why.reply.text
        asked = await conversation.say("I've seen it")
        yes = await conversation.answer(asked, approved=True)
        assert "acknowledged" in yes.reply.text
        async with database.transaction(access_of(patient)) as tx:
            assert (await alarms.alarm(tx, patient.account_id, alarm.id)).state is State.ACKNOWLEDGED

    async def test_a_range_that_hides_an_emergency_is_refused_in_words(
        self, database: Database, talk: Talking, patient: Principal
    ) -> None:
        conversation = talk(patient)
        asked = await conversation.say("Set my oxygen saturation range to 80 to 100 %")
        done = await conversation.answer(asked, approved=True) if asked.confirmation else asked
        assert Status.NOT_EVALUATED in {finding.status for finding in done.reply.findings}
        async with database.transaction(access_of(patient)) as tx:
            assert await tracking.ranges(tx, patient.account_id) == []

    async def test_monitoring_and_quiet_hours(self, database: Database, talk: Talking, patient: Principal) -> None:
        conversation = talk(patient)
        off = await conversation.answer(await conversation.say("Turn off monitoring"), approved=True)
        assert "Monitoring is off" in off.reply.text
        on = await conversation.answer(await conversation.say("turn it on"), approved=True)
        assert "Monitoring is on" in on.reply.text
        quiet = await conversation.answer(await conversation.say("Quiet hours from 10 pm to 7 am"), approved=True)
        assert "22:00 to 07:00" in quiet.reply.text
        async with database.transaction(access_of(patient)) as tx:
            held = await tracking.person_settings(tx, patient.account_id)
        assert held.quiet_from is not None


async def test_with_a_model_the_same_tools_answer(
    database: Database, tmp_path: Path, model: ScriptedModel, maria: Principal
) -> None:
    model.script = lambda _: says("")
    done = await Talk(assistant_of(database, tmp_path, model), maria).say(MONTHS)
    assert {finding.tool for finding in done.reply.findings} == {"compare_periods"}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("set_goal", {"metric": "55423-8", "target": 20000, "unit": "{steps}"}),
        ("set_monitoring", {"allowed": False}),
        ("snooze_alarm", {"words": "until next week"}),
        ("log_symptom", {"name": "chest pain", "score": 9}),
    ],
)
async def test_a_model_writes_nothing_that_was_not_said(
    database: Database,
    tmp_path: Path,
    model: ScriptedModel,
    patient: Principal,
    tool: str,
    arguments: dict[str, object],
) -> None:
    model.script = lambda _: calls((tool, arguments))
    done = await Talk(assistant_of(database, tmp_path, model), patient).say("Set a goal of 8,000 steps")
    assert done.confirmation is not None
    assert (done.confirmation.tool, "8000" in done.confirmation.summary) == ("set_goal", True)


def test_specialists_say_what_they_react_to_as_the_table_has_it() -> None:
    table: dict[str, set[str]] = {spec.name: set() for spec in AGENTS}
    for kind, consumers in REACTIONS.items():
        for reaction in consumers.values():
            table[reaction.agent].add(kind)
    assert {spec.name: set(spec.reacts_to) for spec in AGENTS} == table
