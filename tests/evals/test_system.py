"""The system under test is the real service: people, turns and sharing in this process, and only what HTTP gives by URL."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from vitasense.api.app import create_app
from vitasense.deterministic.platform.access import Category, Role
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.evals.accounts import read_accounts
from vitasense.evals.system import Refused, System, open_system
from vitasense.evals.usage import metered


@pytest.fixture(scope="module")
async def system() -> AsyncIterator[System]:
    async with open_system() as opened:
        yield opened


async def test_nothing_is_started_before_it_is_needed() -> None:
    async with open_system() as opened:
        assert not opened.opened


async def test_a_newcomer_writes_after_a_yes_and_the_database_shows_it(system: System) -> None:
    patient = await system.newcomer(Role.PATIENT, "Ada")
    with metered() as usage:
        asked = await system.send(patient, "my weight is 82 kg")
        assert asked.confirmation is not None
        done = await system.confirm(patient, asked.thread_id, asked.confirmation.id, approved=True)
    assert "82 kg" in done.reply and done.planner == "embedded"
    assert len(usage.turns) == 2 and usage.calls == [] and usage.measured
    assert await system.rows("select value from phi.sample where patient_id = :id", id=patient.id) == [(82.0,)]


async def test_a_grant_opens_the_record_and_its_end_closes_it(system: System) -> None:
    patient, doctor = await system.newcomer(), await system.newcomer(Role.PROVIDER)
    with pytest.raises(Refused) as before:
        await system.send(doctor, "latest weight?", patient_id=patient.id)
    assert before.value.status == 403 and before.value.problem["title"] == "Not allowed"
    grant = await system.grant(patient, doctor, frozenset({Category.VITALS}))
    assert (await system.send(doctor, "latest weight?", patient_id=patient.id)).reply
    await system.revoke(patient, grant)
    with pytest.raises(Refused):
        await system.send(doctor, "latest weight?", patient_id=patient.id)


async def test_one_standing_account_for_all_who_ask(system: System) -> None:
    assert await system.account() == await system.account()
    assert await system.newcomer() != await system.newcomer()


async def test_by_url_it_asks_as_the_given_account_and_touches_nothing_else(system: System, tmp_path: Path) -> None:
    person = await system.newcomer(Role.PATIENT, "Ada")
    file = tmp_path / "accounts.yaml"
    file.write_text(f"patient: {{email: {person.email}, password: {person.password}}}")
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    app = create_app(await system.services(), web=tmp_path)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    async with open_system(url=f"http://127.0.0.1:{listener.getsockname()[1]}", accounts=file) as far:
        turn = await far.send(await far.account(), "What is eGFR?")
        assert "kidney" in turn.reply and not turn.usage.measured
        with pytest.raises(NotAllowed):
            await far.account(Role.PROVIDER)
        for refused in (far.newcomer(), far.rows("select 1"), far.settle(), far.services()):
            with pytest.raises(NotAllowed, match="without --url"):
                await refused
    server.should_exit = True
    await running


def test_a_file_of_accounts_that_cannot_be_used_is_named_without_its_words(tmp_path: Path) -> None:
    file = tmp_path / "accounts.yaml"
    file.write_text("patient: hunter2")
    with pytest.raises(InvalidInput) as error:
        read_accounts(file)
    assert "hunter2" not in error.value.detail and "email" in error.value.detail
