"""`vitasense check`."""

import json

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, settings_of_environment, table, warn


def check(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Show what is installed, configured and missing, and why it matters.

    Exit code 0 when everything required is there (`off` is optional), 1 when something required is missing.
    """
    found = list(load.inspection.checks(settings_of_environment()))
    if as_json:
        say(json.dumps([{"name": c.name, "verdict": c.verdict.lower(), "words": c.words} for c in found], indent=2))
    else:
        table(("what", "state", "why it matters, or what to do"), [(c.name, c.verdict.value, c.words) for c in found])
    missing = [c.name for c in found if c.verdict is load.inspection.Verdict.MISSING]
    if missing:
        warn(f"Missing: {', '.join(missing)}.")
        raise typer.Exit(1)
