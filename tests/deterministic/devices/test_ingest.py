"""What comes in is stored once, whatever happens meanwhile: repeats, kills, two at once, files that break off."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import APP_PASSWORD
from tests.deterministic.devices.taking import FILE, NOW, PULSE, SENSED, SENSOR, STEPS, WATCH, stream, take
from tests.people import access_of, new_principal
from vitasense.deterministic import devices, tracking
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.devices import BadRow, Delivery, Measured, Parsed, SourceDevice
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.problems import InvalidInput, NotFound

OTHER = Delivery("file:2", "file")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ROWS = 900
Row = tuple[object, ...]


async def stored(database: Database, who: Principal) -> list[Row]:
    """Every sample, told without the ids that differ between people."""
    kinds = {each.id: each.kind for each in await own_devices(database, who)}
    query = (
        "select metric, at, until, device_id, value, unit, quality, flags, note from phi.device_sample order by 1, 2, 4"
    )
    async with database.transaction(access_of(who)) as tx:
        found = (await tx.execute(text(query))).all()
    return sorted((*row[:3], kinds[row[3]], *row[4:]) for row in found)  # pyright: ignore[reportUnknownArgumentType]


async def own_devices(database: Database, who: Principal) -> Sequence[devices.Device]:
    async with database.transaction(access_of(who)) as tx:
        return await devices.devices(tx, who.account_id)


async def test_rows_are_stored_in_the_units_of_the_catalogue_and_sent_again_change_nothing(
    database: Database, patient: Principal
) -> None:
    report = await take(database, patient, stream(ROWS))
    assert (report.new, report.rejected, report.by_metric) == (ROWS, 0, {PULSE: 300, SENSED: 300, STEPS: 300})
    before = await stored(database, patient)
    again = await take(database, patient, stream(ROWS))
    assert (again.repeated, again.new, again.delivery_id) == (True, ROWS, report.delivery_id)
    renamed = await take(database, patient, stream(ROWS), OTHER)
    assert (renamed.new, renamed.changed, renamed.unchanged, renamed.repeated) == (0, 0, ROWS, False)
    assert await stored(database, patient) == before
    assert {each.kind: each.last_seen_at for each in await own_devices(database, patient)} == {
        "watch": NOW - 2 * DAY + 300 * MINUTE,
        "cgm": NOW - 2 * DAY + 299 * MINUTE,
    }


@pytest.mark.parametrize("chunk", [1, 7, 100, 451])
async def test_a_delivery_in_many_transactions_comes_to_what_one_gives(
    database: Database, patient: Principal, chunk: int
) -> None:
    count = 60 if chunk == 1 else ROWS
    whole = new_principal(Role.PATIENT)
    at_once = await take(database, whole, stream(count))
    report = await take(database, patient, stream(count), chunk=chunk)
    assert (report.new, report.by_metric) == (at_once.new, at_once.by_metric)
    assert await stored(database, patient) == await stored(database, whole)


async def test_late_and_shuffled_data_come_to_the_same_values(database: Database, patient: Principal) -> None:
    rows = list(stream(ROWS))
    whole = new_principal(Role.PATIENT)
    await take(database, whole, rows)
    Random(3).shuffle(rows)
    parts = [rows[:500], rows[400:], rows[:100]]
    for number, part in enumerate(parts):
        await take(database, patient, part, Delivery(f"part:{number}", "file"), chunk=90)
    assert [row[:6] for row in await stored(database, patient)] == [row[:6] for row in await stored(database, whole)]


def _killed(url: str, who: Principal) -> None:
    """A process that takes the rows in chunks of 200 and is killed while it reads the fourth."""
    arguments = [str(who.account_id), str(ROWS), "650", "200"]
    command = [sys.executable, "-m", "tests.deterministic.devices.taking", *arguments]
    environment = os.environ | {"TAKING_URL": url}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout
        assert child.stdout.readline() == b"here\n"
        child.send_signal(signal.SIGKILL)


async def test_killed_in_the_middle_and_sent_again_gives_the_same_rows(
    server: EmbeddedPostgres, database: Database, patient: Principal
) -> None:
    whole = new_principal(Role.PATIENT)
    await take(database, whole, stream(ROWS))
    await asyncio.to_thread(_killed, server.url("vs_app", APP_PASSWORD), patient)
    kept = len(await stored(database, patient))
    assert kept in (400, 600)  # whole chunks: while the fourth is read the third is stored
    report = await take(database, patient, stream(ROWS), chunk=200)
    assert not report.repeated
    assert report.new + report.unchanged == ROWS
    assert await stored(database, patient) == await stored(database, whole)


async def test_the_same_delivery_twice_at_once_is_stored_once(database: Database, patient: Principal) -> None:
    whole = new_principal(Role.PATIENT)
    await take(database, whole, stream(ROWS))
    rows = list(stream(ROWS))
    back = list(reversed(rows))
    keys = [FILE, FILE, OTHER, Delivery("file:3", "file")]
    reports = await asyncio.gather(
        *(
            take(database, patient, part, key, chunk=150)
            for key, part in zip(keys, [rows, rows, rows, back], strict=True)
        )
    )
    told = [report for report in reports if not report.repeated]
    assert sum(report.new for report in told) == ROWS
    assert [row[:6] for row in await stored(database, patient)] == [row[:6] for row in await stored(database, whole)]
    assert len(await own_devices(database, patient)) == 2


def _breaking(count: int, problem: Exception) -> Iterator[Measured]:
    yield from stream(count)
    raise problem


async def test_a_file_that_breaks_off_has_given_what_came_before(database: Database, patient: Principal) -> None:
    report = await take(database, patient, _breaking(500, InvalidInput("The file is cut.")), chunk=200)
    assert (report.new, report.rejected, report.examples[0].reason) == (500, 1, "The file is cut.")
    assert (await take(database, patient, stream(0))).repeated


async def test_a_file_that_is_none_stores_nothing(database: Database, patient: Principal) -> None:
    with pytest.raises(InvalidInput):
        await take(database, patient, _breaking(0, InvalidInput("No such file.")))
    assert not await own_devices(database, patient)
    assert not (await take(database, patient, stream(3))).repeated


async def test_a_reader_that_fails_leaves_whole_chunks_and_can_be_tried_again(
    database: Database, patient: Principal
) -> None:
    with pytest.raises(OSError, match="gone"):
        await take(database, patient, _breaking(500, OSError("gone")), chunk=200)
    assert len(await stored(database, patient)) == 400
    report = await take(database, patient, stream(500), chunk=200)
    assert (report.new, report.unchanged, report.repeated) == (100, 400, False)


async def test_a_failing_store_lets_go_of_the_rows_first(database: Database, patient: Principal) -> None:
    with pytest.raises(NotFound):
        await take(database, patient, stream(500), replace(FILE, device_id=UUID(int=5)), chunk=100)
    assert not await own_devices(database, patient)


async def test_an_empty_delivery_is_known_when_it_comes_again(database: Database, patient: Principal) -> None:
    assert (await take(database, patient, ())).new == 0
    assert (await take(database, patient, ())).repeated


async def test_rows_that_cannot_be_taken_are_kept_with_their_reason(database: Database, patient: Principal) -> None:
    at = NOW - DAY
    good = Measured(WATCH, PULSE, at, 61.0, "count/min", place="1")
    rows: list[Parsed] = [
        good,
        replace(good, at=at + MINUTE, unit="kg", place="unit"),
        replace(good, at=at + MINUTE, metric="nonsense", place="metric"),
        replace(good, at=NOW + 2 * DAY, place="future"),
        replace(good, at=datetime(1899, 1, 1, tzinfo=NOW.tzinfo), place="past"),
        replace(good, at=(at + MINUTE).replace(tzinfo=None), place="zone"),
        replace(good, at=at + MINUTE, value=float("nan"), place="nan"),
        replace(good, at=at + MINUTE, note="a\0b", place="note"),
        Measured(WATCH, STEPS, at, 10.0, "count", at - MINUTE, place="backwards"),
        Measured(WATCH, STEPS, at, 10.0, "count", at + 3 * DAY, place="long"),
        Measured(SENSOR, SENSED, at, 1e308, "mmol/L", place="beyond"),
        BadRow("line 9", "no number", "x,y"),
    ]
    report = await take(database, patient, rows)
    assert (report.new, report.rejected) == (1, len(rows) - 1)
    assert {each.place for each in report.examples} == {row.place for row in rows[1:]}
    assert all(each.reason for each in report.examples)
    assert not (await take(database, patient, rows, OTHER)).new


async def test_one_metric_in_several_units_and_codes_keeps_the_order_of_its_rows(
    database: Database, patient: Principal
) -> None:
    at = NOW - DAY
    rows = [
        Measured(SENSOR, SENSED, at, 90.0, "mg/dL"),
        Measured(SENSOR, SENSED, at, 5.0, "mmol/L", note="after"),
        Measured(SENSOR, "105272-9", at + MINUTE, 6.0, "mmol/L"),
        Measured(SENSOR, SENSED, at + MINUTE, 100.0, "mg/dL"),
    ]
    assert (await take(database, patient, rows)).new == 2
    values = [(row[4], row[8]) for row in await stored(database, patient)]
    assert values == [(pytest.approx(90.08, abs=0.01), "after"), (100.0, None)]


async def test_a_device_with_an_unusable_name_or_battery_does_not_cost_its_rows(
    database: Database, patient: Principal
) -> None:
    odd = SourceDevice("n" * 500, battery=7.0)
    none = SourceDevice("\u200b \n", external_id="1")
    rows = [Measured(each, PULSE, NOW - DAY, 60.0, "/min") for each in (odd, none)]
    assert (await take(database, patient, rows)).new == 2
    assert {each.name for each in await own_devices(database, patient)} == {"n" * 120, "Unnamed device"}


async def test_a_closed_day_stays_as_it_was_counted(database: Database, patient: Principal) -> None:
    day = NOW - 400 * DAY
    await take(database, patient, stream(ROWS, day))
    async with database.transaction(access_of(patient)) as tx:
        for metric in (PULSE, STEPS, SENSED):
            await tracking.roll_up_all(tx, patient.account_id, metric)
        await tracking.retire(tx, patient.account_id, NOW, keep_samples=30 * DAY)
    report = await take(database, patient, (replace(row, value=row.value + 1) for row in stream(ROWS, day)), OTHER)
    assert (report.new, report.changed, report.closed) == (0, 0, ROWS)


async def test_the_event_names_only_streams_with_something_new(database: Database, patient: Principal) -> None:
    await take(database, patient, stream(9))
    await take(database, patient, [*stream(9), *stream(12)], OTHER)
    query = text("select payload from app.event where type = 'samples.received' and patient_id = :whose order by seq")
    async with database.transaction(system_access("test")) as tx:
        told = list((await tx.scalars(query, {"whose": patient.account_id})).all())
    counts = [{each["metric"]: each["count"] for each in payload["streams"]} for payload in told]
    assert counts == [{PULSE: 3, STEPS: 3, SENSED: 3}, {PULSE: 1, STEPS: 1, SENSED: 1}]
