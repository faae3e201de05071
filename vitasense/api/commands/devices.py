"""`vitasense devices …`: what there is, and files of devices and apps, of any size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import followed, say, table, warn, with_services
from vitasense.deterministic.platform.access import Access, Principal, Purpose, Role
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound, Problem

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.devices import DeviceState, Report, TableMapping

app = typer.Typer(no_args_is_help=True, help="Devices and what they measured: list, import files.")

COLUMNS = ("device", "kind", "last seen", "battery", "quality", "what to do")


@app.command("list")
def list_devices(
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="The patient whose devices they are."),
) -> None:
    """List a patient's devices, the last seen first, with what could be done for each."""

    async def work(services: Services) -> list[DeviceState]:
        principal = await services.auth.principal_for_email(email)
        access = Access(
            principal, Purpose.SELF, "vitasense devices list", principal.account_id, load.auth.STREAMED, frozenset()
        )
        async with services.database.transaction(access) as tx:
            return await load.devices.device_states(tx, principal.account_id, services.clock())

    found = with_services(work)
    if found:
        table(COLUMNS, [_row(each) for each in found])
    else:
        say("There is no device yet: `vitasense devices import FILE` makes them known by their files.")


def _row(state: DeviceState) -> tuple[str, ...]:
    device = state.device
    seen = f"{device.last_seen_at:%Y-%m-%d %H:%M} UTC" if device.last_seen_at else "never"
    battery = "not known" if device.battery is None else f"{device.battery:.0%}"
    quality = "not evaluated" if state.quality is None else f"{state.quality:.2f}"
    todo = "; ".join(each.text for each in state.suggestions) or ("retired" if device.retired_at else "")
    return (device.name, device.kind or "", seen, battery, quality, todo)


@app.command("import")
def import_files(
    files: list[Path] = typer.Argument(
        ..., help="Exports of devices or apps: Apple Health, Fitbit, FIT, GPX, CGM, CSV …"
    ),
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="The patient whose record takes the files."),
    kind: str | None = typer.Option(None, "--format", help="What the files are, when they do not tell themselves."),
    mapping: Path | None = typer.Option(None, help="A JSON file that says what the columns of a plain table are."),
) -> None:
    """Take files of devices and apps into a patient's record. The same file again changes nothing.

    Bad rows are told with their line and kept for repair. Exit code 1 when something was rejected; the rest is taken.
    """

    for file in (*files, *([mapping] if mapping else [])):
        if not file.is_file():
            raise NotFound(f"There is no file {file}.")
    columns = mapping.read_text() if mapping else None

    async def work(services: Services) -> list[tuple[Path, Report | Problem]]:
        principal = await services.auth.principal_for_email(email)
        if principal.role is not Role.PATIENT:
            raise NotAllowed("Files are imported as the patient whose record takes them.")
        return [(file, await _take(services, principal, file, kind, columns)) for file in followed(files, "Importing")]

    if not _told(with_services(work)):
        raise typer.Exit(1)


async def _take(
    services: Services, principal: Principal, file: Path, kind: str | None, mapping: str | None
) -> Report | Problem:
    """The report, or why nothing of the file was taken: other files go on."""
    streamed = load.auth.STREAMED
    access = Access(principal, Purpose.SELF, "vitasense devices import", principal.account_id, streamed, streamed)
    try:
        zone = await load.deps.zone_of(services, access)
        with file.open("rb") as stream:
            delivery = load.devices.file_delivery(stream, zone, name=file.name, kind=kind, mapping=mapping)
            head = stream.read(load.devices.HEAD)
            stream.seek(0)
            if mapping is not None:
                rows = load.devices.read_table(stream, zone=zone, mapping=_mapping(mapping))
            else:
                rows = load.devices.reader_of(file.name, head, kind)(stream, zone=zone)
            return await services.ingest.take(access, rows, delivery)
    except Problem as problem:
        return problem


def _mapping(told: str) -> TableMapping:
    try:
        return load.devices.TableMapping.model_validate_json(told)
    except ValueError as error:
        raise InvalidInput(f"The mapping cannot be used: {error}") from error


def _told(outcomes: list[tuple[Path, Report | Problem]]) -> bool:
    """Print what became of each file; True when nothing was rejected."""
    complete = True
    for file, outcome in outcomes:
        if isinstance(outcome, Problem):
            warn(f"{file}: nothing was taken. {outcome.detail}")
            complete = False
            continue
        again = " (it had been imported before)" if outcome.repeated else ""
        say(
            f"{file}: {outcome.new} new, {outcome.changed} changed, {outcome.unchanged} unchanged, "
            f"{outcome.closed} of closed days, {outcome.rejected} rejected, {outcome.workouts} workouts{again}"
        )
        for metric, count in outcome.by_metric.items():
            say(f"  {load.tracking.device_metrics()[metric].name}: {count}")
        for row in outcome.examples:
            warn(f"  {row.place}: {row.reason}")
        complete &= outcome.rejected == 0
    return complete
