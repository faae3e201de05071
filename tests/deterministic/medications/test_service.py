"""What a person says of a medicine is a FHIR statement with versions; what came from elsewhere stays as it came."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
from sqlalchemy import text

from tests.deterministic.medications.taking import NOW, Takes, directions, ordered, stated
from tests.people import access_of, new_principal
from vitasense.deterministic import consent, records
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.medications import service
from vitasense.deterministic.medications.dosages import schedule_of
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.schedule_words import schedule_words
from vitasense.deterministic.medications.service import NewMedicine
from vitasense.deterministic.medications.sources import State
from vitasense.deterministic.platform.access import Action, Category, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound


async def stored(takes: Takes, entry: RegimenEntry) -> list[dict[str, Any]]:
    """The versions of what was said here, the newest first."""
    (own,) = [each for each in entry.sources if each.here]
    async with takes.tx() as tx:
        return [each.content for each in await records.versions(tx, takes.id, own.type, own.id)]


async def events(takes: Takes) -> list[Any]:
    async with takes.database.transaction(system_access("test")) as tx:
        query = text("select payload from app.event where patient_id = :p and type = 'records.imported' order by seq")
        return list((await tx.execute(query, {"p": takes.id})).scalars())


async def test_what_is_said_is_a_statement_and_an_event_in_one_transaction(takes: Takes) -> None:
    entry = await takes.begins(
        "metformin 500 mg", "1 tablet twice a day with food", since="2026-11-01", reason="diabetes"
    )
    (content,) = await stored(takes, entry)
    assert content["status"] == "active"
    assert content["effectivePeriod"] == {"start": "2026-11-01"}
    assert content["informationSource"] == content["subject"] == {"reference": f"Patient/{takes.id}"}
    assert content["reasonCode"] == [{"text": "diabetes"}]
    assert content["medicationCodeableConcept"]["text"] == "metformin 500 mg"
    assert content["medicationCodeableConcept"]["coding"][0]["code"] == "6809"
    (dosage,) = content["dosage"]
    assert dosage["timing"]["repeat"] == {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["C"]}
    assert dosage["doseAndRate"][0]["doseQuantity"]["code"] == "{tbl}"
    assert schedule_of(content["dosage"]) == entry.schedule
    (told,) = await events(takes)
    assert told["records"] == {"MedicationStatement": [str(entry.id)]}


async def test_what_is_refused_leaves_nothing(takes: Takes) -> None:
    refused: tuple[dict[str, Any], ...] = (
        {"name": " "},
        {"name": "x" * 201},
        {"name": "aspirin", "since": "yesterday"},
        {"name": "aspirin", "since": "2026-02-30"},
        {"name": "aspirin", "since": "2026-11-03", "until": "2026-11-01"},
        {"name": "aspirin", "reason": "x" * 501},
    )
    for bad in refused:
        with pytest.raises(InvalidInput):
            await takes.begins(bad.pop("name"), **bad)
    assert await takes.regimen() == [] and await events(takes) == []


async def test_directions_that_cannot_be_read_are_kept_as_text(takes: Takes) -> None:
    entry = await takes.begins("warfarin", "as the clinic tells me each week")
    (content,) = await stored(takes, entry)
    assert content["dosage"] == [{"text": "as the clinic tells me each week"}]


async def test_the_same_id_twice_is_one_medicine(takes: Takes) -> None:
    own = new_id()
    first = await takes.begins("aspirin 75 mg", "once a day", statement=own)
    takes.now += timedelta(minutes=5)
    again = await takes.begins("aspirin 75 mg", "once a day", statement=own)
    assert (first.id, first.version) == (again.id, again.version)
    assert len(await events(takes)) == 1
    with pytest.raises(Conflict):
        await takes.begins("aspirin 100 mg", "once a day", statement=own)
    assert len(await takes.regimen()) == 1


async def test_another_dose_is_another_version_that_holds_from_its_day(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-01")
    entry = await takes.changes(entry, "2 tablets every morning")
    new, old = await stored(takes, entry)
    assert old["dosage"][0]["text"] == "1 tablet every morning"
    assert new["effectivePeriod"] == {"start": "2026-11-01"}
    assert new["dosage"][0]["timing"]["repeat"]["boundsPeriod"] == {"start": "2026-11-20"}
    assert entry.schedule and schedule_words(entry.schedule) == "2 tablets every morning"
    assert (entry.begins, entry.state) == ("2026-11-01", State.TAKING)


async def test_a_dose_that_was_wrong_from_the_first_day_replaces_it(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-01")
    entry = await takes.changes(entry, "1 tablet at night", since="2026-11-01")
    new, _ = await stored(takes, entry)
    assert "boundsPeriod" not in new["dosage"][0]["timing"]["repeat"]
    with pytest.raises(InvalidInput, match="2026-11-01"):
        await takes.changes(entry, "1 tablet at night", since="2026-10-01")


async def test_a_new_course_of_several_steps_gets_its_dates(takes: Takes) -> None:
    entry = await takes.begins("prednisone", "5 mg once a day", since="2026-11-01")
    entry = await takes.changes(entry, "40 mg once a day for 5 days, then 10 mg", since="2026-11-20")
    new, _ = await stored(takes, entry)
    bounds = [each["timing"]["repeat"]["boundsPeriod"] for each in new["dosage"]]
    assert bounds == [{"start": "2026-11-20", "end": "2026-11-24"}, {"start": "2026-11-25"}]


async def test_stopping_says_when_and_why_and_can_be_taken_back_up(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-01")
    entry = await takes.stops(entry, "2026-11-18", "cough")
    assert (entry.state, entry.until, entry.state_reason) == (State.STOPPED, "2026-11-18", "cough")
    again = await takes.stops(entry)
    assert again.version == entry.version
    takes.now += timedelta(days=3)
    with pytest.raises(InvalidInput, match="still taken"):
        await takes.resumes(entry, "2026-11-10")
    with pytest.raises(InvalidInput):
        await takes.resumes(entry, "2026-12-24")
    entry = await takes.resumes(entry)
    assert (entry.state, entry.begins, entry.until, entry.state_reason) == (State.TAKING, "2026-11-23", None, None)
    statuses = [each["status"] for each in await stored(takes, entry)]
    assert statuses == ["active", "stopped", "active"]


async def test_a_stop_to_come_is_when_it_will_end(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-01")
    entry = await takes.stops(entry, "2026-11-25")
    assert (entry.state, entry.until) == (State.TAKING, "2026-11-25")
    takes.now += timedelta(days=7)
    assert (await takes.only()).state is State.COMPLETED
    with pytest.raises(InvalidInput):
        await takes.stops(await takes.begins("aspirin", since="2026-11-10"), "2026-11-01")


async def test_a_pause_is_no_stop(takes: Takes) -> None:
    entry = await takes.pauses(await takes.begins("methotrexate 2.5 mg", "once a week"), "infection")
    assert (entry.state, entry.state_reason) == (State.PAUSED, "infection")
    assert (await takes.resumes(entry)).is_taken


async def test_what_was_ordered_elsewhere_stays_and_a_word_of_ones_own_stands_beside_it(takes: Takes) -> None:
    await takes.has(ordered(dosageInstruction=directions("1 tablet at night")))
    before = await takes.only()
    entry = await takes.stops(before, reason="muscle pain")
    assert entry.id == before.id and entry.state is State.STOPPED
    assert [each.kind for each in entry.conflicts] == ["state"]
    (content,) = await stored(takes, entry)
    assert content["basedOn"] == [{"reference": f"MedicationRequest/{uuid5(takes.id, 'MedicationRequest/r1')}"}]
    async with takes.tx() as tx:
        order = await records.item(tx, takes.id, "MedicationRequest", uuid5(takes.id, "MedicationRequest/r1"))
    assert (order.version, order.status) == (1, "active")
    await takes.has(ordered(dosageInstruction=directions("1 tablet at night")))
    assert (await takes.only()).state is State.STOPPED


async def test_a_statement_of_elsewhere_is_referred_to(takes: Takes) -> None:
    await takes.has(stated(dosage=directions("20 mg at night")))
    entry = await takes.changes(await takes.only(), "10 mg at night")
    (content,) = await stored(takes, entry)
    assert content["derivedFrom"] == [{"reference": f"MedicationStatement/{uuid5(takes.id, 'MedicationStatement/s1')}"}]
    assert len(entry.sources) == 2 and [each.kind for each in entry.conflicts] == ["dose"]


async def test_another_version_than_the_one_that_was_seen_is_refused(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning")
    await takes.changes(entry, "2 tablets every morning", version=entry.version)
    with pytest.raises(Conflict):
        await takes.changes(entry, "3 tablets every morning", version=entry.version)
    with pytest.raises(Conflict):
        await takes.stops(entry, version=entry.version)
    assert len(await stored(takes, await takes.only())) == 2


async def test_nothing_is_changed_of_what_is_over_or_not_there(takes: Takes) -> None:
    entry = await takes.stops(await takes.begins("aspirin", "75 mg once a day"))
    with pytest.raises(Conflict):
        await takes.changes(entry, "100 mg once a day")
    with pytest.raises(Conflict):
        await takes.pauses(entry)
    with pytest.raises(NotFound):
        async with takes.tx() as tx:
            await service.medicine(tx, takes.id, new_id(), NOW)


async def test_only_who_may_write_writes(takes: Takes) -> None:
    entry = await takes.begins("aspirin", "75 mg once a day")
    provider = new_principal(Role.PROVIDER)

    async def grant(*actions: Action) -> None:
        async with takes.tx() as tx:
            terms = consent.Terms(provider.account_id, frozenset({Category.MEDICATIONS}), frozenset(actions))
            await consent.grant(tx, takes.person, terms, new_id)

    with pytest.raises(NotAllowed):
        await takes.begins("ibuprofen", by=provider)
    await grant(Action.READ)
    with pytest.raises(NotAllowed):
        await takes.begins("ibuprofen", by=provider)
    other = new_principal(Role.PATIENT)
    async with takes.database.transaction(access_of(other, takes.id)) as tx:
        with pytest.raises(NotAllowed):
            await service.add_medicine(
                tx, takes.id, NewMedicine("ibuprofen"), statement_id=new_id(), actor=other, now=NOW
            )
    assert [each.id for each in await takes.regimen()] == [entry.id]
    await grant(Action.READ, Action.WRITE)
    written = await takes.begins("ibuprofen", "200 mg as needed", by=provider)
    assert written.sources[0].informant == provider.name


async def test_words_of_the_person_do_nothing_by_themselves(takes: Takes) -> None:
    entry = await takes.begins("aspirin <script>x</script>\u202e", "see https://evil.example/x", reason="a\nb")
    (content,) = await stored(takes, entry)
    assert "https://" not in str(content) and "<script" not in str(content) and "\u202e" not in str(content)
