"""Import: once, in every version, in any order, and never half."""

import copy
import random
from typing import Any, cast
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.deterministic.records.conftest import NOW, Send
from tests.deterministic.records.resources import Resource, about, bundle, coded, observation, patient_resource
from tests.people import access_of, new_principal
from vitasense.deterministic import tracking
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, Problem, TooLarge
from vitasense.deterministic.records import Filter, ImportReport, import_bundle, item, search, versions
from vitasense.deterministic.records.bundles import MOST_ENTRIES

NOT_AGAIN = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def test_the_id_is_made_of_the_patient_and_the_sources_identity(
    database: Database, patient: Principal, send: Send
) -> None:
    await send(bundle(patient_resource(), observation()))
    async with database.transaction(access_of(patient)) as tx:
        stored = await item(tx, patient.account_id, "Observation", uuid5(patient.account_id, "Observation/o1"))
        assert stored.content["subject"] == {"reference": f"Patient/{patient.account_id}"}
        assert stored.content["id"] == str(stored.id)
        assert (await item(tx, patient.account_id, "Patient", patient.account_id)).label == "Ida Berg"


async def test_another_content_is_another_version_and_every_version_is_kept(
    database: Database, patient: Principal, send: Send
) -> None:
    own_id = uuid5(patient.account_id, "Observation/o1")
    values = [120, 121, 121, 122]
    reports = [await send(bundle(patient_resource(), observation(value=value))) for value in values]
    assert [(one.imported, one.updated, one.unchanged) for one in reports] == [
        (2, 0, 0),
        (0, 1, 1),
        (0, 0, 2),
        (0, 1, 1),
    ]
    async with database.transaction(access_of(patient)) as tx:
        kept = await versions(tx, patient.account_id, "Observation", own_id)
        assert (await item(tx, patient.account_id, "Observation", own_id)).version == 3
        samples = await tracking.series(tx, patient.account_id, "8480-6")
    quantities: list[Any] = [one.content["valueQuantity"] for one in kept]
    assert [(one.version, q["value"]) for one, q in zip(kept, quantities, strict=True)] == [
        (3, 122),
        (2, 121),
        (1, 120),
    ]
    assert [one.value for one in samples] == [122]


async def test_a_servers_bookkeeping_is_no_change_and_an_older_version_does_not_replace(send: Send) -> None:
    def sent(value: float, updated: str) -> Resource:
        meta = {"versionId": updated[-2:], "lastUpdated": f"{updated}T00:00:00Z"}
        return bundle(patient_resource(), observation(value=value, meta=meta))

    await send(sent(120, "2025-01-10"))
    assert (await send(sent(120, "2025-01-11"))).unchanged == 2
    report = await send(sent(119, "2025-01-09"))
    assert (report.updated, report.skipped) == (0, 1)
    assert "newer" in report.problems[0].reason
    assert (await send(sent(121, "2025-01-12"))).updated == 1


