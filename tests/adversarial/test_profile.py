"""A provider who may write one category must not rewrite who the patient is: age and sex decide what thresholds say."""

from sqlalchemy import text

from tests.graphs.conftest import demo_bundle, with_record
from tests.people import access_of
from vitasense.deterministic import consent
from vitasense.deterministic.consent import Terms
from vitasense.deterministic.platform.access import Action, Category, Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.records import import_bundle, profile


async def test_a_grant_to_write_meals_does_not_write_the_profile(database: Database, provider: Principal) -> None:
    anna = await with_record(database, "maria-alvarez")
    terms = Terms(provider.account_id, frozenset({Category.NUTRITION}), frozenset({Action.READ, Action.WRITE}))
    async with database.transaction(access_of(anna)) as tx:
        await consent.grant(tx, anna, terms, new_id)
        before = await profile(tx, anna.account_id)
    entries = demo_bundle("maria-alvarez")["entry"]
    changed = next(each["resource"] for each in entries if each["resource"]["resourceType"] == "Patient")
    changed |= {"birthDate": "2015-01-01", "gender": "male"}
    async with database.transaction(access_of(provider, anna.account_id)) as tx:
        report = await import_bundle(tx, anna.account_id, changed, now=system_clock())
        touched = await tx.execute(text("update phi.resource set label = 'x' where type = 'Patient' returning id"))
    assert (report.updated, report.imported) == (0, 0)
    assert touched.all() == []
    async with database.transaction(access_of(anna)) as tx:
        assert await profile(tx, anna.account_id) == before
