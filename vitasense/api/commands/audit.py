"""`vitasense audit …`: the hash-chained log of who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, warn, with_services

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.consent import ChainReport

app = typer.Typer(no_args_is_help=True, help="The audit log: verify that nothing was changed or removed.")


@app.callback()
def audit() -> None:
    """Keep `verify` a word of its own although it is the only one."""


@app.command()
def verify() -> None:
    """Check every entry of every chain. Exit code 1 when one was changed, removed or slipped in."""

    async def work(services: Services) -> ChainReport:
        return await load.consent.verify_chain(services.admin_url)

    found = with_services(work)
    for each in found.broken:
        warn(f"The chain of {each.subject_id} is broken at entry {each.seq}: {each.reason}.")
    if found.broken:
        raise typer.Exit(1)
    say(f"{found.entries} entries in {found.chains} chains: all unchanged.")
