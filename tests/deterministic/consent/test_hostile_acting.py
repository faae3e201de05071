"""Who acts for a person without being one gets what that takes and nothing else, and nothing once the person said no."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import APP_PASSWORD
from tests.deterministic.consent.world import (
    DEVICE,
    FOREIGN_DEVICE,
    FOREIGN_MONITOR,
    MONITOR,
    NO_PRIVILEGE,
    NOBODY,
    PATIENT,
    SEEDS,
    SERVICE,
    STRANGER,
    World,
    build_world,
    enter,
    refused,
)
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import EmbeddedPostgres

PHI = sorted(table for table in SEEDS if table.startswith("phi."))
OF_STREAMS = {
    "phi.tracking_settings",
    "phi.device",
    "phi.device_sample",
    "phi.rollup",
    "phi.source_priority",
    "phi.delivery",
    "phi.rejected_row",
    "phi.workout",
    "phi.personal_range",
}
EVENT = (
    b"insert into app.event (id, type, version, patient_id, actor_id, occurred_at, recorded_at, payload) "
    b"values (gen_random_uuid(), %s, 1, %s, %s, now(), now(), '{}')"
)
TIMER = b"insert into app.timer values (gen_random_uuid(), %s, 'task', gen_random_uuid(), now(), now())"
MONTHS = b"select app.keep_sample_months(%s, %s)"
PARTITIONS = """select c.oid::regclass::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'phi.device_sample'::regclass order by 1"""


@pytest.fixture(scope="module")
def silenced(admin_url: str, server: EmbeddedPostgres) -> Iterator[World]:
    """A world whose victim switched the watching off."""
    built = build_world(admin_url, server.url("vs_app", APP_PASSWORD))
    built.admin("update consent.monitoring set allowed = false where patient_id = %(v)s")
    yield built
    built.superuser.close()


def count(connection: Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row
    return int(row[0])


def try_event(world: World, subject: str, kind: str, patient: object = None, actor: object = None) -> str | None:
    """The SQLSTATE that an event was refused with, None when it was taken; nothing stays."""
    principal = world.subjects[subject]
    who = actor or (principal.account_id if principal else new_id())
    with world.acting(subject) as connection:
        try:
            connection.execute(EVENT, (kind, patient or world.victim.account_id, who))
        except psycopg.Error as error:
            return error.sqlstate
        finally:
            connection.rollback()
    return None


def test_a_device_sees_the_streams_of_its_patient_and_nothing_of_the_record(world: World) -> None:
    with world.acting(DEVICE) as connection:
        seen = {table for table in PHI if count(connection, table)}
        assert seen == OF_STREAMS
        assert count(connection, "consent.access_grant") == count(connection, "audit.entry") == 0
        measured = connection.execute(b"select distinct by_device from phi.measured").fetchall()
    assert measured == [(True,)]


def test_a_device_writes_streams_only(world: World) -> None:
    with world.acting(DEVICE) as connection:
        for table in sorted(set(PHI) - OF_STREAMS - {"phi.thread"}):
            values = SEEDS[table].replace("%(v)s", f"'{world.victim.account_id}'").replace("%(o)s", f"'{new_id()}'")
            refused(connection, f"insert into {table} {values}")


def test_the_service_that_watches_writes_nothing_of_record_and_streams(world: World) -> None:
    kept = {"phi.decision", "phi.action", "phi.risk", "phi.alarm", "phi.alarm_change", "phi.task", "phi.notification"}
    kept |= {"phi.medicine_reminder"}
    with world.acting(MONITOR) as connection:
        for table in sorted(set(PHI) - kept - {"phi.goal", "phi.thread"}):
            values = SEEDS[table].replace("%(v)s", f"'{world.victim.account_id}'").replace("%(o)s", f"'{new_id()}'")
            refused(connection, f"insert into {table} {values}")


@pytest.mark.parametrize("subject", [FOREIGN_DEVICE, FOREIGN_MONITOR])
def test_who_acts_for_another_patient_sees_nothing_of_this_one(world: World, subject: str) -> None:
    with world.acting(subject) as connection:
        for table in (*PHI, "phi.measured", "consent.access_grant", "consent.monitoring"):
            assert count(connection, table) == 0, table


def test_once_the_person_said_no_the_service_sees_and_writes_nothing(silenced: World) -> None:
    with silenced.acting(MONITOR) as connection:
        for table in (*PHI, "phi.measured", "consent.access_grant", "consent.monitoring", "audit.entry"):
            assert count(connection, table) == 0, table
        for table in PHI:
            if table == "phi.thread":
                continue
            values = SEEDS[table].replace("%(v)s", f"'{silenced.victim.account_id}'").replace("%(o)s", f"'{new_id()}'")
            refused(connection, f"insert into {table} {values}")
        refused(connection, TIMER.decode().replace("%s", f"'{silenced.victim.account_id}'"))
    for kind in ("decision.made", "alarm.raised", "task.due", "risk.changed", "goal.suggested", "device.reported"):
        assert try_event(silenced, MONITOR, kind) == NO_PRIVILEGE


def test_once_the_person_said_no_devices_still_deliver_and_the_person_still_sees(silenced: World) -> None:
    with silenced.acting(DEVICE) as connection:
        assert count(connection, "phi.device_sample") == 1
    with silenced.acting(PATIENT) as connection:
        assert count(connection, "phi.alarm") == 1


def test_nobody_but_the_person_says_whether_the_service_watches(silenced: World) -> None:
    for subject in (MONITOR, DEVICE, STRANGER, SERVICE, NOBODY):
        with silenced.acting(subject) as connection:
            refused(connection, f"insert into consent.monitoring values ('{new_id()}', true, now())")
            changed = connection.execute(b"update consent.monitoring set allowed = true where patient_id is not null")
            assert changed.rowcount == 0
            refused(connection, "delete from consent.monitoring")
    assert silenced.admin("select allowed from consent.monitoring where patient_id = %(v)s") == [(False,)]


@pytest.mark.parametrize(
    ("subject", "kind", "taken"),
    [
        (DEVICE, "samples.received", True),
        (DEVICE, "device.reported", True),
        (DEVICE, "alarm.raised", False),
        (DEVICE, "decision.made", False),
        (DEVICE, "consent.granted", False),
        (DEVICE, "monitoring.changed", False),
        (DEVICE, "conversation.emergency_raised", False),
        (MONITOR, "decision.made", True),
        (MONITOR, "alarm.raised", True),
        (MONITOR, "task.due", True),
        (MONITOR, "goal.suggested", True),
        (MONITOR, "risk.changed", True),
        (MONITOR, "samples.received", False),
        (MONITOR, "records.imported", False),
        (MONITOR, "consent.granted", False),
        (MONITOR, "monitoring.changed", False),
        (FOREIGN_DEVICE, "samples.received", False),
        (FOREIGN_MONITOR, "alarm.raised", False),
        (STRANGER, "alarm.raised", False),
        (NOBODY, "samples.received", False),
    ],
)
def test_who_acts_tells_of_its_patient_and_its_work_alone(world: World, subject: str, kind: str, taken: bool) -> None:
    assert try_event(world, subject, kind) == (None if taken else NO_PRIVILEGE)


@pytest.mark.parametrize(("subject", "kind"), [(DEVICE, "samples.received"), (MONITOR, "alarm.raised")])
def test_who_acts_tells_in_no_other_name(world: World, subject: str, kind: str) -> None:
    assert try_event(world, subject, kind, actor=world.victim.account_id) == NO_PRIVILEGE
    assert try_event(world, subject, kind, patient=new_id()) == NO_PRIVILEGE


def test_a_timer_is_wound_for_the_patient_in_view_only(world: World) -> None:
    for subject, patient, taken in (
        (PATIENT, world.victim.account_id, True),
        (MONITOR, world.victim.account_id, True),
        (PATIENT, new_id(), False),
        (MONITOR, new_id(), False),
        (DEVICE, world.victim.account_id, False),
        (STRANGER, world.victim.account_id, False),
        (FOREIGN_MONITOR, world.victim.account_id, False),
        (NOBODY, world.victim.account_id, False),
    ):
        with world.acting(subject) as connection:
            if taken:
                assert connection.execute(TIMER, (patient,)).rowcount == 1
            else:
                refused(connection, TIMER.decode().replace("%s", f"'{patient}'"))
            connection.rollback()


def forged(world: World, connection: Connection, claims: Mapping[str, object]) -> None:
    body = base64.b64encode(json.dumps({"pid": connection.info.backend_pid, **claims}).encode()).decode()
    token = f"{body}.{hashlib.sha256(body.encode()).hexdigest()}"
    connection.execute("select set_config('app.context', %s, true)", (token,))


@pytest.mark.parametrize("role", ["stream", "monitor", "system", "patient"])
def test_a_forged_role_opens_nothing(world: World, role: str) -> None:
    everything = [category.value for category in Category]
    claims = {
        "sub": str(world.victim.account_id),
        "role": role,
        "purpose": "self",
        "activity": "x",
        "patient": str(world.victim.account_id),
        "reads": everything,
        "writes": everything,
        "exp": time.time() + 60,
    }
    with world.connection() as connection:
        forged(world, connection, claims)
        for table in (*PHI, "phi.measured"):
            assert count(connection, table) == 0, table


@pytest.mark.parametrize("role", [Role.STREAM, Role.MONITOR])
def test_a_role_that_acts_needs_a_patient(world: World, role: Role) -> None:
    access = world.access(DEVICE if role is Role.STREAM else MONITOR)
    assert access
    with world.connection() as connection:
        enter(connection, replace(access, patient_id=None))
        for table in (*PHI, "phi.measured", "consent.access_grant"):
            assert count(connection, table) == 0, table


def test_a_device_that_asks_for_every_category_gets_those_of_streams(world: World) -> None:
    access = world.access(DEVICE)
    assert access
    with world.connection() as connection:
        enter(connection, replace(access, reads=ALL_CATEGORIES, writes=ALL_CATEGORIES))
        assert {table for table in PHI if count(connection, table)} == OF_STREAMS
        refused(
            connection,
            "insert into phi.device_sample values "
            f"('{world.victim.account_id}', 'x', now(), '{new_id()}', null, 'genomics', 1, '1', 1, 0, null, now())",
        )


@pytest.mark.parametrize("subject", [PATIENT, DEVICE, MONITOR, SERVICE, STRANGER, NOBODY])
def test_nobody_looks_into_a_partition_by_itself(world: World, subject: str) -> None:
    partitions = [name for (name,) in world.admin(PARTITIONS)]
    assert len(partitions) > 12
    with world.acting(subject) as connection:
        for name in partitions:
            for sql in (f"select * from {name}", f"delete from {name}", f"update {name} set value = 1"):
                refused(connection, sql)


@pytest.fixture
def months(world: World) -> Iterator[None]:
    """The months that a test made are gone after it: others count on those that there were."""
    before = set(world.admin(PARTITIONS))
    yield
    for (name,) in set(world.admin(PARTITIONS)) - before:
        world.admin(f"drop table {name}")


@pytest.mark.usefixtures("months")
def test_months_are_kept_within_bounds_and_protected_as_the_others(world: World) -> None:
    with world.acting(NOBODY) as connection:
        for first, last in (
            ("-infinity", "infinity"),
            ("0001-01-01", "9999-12-31"),
            (None, None),
            ("infinity", "-infinity"),
        ):
            connection.execute(MONTHS, (first, last))
    partitions = [name for (name,) in world.admin(PARTITIONS)]
    assert len(partitions) <= 1 + 37 + 1
    unprotected = world.admin(
        "select c.relname from pg_class c join pg_inherits i on i.inhrelid = c.oid "
        "where i.inhparent = 'phi.device_sample'::regclass and not (c.relrowsecurity and c.relforcerowsecurity)"
    )
    assert unprotected == []
    granted = world.admin(
        "select c.relname from pg_class c join pg_inherits i on i.inhrelid = c.oid "
        "where i.inhparent = 'phi.device_sample'::regclass "
        "and has_table_privilege('vs_app', c.oid, 'select, insert, update, delete, truncate')"
    )
    assert granted == []


@pytest.mark.usefixtures("months")
def test_the_function_of_months_takes_no_names_from_the_caller(world: World) -> None:
    with world.acting(NOBODY) as connection:
        connection.execute(b"create temp table device_sample (x int)")
        connection.execute(b"set search_path = pg_temp, public")
        connection.execute(MONTHS, ("2026-01-01", "2026-12-31"))
        refused(
            connection, "select app.keep_sample_months('2026-01-01''; drop table phi.alarm; --', now()::date)", "22007"
        )


@pytest.mark.usefixtures("months")
def test_a_month_that_is_made_later_takes_its_samples_along_and_they_stay_seen(world: World) -> None:
    """A sample beyond the months that there are lies in the rest, and moves."""
    at, patient = "now() + interval '5 months'", world.victim.account_id
    values = f"('{patient}', 'later', {at}, '{new_id()}', null, 'vitals', 1, '1', 1, 0, null, now())"
    with world.acting(DEVICE) as connection:
        connection.execute(f"insert into phi.device_sample values {values}".encode())
        connection.execute(b"select app.keep_sample_months(now()::date, (now() + interval '7 months')::date)")
        seen = connection.execute(b"select value from phi.device_sample where metric = 'later'").fetchall()
        connection.rollback()
    assert seen == [(1.0,)]
