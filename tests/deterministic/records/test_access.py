"""A provider reads and writes exactly the categories of the grant, whichever way is tried."""

from datetime import UTC, datetime

from sqlalchemy import text

from tests.deterministic.records.conftest import NOW, Send
from tests.deterministic.records.resources import about, bundle, coded, observation, patient_resource
from tests.people import access_of
from vitasense.deterministic import records
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database

GRANT = text(
    "insert into consent.access_grant (patient_id, id, grantee_id, categories, actions, purposes, valid_from) "
    "values (:patient, :id, :grantee, :categories, :actions, '{treatment}', :since)"
)
REVOKE = text("update consent.access_grant set revoked_at = clock_timestamp() where patient_id = :patient")


async def share(database: Database, patient: Principal, provider: Principal, actions: list[str]) -> None:
    given = {"patient": patient.account_id, "id": new_id(), "grantee": provider.account_id, "actions": actions}
    since = datetime(2020, 1, 1, tzinfo=UTC)
    async with database.transaction(access_of(patient)) as tx:
        await tx.execute(GRANT, given | {"categories": ["vitals"], "since": since})


def record() -> list[dict[str, object]]:
    return [
        patient_resource(),
        observation(),
        observation("l", 5, code="2345-7", unit="mg/dL", category="laboratory"),
        about("Condition", "c", code=coded("38341003", "Hypertension")),
    ]


async def test_a_provider_reads_the_granted_categories_and_nothing_after_revocation(
    database: Database, patient: Principal, provider: Principal, send: Send
) -> None:
    await send(bundle(*record()))
    await share(database, patient, provider, ["read"])
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await records.readable(tx) == {Category.PROFILE, Category.VITALS}
        assert await records.counts(tx, patient.account_id) == {Category.PROFILE: 1, Category.VITALS: 1}
        assert len(await records.vitals(tx, patient.account_id)) == 1
        assert await records.labs(tx, patient.account_id) == []
        assert await records.conditions(tx, patient.account_id) == []
        found = await records.search(tx, patient.account_id, records.Filter())
        assert {one.category for one in found.items} == {Category.PROFILE, Category.VITALS}
        assert await records.profile(tx, patient.account_id) is not None
    async with database.transaction(access_of(patient)) as tx:
        await tx.execute(REVOKE, {"patient": patient.account_id})
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert (await records.search(tx, patient.account_id, records.Filter())).total == 0
        assert await records.profile(tx, patient.account_id) is None


async def test_a_provider_imports_the_granted_categories_and_is_told_of_the_others(
    database: Database, patient: Principal, provider: Principal, send: Send
) -> None:
    await send(patient_resource())
    await share(database, patient, provider, ["read", "write"])
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        report = await records.import_bundle(tx, patient.account_id, bundle(*record()), now=NOW)
    assert (report.imported, report.unchanged, report.skipped) == (1, 0, 3)
    assert {one.reason for one in report.problems} == {
        "the access does not cover writing labs",
        "the access does not cover writing conditions",
        "the access does not cover writing profile",
    }


async def test_without_a_write_grant_nothing_is_imported_and_nothing_is_left_behind(
    database: Database, patient: Principal, provider: Principal, send: Send
) -> None:
    await send(patient_resource())
    await share(database, patient, provider, ["read"])
    for who in (provider,):
        async with database.transaction(access_of(who, patient.account_id)) as tx:
            report = await records.import_bundle(tx, patient.account_id, bundle(*record()), now=NOW)
        assert (report.imported, report.skipped) == (0, 4)
    async with database.transaction(access_of(patient)) as tx:
        assert (await records.search(tx, patient.account_id, records.Filter())).total == 1
