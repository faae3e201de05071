"""The `vitasense` command. `--help` answers at once: what commands run is loaded by commands/loader.py when needed."""

import sys

import typer

from vitasense.api.commands import (
    ask,
    audit,
    check,
    consent,
    db,
    devices,
    events,
    imports,
    knowledge,
    memory,
    review,
    serve,
    user,
    version,
    worker,
)
from vitasense.api.commands.console import explain

EXIT_CODES = (
    "Exit codes: 0 done; 1 failed, or something required is missing, or a part was refused; 2 the input cannot be "
    "used; 3 not allowed, or not confirmed; 4 not found; 5 conflicts with what is stored; 6 too many requests; "
    "7 something needed is not available; 130 interrupted."
)

app = typer.Typer(
    name="vitasense",
    help="VitaSense: a self-hosted personal physician assistant.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("ask")(ask.ask)
app.command("import")(imports.import_files)
app.add_typer(user.app, name="user")
app.add_typer(consent.app, name="consent")
app.add_typer(audit.app, name="audit")
app.add_typer(db.app, name="db")
app.add_typer(devices.app, name="devices")
app.add_typer(events.app, name="events")
knowledge.app.add_typer(review.app)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(memory.app, name="memory")
app.command("check")(check.check)
app.command("version")(version.version)


def main() -> None:
    """Run the command; every failure is said in plain words on standard error and has an exit code."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last place: what is not expected is explained too, never a trace
        sys.exit(explain(error))
