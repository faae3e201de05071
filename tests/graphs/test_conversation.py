"""What the demo's patient asks, without a model: the answer, its evidence, and every number in the record."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.graphs.conftest import Talk
from tests.people import access_of
from vitasense.deterministic.intake import drug_names, gene_names
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.graphs.turn import Done
from vitasense.guardrails import verify

Talking = Callable[..., Talk]
QUESTIONS = (
    "What was my last blood pressure and is it all right?",
    "Show my cholesterol over the last two years",
    "What am I allergic to?",
    "Which medicines do I take and since when?",
    "Summarise my record for my doctor",
    "What does my DNA say about clopidogrel?",
    "Which conditions do I have and when was my last flu shot?",
    "Are any of my lab results abnormal?",
    "What changed since March?",
    "Help me prepare for my next appointment",
    "Can I take ibuprofen with my lisinopril?",
    "What is eGFR?",
)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_statement_of_an_answer_has_evidence_and_is_supported(
    talk: Talking, maria: Principal, question: str
) -> None:
    done = await talk(maria).say(question)
    assert done.reply.findings, done.reply.text
    for finding in done.reply.findings:
        assert finding.evidence or finding.status is not Status.FOUND
        assert finding.reason or finding.status is not Status.NOT_EVALUATED
    checked = verify(done.reply.text, done.reply.findings, drugs=drug_names(), genes=gene_names())
    assert checked.supported, checked.unsupported


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_evidence_of_an_answer_is_in_the_database(
    database: Database, talk: Talking, maria: Principal, question: str
) -> None:
    done = await talk(maria).say(question)
    refs = {each.ref for finding in done.reply.findings for each in finding.evidence if each.kind == "record"}
    async with database.transaction(access_of(maria)) as tx:
        for ref in refs:
            kind, _, number = ref.partition("/")
            query = text("select version from phi.resource where type = :type and id = :id")
            assert (await tx.execute(query, {"type": kind, "id": UUID(number)})).first(), ref


async def test_numbers_of_the_last_blood_pressure_are_the_newest_in_the_record(
    database: Database, talk: Talking, maria: Principal
) -> None:
    done = await talk(maria).say(QUESTIONS[0])
    query = text("select value from phi.sample where metric = :code order by at desc limit 1")
    async with database.transaction(access_of(maria)) as tx:
        systolic, diastolic = [(await tx.execute(query, {"code": code})).scalar_one() for code in ("8480-6", "8462-4")]
    assert f"{systolic:.0f}/{diastolic:.0f} mmHg" in done.reply.text
    assert "high" in done.reply.text
    assert done.reply.agents == ("health",)


async def test_a_medicine_without_gene_result_is_not_evaluated_and_says_why(talk: Talking, maria: Principal) -> None:
    done = await talk(maria).say("What does my DNA say about clopidogrel?")
    assert [finding.status for finding in done.reply.findings] == [Status.NOT_EVALUATED]
    assert "CYP2C19" in done.reply.text


async def test_a_gene_result_in_the_record_is_told_with_its_meaning(talk: Talking, james: Principal) -> None:
    done = await talk(james).say("What does my DNA say about clopidogrel?")
    assert Status.FOUND in [finding.status for finding in done.reply.findings]
    assert "CYP2C19" in done.reply.text


async def test_several_wishes_are_answered_by_several_specialists(talk: Talking, maria: Principal) -> None:
    done = await talk(maria).say("What am I allergic to, and what is eGFR?")
    assert set(done.reply.agents) == {"health", "knowledge"}


async def test_the_record_of_somebody_else_is_refused_without_side_effect(
    database: Database, talk: Talking, maria: Principal, james: Principal
) -> None:
    done = await talk(maria).say("Show me the record of the other patient")
    assert [finding.status for finding in done.reply.findings] == [Status.NOT_EVALUATED]
    assert done.reply.agents == ()
    async with database.transaction(access_of(james)) as tx:
        entries = (await tx.execute(text("select body->>'actor' as actor from audit.entry"))).scalars().all()
    assert str(maria.account_id) not in entries


async def test_an_emergency_is_answered_at_once_and_recorded(
    database: Database, talk: Talking, patient: Principal
) -> None:
    done = await talk(patient).say("I have crushing chest pain and I am sweating")
    assert done.reply.urgency is Urgency.EMERGENCY
    assert done.reply.agents == ("safety",)
    assert done.reply.findings[0].evidence[0].source


async def test_a_question_beside_a_warning_sign_gets_both(talk: Talking, maria: Principal) -> None:
    done = await talk(maria).say("hello")
    assert done.reply.urgency is not Urgency.EMERGENCY
    assert done.confirmation is None


async def test_what_is_not_understood_is_asked_back(talk: Talking, patient: Principal) -> None:
    done = await talk(patient).say("xyzzy plugh")
    assert "not sure" in done.reply.text
    assert done.reply.findings == ()


async def test_an_empty_record_says_that_nothing_was_entered(talk: Talking, patient: Principal) -> None:
    done = await talk(patient).say("What am I allergic to?")
    assert [finding.status for finding in done.reply.findings] == [Status.NOT_FOUND]
    assert "does not mean" in done.reply.text


async def test_a_follow_up_takes_over_what_was_meant(talk: Talking, maria: Principal) -> None:
    conversation = talk(maria)
    first = await conversation.say("Show my cholesterol over the last two years")
    second = await conversation.say("and my HbA1c?", first.thread.id)
    assert "A1c" in second.reply.text


class TestWriting:
    """A meal is proposed, confirmed, written once and read back."""

    async def _meals(self, database: Database, person: Principal) -> int:
        async with database.transaction(access_of(person)) as tx:
            return (await tx.execute(text("select count(*) from phi.meal"))).scalar_one()

    async def _ask(self, talk: Talking, person: Principal) -> tuple[Talk, Done]:
        conversation = talk(person)
        return conversation, await conversation.say("I had two eggs and toast for breakfast")

    async def test_nothing_is_written_before_the_yes(
        self, database: Database, talk: Talking, patient: Principal
    ) -> None:
        _, done = await self._ask(talk, patient)
        assert done.confirmation is not None
        assert any("2 eggs" in each["value"] for each in done.confirmation.details)
        assert await self._meals(database, patient) == 0

    async def test_a_yes_writes_once_and_reads_back(
        self, database: Database, talk: Talking, patient: Principal
    ) -> None:
        conversation, asked = await self._ask(talk, patient)
        done = await conversation.answer(asked, approved=True)
        assert "food diary" in done.reply.text
        assert any(each.ref.startswith("Meal/") for finding in done.reply.findings for each in finding.evidence)
        assert await self._meals(database, patient) == 1

    async def test_a_no_writes_nothing(self, database: Database, talk: Talking, patient: Principal) -> None:
        conversation, asked = await self._ask(talk, patient)
        done = await conversation.answer(asked, approved=False)
        assert "did not write" in done.reply.text
        assert await self._meals(database, patient) == 0

    async def test_a_spoken_yes_counts(self, database: Database, talk: Talking, patient: Principal) -> None:
        conversation, asked = await self._ask(talk, patient)
        await conversation.say("yes please", asked.thread.id)
        assert await self._meals(database, patient) == 1

    async def test_another_message_lets_the_question_go(
        self, database: Database, talk: Talking, patient: Principal
    ) -> None:
        conversation, asked = await self._ask(talk, patient)
        await conversation.say("What am I allergic to?", asked.thread.id)
        with pytest.raises(Exception, match="no longer open"):
            await conversation.answer(asked, approved=True)
        assert await self._meals(database, patient) == 0

    async def test_a_measurement_is_written_with_its_values(
        self, database: Database, talk: Talking, patient: Principal
    ) -> None:
        conversation = talk(patient)
        asked = await conversation.say("log my blood pressure 131/84")
        done = await conversation.answer(asked, approved=True)
        assert "131/84 mmHg" in done.reply.text


async def test_a_known_illness_makes_a_complaint_urgent(talk: Callable[..., Talk], maria: Principal) -> None:
    done = await talk(maria).say("I keep vomiting and I am so drowsy")
    assert done.reply.urgency == "emergency"
