"""`vitasense ask`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, warn, with_services
from vitasense.deterministic.platform.problems import NotAllowed

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.graphs.turn import Done
    from vitasense.tools.registry import Confirmation


def ask(
    question: str = typer.Argument(..., help="What you would say in the chat."),
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="Whose account asks."),
    as_json: bool = typer.Option(False, "--json", help="Print the reply as POST /v1/chat would send it."),
    patient: str | None = typer.Option(None, metavar="EMAIL|UUID", help="Whose record a provider asks about."),
    thread: UUID | None = typer.Option(None, help="Go on with this conversation."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Confirm what the assistant asks to confirm."),
) -> None:
    """Ask the assistant, as one of the accounts. A change is made only after you confirm it."""

    async def work(services: Services) -> bool:
        asking = await load.answers.Asking.open(services, email, patient)
        done, declined = await asking.ask(question, thread), False
        while done.confirmation is not None:
            if not as_json:
                _show(done)
            declined = not _agreed(done.confirmation, yes=yes)
            done = await asking.answer(done, approved=not declined)
        if as_json:
            say(load.answers.as_json(done))
        else:
            _show(done)
        return declined and not _can_ask()

    if with_services(work):
        raise NotAllowed("Nothing was changed: nobody could be asked. Run it in a terminal, or with --yes.")


def _show(done: Done) -> None:
    for line in load.answers.lines(done):
        say(line)
    warn(f"[conversation {done.thread.id}]")


def _agreed(confirmation: Confirmation, *, yes: bool) -> bool:
    warn(f"\n{confirmation.title}")
    for detail in confirmation.details:
        warn(f"  {detail.get('label', '')}: {detail.get('value', '')}")
    return yes or (_can_ask() and typer.confirm("Do it?", err=True))


def _can_ask() -> bool:
    return sys.stdin.isatty()
