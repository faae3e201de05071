"""A provider's conversation shows what was granted, at the statement, and nothing after the revocation."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from tests.graphs.conftest import Talk, with_record
from tests.people import access_of
from vitasense.deterministic import consent
from vitasense.deterministic.consent import Terms
from vitasense.deterministic.platform.access import Category, Principal, own_purpose
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.platform.problems import Problem
from vitasense.graphs.turn import Ask, Found, Token

Talking = Callable[..., Talk]


@pytest.fixture
async def anna(database: Database) -> Principal:
    """A patient with Maria's record, of this test alone."""
    return await with_record(database, "maria-alvarez")


async def share(database: Database, patient: Principal, provider: Principal, *categories: Category) -> consent.Grant:
    """A grant of the patient."""
    async with database.transaction(access_of(patient)) as tx:
        return await consent.grant(tx, patient, Terms(provider.account_id, frozenset(categories)), new_id)


async def revoke(database: Database, patient: Principal, grant: consent.Grant) -> None:
    """The end of a grant."""
    async with database.transaction(access_of(patient)) as tx:
        await consent.revoke(tx, patient, grant.id, new_id)


async def test_a_provider_is_told_what_was_granted_and_what_was_not(
    database: Database, talk: Talking, anna: Principal, provider: Principal
) -> None:
    await share(database, anna, provider, Category.VITALS)
    conversation = talk(provider, anna.account_id)
    granted = await conversation.say("What was the last blood pressure?")
    assert "142/88 mmHg" in granted.reply.text
    assert "The patient's" in granted.reply.text
    refused = await conversation.say("Which medicines does the patient take?")
    assert [finding.status for finding in refused.reply.findings] == [Status.NOT_EVALUATED]
    assert "not shared" in refused.reply.text
    assert "Metformin" not in refused.reply.text


async def test_a_summary_names_what_is_not_shared(
    database: Database, talk: Talking, anna: Principal, provider: Principal
) -> None:
    await share(database, anna, provider, Category.CONDITIONS, Category.LABS)
    done = await talk(provider, anna.account_id).say("Summarise this record")
    assert "Type 2 diabetes" in done.reply.text
    assert "Penicillin" not in done.reply.text
    hidden = next(finding for finding in done.reply.findings if finding.kind == "summary.not_shared")
    assert all(name in hidden.text for name in ("allergies", "medications", "vitals"))


async def test_a_provider_without_grant_cannot_even_open_a_conversation(
    database: Database, talk: Talking, anna: Principal, provider: Principal
) -> None:
    with pytest.raises(Exception, match=r"row-level security"):
        await talk(provider, anna.account_id).say("Summarise this record")


async def test_revocation_in_the_middle_of_a_conversation_ends_it(
    database: Database, talk: Talking, anna: Principal, provider: Principal
) -> None:
    grant = await share(database, anna, provider, Category.VITALS)
    conversation = talk(provider, anna.account_id)
    first = await conversation.say("What was the last blood pressure?")
    await revoke(database, anna, grant)
    with pytest.raises(Problem):
        await conversation.say("And the one before?", first.thread.id)


async def test_revocation_during_a_turn_lets_no_word_of_it_out(
    database: Database, talk: Talking, anna: Principal, provider: Principal
) -> None:
    grant = await share(database, anna, provider, Category.VITALS)
    assistant = talk(provider).assistant
    ask = Ask(provider, own_purpose(provider), anna.account_id, message="What was the last blood pressure?")
    told: list[str] = []
    with pytest.raises(Exception, match="row-level security"):
        async for event in assistant.turn(ask):
            if isinstance(event, Found):
                await revoke(database, anna, grant)
            if isinstance(event, Token):
                told.append(event.text)
    assert told == []


async def test_what_a_provider_was_told_closes_with_the_category(
    database: Database, talk: Talking, anna: Principal, provider: Principal
) -> None:
    vitals = await share(database, anna, provider, Category.VITALS)
    await share(database, anna, provider, Category.LABS)
    conversation = talk(provider, anna.account_id)
    await conversation.say("What was the last blood pressure?")
    await revoke(database, anna, vitals)
    query = text("select content->>'text' from phi.message where author = 'assistant'")
    async with database.transaction(access_of(provider, anna.account_id)) as tx:
        assert (await tx.execute(query)).scalars().all() == []


async def test_the_patient_sees_who_looked_at_what(
    database: Database, talk: Talking, anna: Principal, provider: Principal
) -> None:
    await share(database, anna, provider, Category.VITALS)
    await talk(provider, anna.account_id).say("What was the last blood pressure?")
    async with database.transaction(access_of(anna)) as tx:
        entries = (await tx.execute(text("select body from audit.entry where body->>'verb' = 'read'"))).scalars().all()
    looked = [entry for entry in entries if entry["activity"] == "tool:latest_vital"]
    assert looked
    assert looked[0]["actor"] == str(provider.account_id)
    assert looked[0]["categories"] == ["vitals"]
