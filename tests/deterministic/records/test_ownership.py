"""Whose a file is: another person's never enters a record."""

import pytest

from tests.deterministic.records.conftest import NOW, Send
from tests.deterministic.records.resources import Resource, bundle, observation, patient_resource
from tests.people import access_of
from vitasense.deterministic.platform.access import Access, Category, Principal, Purpose
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict
from vitasense.deterministic.records import Filter, import_bundle, search


async def total(database: Database, patient: Principal, resource_type: str) -> int:
    async with database.transaction(access_of(patient)) as tx:
        return (await search(tx, patient.account_id, Filter(types=[resource_type]))).total


async def test_a_file_about_another_person_is_refused_as_a_whole(
    database: Database, patient: Principal, send: Send
) -> None:
    await send(bundle(patient_resource(), observation()))
    stranger = patient_resource("p2", "Holm", "Jo", "1955-02-03")
    with pytest.raises(Conflict, match="another person"):
        await send(bundle(stranger, observation("o2", subject="Patient/p2"), observation("o3", subject=None)))
    assert await total(database, patient, "Observation") == 1


async def test_a_twin_is_another_person(send: Send) -> None:
    await send(patient_resource())
    with pytest.raises(Conflict):
        await send(patient_resource("p2", given="Eva"))


async def test_a_number_that_two_hospitals_gave_to_two_people_joins_nobody(send: Send) -> None:
    await send(patient_resource())
    with pytest.raises(Conflict):
        await send(patient_resource("p1", "Holm", "Jo", "1955-02-03"))


async def test_a_placeholder_identifier_joins_nobody(send: Send) -> None:
    unknown = [{"system": "urn:hospital", "value": "unknown"}]
    await send(patient_resource() | {"identifier": unknown})
    with pytest.raises(Conflict):
        await send(patient_resource("p2", given="Eva") | {"identifier": unknown})


@pytest.mark.parametrize(
    "other",
    [
        patient_resource("p9"),  # another hospital: the same name and birth date
        patient_resource("p1", "Berg-Lund", "Ida"),  # married since
        patient_resource("p9", "Berg-Lund", "Ida")
        | {"identifier": [{"system": "urn:hospital", "value": "mrn-p1"}]},  # a shared number
        patient_resource("p9", "BERG ", "ída"),
    ],
)
async def test_the_same_person_from_elsewhere_is_accepted_and_everything_is_about_the_record(
    other: Resource, database: Database, patient: Principal, send: Send
) -> None:
    await send(patient_resource())
    report = await send(bundle(other, observation(subject=f"Patient/{other['id']}")))
    assert report.problems == ()
    async with database.transaction(access_of(patient)) as tx:
        found = await search(tx, patient.account_id, Filter(types=["Observation"]))
    assert found.items[0].content["subject"] == {"reference": f"Patient/{patient.account_id}"}


async def test_resources_of_another_patient_are_refused_one_by_one(
    database: Database, patient: Principal, send: Send
) -> None:
    await send(patient_resource())
    foreign: list[Resource] = [
        {"reference": "Patient/p2"},
        {"reference": "https://other.example/fhir/Patient/p77"},
        {"reference": "Patient?identifier=urn:hospital|mrn-p2"},
        {"identifier": {"system": "urn:hospital", "value": "mrn-p2"}},
        {"reference": "#someone"},
    ]
    contained = {"contained": [patient_resource("someone", "Holm", "Jo", "1955-02-03")]}
    sent = [observation(f"f{n}") | contained | {"subject": subject} for n, subject in enumerate(foreign)]
    own: list[Resource] = [
        {"reference": "Patient/p1"},
        {"reference": f"Patient/{patient.account_id}"},
        {"reference": "Patient?identifier=urn:hospital|mrn-p1"},
        {"identifier": {"system": "urn:hospital", "value": "mrn-p1"}},
        {"display": "Ida"},
    ]
    sent += [observation(f"o{n}") | {"subject": subject} for n, subject in enumerate(own)]
    report = await send(bundle(*sent))
    assert (report.imported, report.skipped) == (len(own), len(foreign))
    assert [one.entry for one in report.problems] == [f"entry[{n}].resource" for n in range(len(foreign))]
    assert all("another patient" in one.reason for one in report.problems)
    assert await total(database, patient, "Observation") == len(own)


async def test_of_a_file_with_two_people_only_the_own_resources_are_taken(
    database: Database, patient: Principal, send: Send
) -> None:
    stranger = patient_resource("p2", "Holm", "Jo", "1955-02-03")
    mine, theirs = [observation(f"m{n}") for n in range(3)], [observation("t", subject="Patient/p2")]
    report = await send(bundle(stranger, *theirs, patient_resource(), *mine, kind="searchset"))
    assert (report.imported, report.skipped) == (4, 2)
    assert await total(database, patient, "Patient") == 1
    again = await send(bundle(stranger, *theirs, theirs[0] | {"id": "t2"}, patient_resource(), kind="searchset"))
    assert (again.unchanged, again.skipped) == (1, 3)


async def test_a_file_that_does_not_show_whose_it_is_is_refused(send: Send) -> None:
    with pytest.raises(Conflict, match="several people"):
        await send(bundle(patient_resource(), patient_resource("p2", "Holm", "Jo", "1955-02-03")))
    with pytest.raises(Conflict, match="several patients"):
        await send(bundle(observation(), observation("o2", subject="Patient/p2")))


async def test_entries_before_their_patient_join_it_when_it_comes(
    database: Database, patient: Principal, send: Send
) -> None:
    await send(observation())
    assert (await send(observation("o2", subject="Patient/p2"))).skipped == 1
    assert (await send(patient_resource())).problems == ()
    async with database.transaction(access_of(patient)) as tx:
        found = (await search(tx, patient.account_id, Filter(types=["Observation"]))).items
    assert [one.content["subject"] for one in found] == [{"reference": f"Patient/{patient.account_id}"}]


async def test_entries_of_a_nameless_patient_are_told_of_when_another_one_comes(send: Send) -> None:
    await send(observation(subject="Patient/x"))
    report = await send(patient_resource())
    assert (report.imported, len(report.problems)) == (1, 1)
    assert "without a name" in report.problems[0].reason


async def test_without_sight_of_the_profile_only_what_names_the_record_is_taken(
    database: Database, patient: Principal, send: Send
) -> None:
    vitals = frozenset({Category.VITALS})
    access = Access(patient, Purpose.SELF, "test", patient.account_id, vitals, vitals)
    file = bundle(observation("o1"), observation("o2", subject=f"Patient/{patient.account_id}"), patient_resource())
    async with database.transaction(access) as tx:
        report = await import_bundle(tx, patient.account_id, file, now=NOW)
    assert (report.imported, report.skipped) == (1, 2)
