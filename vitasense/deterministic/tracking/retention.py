"""Ending old samples: a day is counted, counted again by other means, closed, and only then are its samples removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isclose
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import rollups_repository as repository
from vitasense.deterministic.tracking import streams_repository
from vitasense.deterministic.tracking.catalogue import DeviceMetric, device_metrics
from vitasense.deterministic.tracking.local_days import days_between
from vitasense.deterministic.tracking.microseconds import moment
from vitasense.deterministic.tracking.person_settings import person_settings
from vitasense.deterministic.tracking.priorities import device_order
from vitasense.deterministic.tracking.rollups import open_days, roll_up_days
from vitasense.deterministic.tracking.rollups_repository import Counted, Rollup

KEEP_SAMPLES = timedelta(days=365)
KEEP_ROLLUPS = timedelta(days=5 * 365 + 1)
DAYS_AT_ONCE = 50  # days of one metric in a call: so that its locks are held for a second, not for an hour


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day that was not closed, and why: its samples are all still there."""

    metric: str
    starts: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """How many days were closed, samples removed with them (of which `unusable` were of quality 0 and so counted in no
    rollup) and old rollups removed; what was kept; and whether there is `more` to do.
    """

    days: int
    samples: int
    unusable: int
    rollups: int
    kept: tuple[KeptDay, ...]
    more: bool


async def retire(
    tx: AsyncSession,
    patient_id: UUID,
    now: datetime,
    *,
    keep_samples: timedelta = KEEP_SAMPLES,
    keep_rollups: timedelta = KEEP_ROLLUPS,
    most_days: int = DAYS_AT_ONCE,
    timezone: str = "UTC",
) -> RetentionReport:
    """Close the days that ended longer than `keep_samples` ago and remove their samples, the oldest first; remove closed
    rollups older than `keep_rollups`. At most `most_days` days of a metric at once. Numbers of the record stay.

    Everything happens in this transaction or not at all. A day whose rollups do not agree with its samples stays.
    Raises InvalidInput when rollups would be kept shorter than samples.
    """
    if not timedelta() <= keep_samples <= keep_rollups:
        raise InvalidInput("Rollups are kept at least as long as samples.")
    await streams_repository.lock(tx, patient_id)
    zone = (await person_settings(tx, patient_id, timezone=timezone)).zone
    work = _Work(tx, patient_id, now - keep_samples, zone, most_days)
    for metric, first, _ in await streams_repository.spans(tx, patient_id, list(device_metrics())):
        await work.retire_metric(device_metrics()[metric], first)
    forgotten = await repository.forget(tx, patient_id, now - keep_rollups)
    more = work.more and work.days > 0
    return RetentionReport(work.days, work.samples, work.unusable, forgotten, tuple(work.kept), more)


class _Work:
    """One call: what it may still do and what it did."""

    def __init__(self, tx: AsyncSession, patient_id: UUID, before: datetime, zone: ZoneInfo, most_days: int) -> None:
        self._tx, self._patient_id, self._before, self._zone, self._left = tx, patient_id, before, zone, most_days
        self.days = self.samples = self.unusable = 0
        self.kept: list[KeptDay] = []
        self.more = False

    async def retire_metric(self, metric: DeviceMetric, first: datetime) -> None:
        order = await device_order(self._tx, self._patient_id, metric.code)
        reached = first
        while True:
            following = await streams_repository.next_sample(
                self._tx, self._patient_id, metric.code, metric.kind, reached
            )
            if following is None:
                return
            reached = moment(days_between(following, following, self._zone).ends[-1])
            if reached > self._before:
                return
            if self._left == 0:
                self.more = True
                return
            closed = await self._retire_day(metric, following, order)
            self._left -= closed
            if metric.kind == "sum" and any(each.metric == metric.code for each in self.kept):
                return  # its intervals reach into the next day, which therefore cannot end them

    async def _retire_day(self, metric: DeviceMetric, at: datetime, order: Sequence[UUID]) -> bool:
        """Whether the day was closed."""
        days = await open_days(self._tx, self._patient_id, metric.code, at, at, self._zone)
        if not days.starts.size and metric.kind == "sum":
            return False  # an interval that began in a closed day and reaches into an open one
        if not days.starts.size:
            return self._keep(metric, at, "there are samples in a day that was closed before")
        since, until = moment(days.starts[0]), moment(days.ends[-1])
        await roll_up_days(self._tx, self._patient_id, metric, days, order)
        mine = (self._tx, self._patient_id, metric.code)
        made = await repository.rollups(*mine, "day", since, until, merged=False)
        counted = await repository.recount(*mine, metric.kind, since, until)
        if not agree({row.device_id: row for row in made if row.starts == since}, counted):
            return self._keep(metric, since, "the rollups do not agree with the samples")
        await repository.close(*mine, since, until)
        samples, unusable = await repository.end_samples(*mine, metric.kind, since, until)
        self.days += 1
        self.samples += samples
        self.unusable += unusable
        return True

    def _keep(self, metric: DeviceMetric, at: datetime, reason: str) -> bool:
        self.kept.append(KeptDay(metric.code, at, reason))
        return False


def agree(made: Mapping[UUID, Rollup], counted: Mapping[UUID, Counted]) -> bool:
    """Whether both tell of the same devices the same count, sum, least and most."""
    return made.keys() == counted.keys() and all(
        row.n == counted[device].n
        and _close(row.total, counted[device].total)
        and _close(row.least, counted[device].least)
        and _close(row.most, counted[device].most)
        for device, row in made.items()
    )


def _close(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
