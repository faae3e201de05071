"""`vitasense events …`: what the worker gave up, and another try."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, table, with_services
from vitasense.deterministic.platform.problems import NotFound

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.platform.events import Parked

app = typer.Typer(no_args_is_help=True, help="Events that were given up after eight failures: list, replay.")

COLUMNS = ("event", "type", "consumer", "attempts", "failed with", "given up")


@app.command("list")
def list_events(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """List the events that were given up, the longest ago first. Nothing of a record is shown."""

    async def work(services: Services) -> list[Parked]:
        async with services.database.transaction(load.auth.system_access("vitasense events list")) as tx:
            return await load.events.parked(tx)

    found = with_services(work)
    if as_json:
        say(json.dumps([asdict(each) for each in found], default=str, indent=2))
    elif found:
        table(COLUMNS, [_row(each) for each in found])
    else:
        say("No event was given up.")


@app.command()
def replay(event_id: UUID) -> None:
    """Let the worker try an event again that was given up, once what made it fail is mended."""

    async def work(services: Services) -> list[str]:
        async with services.database.transaction(load.auth.system_access("vitasense events replay")) as tx:
            return await load.events.replay(tx, event_id)

    consumers = with_services(work)
    if not consumers:
        raise NotFound(f"No event {event_id} was given up: `vitasense events list` shows those that were.")
    say(f"The worker will try it again: {', '.join(consumers)}.")


def _row(parked: Parked) -> tuple[str, ...]:
    when = f"{parked.parked_at:%Y-%m-%d %H:%M} UTC"
    return (str(parked.event_id), parked.type, parked.consumer, str(parked.attempts), parked.error or "", when)
