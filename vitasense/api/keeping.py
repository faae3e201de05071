"""Once a day: months ahead, the end of what is older than is kept, and the news that a day ended."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from vitasense.api.bootstrap import Services
from vitasense.deterministic import tracking
from vitasense.deterministic.auth import patient_ids, stream_access, system_access
from vitasense.deterministic.platform.events import Event, append, find, forget
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import Unavailable

MOST = 5000  # events that one transaction forgets

log = get_logger(__name__)


class Keeper:
    """Keeps streams and events; several at once do nothing twice, and what failed is tried again."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept_on: date | None = None

    async def keep(self) -> None:
        """Everything of a day (UTC), once a day. One person's trouble holds up nobody else; it is raised at the end."""
        services, now = self._services, self._services.clock().astimezone(UTC)
        if self._kept_on == now.date():
            return
        await self._keep_months(now)
        await self._forget_events(now)
        async with services.database.transaction(system_access("patients")) as tx:
            everyone = await patient_ids(tx)
        failures = [failure for each in everyone if (failure := await self._try(each))]
        if failures:
            raise ExceptionGroup("some streams were not kept", failures)
        self._kept_on = now.date()

    async def keep_for(self, patient_id: UUID) -> None:
        """The day of one person: what is too old ends, and the end of the day is told once."""
        services, now = self._services, self._services.clock()
        await self._tell_day(patient_id, now)
        more = True
        while more:
            async with services.database.transaction(stream_access("retention", patient_id)) as tx:
                report = await tracking.retire(
                    tx,
                    patient_id,
                    now,
                    keep_samples=timedelta(days=services.settings.keep_samples_days),
                    keep_rollups=timedelta(days=services.settings.keep_rollups_days),
                    timezone=services.settings.timezone,
                )
            more = report.more
            if report.kept:
                log.warning("retention.kept", count=len(report.kept))

    async def _try(self, patient_id: UUID) -> Exception | None:
        try:
            await self.keep_for(patient_id)
        except Exception as failure:  # noqa: BLE001 - raised with the others when everybody had their turn
            return failure
        return None

    async def _keep_months(self, now: datetime) -> None:
        try:
            async with self._services.database.transaction(system_access("keep months")) as tx:
                await tracking.keep_months(tx, now)
        except Unavailable as busy:  # what has no month lies in the rest, until the next look
            log.warning("months.later", exc_info=busy)

    async def _forget_events(self, now: datetime) -> None:
        before = now - timedelta(days=self._services.settings.keep_events_days)
        gone = MOST
        while gone == MOST:
            async with self._services.database.transaction(system_access("old events")) as tx:
                gone = await forget(tx, before, MOST)

    async def _tell_day(self, patient_id: UUID, now: datetime) -> None:
        """So that goals, longer stretches and silent devices are looked at."""
        event_id = uuid5(patient_id, f"day.ended {now.astimezone(UTC).date()}")
        async with self._services.database.transaction(system_access("end of day")) as tx:
            if await find(tx, event_id) is None:
                await append(tx, Event(event_id, "day.ended", 1, patient_id, None, now, now))
