"""A person tells of medicines in a conversation: each is asked about, written once, read back, and changes what is answered."""

from collections.abc import Callable

import pytest

from tests.graphs.conftest import Talk
from tests.people import access_of, new_principal
from vitasense.deterministic import medications
from vitasense.deterministic.medications import Dose, RegimenEntry
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.graphs.turn import Done

Talking = Callable[..., Talk]


@pytest.fixture
def person() -> Principal:
    return new_principal(Role.PATIENT)


async def held(database: Database, person: Principal) -> list[RegimenEntry]:
    async with database.transaction(access_of(person)) as tx:
        return await medications.regimen(tx, person.account_id, system_clock())


async def told(talk: Talk, words: str) -> Done:
    asked = await talk.say(words)
    assert asked.confirmation is not None, asked.reply.text
    return await talk.answer(asked, approved=True)


async def test_a_medicine_that_was_begun_is_written_with_its_directions(
    database: Database, talk: Talking, person: Principal
) -> None:
    done = await told(talk(person), "I started amlodipine 5 mg once a day on Monday")
    assert "in your record" in done.reply.text
    [entry] = await held(database, person)
    assert entry.is_taken
    assert entry.begins is not None
    assert entry.schedule is not None
    assert "once a day" in (medications.schedule_words(entry.schedule) or "")


async def test_pieces_of_a_strength_are_written_as_such_and_how_long(
    database: Database, talk: Talking, person: Principal
) -> None:
    await told(talk(person), "I want to add two paracetamol 500 mg twice a day for 7 days")
    [entry] = await held(database, person)
    assert entry.name == "paracetamol 500 mg"
    assert entry.schedule is not None
    assert medications.dose_of(entry.schedule.steps) == Dose(2, "{tbl}", per_day=2)
    assert "7 days" in (medications.schedule_words(entry.schedule) or "")


async def test_what_interrupts_is_said_before_the_question(
    database: Database, talk: Talking, person: Principal
) -> None:
    await told(talk(person), "I now take simvastatin 40 mg every evening")
    asked = await talk(person).say("I started clarithromycin 500 mg twice a day")
    assert asked.confirmation is not None
    assert "simvastatin and clarithromycin should not be taken together" in asked.confirmation.summary.lower()
    await talk(person).answer(asked, approved=False)
    assert [entry.name for entry in await held(database, person)] == ["simvastatin"]


async def test_a_medicine_that_was_stopped_is_not_taken_any_more(
    database: Database, talk: Talking, person: Principal
) -> None:
    await told(talk(person), "I take lisinopril 10 mg every morning")
    await told(talk(person), "I stopped taking lisinopril")
    [entry] = await held(database, person)
    assert not entry.is_taken


async def test_doses_that_are_told_are_in_the_log(database: Database, talk: Talking, person: Principal) -> None:
    await told(talk(person), "I take metformin 500 mg twice a day")
    done = await told(talk(person), "I took my metformin")
    assert "in the log" in done.reply.text
    [entry] = await held(database, person)
    async with database.transaction(access_of(person)) as tx:
        doses = await medications.doses_of(tx, person.account_id, entry)
    assert [each.status.value for each in doses] == ["taken"]


async def test_what_is_left_says_when_it_runs_out(talk: Talking, person: Principal) -> None:
    await told(talk(person), "I take 1 tablet of ramipril 5 mg every day")
    unknown = await talk(person).say("When do I run out of ramipril?")
    assert "cannot say how long it lasts" in unknown.reply.text
    await told(talk(person), "I have 30 tablets of ramipril left")
    done = await talk(person).say("When do I run out of ramipril?")
    assert "lasts until" in done.reply.text


async def test_how_regularly_a_medicine_is_taken_is_not_guessed(talk: Talking, person: Principal) -> None:
    await told(talk(person), "I take atorvastatin 20 mg at night")
    done = await talk(person).say("How well do I take my medicines?")
    assert "cannot say how regularly" in done.reply.text


async def test_a_symptom_is_put_in_time_and_not_called_caused(talk: Talking, person: Principal) -> None:
    await told(talk(person), "I started amlodipine 5 mg once a day two weeks ago")
    await told(talk(person), "I have had dizziness since I started amlodipine")
    done = await talk(person).say("Can my dizziness come from the amlodipine?")
    assert "Time alone does not prove a cause" in done.reply.text
    assert "dizziness and amlodipine" in done.reply.text.lower()


async def test_a_medicine_that_nobody_takes_is_said_not_to_be_there(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I stopped taking lisinopril last week")
    assert done.confirmation is None
    assert "not among the medicines" in done.reply.text


async def test_directions_above_the_highest_dose_are_told_before_the_question(talk: Talking, person: Principal) -> None:
    asked = await talk(person).say("I take ibuprofen 1000 mg four times a day")
    assert asked.confirmation is not None
    assert "4,000 mg" in asked.confirmation.summary or "4000 mg" in asked.confirmation.summary
