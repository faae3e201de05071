"""Typed reads of hand-made resources: what was said, with its evidence, and nothing more."""

import base64
from datetime import UTC, datetime
from uuid import uuid5

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.records.conftest import NOW, Send
from tests.deterministic.records.resources import (
    LOINC,
    UCUM,
    Resource,
    about,
    bundle,
    coded,
    observation,
    patient_resource,
)
from tests.people import access_of
from vitasense.deterministic import records, tracking
from vitasense.deterministic.platform.access import Access, Category, Principal, Purpose
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"


async def test_the_profile_says_whose_record_it_is(database: Database, patient: Principal, send: Send) -> None:
    async with database.transaction(access_of(patient)) as tx:
        assert await records.profile(tx, patient.account_id) is None
    await send(patient_resource() | {"name": [{"use": "old", "family": "Ek"}, {"use": "official", "text": "Ida Berg"}]})
    async with database.transaction(access_of(patient)) as tx:
        found = await records.profile(tx, patient.account_id)
    assert found
    assert (found.name, found.birth_date, found.sex, found.deceased) == ("Ida Berg", "1980-05-01", "female", False)
    assert found.evidence.ref == f"Patient/{patient.account_id}"
    assert found.age_years(datetime(2026, 4, 30, tzinfo=UTC)) == 45
    assert found.age_years(datetime(2026, 5, 1, tzinfo=UTC)) == 46


async def test_conditions_tell_what_holds_now(database: Database, patient: Principal, send: Send) -> None:
    def condition(own_id: str, clinical: str, **more: object) -> Resource:
        return about(
            "Condition", own_id, code=coded("38341003", own_id), clinicalStatus=coded(clinical, "", CLINICAL), **more
        )

    await send(
        bundle(
            patient_resource(),
            condition("now", "active", onsetDateTime="2015-03"),
            condition("past", "resolved", onsetDateTime="2010", abatementDateTime="2011-01"),
            condition("never", "active", verificationStatus=coded("refuted", "")),
            condition("mistake", "active", verificationStatus=coded("entered-in-error", "")),
        )
    )
    async with database.transaction(access_of(patient)) as tx:
        found = {one.name: one for one in await records.conditions(tx, patient.account_id)}
        counts = await records.counts(tx, patient.account_id)
    assert {name: one.active for name, one in found.items()} == {"now": True, "past": False, "never": False}
    assert (found["now"].since, found["past"].until, found["now"].code) == ("2015-03", "2011-01", "38341003")
    assert found["now"].at == datetime(2015, 3, 1, tzinfo=UTC)
    assert (found["now"].evidence.version, found["now"].evidence.label) == ("1", "now")
    assert counts[Category.CONDITIONS] == 4


async def test_medications_join_their_medicine_and_say_the_dose(
    database: Database, patient: Principal, send: Send
) -> None:
    ordered = about(
        "MedicationRequest",
        "r",
        status="active",
        intent="order",
        authoredOn="2024-02-01",
        medicationReference={"reference": "Medication/d"},
        requester={"reference": "Practitioner/dr"},
        dosageInstruction=[
            {
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                "route": coded("26643006", "Oral"),
                "doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg", "system": UCUM, "code": "mg"}}],
            }
        ],
    )
    stated = about(
        "MedicationStatement",
        "s",
        status="active",
        effectivePeriod={"start": "2015-03"},
        contained=[{"resourceType": "Medication", "id": "c", "code": coded("1191", "Aspirin", "urn:rx")}],
        medicationReference={"reference": "#c"},
        dosage=[{"text": "one a day"}],
    )
    forbidden = about(
        "MedicationRequest",
        "n",
        status="active",
        intent="order",
        doNotPerform=True,
        medicationCodeableConcept={"text": "Ibuprofen"},
    )
    doctor = {"resourceType": "Practitioner", "id": "dr", "name": [{"given": ["Ada"], "family": "Moe"}]}
    medicine = {"resourceType": "Medication", "id": "d", "code": coded("6809", "Metformin", "urn:rx")}
    await send(bundle(ordered, stated, forbidden, doctor, medicine, patient_resource()))
    async with database.transaction(access_of(patient)) as tx:
        found = {one.name: one for one in await records.medications(tx, patient.account_id)}
        page = await records.items(tx, patient.account_id, Category.MEDICATIONS)
    metformin, aspirin, ibuprofen = found["Metformin"], found["Aspirin"], found["Ibuprofen"]
    assert (metformin.dose, metformin.prescriber) == ("500 mg, 2 times a day, Oral", "Ada Moe")
    assert (metformin.code, metformin.system, metformin.ordered, metformin.since) == (
        "6809",
        "urn:rx",
        True,
        "2024-02-01",
    )
    assert (aspirin.dose, aspirin.since, aspirin.ordered, aspirin.code) == ("one a day", "2015-03", False, "1191")
    assert (ibuprofen.active, ibuprofen.status) == (False, "do-not-perform")
    assert sorted(one.label for one in page.items) == ["Aspirin", "Ibuprofen", "Metformin"]