async def test_a_bad_resource_is_named_by_its_place_and_the_rest_is_imported(send: Send) -> None:
    bad: list[Any] = [
        {"resourceType": "Observation", "id": "no-status", "code": {"text": "x"}},
        {"resourceType": "Starship", "id": "s"},
        observation("text") | {"valueQuantity": {"value": float("nan")}},
        observation("nul", note=[{"text": "a\0b"}]),
        observation("half", note=[{"text": "\ud800"}]),
        {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing"}]},
    ]
    file = bundle(patient_resource(), *bad, observation())
    file["entry"] += [7, {"fullUrl": "urn:x"}, {"request": {"method": "DELETE", "url": "Observation/o1"}}]
    report = await send(file)
    assert (report.imported, report.skipped) == (2, 9)
    assert [one.entry for one in report.problems] == [
        *(f"entry[{index}].resource" for index in range(1, 7)),
        *("entry[8]", "entry[9]", "entry[10]"),
    ]
    assert "status" in report.problems[0].reason
    assert report.problems[0].id == "no-status"


@pytest.mark.parametrize(
    "file",
    [
        *({}, {"resourceType": "Bundle"}, {"resourceType": 5}, bundle(kind="history"), bundle(kind="message")),
        {"resourceType": "Bundle", "type": "collection", "entry": {"resource": {}}},
    ],
)
async def test_what_is_no_record_is_refused(file: Resource, send: Send) -> None:
    with pytest.raises(InvalidInput):
        await send(file)


async def test_too_many_entries_are_refused_and_none_is_fine(send: Send) -> None:
    with pytest.raises(TooLarge):
        await send({"resourceType": "Bundle", "type": "batch", "entry": [None] * (MOST_ENTRIES + 1)})
    assert await send(bundle()) == ImportReport()


@pytest.mark.parametrize("kind", ["transaction", "batch", "collection", "searchset", "document"])
async def test_every_kind_of_bundle_is_taken(kind: str, send: Send) -> None:
    assert (await send(bundle(patient_resource(), observation(), kind=kind))).imported == 2


async def test_a_resource_by_itself_is_taken(send: Send) -> None:
    await send(patient_resource())
    report = await send(observation())
    assert (report.imported, report.by_type) == (1, {"Observation": 1})


async def test_two_entries_for_one_resource_are_one_and_the_newer_is_taken(
    database: Database, patient: Principal, send: Send
) -> None:
    new = observation(value=130, meta={"lastUpdated": "2025-02-01T00:00:00Z"})
    old = observation(value=120, meta={"lastUpdated": "2025-01-01T00:00:00Z"})
    report = await send(bundle(patient_resource(), old, new, new))
    assert (report.imported, report.skipped, len(report.problems)) == (2, 2, 2)
    async with database.transaction(access_of(patient)) as tx:
        assert (await tracking.latest(tx, patient.account_id, ["8480-6"]))["8480-6"].value == 130


async def test_without_an_id_the_content_is_the_identity(send: Send) -> None:
    file = bundle(patient_resource(), observation(None), observation(None, 121))
    assert (await send(file)).imported == 3
    assert (await send(file)).unchanged == 3


async def test_the_same_id_on_two_servers_is_two_resources(database: Database, patient: Principal, send: Send) -> None:
    here, there = "https://a.example/fhir", "https://b.example/fhir"
    for base, value in ((here, 120), (there, 140), (there, 140), (here, 120)):
        await send(bundle(patient_resource(), observation(value=value), base=base))
    async with database.transaction(access_of(patient)) as tx:
        samples = await tracking.series(tx, patient.account_id, "8480-6")
        patients = await search(tx, patient.account_id, Filter(types=["Patient"]))
    assert sorted(one.value for one in samples) == [120, 140]
    assert patients.total == 2  # both servers' Patient; the references of both are to the record's


async def test_references_find_their_target_whichever_comes_first(
    database: Database, patient: Principal, send: Send
) -> None:
    statement = about("MedicationStatement", "m", status="active", medicationReference={"reference": "Medication/drug"})
    medication = {"resourceType": "Medication", "id": "drug", "code": coded("1191", "Aspirin")}
    unknown = {"informationSource": {"reference": "Practitioner/elsewhere"}}
    await send(bundle(patient_resource(), statement | unknown))
    await send(medication)
    async with database.transaction(access_of(patient)) as tx:
        stored = await item(
            tx, patient.account_id, "MedicationStatement", uuid5(patient.account_id, "MedicationStatement/m")
        )
        kept = await versions(tx, patient.account_id, "MedicationStatement", stored.id)
    drug = uuid5(patient.account_id, "Medication/drug")
    assert stored.content["medicationReference"] == {"reference": f"Medication/{drug}"}
    assert stored.content["informationSource"] == {"reference": "Practitioner/elsewhere"}
    assert (stored.version, len(kept), stored.label) == (1, 1, "Aspirin")


async def test_urn_references_of_a_transaction_without_ids_are_resolved(
    database: Database, patient: Principal, send: Send
) -> None:
    person, measured = patient_resource(), observation(None, subject="urn:uuid:5d9c1c3e-0000-4000-8000-000000000001")
    person.pop("id")
    entry = {"fullUrl": "urn:uuid:5d9c1c3e-0000-4000-8000-000000000001", "resource": person}
    file = {"resourceType": "Bundle", "type": "transaction", "entry": [entry, {"resource": measured}]}
    assert (await send(file)).imported == 2
    async with database.transaction(access_of(patient)) as tx:
        found = await search(tx, patient.account_id, Filter(types=["Observation"]))
    assert found.items[0].content["subject"] == {"reference": f"Patient/{patient.account_id}"}


async def test_what_was_exported_from_here_is_recognised(database: Database, patient: Principal, send: Send) -> None:
    await send(bundle(patient_resource(), observation(), observation("o2", 60, code="8867-4", unit="/min")))
    async with database.transaction(access_of(patient)) as tx:
        rows = (await search(tx, patient.account_id, Filter())).items
    exported = bundle(*(row.content | {"meta": {"versionId": str(row.version)}} for row in rows), kind="searchset")
    report = await send(exported)
    assert (report.unchanged, report.skipped) == (3, 0)


async def test_withdrawn_and_cancelled_observations_are_kept_without_samples(
    database: Database, patient: Principal, send: Send
) -> None:
    await send(bundle(patient_resource(), observation(), observation("o2", 130, status="cancelled")))
    await send(observation(status="entered-in-error"))
    async with database.transaction(access_of(patient)) as tx:
        assert await tracking.measurements(tx, patient.account_id) == []
        assert (await search(tx, patient.account_id, Filter(types=["Observation"]))).total == 2


async def test_an_import_tells_one_event_without_values_and_an_unchanged_one_none(
    database: Database, patient: Principal, admin_url: str, send: Send
) -> None:
    from sqlalchemy import create_engine

    for _ in range(2):
        await send(bundle(patient_resource(), observation()))
    engine = create_engine(admin_url)
    with engine.connect() as connection:
        query = text("select type, payload from app.event where patient_id = :p")
        events = connection.execute(query, {"p": patient.account_id}).all()
    engine.dispose()
    ids = {"Patient": [str(patient.account_id)], "Observation": [str(uuid5(patient.account_id, "Observation/o1"))]}
    assert [tuple(one) for one in events] == [
        ("records.imported", {"imported": 2, "updated": 0, "unchanged": 0, "records": ids})
    ]


async def test_an_import_writes_few_audit_entries_however_many_resources(
    database: Database, patient: Principal, send: Send
) -> None:
    await send(bundle(patient_resource(), *(observation(f"o{n}", n) for n in range(200))))
    async with database.transaction(access_of(patient)) as tx:
        assert (await tx.execute(text("select count(*) from audit.entry"))).scalar_one() == 3


def whole_record() -> list[Resource]:
    return [
        patient_resource(),
        *(observation(f"o{n}", 100 + n, at=f"2025-01-{n + 1:02}") for n in range(4)),
        about("Condition", "c", code=coded("38341003", "Hypertension"), encounter={"reference": "Encounter/e"}),
        about("Encounter", "e", status="finished") | {"class": {"code": "AMB"}},
        about("MedicationStatement", "m", status="active", medicationReference={"reference": "Medication/d"}),
        {"resourceType": "Medication", "id": "d", "code": coded("1191", "Aspirin")},
        about("AllergyIntolerance", "a", code=coded("91936005", "Penicillin allergy")),
    ]


async def record_of(database: Database, patient: Principal) -> list[tuple[str, str, object]]:
    """The record with the patient's own id blanked, so that two records can be compared."""
    async with database.transaction(access_of(patient)) as tx:
        rows = (await search(tx, patient.account_id, Filter(), limit=100)).items
    names = {str(row.id): f"{row.type} {row.label}" for row in rows}

    def plain(node: object) -> object:
        if isinstance(node, dict):
            return {key: plain(child) for key, child in cast("dict[str, object]", node).items()}
        if isinstance(node, list):
            return [plain(child) for child in cast("list[object]", node)]
        for own_id, name in names.items():
            node = node.replace(own_id, name) if isinstance(node, str) else node
        return node

    return sorted(((row.type, row.label, plain(row.content)) for row in rows), key=str)


@NOT_AGAIN
@given(order=st.permutations(whole_record()), split=st.integers(0, 10))
async def test_the_record_is_the_same_in_whatever_order_and_files_it_comes(
    order: list[Resource], split: int, database: Database
) -> None:
    one, other = new_principal(Role.PATIENT), new_principal(Role.PATIENT)
    async with database.transaction(access_of(one)) as tx:
        await import_bundle(tx, one.account_id, bundle(*whole_record()), now=NOW)
    for part in (order[:split], order[split:]):
        async with database.transaction(access_of(other)) as tx:
            await import_bundle(tx, other.account_id, bundle(*part), now=NOW)
    assert await record_of(database, other) == await record_of(database, one)


NONE_OF: list[object] = []
NONSENSE = (None, 7, -1.5, "", "x" * 5, NONE_OF, [NONE_OF], True, {"resourceType": "Patient"}, float("inf"))


def spoiled(node: object, chance: random.Random) -> Any:
    """The same JSON with some values removed, truncated or turned into something else."""
    if chance.random() < 0.03:
        return chance.choice(NONSENSE)
    if isinstance(node, dict):
        members = cast("dict[str, object]", node)
        return {key: spoiled(child, chance) for key, child in members.items() if chance.random() > 0.02}
    if isinstance(node, list):
        items = cast("list[object]", node)
        cut = len(items) if chance.random() > 0.03 else chance.randrange(len(items) + 1)
        return [spoiled(child, chance) for child in items[:cut]]
    if isinstance(node, str) and chance.random() < 0.03:
        return node[: chance.randrange(len(node) + 1)]
    return node


@settings(NOT_AGAIN, max_examples=150)
@given(seed=st.integers(0, 2**32))
async def test_a_spoiled_file_raises_nothing_but_problems_and_is_never_half_written(
    seed: int, database: Database
) -> None:
    patient, file = new_principal(Role.PATIENT), spoiled(bundle(*copy.deepcopy(whole_record())), random.Random(seed))
    report = None
    try:
        async with database.transaction(access_of(patient)) as tx:
            report = await import_bundle(tx, patient.account_id, file, now=NOW)
    except Problem:
        pass
    async with database.transaction(access_of(patient)) as tx:
        count = (await search(tx, patient.account_id, Filter())).total
        kept = (await tx.execute(text("select count(*) from phi.resource_version"))).scalar_one()
    assert (count, kept) == ((report.imported, report.imported) if report else (0, 0))
    if report and file["resourceType"] == "Bundle":
        assert report.imported + report.skipped == len(file.get("entry", []))
