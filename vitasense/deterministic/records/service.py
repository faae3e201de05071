"""Typed reads of one patient's record, newest first, each with its evidence.

What a person withdrew (entered-in-error) is kept and shown by `item` and `items` with its status, and left out of
every other read. Row-level security decides what is seen.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.records import reading
from vitasense.deterministic.records.allergies import allergies_of
from vitasense.deterministic.records.fhir import Json, objects, text, texts
from vitasense.deterministic.records.lookups import behind, find, medicine_of, named
from vitasense.deterministic.records.moments import moment
from vitasense.deterministic.records.queries import Filter
from vitasense.deterministic.records.results import result
from vitasense.deterministic.records.schemas import (
    Allergies,
    Condition,
    Document,
    Encounter,
    Immunization,
    Medication,
    Procedure,
    Profile,
    Result,
)

MEDICATION_TYPES = ("MedicationRequest", "MedicationStatement")
_SEX = frozenset({"male", "female", "other", "unknown"})


async def profile(tx: AsyncSession, patient_id: UUID) -> Profile | None:
    """Whose record it is; None when no Patient was imported yet."""
    rows = await find(tx, patient_id, Filter(types=["Patient"]))
    if not rows:
        return None
    row = min(rows, key=lambda one: one.id != patient_id)
    content, sex = row.content, text(row.content, "gender")
    deceased_at = moment(text(content, "deceasedDateTime"))
    return Profile.model_validate(
        {
            "patient_id": patient_id,
            "name": person_name(content),
            "birth_date": text(content, "birthDate"),
            "sex": sex if sex in _SEX else None,
            "evidence": reading.evidence_of(row),
            "deceased": content.get("deceasedBoolean") is True or text(content, "deceasedDateTime") is not None,
            "deceased_at": deceased_at.at if deceased_at else None,
        }
    )


def person_name(patient: Json) -> str | None:
    """The official name, else the usual, else the first one."""
    names = objects(patient, "name")
    order = {"official": 0, "usual": 1}
    for name in sorted(names, key=lambda one: order.get(text(one, "use") or "", 2)):
        if said := text(name, "text") or " ".join([*texts(name, "given"), *texts(name, "family")]):
            return said
    return None


async def conditions(tx: AsyncSession, patient_id: UUID) -> list[Condition]:
    """Problems and diagnoses; `active` tells which hold now."""
    return [reading.condition(row) for row in await find(tx, patient_id, _of("Condition"))]


async def medications(tx: AsyncSession, patient_id: UUID) -> list[Medication]:
    """What was ordered (MedicationRequest) and what is said to be taken (MedicationStatement)."""
    rows = await find(tx, patient_id, _of(*MEDICATION_TYPES))
    names = await named(tx, patient_id, rows, "medicationReference", "requester")
    return [reading.medication(row, medicine_of(row, names), names) for row in rows]


async def allergies(tx: AsyncSession, patient_id: UUID) -> Allergies:
    """Allergies and intolerances, apart from statements that there is none."""
    return allergies_of(await find(tx, patient_id, _of("AllergyIntolerance")))


async def labs(
    tx: AsyncSession,
    patient_id: UUID,
    code: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Result]:
    """Laboratory results; `code` is one or several LOINC codes, of the observation or of a component."""
    return await _results(tx, patient_id, Category.LABS, code, since, until)


async def vitals(
    tx: AsyncSession,
    patient_id: UUID,
    code: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Result]:
    """Vital signs, as `labs`."""
    return await _results(tx, patient_id, Category.VITALS, code, since, until)


async def immunizations(tx: AsyncSession, patient_id: UUID) -> list[Immunization]:
    """Vaccinations; `given` is False for those that were not done."""
    return [reading.immunization(row) for row in await find(tx, patient_id, _of("Immunization"))]


async def encounters(tx: AsyncSession, patient_id: UUID) -> list[Encounter]:
    """Visits and stays."""
    rows = await find(tx, patient_id, _of("Encounter"))
    names = await named(tx, patient_id, rows, "participant.individual", "serviceProvider")
    return [reading.encounter(row, names) for row in rows]


async def procedures(tx: AsyncSession, patient_id: UUID) -> list[Procedure]:
    """What was done, and reports that are no laboratory reports."""
    wanted = Filter(types=["Procedure", "DiagnosticReport"], category=Category.PROCEDURES, in_error=False)
    return [reading.procedure(row) for row in await find(tx, patient_id, wanted)]


async def documents(tx: AsyncSession, patient_id: UUID) -> list[Document]:
    """Documents with their text, or why there is none."""
    rows = await find(tx, patient_id, _of("DocumentReference", "Composition"))
    names = await named(tx, patient_id, rows, "author")
    urls = await behind(tx, patient_id, [url for row in rows for url in texts(row.content, "content.attachment.url")])

    def binary(url: str) -> Json | None:
        found = urls.get(url)
        return found.content if found else None

    return [reading.document(row, binary, names) for row in rows]


async def genomic_observations(tx: AsyncSession, patient_id: UUID) -> list[tuple[dict[str, object], Evidence]]:
    """The Observations of category genomics as FHIR JSON, with their evidence."""
    wanted = Filter(types=["Observation"], category=Category.GENOMICS, in_error=False)
    return [(row.content, reading.evidence_of(row)) for row in await find(tx, patient_id, wanted)]


def _of(*types: str) -> Filter:
    return Filter(types=types, in_error=False)


async def _results(
    tx: AsyncSession,
    patient_id: UUID,
    category: Category,
    code: str | Sequence[str] | None,
    since: datetime | None,
    until: datetime | None,
) -> list[Result]:
    codes = [code] if isinstance(code, str) else code or []
    wanted = Filter(
        types=["Observation"], category=category, codes=codes, components=True, in_error=False, since=since, until=until
    )
    return [result(row) for row in await find(tx, patient_id, wanted)]
