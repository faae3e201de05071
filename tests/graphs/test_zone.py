"""A conversation runs in the time zone of the person: what "yesterday at 8" means, and what is written."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.graphs.conftest import Talk
from tests.people import access_of, new_principal
from vitasense.deterministic import records, tracking
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database

ENDS = ("Pacific/Kiritimati", "Pacific/Pago_Pago")  # 14 hours ahead of UTC and 11 behind: always another day in one


@pytest.mark.parametrize("zone", ENDS)
async def test_a_time_that_is_said_is_of_the_clock_of_the_person(
    database: Database, talk: Callable[..., Talk], zone: str
) -> None:
    person = new_principal(Role.PATIENT)
    async with database.transaction(access_of(person)) as tx:
        wanted = tracking.PersonSettings(timezone=zone)
        await tracking.save_settings(tx, person.account_id, wanted, by=person, now=system_clock(), new_id=new_id)
    here = system_clock().astimezone(ZoneInfo(zone))
    asked = await talk(person).say("My weight was 81.5 kg yesterday at 8 am")
    await talk(person).answer(asked, approved=True)
    async with database.transaction(access_of(person)) as tx:
        [weight] = await records.vitals(tx, person.account_id, "29463-7")
    assert weight.at == (here - timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
