"""The signed context: rows for whom it names, nothing for anything else."""

from sqlalchemy import text

from tests.people import access_of
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database

ADD = text("insert into phi.sample values (:p, '8480-6', now(), :p, 'vitals', 120, 'mm[Hg]', null, null, now())")
COUNT = text("select count(*) from phi.sample")


async def test_a_patient_sees_the_own_rows_and_a_provider_without_grant_none(
    database: Database, patient: Principal, provider: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await tx.execute(ADD, {"p": patient.account_id})
        assert (await tx.execute(COUNT)).scalar_one() == 1
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert (await tx.execute(COUNT)).scalar_one() == 0
