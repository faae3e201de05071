"""Symptoms by chat: written as FHIR after a yes, listed, and set beside readings without a cause."""

from datetime import timedelta

import pytest

from tests.people import access_of
from tests.tools.tracked import DAY, NOW, done, measured, proposed, told
from vitasense.deterministic import records
from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.guardrails import verify
from vitasense.tools import symptoms as tools
from vitasense.tools.context import Proposal

SAID = "I have had a headache since this morning, about 6 out of 10"


async def test_a_symptom_is_shown_before_it_is_written(database: Database, patient: Principal) -> None:
    proposal = await proposed(tools.LOG, database, patient, SAID)
    assert isinstance(proposal, Proposal)
    assert proposal.details == {
        "Symptom": "headache",
        "Since": "19 November 2026 at 05:00",
        "How strong": "6 out of 10",
    }
    assert "cannot judge" in proposal.summary


async def test_it_is_kept_as_a_fhir_observation_with_onset_and_score(database: Database, patient: Principal) -> None:
    (kept, *_) = await done(tools.LOG, database, patient, SAID)
    (evidence,) = kept.evidence
    kind, _, number = evidence.ref.partition("/")
    async with database.transaction(access_of(patient)) as tx:
        stored = await records.search(tx, patient.account_id, records.Filter(types=[kind]), 10)
        (symptom,) = await records.symptoms(tx, patient.account_id)
    content = stored.items[0].content
    assert content["id"] == number
    assert content["code"]["coding"][0]["code"] == "75325-1"  # type: ignore[index]
    assert content["valueCodeableConcept"] == {"text": "headache"}
    assert content["component"][0]["code"]["coding"][0]["code"] == "72514-3"  # type: ignore[index]
    assert content["component"][0]["valueQuantity"]["value"] == 6  # type: ignore[index]
    assert content["effectivePeriod"] == {"start": "2026-11-19T05:00:00+00:00"}
    assert (symptom.name, symptom.score, symptom.until) == ("headache", 6, None)


async def test_the_reading_of_the_same_hours_is_told_beside_it(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await measured(tx, patient, NOW - timedelta(hours=3), 148, 94)
        await measured(tx, patient, NOW - 3 * DAY, 120, 80)
    found = await done(tools.LOG, database, patient, SAID)
    beside = [each for each in found if each.kind == "symptom.beside"]
    assert len(beside) == 1
    assert "148/94 mmHg" in beside[0].text
    text = "\n".join(each.text for each in found)
    assert verify(text, found).supported


@pytest.mark.parametrize(
    "said",
    [
        "My knee has been hurting since Tuesday",
        "Log that my daughter has a fever",
        "Log a headache, 14 out of 10",
        "log that I have no headache",
    ],
)
def test_what_is_not_the_persons_own_sure_complaint_is_not_planned(said: str) -> None:
    reading = read(said, now=NOW)
    wanted = any(intent.name in tools.LOG.intents and intent.confidence >= 0.5 for intent in reading.intents)
    assert not wanted or tools.LOG.plan(reading) == []


async def test_what_no_scale_has_is_refused(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        for wrong in ({"score": 11.0}, {"name": " "}, {"since": NOW + DAY}):
            given = {"name": "headache", "since": NOW, "told_at": NOW} | wrong
            with pytest.raises(InvalidInput):
                await records.write_symptom(tx, patient.account_id, observation_id=new_id(), **given)  # type: ignore[arg-type]
        assert await records.symptoms(tx, patient.account_id) == []


async def test_logged_symptoms_are_listed_and_none_says_what_that_means(database: Database, patient: Principal) -> None:
    (none,) = await told(tools.LIST, database, patient, "What symptoms did I log?")
    assert none.status is Status.NOT_FOUND
    assert "not logged" in none.text
    await done(tools.LOG, database, patient, SAID)
    await done(tools.LOG, database, patient, "log nausea 4/10")
    found = await told(tools.LIST, database, patient, "What symptoms did I log?")
    assert [each.text.split(",")[0] for each in found] == ["Nausea", "Headache"]
    (one,) = await told(tools.LIST, database, patient, "How often did I have headaches this month?")
    assert "Headache, 6 out of 10" in one.text


async def test_a_symptom_and_high_readings_are_counted_without_a_cause(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        for back, systolic in ((1, 150), (2, 151), (3, 118), (4, 152)):
            await measured(tx, patient, NOW - back * DAY, systolic, 78)
        for back in (1, 3, 6):
            await records.write_symptom(
                tx,
                patient.account_id,
                observation_id=new_id(),
                name="headache",
                since=NOW - back * DAY - timedelta(hours=1),
                told_at=NOW - back * DAY,
            )
    (found,) = await told(tools.TOGETHER, database, patient, "Did I have headaches when my pressure was high?")
    counts = {value.name: value.number for value in found.values}
    assert (counts["logged"], counts["with a reading"], counts["high with it"]) == (3, 2, 1)
    assert (counts["high readings"], counts["high without it"]) == (3, 2)
    assert "do not say that one causes the other" in found.text
    checked = verify(found.text, [found])
    assert checked.supported, checked.unsupported


async def test_without_a_reading_nothing_is_set_beside_a_symptom(database: Database, patient: Principal) -> None:
    await done(tools.LOG, database, patient, SAID)
    (found,) = await told(tools.TOGETHER, database, patient, "Did I have headaches when my pressure was high?")
    assert found.status is Status.NOT_EVALUATED
