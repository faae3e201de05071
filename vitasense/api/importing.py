"""An import as it happens at the edge: what the record takes, and the passages of its documents, in one transaction."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from vitasense.api.bootstrap import Services
from vitasense.deterministic import records
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.records import ImportReport
from vitasense.memory import PostgresStore, after_import


async def take(
    services: Services, access: Access, patient_id: UUID, files: Sequence[Mapping[str, object]]
) -> list[ImportReport]:
    """Take FHIR files into a record, all or none, and keep the passages of the documents that came with them.

    Raises what `records.import_bundle` raises. The records room knows nothing of memory, and the worker may read no
    clinical row: so it is here, in the access of whoever imports.
    """
    now = services.clock()
    async with services.database.transaction(access) as tx:
        reports = [await records.import_bundle(tx, patient_id, each, now=now) for each in files]
        store = PostgresStore(tx)
        await after_import(tx, store, patient_id, reports, now=now, new_id=services.new_id)
    return reports