async def test_having_no_allergy_is_a_statement_and_no_allergy(
    database: Database, patient: Principal, send: Send
) -> None:
    ips = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    reaction = {"manifestation": [coded("247472004", "Hives"), {"text": "Swelling"}], "severity": "severe"}
    await send(
        bundle(
            patient_resource(),
            about(
                "AllergyIntolerance",
                "a",
                code=coded("764146007", "Penicillin"),
                criticality="high",
                reaction=[reaction],
            ),
            about("AllergyIntolerance", "none", code=coded("716186003", "No known allergy")),
            about("AllergyIntolerance", "food", code=coded("no-known-food-allergies", "", ips)),
            about("AllergyIntolerance", "unknown", code=coded("no-allergy-info", "", ips)),
            about("AllergyIntolerance", "words", code={"text": "NKDA."}),
        )
    )
    async with database.transaction(access_of(patient)) as tx:
        found = await records.allergies(tx, patient.account_id)
    (penicillin,) = found.allergies
    assert (penicillin.name, penicillin.criticality, penicillin.active) == ("Penicillin", "high", True)
    assert [(one.manifestations, one.severity) for one in penicillin.reactions] == [(("Hives", "Swelling"), "severe")]
    told = {(one.scope, one.known) for one in found.statements}
    assert told == {("all", True), ("food", True), ("all", False), ("drug", True)}


async def test_results_keep_what_is_no_plain_number_in_words(
    database: Database, patient: Principal, send: Send
) -> None:
    def lab(own_id: str, **value: object) -> Resource:
        made = observation(own_id, code=own_id, category="laboratory") | value
        made.pop("valueQuantity")
        return made | value

    quantity = {"value": 5.1, "unit": "mmol/L", "system": UCUM, "code": "mmol/L"}
    sent = [
        lab("1-1", valueQuantity=quantity, referenceRange=[{"low": {"value": 3.9}, "high": {"value": 5.5}}]),
        lab("2-2", valueQuantity=quantity | {"comparator": "<"}),
        lab("3-3", valueQuantity={"value": 7, "unit": "widgets"}),
        lab("4-4", valueCodeableConcept=coded("10828004", "Positive")),
        lab("5-5", dataAbsentReason=coded("unknown", "Unknown")),
        lab("6-6", valueQuantity=quantity, effectiveDateTime="2024"),
        lab("7-7", valueQuantity=quantity) | {"code": {"text": "local test"}},
        lab("8-8", valueBoolean=False),
    ]
    report = await send(bundle(patient_resource(), *sent))
    assert report.imported == 9
    reasons = {one.id: one.reason for one in report.problems}
    assert sorted(filter(None, reasons)) == ["2-2", "3-3", "6-6", "7-7"]
    assert "<" in reasons["2-2"]
    assert "UCUM" in reasons["3-3"]
    async with database.transaction(access_of(patient)) as tx:
        found = {one.code or one.name: one for one in await records.labs(tx, patient.account_id)}
        measured = [one.metric for one in await tracking.measurements(tx, patient.account_id)]
        series = await tracking.series(tx, patient.account_id, "1-1")
        one_code = await records.labs(tx, patient.account_id, "4-4")
        late = await records.labs(tx, patient.account_id, since=datetime(2024, 6, 1, tzinfo=UTC))
    assert (found["1-1"].value, found["1-1"].unit, found["1-1"].low, found["1-1"].high) == (5.1, "mmol/L", 3.9, 5.5)
    assert (found["2-2"].comparator, found["3-3"].unit, found["4-4"].text) == ("<", "widgets", "Positive")
    assert (found["5-5"].absent, found["8-8"].text) == ("Unknown", "no")
    assert measured == ["1-1"]
    assert [(one.low, one.high) for one in series] == [(3.9, 5.5)]
    assert [one.code for one in one_code] == ["4-4"]
    assert "6-6" not in {one.code for one in late}


