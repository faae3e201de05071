"""The record entry by entry: pages, single resources with their versions, counts, and names of measurements."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.problems import NotFound
from vitasense.deterministic.records import queries, repository
from vitasense.deterministic.records.cursors import Cursor, cursor_of
from vitasense.deterministic.records.doses import dose_text
from vitasense.deterministic.records.fhir import first, objects, text, texts, words
from vitasense.deterministic.records.kinds import supporting_types
from vitasense.deterministic.records.lookups import find, stored_resources
from vitasense.deterministic.records.queries import Filter
from vitasense.deterministic.records.results import result_text
from vitasense.deterministic.records.schemas import ResourcePage, ResourceVersion, StoredResource


async def items(
    tx: AsyncSession, patient_id: UUID, category: Category, limit: int = 50, cursor: str | None = None
) -> ResourcePage:
    """The resources of a category; those that only support others (Practitioner, Medication …) are not among them."""
    wanted = Filter(category=category, without_types=supporting_types())
    return await search(tx, patient_id, wanted, limit, cursor)


async def search(
    tx: AsyncSession, patient_id: UUID, wanted: Filter, limit: int = 50, cursor: str | None = None
) -> ResourcePage:
    """One page of resources. Raises InvalidInput for a cursor that was not made here."""
    after = cursor_of(cursor) if cursor else None
    rows = await queries.page(tx, patient_id, wanted, limit + 1, after)
    shown, last = rows[:limit], rows[limit - 1] if len(rows) > limit else None
    return ResourcePage(
        items=tuple(await stored_resources(tx, patient_id, shown)),
        next=str(Cursor(last.occurred_at, last.type, last.id)) if last else None,
        total=await queries.count(tx, patient_id, wanted),
    )


async def item(tx: AsyncSession, patient_id: UUID, resource_type: str, resource_id: UUID) -> StoredResource:
    """One resource. Raises NotFound when there is none, or none that may be seen."""
    found = await find(tx, patient_id, Filter(types=[resource_type], ids=[resource_id]))
    if not found:
        raise NotFound("There is no such entry in this record, or it is not shared with you.")
    return found[0]


async def versions(tx: AsyncSession, patient_id: UUID, resource_type: str, resource_id: UUID) -> list[ResourceVersion]:
    """Every version of a resource, newest first; empty when it may not be seen."""
    rows = await repository.versions(tx, patient_id, resource_type, resource_id)
    return [ResourceVersion(version=row.version, recorded_at=row.recorded_at, content=row.content) for row in rows]


async def readable(tx: AsyncSession) -> frozenset[Category]:
    """The categories that this transaction may read, at this moment."""
    return (await repository.rights(tx)).readable


async def writable(tx: AsyncSession) -> frozenset[Category]:
    """The categories that this transaction may change, at this moment."""
    return (await repository.rights(tx)).writable


async def counts(tx: AsyncSession, patient_id: UUID) -> dict[Category, int]:
    """How many resources `items` has of each category that may be seen and has any."""
    return await queries.counts(tx, patient_id, Filter(without_types=supporting_types()))


def detail_of(row: StoredResource) -> str | None:
    """What the resource says beside its label, in a few words: a value, a dose, a reaction, a reason."""
    content = row.content
    match row.type:
        case "Observation":
            return result_text(content)
        case "MedicationRequest" | "MedicationStatement":
            return dose_text(objects(content, "dosageInstruction", "dosage"))
        case "AllergyIntolerance":
            signs = [words(each) for each in objects(content, "reaction.manifestation")]
            return ", ".join(sign for sign in signs if sign) or None
        case "Encounter":
            return words(first(content, "reasonCode"))
        case "DiagnosticReport":
            return text(content, "conclusion")
        case _:
            return text(content, "description") if text(content, "description") != row.label else None


async def observation_versions(tx: AsyncSession, patient_id: UUID, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The current version of each of these Observations that may be seen."""
    found = await repository.stored(tx, patient_id, ids)
    return {each.id: each.version for each in found if each.type == "Observation"}


async def metric_names(tx: AsyncSession, patient_id: UUID, records: Mapping[str, UUID]) -> dict[str, str]:
    """LOINC code → its name in an Observation of the record that has it, for (code → Observation id)."""
    if not records:
        return {}
    rows = await find(tx, patient_id, Filter(types=["Observation"], ids=list(set(records.values()))))
    by_id = {row.id: row for row in rows}
    named = ((code, _metric_name(by_id[own_id], code)) for code, own_id in records.items() if own_id in by_id)
    return {code: name for code, name in named if name}


def _metric_name(row: StoredResource, code: str) -> str | None:
    for part in (row.content, *objects(row.content, "component")):
        if code in texts(part, "code.coding.code"):
            return words(first(part, "code"))
    return None
