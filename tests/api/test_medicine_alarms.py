"""A new medicine, result, allergy, illness or meal checks a person's medicines again; what interrupts is an alarm."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.clocked import Clocked, at_hour
from tests.people import access_of
from vitasense.deterministic import alarms, consent, decisions, knowledge, medications, nutrition, records
from vitasense.deterministic.alarms import Alarm, State
from vitasense.deterministic.auth import SYSTEM, system_access
from vitasense.deterministic.nutrition import FoodItem
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.findings import Status, Urgency

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"


@pytest.fixture
async def one(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Clocked:
    made = Clocked(database, admin_url, server, tmp_path, at_hour(12))
    await made.open()
    return made


def medicine(name: str, status: str = "active", own_id: str | None = None) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "id": own_id or name.replace(" ", "-"),
        "status": status,
        "medicationCodeableConcept": {"text": name},
        "subject": {"reference": "Patient/p"},
    }


def illness(name: str, code: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": code,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": name, "coding": [{"system": SNOMED, "code": code, "display": name}]},
        "subject": {"reference": "Patient/p"},
    }


def allergy(name: str) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": f"allergy-{name}",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": name},
        "patient": {"reference": "Patient/p"},
    }


async def imported(one: Clocked, *resources: dict[str, Any]) -> None:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}
    async with one.database.transaction(access_of(one.patient)) as tx:
        await records.import_bundle(tx, one.patient.account_id, bundle, now=one.moment)
    await one.drain()


async def eaten(one: Clocked, food: str) -> None:
    async with one.database.transaction(access_of(one.patient)) as tx:
        await nutrition.log_meal(
            tx,
            one.patient.account_id,
            meal_id=new_id(),
            items=[FoodItem(name=food, quantity=1, unit="glass")],
            eaten_at=one.moment - timedelta(hours=1),
            source="test",
            now=one.moment,
        )
    await one.drain()


async def told(one: Clocked, *, only_open: bool = True) -> list[Alarm]:
    return [each for each in await one.alarms(only_open=only_open) if each.key.startswith("medicines.")]


async def test_a_medicine_that_does_not_go_with_another_raises_one_alarm(one: Clocked) -> None:
    await imported(one, medicine("simvastatin 40 mg"))
    assert await told(one) == []
    await imported(one, medicine("clarithromycin 500 mg"))
    [alarm] = await told(one)
    assert alarm.urgency is Urgency.URGENT
    assert alarm.category is Category.MEDICATIONS
    assert "simvastatin" in alarm.text.lower()
    assert "clarithromycin" in alarm.text.lower()
    await imported(one, medicine("vitamin C"))
    assert len(await told(one, only_open=False)) == 1


async def test_the_alarm_closes_when_the_medicine_is_stopped(one: Clocked) -> None:
    await imported(one, medicine("simvastatin 40 mg"), medicine("clarithromycin 500 mg"))
    await imported(one, medicine("clarithromycin 500 mg", status="stopped"))
    assert await told(one) == []
    [alarm] = await told(one, only_open=False)
    assert alarm.state is State.CLEARED


async def test_a_meal_is_held_against_the_medicines(one: Clocked) -> None:
    await imported(one, medicine("simvastatin 40 mg"))
    await eaten(one, "grapefruit juice")
    [alarm] = await told(one)
    assert "simvastatin" in alarm.title.lower()
    assert "grapefruit" not in f"{alarm.title} {alarm.text} {alarm.key}".lower()


async def test_an_allergy_that_comes_later_is_held_against_what_is_taken(one: Clocked) -> None:
    await imported(one, medicine("amoxicillin 500 mg"))
    await imported(one, allergy("penicillin"))
    [alarm] = await told(one)
    assert "amoxicillin" in alarm.title.lower()


async def test_who_may_see_medicines_alone_is_not_told_of_the_illness(one: Clocked) -> None:
    provider = await one.person(Role.PROVIDER)
    async with one.database.transaction(access_of(one.patient)) as tx:
        terms = consent.Terms(provider.account_id, frozenset({Category.MEDICATIONS}))
        await consent.grant(tx, one.patient, terms, new_id)
    await imported(one, medicine("diltiazem 120 mg"), illness("Heart failure", "84114007"))
    [alarm] = await told(one)
    assert "heart failure" not in f"{alarm.title} {alarm.text} {alarm.key}".lower()
    async with one.database.transaction(access_of(provider, one.patient.account_id)) as tx:
        [shown] = await alarms.alarms(tx, one.patient.account_id)
        behind = await decisions.why(tx, one.patient.account_id, shown.id)
    assert "heart failure" not in str(behind).lower()
    assert behind.decision.withheld > 0


async def test_new_knowledge_checks_everybody_again(one: Clocked) -> None:
    await imported(one, medicine("simvastatin 40 mg"), medicine("clarithromycin 500 mg"))
    [alarm] = await told(one)
    async with one.database.transaction(access_of(one.patient)) as tx:
        await alarms.acknowledge(tx, one.patient.account_id, alarm.id, actor=one.patient, now=one.moment, ids=new_id)
    event = Event(new_id(), "recheck.due", 1, one.patient.account_id, None, one.moment, one.moment)
    async with one.database.transaction(system_access("test")) as tx:
        await append(tx, event)
    await one.drain()
    assert [each.state for each in await told(one)] == [State.ACKNOWLEDGED]


async def test_a_release_that_joins_two_medicines_concerns_whoever_takes_both(one: Clocked, tmp_path: Path) -> None:
    await imported(one, medicine("loratadine 10 mg"), medicine("simethicone 80 mg"))
    assert await told(one) == []
    file = tmp_path / "own.csv"
    file.write_text(
        "source,relation,target,severity,says,what,reference\n"
        "loratadine,interacts,simethicone,major,loratadine and simethicone,this is a rule of a test,A test 2026 p. 1\n"
    )
    releases, now = knowledge.releases, one.moment
    async with one.database.transaction(system_access("test")) as tx:
        planned = await releases.plan(tx, releases.read_release("csv", file, name=f"test {new_id()}"))
        release = await releases.take(tx, planned, now=now, ids=new_id, actor=SYSTEM.account_id)
    await one.drain()
    [alarm] = await told(one)
    assert "brought up to date" in alarm.text
    assert "this is a rule of a test" in alarm.text
    async with one.database.transaction(system_access("test")) as tx:
        await releases.revert(tx, release.id, now=now, ids=new_id, actor=SYSTEM.account_id)
    await one.drain()
    assert await told(one) == []


async def test_who_switched_the_watching_off_is_not_watched(one: Clocked) -> None:
    await one.allows(False)
    await imported(one, medicine("simvastatin 40 mg"), medicine("clarithromycin 500 mg"))
    assert await told(one) == []


async def test_an_alarm_that_somebody_lives_with_is_closed_and_speaks_again_when_it_is_taken_back(one: Clocked) -> None:
    await imported(one, medicine("simvastatin 40 mg"), medicine("clarithromycin 500 mg"))
    assert len(await told(one)) == 1
    whose = one.patient.account_id
    async with one.database.transaction(access_of(one.patient)) as tx:
        found = await medications.own_findings(tx, whose, now=one.moment, readable=ALL_CATEGORIES)
        loud = next(each for each in found if each.urgency is Urgency.URGENT and each.status is Status.FOUND)
        override = await medications.override_finding(
            *(tx, whose, loud, "my doctor knows"), override_id=new_id(), actor=one.patient, now=one.moment, ids=new_id
        )
    await one.drain()
    assert await told(one) == []
    async with one.database.transaction(access_of(one.patient)) as tx:
        await medications.end_override(tx, whose, override.id, actor=one.patient, now=one.moment, ids=new_id)
    one.moment += timedelta(days=1)
    await one.drain()
    assert len(await told(one)) == 1
