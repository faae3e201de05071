"""`vitasense events …`: what waits, what the worker gave up and why, and another try."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, table, with_services
from vitasense.deterministic.platform.problems import InvalidInput, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.platform.events import Backlog, Course, Event, Parked

app = typer.Typer(no_args_is_help=True, help="Events: what waits, what was given up after eight failures, replay.")

PARKED = ("event", "type", "consumer", "attempts", "failed with", "given up")
STATUS = ("consumer", "waiting", "oldest", "failed, tried again", "behind those", "given up")
AS_JSON = typer.Option(False, "--json", help="Print JSON.")


@app.command("list")
def list_events(as_json: bool = AS_JSON) -> None:
    """List the events that were given up, the longest ago first. Nothing of a record is shown."""

    async def work(services: Services) -> list[Parked]:
        async with services.database.transaction(load.auth.system_access("vitasense events list")) as tx:
            return await load.events.parked(tx)

    found = with_services(work)
    if as_json:
        say(json.dumps([asdict(each) for each in found], default=str, indent=2))
    elif found:
        table(PARKED, [_row(each) for each in found])
    else:
        say("No event was given up.")


@app.command()
def show(event_id: UUID, as_json: bool = AS_JSON) -> None:
    """Show an event and how it went with each consumer: failures by type and place. It holds ids, no values."""

    async def work(services: Services) -> tuple[Event, list[Course]]:
        async with services.database.transaction(load.auth.system_access("vitasense events show")) as tx:
            event = await load.events.find(tx, event_id)
            if event is None:
                raise NotFound(f"There is no event {event_id}.")
            return event, await load.events.courses(tx, event_id)

    event, courses = with_services(work)
    if as_json:
        told = {"event": asdict(event), "consumers": [asdict(each) for each in courses]}
        say(json.dumps(told, default=str, indent=2))
        return
    table((), [(name, _text(value)) for name, value in asdict(event).items() if value is not None])
    for course in courses:
        say(f"\n{course.consumer}: {course.state} after {course.attempts} attempts{_when(course)}")
        table((), [("", each["at"], each["type"], each["place"]) for each in course.failures] or [("",)])


@app.command()
def status(as_json: bool = AS_JSON) -> None:
    """Show what waits for each consumer, how old it is, and what was given up."""

    async def work(services: Services) -> dict[str, Backlog]:
        return await load.worker.backlogs(services)

    found = with_services(work)
    if as_json:
        say(json.dumps({name: asdict(each) for name, each in found.items()}, default=str, indent=2))
    else:
        table(STATUS, [_state(name, each) for name, each in found.items()])


@app.command()
def replay(
    event_id: UUID | None = typer.Argument(None, help="The event; or --all."),
    every: bool = typer.Option(False, "--all", help="All that was given up."),
    consumer: str | None = typer.Option(None, help="With --all: only what this consumer gave up."),
    kind: str | None = typer.Option(None, "--type", help="With --all: only events of this type."),
) -> None:
    """Let the worker try again what was given up, once what made it fail is mended."""
    if (event_id is None) is not every:
        raise InvalidInput("Name one event, or say --all.")

    async def one(services: Services) -> list[str]:
        assert event_id is not None
        async with services.database.transaction(load.auth.system_access("vitasense events replay")) as tx:
            return await load.events.replay(tx, event_id)

    async def all_of_them(services: Services) -> int:
        async with services.database.transaction(load.auth.system_access("vitasense events replay")) as tx:
            return await load.events.replay_all(tx, consumer=consumer, kind=kind)

    if every:
        count = with_services(all_of_them)
        say(f"The worker will try {count} again." if count else "No such event was given up.")
        return
    consumers = with_services(one)
    if not consumers:
        raise NotFound(f"No event {event_id} was given up: `vitasense events list` shows those that were.")
    say(f"The worker will try it again: {', '.join(consumers)}.")


def _row(parked: Parked) -> tuple[str, ...]:
    error = f"{parked.error} at {parked.place}" if parked.place else parked.error or ""
    return (str(parked.event_id), parked.type, parked.consumer, str(parked.attempts), error, _time(parked.parked_at))


def _state(name: str, backlog: Backlog) -> tuple[str, ...]:
    oldest = f"since {_time(backlog.oldest)}" if backlog.oldest else "-"
    counts = (backlog.retrying, backlog.held, backlog.parked)
    return (name, str(backlog.waiting), oldest, *(str(count) for count in counts))


def _when(course: Course) -> str:
    if course.handled_at:
        return f", {_time(course.handled_at)}"
    if course.parked_at:
        return f", {_time(course.parked_at)}"
    return f", again {_time(course.retry_at)}" if course.retry_at else ""


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value)
