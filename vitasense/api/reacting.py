"""What the worker does about events of devices, decisions and alarms: handlers over the opened services."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.api.consumers import HANDLERS, Handle, Handlers
from vitasense.api.letters import tell_of
from vitasense.deterministic import medications, tracking
from vitasense.deterministic.auth import monitor_access, patient_ids, stream_access
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.reactions import Occasion
from vitasense.graphs.reactions import REACTIONS, Reaction, Reactions


def handlers_of(services: Services) -> Handlers:
    """Event type → consumer → what it does: the table of the service, with the reactions of the specialists."""
    table: dict[str, dict[str, Handle]] = {kind: dict(consumers) for kind, consumers in HANDLERS.items()}
    graph = Reactions()
    for kind, consumers in REACTIONS.items():
        for name, reaction in consumers.items():
            table.setdefault(kind, {})[name] = _reacting(services, graph, reaction)
    table.setdefault("samples.received", {})["rollups"] = _rolling_up(services)
    for kind in ("priorities.changed", "monitoring.changed"):  # the order of devices, or the person's time zone
        table.setdefault(kind, {})["rollups"] = _rolling_all(services)
    table.setdefault("knowledge.changed", {})["rechecks"] = _rechecking(services)
    table.setdefault("monitoring.changed", {})["reminders"] = _reminding(services)
    for kind in ("alarm.raised", "alarm.changed"):
        table.setdefault(kind, {})["letters"] = _telling(services)
    return table


def _reacting(services: Services, graph: Reactions, reaction: Reaction) -> Handle:
    async def react(tx: AsyncSession, event: Event) -> None:
        if event.patient_id is None:
            return
        access = monitor_access(f"reaction:{reaction.agent}", event.patient_id)
        await services.database.switch(tx, access)
        occasion = Occasion(
            tx=tx,
            event=event,
            patient_id=event.patient_id,
            actor=access.principal,
            now=services.clock(),
            ids=services.new_id,
            default_zone=_zone(services),
            library=services.shelf.current,
        )
        await graph.react(reaction, occasion)

    return react


def _rolling_up(services: Services) -> Handle:
    async def roll_up(tx: AsyncSession, event: Event) -> None:
        assert event.patient_id is not None, "samples are a patient's"
        await services.database.switch(tx, stream_access("rollups", event.patient_id))
        spans: dict[str, tuple[datetime, datetime]] = {}
        for stream in cast("Sequence[Mapping[str, str]]", event.payload["streams"]):
            since, until = datetime.fromisoformat(stream["since"]), datetime.fromisoformat(stream["until"])
            known = spans.get(stream["metric"], (since, until))
            spans[stream["metric"]] = min(known[0], since), max(known[1], until)
        for metric, (since, until) in sorted(spans.items()):
            await tracking.roll_up(tx, event.patient_id, metric, since, until, timezone=_zone(services))

    return roll_up


def _rolling_all(services: Services) -> Handle:
    async def roll_all(tx: AsyncSession, event: Event) -> None:
        assert event.patient_id is not None, "settings are a patient's"
        await services.database.switch(tx, stream_access("rollups", event.patient_id))
        named = str(event.payload.get("metric", "*"))
        metrics = await tracking.streamed_metrics(tx, event.patient_id) if named == "*" else [named]
        for metric in metrics:
            await tracking.roll_up_all(tx, event.patient_id, metric, timezone=_zone(services))

    return roll_all


def _rechecking(services: Services) -> Handle:
    async def recheck(tx: AsyncSession, event: Event) -> None:
        """So that everybody's medicines are checked again with what is known now."""
        await services.shelf.refresh_within(tx)
        now = services.clock()
        for patient_id in await patient_ids(tx):
            told = uuid5(patient_id, f"recheck.due {event.id}")
            await append(tx, Event(told, "recheck.due", 1, patient_id, None, now, now, causation_id=event.id))

    return recheck


def _reminding(services: Services) -> Handle:
    async def wind_again(tx: AsyncSession, event: Event) -> None:
        assert event.patient_id is not None, "settings are a patient's"
        await services.database.switch(tx, monitor_access("reminders", event.patient_id))
        await medications.wind_again(tx, event.patient_id, now=services.clock(), ids=services.new_id)

    return wind_again


def _telling(services: Services) -> Handle:
    async def tell(tx: AsyncSession, event: Event) -> None:
        if event.patient_id is not None:
            await tell_of(services, tx, event.patient_id, UUID(str(event.payload["alarm_id"])))

    return tell


def _zone(services: Services) -> str:
    return services.settings.timezone