async def test_a_blood_pressure_is_one_vital_with_two_components_and_two_series(
    database: Database, patient: Principal, send: Send
) -> None:
    def part(code: str, value: float) -> Resource:
        return {"code": coded(code, code, LOINC), "valueQuantity": {"value": value, "system": UCUM, "code": "mm[Hg]"}}

    panel = observation(code="85354-9", component=[part("8480-6", 120), part("8462-4", 80)])
    panel.pop("valueQuantity")
    await send(bundle(patient_resource(), panel))
    async with database.transaction(access_of(patient)) as tx:
        (found,) = await records.vitals(tx, patient.account_id, "8462-4")
        newest = await tracking.latest(tx, patient.account_id, ["8480-6", "8462-4"])
        names = await records.metric_names(tx, patient.account_id, {c: s.record_id for c, s in newest.items()})
    assert [(one.code, one.value) for one in found.components] == [("8480-6", 120), ("8462-4", 80)]
    assert {code: one.value for code, one in newest.items()} == {"8480-6": 120, "8462-4": 80}
    assert names == {"8480-6": "8480-6", "8462-4": "8462-4"}


async def test_visits_vaccinations_procedures_and_documents(database: Database, patient: Principal, send: Send) -> None:
    def encoded(words: str) -> str:
        return base64.b64encode(words.encode()).decode()

    visit = about(
        "Encounter",
        "e",
        **{"status": "finished", "class": {"code": "AMB"}, "type": [coded("162673000", "Check-up")]},
        period={"start": "2025-01-02T09:00:00Z", "end": "2025-01-02T09:30:00Z"},
        reasonCode=[{"text": "cough"}],
        participant=[{"individual": {"display": "Dr Moe"}}],
    )
    given = about(
        "Immunization", "i", status="completed", vaccineCode=coded("140", "Flu"), occurrenceDateTime="2024-10-01"
    )
    refused = about(
        "Immunization",
        "j",
        status="not-done",
        vaccineCode=coded("140", "Flu"),
        occurrenceDateTime="2023",
        statusReason={"text": "away"},
    )
    report = about("DiagnosticReport", "x", status="final", code={"text": "Chest X-ray"}, conclusion="clear")
    panel = about("DiagnosticReport", "l", status="final", code={"text": "Lipids"}, category=[coded("LAB", "")])
    letter = about(
        "DocumentReference",
        "d",
        status="current",
        type={"text": "Letter"},
        content=[
            {"attachment": {"contentType": "text/html", "data": encoded("<p>Dear <b>Ida</b></p><p>All well.</p>")}}
        ],
    )
    stored = about(
        "DocumentReference", "b", status="current", type={"text": "Note"}, content=[{"attachment": {"url": "Binary/n"}}]
    )
    scan = about(
        "DocumentReference",
        "p",
        status="current",
        type={"text": "Scan"},
        content=[{"attachment": {"contentType": "application/pdf", "data": encoded("%PDF")}}],
    )
    binary = {"resourceType": "Binary", "id": "n", "contentType": "text/plain; charset=utf-8", "data": encoded("Naïve")}
    await send(bundle(patient_resource(), visit, given, refused, report, panel, letter, stored, scan, binary))
    async with database.transaction(access_of(patient)) as tx:
        (seen,) = await records.encounters(tx, patient.account_id)
        vaccines = await records.immunizations(tx, patient.account_id)
        (procedure,) = await records.procedures(tx, patient.account_id)
        documents = {one.name: one for one in await records.documents(tx, patient.account_id)}
    assert (seen.name, seen.kind, seen.reason, seen.provider) == ("Check-up", "ambulatory", "cough", "Dr Moe")
    assert [(one.given, one.reason) for one in vaccines] == [(True, None), (False, "away")]
    assert (procedure.name, procedure.conclusion) == ("Chest X-ray", "clear")
    assert documents["Letter"].text == "Dear Ida\nAll well."
    assert documents["Note"].text == "Naïve"
    assert (documents["Scan"].text, documents["Scan"].unreadable) == (None, "application/pdf is not read yet")


