"""`vitasense import`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import followed, say, warn, with_services
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Principal, Purpose, Role
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound, Problem, TooLarge

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.records import ImportReport

Outcome = tuple[Path, "ImportReport | Problem"]


def import_files(
    files: list[Path] = typer.Argument(..., help="FHIR R4 JSON files, or folders of them."),
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="The patient whose record takes the files."),
) -> None:
    """Import FHIR R4 bundles and resources into a patient's record. The same file again changes nothing.

    Exit code 1 when something was refused; the rest is imported.
    """
    found = list(_files(files))

    async def work(services: Services) -> list[Outcome]:
        principal = await services.auth.principal_for_email(email)
        if principal.role is not Role.PATIENT:
            raise NotAllowed("Files are imported as the patient whose record takes them.")
        return [(file, await _import(services, principal, file)) for file in followed(found, "Importing")]

    outcomes = with_services(work)
    if not _report(outcomes):
        raise typer.Exit(1)


async def _import(services: Services, principal: Principal, file: Path) -> ImportReport | Problem:
    """The report, or why nothing of the file was taken: other files go on."""
    access = Access(principal, Purpose.SELF, "vitasense import", principal.account_id, ALL_CATEGORIES, ALL_CATEGORIES)
    try:
        bundle = _read(file, services.settings.max_upload_bytes)
        return (await load.importing.take(services, access, principal.account_id, [bundle]))[0]
    except Problem as problem:
        return problem


def _read(file: Path, most: int) -> dict[str, object]:
    if file.stat().st_size > most:
        raise TooLarge(f"It is larger than {most} bytes (VITASENSE_MAX_UPLOAD_BYTES).")
    try:
        content = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InvalidInput("This is not JSON.") from error
    if not isinstance(content, dict):
        raise InvalidInput("This is not FHIR: a file must be one JSON object with a resourceType.")
    return cast("dict[str, object]", content)


def _files(named: Sequence[Path]) -> Iterator[Path]:
    for path in named:
        if path.is_dir():
            inside = sorted(path.rglob("*.json"))
            if not inside:
                raise NotFound(f"There is no .json file in {path}.")
            yield from inside
        elif path.is_file():
            yield path
        else:
            raise NotFound(f"There is no file {path}.")


def _report(outcomes: Sequence[Outcome]) -> bool:
    """Print what became of each file; True when nothing was refused."""
    complete = True
    for file, outcome in outcomes:
        if isinstance(outcome, Problem):
            warn(f"{file}: nothing was taken. {outcome.detail}")
            complete = False
            continue
        say(
            f"{file}: {outcome.imported} new, {outcome.updated} updated, {outcome.unchanged} unchanged, "
            f"{outcome.skipped} not taken"
        )
        for kind, count in outcome.by_type.items():
            say(f"  {kind}: {count}")
        for problem in outcome.problems:
            name = "/".join(filter(None, (problem.type, problem.id)))
            warn(f"  {problem.entry} {name}: {problem.reason}")
        complete &= outcome.skipped == 0
    return complete
