"""Of a dense stream as much is read as is asked about, and what that gives is what all of it gives."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from tests.deterministic.reactions.made import DIASTOLIC, HEART_RATE, NOW, SYSTOLIC, watched
from tests.people import access_of
from vitasense.deterministic import tracking
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.reactions import Reading, gathering
from vitasense.deterministic.tracking import SampleBlock, microseconds

MINUTE = timedelta(minutes=1)


async def _stream(database: Database, who: Principal, metrics: Sequence[str], count: int, every: timedelta) -> None:
    """So many values up to now, of one device."""
    at = microseconds(NOW) - np.arange(count)[::-1] * (every // timedelta(microseconds=1))
    device = new_id()
    blocks = [SampleBlock(metric, device, at, (70 + np.arange(count) % 9).astype(np.float64)) for metric in metrics]
    async with database.transaction(access_of(who)) as tx:
        await tracking.put_columns(tx, who.account_id, blocks, now=NOW)


async def _read(database: Database, who: Principal, metric: str, since: timedelta | None) -> list[Reading]:
    async with database.transaction(access_of(who)) as tx:
        first = None if since is None else NOW - since
        return await gathering.readings(tx, who.account_id, watched(metric), NOW, since=first)


@pytest.mark.parametrize("every", [timedelta(seconds=1), MINUTE])
@pytest.mark.parametrize("since", [timedelta(), 90 * MINUTE])
async def test_a_dense_stream_is_read_from_a_while_before_the_first_new_value(
    database: Database, patient: Principal, every: timedelta, since: timedelta
) -> None:
    await _stream(database, patient, [HEART_RATE], 8_000 if every < MINUTE else 2_000, every)
    whole = await _read(database, patient, HEART_RATE, None)
    read = await _read(database, patient, HEART_RATE, since)
    assert read == whole[-len(read) :]
    assert read[0].at <= NOW - since - gathering.CONTEXT
    assert gathering.ENOUGH <= len(read) < len(whole)


async def test_readings_that_come_seldom_are_all_read(database: Database, patient: Principal) -> None:
    await _stream(database, patient, [SYSTOLIC, DIASTOLIC], 40, 60 * MINUTE)
    whole = await _read(database, patient, SYSTOLIC, None)
    assert len(whole) == 40
    assert await _read(database, patient, SYSTOLIC, timedelta()) == whole


async def test_no_reading_lacks_a_part_because_less_was_read(database: Database, patient: Principal) -> None:
    await _stream(database, patient, [SYSTOLIC, DIASTOLIC], 500, MINUTE)
    await _stream(database, patient, [SYSTOLIC], 400, MINUTE)
    whole = await _read(database, patient, SYSTOLIC, None)
    read = await _read(database, patient, SYSTOLIC, timedelta())
    assert 0 < len(read) < len(whole)
    assert all(each in whole for each in read)
