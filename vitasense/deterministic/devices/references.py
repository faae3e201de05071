"""What a device's readings are compared with: better devices of the person, and the numbers of the record."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.devices.formats.units import ANALYTE
from vitasense.deterministic.devices.quality import Batch
from vitasense.deterministic.devices.quality.rules import Better, quality_rules
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import Sample, device_metrics, microseconds
from vitasense.deterministic.units import convert

Kinds = Mapping[UUID, str | None]


def rule_of(metric: str, device_id: UUID, kinds: Kinds) -> Better | None:
    """What readings of this device are compared with; None where there can be nothing."""
    rule = next((each for each in quality_rules().drift.better if each.code == metric), None)
    if rule is None or (not rule.records and not _devices(rule, device_id, kinds)):
        return None
    return rule


async def reference(
    tx: AsyncSession, patient_id: UUID, rule: Better, device_id: UUID, kinds: Kinds, since: datetime, until: datetime
) -> Batch | None:
    """Readings of the reference from `since` to before `until`, in the catalogue's unit; None when there is none."""
    at, value = list[int](), list[float]()
    if rule.records:
        for sample in await tracking.recorded_series(tx, patient_id, rule.reference, since, until):
            if (converted := _in_unit(sample)) is not None:
                at.append(microseconds(sample.at))
                value.append(converted)
    if better := _devices(rule, device_id, kinds):
        streams = await tracking.raw_streams(tx, patient_id, rule.reference, since, until)
        for other in better & streams.keys():
            usable = streams[other].only(streams[other].quality >= tracking.LOW_QUALITY)
            at += usable.at.tolist()
            value += usable.value.tolist()
    if not at:
        return None
    times = np.array(at, np.int64)
    order = np.argsort(times, kind="stable")
    return Batch(rule.reference, times[order].astype("datetime64[us]"), np.array(value)[order])


def window() -> timedelta:
    """How long readings of a reference count."""
    return timedelta(seconds=quality_rules().drift.window)


def _devices(rule: Better, device_id: UUID, kinds: Kinds) -> frozenset[UUID]:
    """The person's devices that are a reference for this one: none for one that is as good itself."""
    if rule.reference == rule.code and rule.is_by(kinds.get(device_id)):
        return frozenset()
    return frozenset(each for each, kind in kinds.items() if each != device_id and rule.is_by(kind))


def _in_unit(sample: Sample) -> float | None:
    """The value in the catalogue's unit; None when its own does not convert."""
    unit = device_metrics()[sample.metric].unit
    if sample.unit == unit:
        return sample.value
    try:
        return convert(sample.value, sample.unit, unit, ANALYTE.get(sample.metric))
    except InvalidInput:
        return None
