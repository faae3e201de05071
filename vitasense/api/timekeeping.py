"""What happens by itself at some time: timers that ring, streams that are kept, webhooks that leave."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.api.letters import give_on
from vitasense.deterministic import alarms, decisions, goals, medications, notices
from vitasense.deterministic.alarms import Timer
from vitasense.deterministic.auth import monitor_access, system_access
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import Problem

AT_ONCE = 50
AGAIN_AFTER = timedelta(minutes=1)  # when a timer could not be seen to
MOST_FAILING = 100  # timers that may be passed over at a time

log = get_logger(__name__)


class Timekeeper:
    """Rings what is due and keeps the streams; several at once do nothing twice."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._failing: dict[UUID, datetime] = {}

    async def ring(self) -> bool:
        """See to timers that are due, each in a transaction of its own; True when there may be more.

        One that cannot be seen to holds up no other: it is logged and tried again later.
        """
        for _ in range(AT_ONCE):
            if not await self._ring_one():
                return False
        return True

    async def _ring_one(self) -> bool:
        services, now = self._services, self._services.clock()
        self._failing = {each: again for each, again in self._failing.items() if again > now}
        timer: Timer | None = None
        try:
            async with services.database.transaction(system_access("ring timers")) as tx:
                found = await alarms.due(tx, now, 1 + min(len(self._failing), MOST_FAILING))
                timer = next((each for each in found if each.id not in self._failing), None)
                if timer is None:
                    return False
                await self._see_to(tx, timer)
                await services.database.switch(tx, system_access("ring timers"))
                await alarms.done(tx, timer.id, now)
        except (Problem, SQLAlchemyError):
            if timer is None:
                raise
            log.exception("timer.failed", kind=timer.kind)
            self._failing[timer.id] = now + AGAIN_AFTER
        return True

    async def _see_to(self, tx: AsyncSession, timer: Timer) -> None:
        services, now = self._services, self._services.clock()
        access = monitor_access(f"timer:{timer.kind}", timer.patient_id)
        await services.database.switch(tx, access)
        actor, ids = access.principal, services.new_id
        if timer.kind == "task":
            reminder = await alarms.remind(tx, timer.patient_id, timer.ref, actor=actor, now=now, ids=ids)
            if reminder and reminder.is_due:
                behind, payload = reminder.task.decision_id, {"task_id": str(timer.ref)}
                await decisions.tell(
                    tx, timer.patient_id, "task.due", payload, behind=behind, at=now, actor=actor, ids=ids
                )
        elif timer.kind == "notification":
            await give_on(services, tx, timer.patient_id, now)
        elif timer.kind == "goal":
            await goals.end_overdue(tx, timer.patient_id, actor=actor, now=now, ids=ids)
        elif timer.kind in ("dose", "refill"):
            zone = services.settings.timezone
            await medications.remind(
                tx, timer.patient_id, timer.kind, timer.ref, actor=actor, now=now, ids=ids, timezone=zone
            )
        elif timer.kind in ("snooze", "escalation", "staleness"):
            await alarms.attend(tx, timer.patient_id, timer.kind, timer.ref, actor=actor, now=now, ids=ids)

    async def send_hooks(self) -> None:
        """Send the webhooks that are due, without following anybody anywhere."""
        services = self._services
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
            await notices.send_hooks(
                services.database, system_access("send webhooks"), services.hooks, services.clock, client
            )
