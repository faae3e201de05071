"""Stored resources and those that they refer to."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records import queries
from vitasense.deterministic.records.fhir import first, objects, text, words
from vitasense.deterministic.records.models import ResourceRow
from vitasense.deterministic.records.queries import Filter
from vitasense.deterministic.records.reading import Names
from vitasense.deterministic.records.schemas import StoredResource

_TREATED = ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense")


async def find(tx: AsyncSession, patient_id: UUID, wanted: Filter) -> list[StoredResource]:
    """Every such resource, newest first."""
    return await stored_resources(tx, patient_id, await queries.find(tx, patient_id, wanted))


async def stored_resources(tx: AsyncSession, patient_id: UUID, rows: Iterable[ResourceRow]) -> list[StoredResource]:
    """The rows; a treatment that names its medicine by reference is labelled with the medicine."""
    stored = [resource_of(row) for row in rows]
    nameless = [row for row in stored if row.type in _TREATED and row.label == row.type]
    names = await named(tx, patient_id, nameless, "medicationReference")
    return [_labelled(row, medicine_of(row, names)) if row in nameless else row for row in stored]


def _labelled(row: StoredResource, medicine: StoredResource | None) -> StoredResource:
    label = medicine.label if medicine else text(row.content, "medicationReference.display")
    return row.model_copy(update={"label": label}) if label else row


def medicine_of(row: StoredResource, names: Names) -> StoredResource | None:
    """The Medication that a treatment refers to: contained, or of the record."""
    reference = text(row.content, "medicationReference.reference") or ""
    for inner in objects(row.content, "contained"):
        if reference == f"#{text(inner, 'id')}":
            label = words(first(inner, "code")) or row.label
            return row.model_copy(update={"content": inner, "label": label})
    return names.get(reference)


async def named(
    tx: AsyncSession, patient_id: UUID, rows: Iterable[StoredResource], *paths: str
) -> dict[str, StoredResource]:
    """`Type/id` → the resource behind it, of the references at the paths."""
    found = [text(target, "reference") for row in rows for target in objects(row.content, *paths)]
    return await behind(tx, patient_id, [reference for reference in found if reference])


async def behind(tx: AsyncSession, patient_id: UUID, references: Iterable[str]) -> dict[str, StoredResource]:
    """Reference (`Type/id`) → the resource behind it, as far as it is in the record and may be seen."""
    wanted = {reference: own_id for reference in references if (own_id := _id_in(reference))}
    if not wanted:
        return {}
    rows = await queries.find(tx, patient_id, Filter(ids=list(set(wanted.values()))))
    return {f"{row.type}/{row.id}": resource_of(row) for row in rows}


def _id_in(reference: str) -> UUID | None:
    try:
        return UUID(reference.rpartition("/")[2])
    except ValueError:
        return None


def resource_of(row: ResourceRow) -> StoredResource:
    """The row as it is handed out."""
    return StoredResource(
        type=row.type,
        id=row.id,
        version=row.version,
        category=Category(row.category),
        label=row.label,
        code_system=row.code_system,
        code=row.code,
        status=row.status,
        at=row.occurred_at,
        recorded_at=row.recorded_at,
        content=row.content,
    )
