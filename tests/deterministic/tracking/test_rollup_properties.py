"""Rollups, whatever is given: the same as merging alone comes to, in any order, and for one device the short way too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.tracking.samples import NOW, PHONE, PULSE, SLEEP, START, STEPS, WATCH, measured
from tests.people import access_of, new_principal
from vitasense.deterministic import tracking
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.tracking import DeviceSample, device_metrics, put_stream, roll_up
from vitasense.deterministic.tracking.blocks import Stream, blocks_of, checked
from vitasense.deterministic.tracking.merged_streams import merge_samples, samples_of
from vitasense.deterministic.tracking.merging import merge
from vitasense.deterministic.tracking.rollups_repository import Rollup, Span, rollups

WHOLE = (START - timedelta(days=40), START + timedelta(days=40))


async def rows(
    tx: AsyncSession, patient: Principal, metric: str = PULSE, span: Span = "day", *, merged: bool = True
) -> list[Rollup]:
    return await rollups(tx, patient.account_id, metric, span, *WHOLE, merged=merged)


def brute_force(samples: Sequence[DeviceSample], order: Sequence[UUID], metric: str, day: datetime) -> float:
    """What a day in UTC comes to, from merging alone."""
    end = day + timedelta(days=1)
    own = [each for each in samples if each.at < end and (each.until or each.at + timedelta(microseconds=1)) > day]
    streams: dict[UUID, list[DeviceSample]] = {}
    for each in own:
        streams.setdefault(each.device_id, []).append(each)
    total = 0.0
    for each in merge(streams, order, device_metrics()[metric].kind):
        until = each.until or each.at
        if until == each.at:
            total += each.value * (day <= each.at < end)
        else:
            total += each.value * max((min(until, end) - max(each.at, day)) / (until - each.at), 0)
    return total


SAMPLES = st.lists(
    st.builds(
        measured,
        st.integers(0, 500).map(float),
        st.integers(-3000, 3000),
        lasts=st.none() | st.integers(1, 900),
        metric=st.just(STEPS),
        device=st.sampled_from([WATCH, PHONE]),
        quality=st.sampled_from([0.0, 0.25, 1.0]),
    ),
    max_size=25,
)


@given(samples=SAMPLES, kind=st.sampled_from([PULSE, STEPS, SLEEP]))
def test_the_short_way_for_one_device_gives_what_merging_gives(samples: list[DeviceSample], kind: str) -> None:
    metric = device_metrics()[kind]
    own = [replace(each, metric=kind, unit=metric.unit, device_id=WATCH) for each in samples]
    for block in checked(blocks_of(own)):
        stream = Stream(block.at, block.until, block.value, block.quality, block.flags)
        expected = merge({WATCH: samples_of(WATCH, stream, metric)}, (), metric.kind)
        assert merge_samples({WATCH: stream}, (), metric) == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=SAMPLES, seed=st.integers(0, 1000))
async def test_bit_by_bit_in_any_order_comes_to_the_same_as_all_at_once(
    database: Database, samples: list[DeviceSample], seed: int
) -> None:
    patient = new_principal(Role.PATIENT)
    whole = (START - timedelta(days=4), START + timedelta(days=4))
    days = [START + timedelta(days=day) for day in range(-4, 5)]
    Random(seed).shuffle(days)
    async with database.transaction(access_of(patient)) as tx:
        await put_stream(tx, patient.account_id, samples, now=NOW)
        for day in days:
            await roll_up(tx, patient.account_id, STEPS, day, day + timedelta(hours=seed % 30))
        bits = [await rows(tx, patient, STEPS, span, merged=own) for span in ("hour", "day") for own in (True, False)]
        assert await roll_up(tx, patient.account_id, STEPS, *whole) == 0
        assert bits == [
            await rows(tx, patient, STEPS, span, merged=own) for span in ("hour", "day") for own in (True, False)
        ]
        kept = await tracking.series(tx, patient.account_id, STEPS)
        unique = [
            DeviceSample(STEPS, each.at, each.value, each.unit, each.record_id, each.until, each.quality)
            for each in kept
        ]
        totals = {row.starts: row.total for row in await rows(tx, patient, STEPS)}
        for day in days:
            expected = brute_force(unique, (), STEPS, day)
            assert totals.get(day, 0.0) == pytest.approx(expected, rel=1e-6, abs=1e-6)
