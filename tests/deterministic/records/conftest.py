"""Sends files into one patient's record."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import pytest

from tests.people import access_of
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.records import ImportReport, import_bundle

NOW = datetime(2026, 3, 1, tzinfo=UTC)
Send = Callable[[Mapping[str, object]], Awaitable[ImportReport]]


@pytest.fixture
def send(database: Database, patient: Principal) -> Send:
    """Imports a file as the patient, in a transaction of its own."""

    async def imported(file: Mapping[str, object]) -> ImportReport:
        async with database.transaction(access_of(patient)) as tx:
            return await import_bundle(tx, patient.account_id, file, now=NOW)

    return imported
