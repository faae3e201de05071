"""What leaves the service about an alarm: once, when the person wants it, and without a word of health."""

import json
from datetime import time, timedelta
from pathlib import Path

import pytest

from tests.api.clocked import Clocked, at_hour, oxygen, pressure
from tests.deterministic.notices.receiver import receiving
from tests.people import access_of
from vitasense.api.letters import tell_of
from vitasense.deterministic import alarms, decisions
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.decisions import ActionKind
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.findings import Urgency

NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}
OF_HEALTH = (
    "blood",
    "pressure",
    "oxygen",
    "145",
    "95",
    "185",
    "high",
    "elevated",
    "urgent",
    "emergency",
    "cuff",
    "alarm:",
)


@pytest.fixture
async def one(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Clocked:
    """Somebody at noon."""
    made = Clocked(database, admin_url, server, tmp_path, at_hour(12))
    await made.open()
    return made


async def high(one: Clocked, systolic: float = 145, diastolic: float = 95) -> None:
    await one.take(pressure(one.moment - timedelta(minutes=1), systolic, diastolic))


async def test_a_mail_says_that_something_waits_and_where_and_nothing_of_health(one: Clocked) -> None:
    await high(one)
    ((subject, body),) = await one.mails()
    (alarm,) = await one.alarms()
    assert f"{one.services.settings.base_url}/#/alarms/{alarm.id}" in body
    told = f"{subject} {body}".replace(str(alarm.id), "").lower()
    assert not [word for word in OF_HEALTH if word in told]
    assert str(one.patient.account_id) not in body and one.patient.name not in body


async def test_telling_again_tells_nothing_twice(one: Clocked) -> None:
    await high(one)
    (alarm,) = await one.alarms()
    for _ in range(3):
        async with one.database.transaction(system_access("test")) as tx:
            await tell_of(one.services, tx, one.patient.account_id, alarm.id)
    assert len(await one.mails()) == 1


async def test_who_wants_the_page_only_gets_no_mail(one: Clocked) -> None:
    await one.wants(channels=("page",))
    await high(one)
    assert len(await one.alarms()) == 1 and await one.mails() == [] and await one.hooks() == []


async def test_a_webhook_leaves_with_a_link_and_arrives(one: Clocked) -> None:
    with receiving() as receiver:
        await one.wants(channels=("page", "webhook"), hook_url=receiver.url)
        await high(one)
        assert await one.mails() == []
        (body,) = await one.hooks()
        await one.timekeeper.send_hooks()
        await one.timekeeper.send_hooks()
    (alarm,) = await one.alarms()
    assert json.loads(body)["data"] == {"link": f"{one.services.settings.base_url}/#/alarms/{alarm.id}"}
    assert not [word for word in OF_HEALTH if word in body.replace(str(alarm.id), "").lower()]
    assert [got for _, _, got in receiver.got if str(alarm.id).encode() in got] == [body.encode()]


async def test_at_night_a_routine_alarm_waits_for_the_morning(one: Clocked) -> None:
    await one.wants(**NIGHT)
    one.moment = at_hour(23)
    await high(one)
    assert len(await one.alarms()) == 1 and await one.mails() == []
    await one.later(hours=7)
    assert await one.mails() == []
    await one.later(hours=1, minutes=1)
    assert len(await one.mails()) == 1
    await one.later(minutes=1)
    assert len(await one.mails()) == 1


async def test_at_night_an_urgent_alarm_waits_and_an_emergency_does_not(one: Clocked) -> None:
    await one.wants(**NIGHT)
    one.moment = at_hour(23)
    await high(one, 185, 125)
    assert await one.mails() == []
    await one.take([oxygen(one.moment - timedelta(minutes=1), 85)])
    emergency = next(each for each in await one.alarms() if each.urgency is Urgency.EMERGENCY)
    ((_, body),) = await one.mails()
    assert str(emergency.id) in body


async def test_what_was_answered_at_night_is_not_mailed_in_the_morning(one: Clocked) -> None:
    await one.wants(**NIGHT)
    one.moment = at_hour(23)
    await high(one)
    (alarm,) = await one.alarms()
    async with one.database.transaction(access_of(one.patient)) as tx:
        await alarms.acknowledge(tx, one.patient.account_id, alarm.id, actor=one.patient, now=one.moment, ids=new_id)
    await one.later(hours=9)
    assert await one.mails() == []


async def test_once_the_watching_is_off_nothing_leaves_and_nothing_fails(one: Clocked) -> None:
    await one.wants(**NIGHT)
    one.moment = at_hour(23)
    await high(one)
    (alarm,) = await one.alarms()
    await one.allows(False)
    async with one.database.transaction(system_access("test")) as tx:
        await tell_of(one.services, tx, one.patient.account_id, alarm.id)
    await one.later(hours=9)
    assert await one.mails() == []


async def test_a_provider_is_told_of_what_is_urgent_while_it_is_shared(one: Clocked) -> None:
    provider, stranger = await one.person(Role.PROVIDER), await one.person(Role.PROVIDER)
    await one.shares_with(provider)
    await one.wants(tells_providers=True)
    await high(one)
    assert await one.mails(provider) == []
    await high(one, 185, 125)
    assert len(await one.mails(provider)) == 1 and await one.mails(stranger) == []
    (alarm,) = await one.alarms()
    async with one.database.transaction(access_of(one.patient)) as tx:
        done = (await decisions.why(tx, one.patient.account_id, alarm.id)).actions
    assert [each.ref for each in done if each.kind is ActionKind.NOTIFY_PROVIDER] == [str(provider.account_id)]


async def test_a_provider_is_told_nothing_unless_the_person_wants_it(one: Clocked) -> None:
    provider = await one.person(Role.PROVIDER)
    await one.shares_with(provider)
    await high(one, 185, 125)
    assert await one.mails(provider) == [] and len(await one.mails()) == 1


async def test_a_provider_whose_grant_ended_overnight_gets_no_mail_in_the_morning(one: Clocked) -> None:
    provider = await one.person(Role.PROVIDER)
    shared = await one.shares_with(provider)
    await one.wants(tells_providers=True, **NIGHT)
    one.moment = at_hour(23)
    await high(one, 185, 125)
    await one.revokes(shared)
    await one.later(hours=8, minutes=1)
    assert await one.mails(provider) == []
    assert len(await one.mails()) >= 1


async def test_an_alarm_that_comes_back_soon_is_not_told_anew(one: Clocked) -> None:
    await high(one)
    for _ in range(2):
        await one.later(minutes=10)
        await one.take(pressure(one.moment - timedelta(minutes=1), 116, 74))
    assert await one.alarms() == []
    await one.later(minutes=10)
    await high(one)
    (alarm,) = await one.alarms()
    assert alarm.version == 3 and len(await one.mails()) == 1


async def test_a_worse_reading_is_told_at_once(one: Clocked) -> None:
    await high(one)
    await one.later(minutes=5)
    await high(one, 185, 125)
    assert len(await one.alarms()) == 1 and len(await one.mails()) == 2
