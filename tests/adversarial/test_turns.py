"""Attacks on a turn: what was shared once, what waits for an answer, what cannot be kept, a context that runs out."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.graphs.conftest import Talk, assistant_of, with_record
from tests.people import access_of
from vitasense.deterministic import consent
from vitasense.deterministic.consent import Terms
from vitasense.deterministic.platform.access import Access, Action, Category, Principal, own_purpose
from vitasense.deterministic.platform.clock import Clock, new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Finding, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.graphs.opening import open_assistant
from vitasense.graphs.turn import Answer, Ask, Done, Found
from vitasense.guardrails import KnownIdentifier, Redactor

Talking = Callable[..., Talk]
READ_AND_WRITE = frozenset({Action.READ, Action.WRITE})


async def test_a_finding_from_before_the_question_is_not_told_after_its_revocation(
    database: Database, talk: Talking, provider: Principal
) -> None:
    anna = await with_record(database, "maria-alvarez")
    own, shared = frozenset({Category.VITALS, Category.LABS}), frozenset({Category.MEDICATIONS})
    async with database.transaction(access_of(anna)) as tx:
        await consent.grant(tx, anna, Terms(provider.account_id, own, READ_AND_WRITE), new_id)
        medicines = await consent.grant(tx, anna, Terms(provider.account_id, shared), new_id)
    conversation = talk(provider, anna.account_id)
    done = await conversation.say("Write down blood pressure 130/85. Does ibuprofen interact with the medicines?")
    assert done.confirmation
    async with database.transaction(access_of(anna)) as tx:
        await consent.revoke(tx, anna, medicines.id, new_id)
    answer = Answer(done.confirmation.id, True)
    ask = Ask(provider, own_purpose(provider), anna.account_id, thread_id=done.thread.id, answer=answer)
    told: list[Finding] = []
    with pytest.raises(Exception, match="row-level security"):
        async for event in conversation.assistant.turn(ask):
            told += [event.finding] if isinstance(event, Found) else []
    assert told == []


@pytest.mark.parametrize("words", ["my blood pressure is 210/130", "my blood sugar is 400 mg/dL"])
async def test_urgent_advice_does_not_wait_for_the_confirmation(talk: Talking, maria: Principal, words: str) -> None:
    done = await talk(maria).say(words)
    assert done.confirmation
    assert done.reply.urgency is Urgency.URGENT
    assert done.reply.text.index("doctor today") < done.reply.text.index(done.confirmation.summary)
    assert [finding.agent for finding in done.reply.findings] == ["safety"]


async def test_a_late_yes_writes_the_time_that_was_shown(database: Database, tmp_path: Path) -> None:
    lena = await with_record(database, "lena-fischer")
    asked = await Talk(assistant_of(database, tmp_path), lena).say("I ate two eggs")
    later: Clock = lambda: system_clock() + timedelta(days=2)  # noqa: E731
    await Talk(_at(database, tmp_path, later), lena).answer(asked, True)
    async with database.transaction(access_of(lena)) as tx:
        eaten_at = (await tx.execute(text("select eaten_at from phi.meal"))).scalar_one()
    assert asked.confirmation
    assert f"{eaten_at:%d %B %Y, %H:%M}" in str(asked.confirmation.details)


async def test_two_services_that_hear_the_same_yes_write_once(database: Database, tmp_path: Path) -> None:
    lena = await with_record(database, "lena-fischer")
    one, other = assistant_of(database, tmp_path), assistant_of(database, tmp_path)
    done = await Talk(one, lena).say("I ate two eggs")
    assert done.confirmation
    answer = Answer(done.confirmation.id, True)
    ask = Ask(lena, own_purpose(lena), lena.account_id, thread_id=done.thread.id, answer=answer)
    replies = await asyncio.gather(one.reply(ask), other.reply(ask), one.reply(ask), return_exceptions=True)
    assert any(isinstance(reply, Done) and "It is in your food diary now." in reply.reply.text for reply in replies)
    async with database.transaction(access_of(lena)) as tx:
        counted = text("select (select count(*) from phi.meal), (select count(*) from phi.confirmed_write)")
        assert tuple((await tx.execute(counted)).one()) == (1, 1)


@pytest.mark.parametrize("words", ["What am I allergic to?\x00", "\ud800 What am I allergic to?"])
async def test_what_cannot_be_kept_is_refused(talk: Talking, maria: Principal, words: str) -> None:
    with pytest.raises(InvalidInput):
        await talk(maria).say(words)


async def test_a_context_that_ran_out_is_not_told_as_an_empty_record(
    database: Database, talk: Talking, maria: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Database.transaction

    @asynccontextmanager
    async def stalled(self: Database, access: Access) -> AsyncGenerator[AsyncSession]:
        async with begin(self, access) as tx:
            if access.activity == "tool:allergies":
                await tx.execute(text("select set_config('app.context', '', true)"))  # as after its last second
            yield tx

    monkeypatch.setattr(Database, "transaction", stalled)
    done = await talk(maria).say("What am I allergic to?")
    assert "No allergy" not in done.reply.text
    assert done.reply.findings[0].reason == "the access ran out"


@pytest.mark.parametrize("birth_date", ["1980", "1980-05"])
def test_a_partial_birth_date_does_not_stop_the_redaction(birth_date: str) -> None:
    redactor = Redactor([KnownIdentifier("birth_date", birth_date), KnownIdentifier("person", "Maria Alvarez")])
    assert "Alvarez" not in redactor.redact("Maria Alvarez, born 1980-05-03")


def _at(database: Database, home: Path, clock: Clock):
    from tests.graphs.conftest import SECRET
    from vitasense.deterministic.platform.settings import Settings
    from vitasense.deterministic.platform.telemetry import Metrics

    settings = Settings(home=home, secret=SECRET)  # pyright: ignore[reportArgumentType] pydantic reads a str
    return open_assistant(settings, database, Metrics(), clock, new_id)
