"""Small documents as FHIR, and the keeping of their passages as an import does it."""

import base64
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.people import access_of
from vitasense.deterministic import records
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.memory import Entry, Kind, PostgresStore, Where, after_import

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def letter(
    text: str | None,
    *,
    own_id: str = "letter-1",
    kind: str = "text/plain",
    title: str = "Discharge letter",
    **more: Any,
) -> dict[str, Any]:
    """A DocumentReference with one attachment."""
    data = {} if text is None else {"data": base64.b64encode(text.encode()).decode()}
    return {
        "resourceType": "DocumentReference",
        "id": own_id,
        "status": "current",
        "type": {"text": title},
        "date": "2026-05-03T10:00:00Z",
        "content": [{"attachment": {"contentType": kind, **data}}],
        **more,
    }


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    """A collection of them."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


async def import_letters(
    database: Database, person: Principal, *resources: dict[str, Any], patient_id: UUID | None = None
) -> None:
    """Import them as the service does."""
    whose = patient_id or person.account_id
    async with database.transaction(access_of(person, whose)) as tx:
        report = await records.import_bundle(tx, whose, bundle(*resources), now=NOW)
        await after_import(tx, PostgresStore(tx), whose, [report], now=NOW, new_id=new_id)


async def kept(database: Database, person: Principal, patient_id: UUID | None = None, *kinds: Kind) -> list[Entry]:
    """What is kept of these kinds, passages unless others are named, as far as the person may see it."""
    whose = patient_id or person.account_id
    async with database.transaction(access_of(person, whose)) as tx:
        return await PostgresStore(tx).entries(Where(owner=whose, kinds=frozenset(kinds or {Kind.PASSAGE})), limit=500)