async def test_a_composition_reads_as_its_sections(database: Database, patient: Principal, send: Send) -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p>None known</p></div>'
    composition = about(
        "Composition",
        "c",
        status="final",
        type={"text": "Summary"},
        title="Patient summary",
        date="2025-01-01",
        author=[{"display": "Dr Moe"}],
        section=[{"title": "Allergies", "text": {"status": "generated", "div": div}}],
    )
    await send(bundle(composition, patient_resource(), kind="document"))
    async with database.transaction(access_of(patient)) as tx:
        (found,) = await records.documents(tx, patient.account_id)
    assert (found.name, found.text, found.author) == ("Patient summary", "Allergies\nNone known", "Dr Moe")


@pytest.mark.parametrize(
    "more",
    [
        {"category": [{"coding": [{"code": "GE"}]}]},
        {"component": [{"code": coded("48018-6", "Gene studied", LOINC), "valueCodeableConcept": {"text": "CYP2C19"}}]},
    ],
)
async def test_genomic_observations_are_a_category_of_their_own(
    more: Resource, database: Database, patient: Principal, send: Send
) -> None:
    await send(bundle(patient_resource(), observation("g", code="69548-6", category="laboratory") | more))
    async with database.transaction(access_of(patient)) as tx:
        ((resource, evidence),) = await records.genomic_observations(tx, patient.account_id)
        assert await records.labs(tx, patient.account_id) == []
    assert resource["id"] == evidence.ref.partition("/")[2]


async def test_pages_cover_everything_once_newest_first(database: Database, patient: Principal, send: Send) -> None:
    dated = [observation(f"d{n}", n, at=f"2025-01-{n // 2 + 1:02}") for n in range(9)]
    undated = [observation(f"u{n}", n) for n in range(2)]
    for one in undated:
        del one["effectiveDateTime"]
    await send(bundle(patient_resource(), *dated, *undated))
    seen: list[records.StoredResource] = []
    cursor: str | None = None
    async with database.transaction(access_of(patient)) as tx:
        for _ in range(6):
            page = await records.items(tx, patient.account_id, Category.VITALS, 2, cursor)
            seen += page.items
            cursor = page.next
            assert page.total == 11
        with pytest.raises(InvalidInput):
            await records.items(tx, patient.account_id, Category.VITALS, 2, "W10")
    assert cursor is None
    assert len({one.id for one in seen}) == 11
    times = [one.at or datetime.min.replace(tzinfo=UTC) for one in seen]
    assert times == sorted(times, reverse=True)


async def write(
    tx: AsyncSession, patient: Principal, value: float, *, unit: str = "mm[Hg]"
) -> tuple[records.StoredResource, int]:
    key = uuid5(patient.account_id, "the confirmed call")
    own_id = await records.write_observation(
        tx,
        patient.account_id,
        observation_id=key,
        code="85354-9",
        values=[("8480-6", value, unit), ("8462-4", 80, unit)],
        at=datetime(2026, 2, 1, 8, tzinfo=UTC),
        now=NOW,
    )
    found = await records.item(tx, patient.account_id, "Observation", own_id)
    return found, (await records.observation_versions(tx, patient.account_id, [own_id]))[own_id]


async def test_a_reported_measurement_is_fhir_and_written_once(
    database: Database, patient: Principal, send: Send
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await write(tx, patient, 125)
    async with database.transaction(access_of(patient)) as tx:
        found, version = await write(tx, patient, 125)
    assert (found.category, found.code, version) == (Category.VITALS, "85354-9", 1)
    assert found.content["performer"] == [{"reference": f"Patient/{patient.account_id}"}]
    async with database.transaction(access_of(patient)) as tx:
        assert [one.value for one in await tracking.series(tx, patient.account_id, "8480-6")] == [125]
    await send(patient_resource())  # an import after it is still accepted


async def test_a_measurement_is_not_written_where_the_access_does_not_cover_it(
    database: Database, patient: Principal
) -> None:
    labs = frozenset({Category.LABS})
    async with database.transaction(Access(patient, Purpose.SELF, "test", patient.account_id, labs, labs)) as tx:
        with pytest.raises(NotAllowed):
            await write(tx, patient, 125)
    async with database.transaction(access_of(patient)) as tx:
        assert (await records.search(tx, patient.account_id, records.Filter())).total == 0
        with pytest.raises(InvalidInput):
            await write(tx, patient, float("nan"))


async def test_what_is_not_there_is_not_found(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(NotFound):
            await records.item(tx, patient.account_id, "Observation", new_id())
