"""How a person wants to be watched, and whether: they alone say so."""

from dataclasses import replace
from datetime import UTC, time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.deterministic.tracking.samples import NOW, count_of, share
from tests.people import access_of
from vitasense.deterministic.auth import monitor_access, stream_access, system_access
from vitasense.deterministic.platform.access import Action, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.deterministic.tracking import (
    PersonSettings,
    allow_monitoring,
    monitoring_allowed,
    person_settings,
    save_settings,
)

EVENTS = text("select payload from app.event where type = 'monitoring.changed' and patient_id = :patient order by id")
GOOD = PersonSettings(
    "Europe/Vienna", time(22), time(6, 30), ("page", "webhook"), "https://example.org/hook?key=1", True
)


async def told(database: Database, patient: Principal) -> list[object]:
    async with database.transaction(system_access("look")) as tx:
        return list((await tx.scalars(EVENTS, {"patient": patient.account_id})).all())


async def test_settings_come_back_as_they_were_said_and_saying_them_again_tells_nothing(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        assert await person_settings(tx, patient.account_id, "Asia/Tokyo") == PersonSettings("Asia/Tokyo")
        assert await save_settings(tx, patient.account_id, GOOD, by=patient, now=NOW, new_id=new_id)
        assert not await save_settings(tx, patient.account_id, GOOD, by=patient, now=NOW, new_id=new_id)
        assert await person_settings(tx, patient.account_id, "Asia/Tokyo") == GOOD
    for access in (stream_access("ingest", patient.account_id), monitor_access("watch", patient.account_id)):
        async with database.transaction(access) as tx:
            assert await person_settings(tx, patient.account_id) == GOOD
    assert await told(database, patient) == [{"what": "settings"}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Vienna"},
        {"timezone": "../../etc/passwd"},
        {"timezone": ""},
        {"quiet_from": None},
        {"quiet_from": time(6, 30)},
        {"quiet_from": time(22, tzinfo=UTC)},
        {"channels": ("page", "pigeon")},
        {"hook_url": None},
        {"hook_url": "http://example.org/hook"},
        {"hook_url": "ftp://example.org"},
        {"hook_url": "https://"},
        {"hook_url": "https://name:word@example.org/"},
        {"hook_url": "https://example.org/#part"},
        {"hook_url": "https://example.org/a b"},
        {"hook_url": "https://example.org:port/"},
        {"hook_url": "https://[example/"},
        {"hook_url": "https://example.org/\n"},
        {"hook_url": "http://127.0.0.1.example.org/"},
        {"hook_url": "https://example.org/" + "a" * 2000},
    ],
    ids=str,
)
async def test_settings_that_cannot_hold_are_refused_and_change_nothing(
    database: Database, patient: Principal, wrong: dict[str, object]
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(InvalidInput):
            bad = replace(GOOD, **wrong)  # pyright: ignore[reportArgumentType]
            await save_settings(tx, patient.account_id, bad, by=patient, now=NOW, new_id=new_id)
        assert await count_of(tx, "phi.tracking_settings") == 0
    assert await told(database, patient) == []


async def test_an_address_on_this_machine_needs_no_https(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        near = replace(GOOD, hook_url="http://127.0.0.1:8099/hook")
        assert await save_settings(tx, patient.account_id, near, by=patient, now=NOW, new_id=new_id)


async def test_the_service_may_watch_until_the_person_says_no_and_learns_it(
    database: Database, patient: Principal
) -> None:
    watching = monitor_access("watch", patient.account_id)

    async def known() -> bool:
        async with database.transaction(watching) as tx:
            return await monitoring_allowed(tx, patient.account_id)

    assert await known()
    for allowed in (False, False, True):
        async with database.transaction(access_of(patient)) as tx:
            await allow_monitoring(tx, patient.account_id, allowed, by=patient, now=NOW, new_id=new_id)
            assert await monitoring_allowed(tx, patient.account_id) is allowed
        assert await known() is allowed
    assert await told(database, patient) == [{"what": "refused"}, {"what": "allowed"}]


async def test_nobody_else_says_or_learns_whether_a_person_is_watched(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await share(database, patient, provider, actions=frozenset({Action.READ, Action.WRITE}))
    for access in (access_of(provider, patient.account_id), stream_access("ingest", patient.account_id)):
        async with database.transaction(access) as tx:
            with pytest.raises(NotAllowed):
                await monitoring_allowed(tx, patient.account_id)
            with pytest.raises(NotAllowed):
                await allow_monitoring(tx, patient.account_id, False, by=provider, now=NOW, new_id=new_id)
    async with database.transaction(access_of(patient)) as tx:
        assert await monitoring_allowed(tx, patient.account_id)


async def test_a_provider_without_a_grant_sees_the_defaults_and_changes_nothing(
    database: Database, patient: Principal, provider: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await save_settings(tx, patient.account_id, GOOD, by=patient, now=NOW, new_id=new_id)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await person_settings(tx, patient.account_id) == PersonSettings()
    with pytest.raises(ProgrammingError):
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await save_settings(tx, patient.account_id, PersonSettings(), by=provider, now=NOW, new_id=new_id)
    async with database.transaction(access_of(patient)) as tx:
        assert await person_settings(tx, patient.account_id) == GOOD
