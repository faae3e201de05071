"""`vitasense memory …`: what is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import busy, confirmed, say, table, warn, with_services
from vitasense.deterministic.platform.problems import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vitasense.api.bootstrap import Services
    from vitasense.api.remembering import Forgotten
    from vitasense.memory import Entry, Recalled
    from vitasense.memory.stores.census import Census
    from vitasense.memory.stores.moving import Report

_MOST_FOUND = 20

app = typer.Typer(no_args_is_help=True, help="What is remembered: list, search, forget, export, check.")


@app.callback()
def memory() -> None:
    """Keep the commands words of their own."""


@app.command()
def check(
    repair: bool = typer.Option(False, "--repair", help="Embed what waits, copy to Qdrant what differs."),
) -> None:
    """Check that every memory has its vector, and that Qdrant holds what it should. Nothing of a record is shown.

    Exit code 0 when all is as it should be, or was mended; 1 when something is missing, stale or too much.
    """

    async def work(services: Services) -> tuple[Census, list[Report]]:
        with busy("Checking"):
            return await load.upkeep.check(services, repair=repair)

    census, reports = with_services(work)
    _say_personal(census)
    say_shared(reports)
    if census.waiting or not all(each.agrees for each in reports):
        warn("Not all is as it should be: `vitasense memory check --repair` mends it.")
        raise typer.Exit(1)


@app.command("list")
def list_memories(
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="Whose account asks."),
    patient: str | None = typer.Option(None, metavar="EMAIL|UUID", help="Whose memories a provider asks for."),
) -> None:
    """List what was told and is remembered, by time, without what was superseded."""

    async def work(services: Services) -> list[Entry]:
        held = await load.memories.opened(services, email, patient, "vitasense memory list")
        return await held.current()

    _show(with_services(work))


@app.command()
def search(
    words: str = typer.Argument(..., help="What it is about."),
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="Whose account asks."),
    patient: str | None = typer.Option(None, metavar="EMAIL|UUID", help="Whose memories a provider asks for."),
) -> None:
    """Search what is remembered, by meaning and by words."""

    async def work(services: Services) -> Recalled:
        held = await load.memories.opened(services, email, patient, "vitasense memory search")
        return await held.search(words, _MOST_FOUND)

    found = with_services(work)
    if found.entries:
        _show(found.entries)
    elif found.by_words:
        say("Nothing was found by its words; by its meaning nothing could be compared.")
    else:
        say(f"Nothing of {found.total} memories is about this.")


@app.command()
def forget(
    memory_id: UUID | None = typer.Argument(None, help="Which memory, by the id that `list` shows."),
    everything: bool = typer.Option(False, "--all", help="Everything that was told, and all summaries."),
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="The patient."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Forget one memory with its versions of before, or all. It says which conversations hold the words still."""
    if (memory_id is None) != everything:
        raise InvalidInput("Give the id of one memory, or --all.")
    confirmed("Forget this for good?", yes=yes)

    async def work(services: Services) -> Forgotten:
        held = await load.memories.opened(services, email, None, "vitasense memory forget")
        return await (held.forget(memory_id) if memory_id else held.forget_all())

    gone = with_services(work)
    say(f"Forgotten: {gone.count}, with the versions of before.")
    if gone.held:
        say("The words still stand in these conversations; delete them to be rid of them there too:")
        table((), [(str(each.id), f"{each.updated_at:%Y-%m-%d}") for each in gone.held])


@app.command()
def export(
    file: Path | None = typer.Argument(None, help="Where to write; to standard output when not given."),
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="Whose account asks."),
) -> None:
    """Write everything that is remembered, with its history and sources, as JSON."""

    async def work(services: Services) -> str:
        held = await load.memories.opened(services, email, None, "vitasense memory export")
        memories = [each.model_dump(mode="json") for each in await held.export()]
        return json.dumps({"exported_at": services.clock().isoformat(), "memories": memories}, indent=2)

    written = with_services(work)
    if file is None:
        say(written)
    else:
        file.write_text(written + "\n", encoding="utf-8")


def _show(entries: Sequence[Entry]) -> None:
    rows = [(str(each.id), f"{each.occurred_at:%Y-%m-%d}", str(each.category), each.text) for each in entries]
    if rows:
        table(("id", "told", "shared as", "what"), rows)
    else:
        say("Nothing is remembered.")


def _say_personal(census: Census) -> None:
    say(f"{census.memories} personal memories; {census.waiting} wait for a vector and are found by words alone.")
    rows = [
        (f"{each.space.model} {each.space.version}", str(each.vectors), "searched now" if each.current else "not used")
        for each in census.spaces
    ]
    if rows:
        table(("model", "vectors", "state"), rows)


def say_shared(reports: list[Report]) -> None:
    rows = [
        (each.name, each.home, *map(str, (each.passages, len(each.missing_or_stale), len(each.extra))), _state(each))
        for each in reports
    ]
    if rows:
        table(("collection", "answered by", "passages", "missing or stale in Qdrant", "too many", "state"), rows)


def _state(report: Report) -> str:
    if not (report.missing_or_stale or report.extra):
        return "agrees"
    return "repaired" if report.repaired else "differs"
