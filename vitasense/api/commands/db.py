"""`vitasense db …`: the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import busy, confirmed, say, settings_of_environment, table, with_services
from vitasense.deterministic.platform.problems import Conflict

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services

app = typer.Typer(no_args_is_help=True, help="The database: upgrade, status, backup, restore.")

ADVICE = (
    "Keep the secret with it, in another place: {where}. A backup without its secret cannot be restored. "
    "The backup holds health data and is not encrypted: keep it where nobody else reads it."
)


@app.command()
def upgrade() -> None:
    """Bring the database to the newest revision. `serve` does this at each start."""

    async def work(services: Services) -> str | None:
        return load.database.status(services.admin_url)[0]

    say(f"The database is at revision {with_services(work)}, the newest.")


@app.command()
def status() -> None:
    """Show the database's revision, size and what waits. Exit code 1 when an upgrade is due."""
    found = load.inspection.database_status(settings_of_environment())
    table((), found.rows())
    if not found.newest:
        raise typer.Exit(1)


@app.command()
def backup(file: Path) -> None:
    """Write a backup of everything to FILE, while the service runs or not."""

    async def work(services: Services) -> int:
        with busy("Writing the backup"):
            return load.archives.Archives(services).backup(file)

    size = with_services(work)
    say(f"{file}: {size / 1e6:.1f} MB.")
    say(ADVICE.format(where=_where_secret()))


@app.command()
def restore(
    file: Path,
    replace: bool = typer.Option(False, help="Replace a database that holds accounts; all of it is lost."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask before replacing."),
) -> None:
    """Restore FILE into an empty database. The service must be stopped, and the secret be that of the backup."""

    async def work(services: Services) -> str:
        archives = load.archives.Archives(services)
        archives.check(file)
        if accounts := archives.accounts():
            if not replace:
                raise Conflict(f"The database holds {accounts} accounts. With --replace they are lost and replaced.")
            confirmed(f"Replace the database with its {accounts} accounts by {file}?", yes=yes)
        with busy("Restoring"):
            return archives.restore(file)

    say(f"Restored; the database is at revision {with_services(work)}.")


def _where_secret() -> str:
    settings = settings_of_environment()
    return "the value of VITASENSE_SECRET" if settings.secret else str(settings.home / "secret.key")
