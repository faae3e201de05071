"""Tally: what became of the rows of a delivery so far, chunk by chunk."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from vitasense.deterministic import tracking
from vitasense.deterministic.devices.arranging import Arranged
from vitasense.deterministic.devices.delivery import Delivery
from vitasense.deterministic.devices.formats.parsed import SourceDevice
from vitasense.deterministic.devices.schemas import Rejected, Report
from vitasense.deterministic.tracking import SampleBlock, Taken

EXAMPLES = 20


@dataclass(slots=True)
class Tally:
    """Counts, the devices that were registered, and the first rows that could not be taken."""

    sources: dict[SourceDevice, UUID] = field(default_factory=dict[SourceDevice, UUID])
    by_metric: Counter[str] = field(default_factory=Counter[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    examples: list[Rejected] = field(default_factory=list[Rejected])

    def store(self, block: SampleBlock, taken: Taken) -> None:
        """Count what became of a block."""
        self.counts.update(new=taken.new, changed=taken.changed, unchanged=taken.unchanged, closed=taken.closed)
        if block.quality is not None:
            self.counts["low_quality"] += int((block.quality < tracking.LOW_QUALITY).sum())
        self.by_metric[block.metric] += taken.new + taken.changed

    def keep(self, rows: Arranged, rejected: Sequence[Rejected]) -> None:
        """Count what else a chunk holds; `rejected` are the bad rows that are kept."""
        self.counts.update(workouts=len(rows.workouts), rejected=len(rows.bad))
        self.examples.extend(rejected[: EXAMPLES - len(self.examples)])

    def report(self, delivery: Delivery, patient_id: UUID) -> Report:
        """What is answered."""
        return Report(
            delivery_id=delivery.id_for(patient_id),
            new=self.counts["new"],
            changed=self.counts["changed"],
            unchanged=self.counts["unchanged"],
            closed=self.counts["closed"],
            rejected=self.counts["rejected"],
            workouts=self.counts["workouts"],
            low_quality=self.counts["low_quality"],
            by_metric={metric: count for metric, count in sorted(self.by_metric.items()) if count},
            devices=tuple(sorted({delivery.device_id} if delivery.device_id else set(self.sources.values()), key=str)),
            examples=tuple(self.examples),
        )


def last_of(block: SampleBlock) -> int:
    """The latest time that the block reaches to, in microseconds."""
    return int(block.at.max() if block.until is None else max(block.at.max(), block.until.max()))


def last_times(blocks: Iterable[SampleBlock]) -> dict[UUID, datetime]:
    """Device → the latest time that its blocks reach to, in the order of the devices' ids."""
    found: dict[UUID, int] = {}
    for block in blocks:
        found[block.device_id] = max(last_of(block), found.get(block.device_id, last_of(block)))
    return {device: tracking.moment(found[device]) for device in sorted(found)}
