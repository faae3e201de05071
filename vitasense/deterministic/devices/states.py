"""How each device of a person is: what its last days were worth, and what the person could do for it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.devices.quality.rules import quality_rules
from vitasense.deterministic.devices.registry import devices
from vitasense.deterministic.devices.schemas import Device
from vitasense.deterministic.devices.suggestions import RecentQuality, Suggestion, suggestions


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device with the mean quality of its last days (None without samples) and what could be done for it."""

    device: Device
    samples: int
    quality: float | None
    suggestions: tuple[Suggestion, ...]


async def device_states(
    tx: AsyncSession, patient_id: UUID, now: datetime, only: Collection[UUID] | None = None
) -> list[DeviceState]:
    """The state of every device of the person, or of these, the last seen first."""
    since = now - timedelta(days=quality_rules().suggest.days)
    marks = await tracking.sample_marks(tx, patient_id, since, list(tracking.device_metrics()))
    found = [each for each in await devices(tx, patient_id) if only is None or each.id in only]
    return [_state(each, [mark for mark in marks if mark.device_id == each.id], now) for each in found]


def _state(device: Device, marks: list[tracking.SampleMarks], now: datetime) -> DeviceState:
    samples = sum(mark.count for mark in marks)
    flagged = Counter[tracking.Flag]()
    for mark in marks:
        flagged.update(dict.fromkeys(mark.flags, mark.count))
    quality = sum(mark.quality * mark.count for mark in marks) / samples if samples else None
    return DeviceState(device, samples, quality, tuple(suggestions(device, RecentQuality(samples, flagged), now=now)))
