"""What commands share: words to the person, the settings, the opened services, and failures in plain words."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

import typer

from vitasense.api.commands import loader as load
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, Problem

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.platform.settings import Settings

T = TypeVar("T")
FAILED = 1
NOT_ALLOWED = 3
UNAVAILABLE = 7
NO_PRIVILEGE = "42501"  # SQLSTATE: row-level security said no


def say(words: str = "") -> None:
    """One line on standard output."""
    typer.echo(words)


def warn(words: str) -> None:
    """One line on standard error."""
    typer.echo(words, err=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows on standard output, under the columns' names unless there are none."""
    every = [columns, *rows] if columns else rows
    widths = [max(len(row[place]) for row in every) for place in range(len(every[0]))]
    for row in every:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def confirmed(question: str, *, yes: bool) -> None:
    """Go on when the person says yes; NotAllowed when they say no, or when there is no terminal to ask at."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotAllowed(f"{question} Nobody can be asked here: run it in a terminal, or with --yes.")
    if not typer.confirm(question, err=True):
        raise NotAllowed("Nothing was changed.")


@contextmanager
def busy(words: str) -> Generator[None]:
    """A sign of life on standard error while something takes its time; nothing without a terminal."""
    from rich.console import Console  # noqa: PLC0415 - drawing loads slowly, and most commands never draw

    with Console(stderr=True).status(words):
        yield


def followed(things: Sequence[T], words: str) -> Iterator[T]:
    """The things one by one, with a progress bar on standard error when that is a terminal."""
    from rich.console import Console  # noqa: PLC0415 - drawing loads slowly, and most commands never draw
    from rich.progress import track  # noqa: PLC0415 - the same

    console = Console(stderr=True)
    yield from track(things, words, console=console, disable=not console.is_terminal)


def settings_of_environment() -> Settings:
    """The settings; InvalidInput names each that cannot be used, without its value."""
    try:
        return load.settings.Settings()
    except ValueError as error:
        raise InvalidInput(f"The settings cannot be used: {_reasons(error)}") from error


def with_services(work: Callable[[Services], Awaitable[T]]) -> T:
    """Open the services, do the work, close them; returns what the work returned."""
    settings = settings_of_environment()
    load.logging.configure("warning" if settings.log_level == "info" else settings.log_level)

    async def main() -> T:
        async with load.bootstrap.open_services(settings) as services:
            return await work(services)

    return asyncio.run(main())


def explain(error: Exception) -> int:
    """Say what went wrong on standard error; returns the exit code."""
    if isinstance(error, ExceptionGroup):
        return explain(cast("ExceptionGroup[Exception]", error).exceptions[0])
    if isinstance(error, Problem):
        warn(error.detail)
        return error.exit_code
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state == NO_PRIVILEGE:
        warn("You have no permission for this. Nothing was changed.")
        return NOT_ALLOWED
    load.logging.get_logger(__name__).error("command.failed", exc_info=error)
    if isinstance(error, OSError):
        warn(f"The system refused: {error}")
    elif type(error).__name__ == "OperationalError":
        warn("The database does not answer. `vitasense check` says what is missing.")
        return UNAVAILABLE
    else:
        warn(f"This failed unexpectedly ({type(error).__name__}); the line above says where in the program.")
    return FAILED


def _reasons(error: ValueError) -> str:
    listed: Callable[[], list[dict[str, object]]] | None = getattr(error, "errors", None)
    if listed is None:
        return str(error)
    return "; ".join(_reason(each) for each in listed())


def _reason(each: dict[str, object]) -> str:
    place = each.get("loc")
    name = f"VITASENSE_{str(place[0]).upper()}: " if isinstance(place, tuple) and place else ""  # type: ignore[reportUnknownArgumentType]
    return name + str(each.get("msg", "")).removeprefix("Value error, ")
