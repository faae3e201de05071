"""`vitasense eval …`: ask the service questions whose answers are known. What runs is loaded when it is needed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from vitasense.api.commands.console import say, settings_of_environment, table, warn
from vitasense.deterministic.platform.problems import Unavailable

if TYPE_CHECKING:
    from vitasense.evals.gates import Gate
    from vitasense.evals.run import Plan
    from vitasense.evals.runs import Choice, Kept, Run

DATA = Path("../shared/data")
_FOLDER = typer.Option(None, "--log-dir", help="The folder of runs, instead of evals in the home folder.")
_MOST_CHANGES = 20
T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="Evals: run suites, compare runs, write the report.")


@app.command("list")
def list_suites(
    runs: bool = typer.Option(False, "--runs", help="List the runs that were kept instead."),
    folder: Path | None = _FOLDER,
) -> None:
    """List the suites, and what each needs."""
    if runs:
        _list_runs(_folder(folder))
        return
    suites = _load("catalogue").chosen(())
    rows = [(each.name, ", ".join(sorted(each.needs)) or "–", each.about) for each in suites]
    table(("suite", "needs", "what is measured"), rows)


@app.command()
def run(
    suites: list[str] = typer.Argument(None, metavar="[SUITE]...", help="Which suites; all of them by default."),
    model: str | None = typer.Option(
        None, help="The service's language model, such as openai/gpt-5.2; none by default."
    ),
    limit: int | None = typer.Option(None, min=1, help="At most so many cases of each suite; --seed decides which."),
    seed: int = typer.Option(0, help="Decides which cases --limit takes, and what chance makes of those that use it."),
    jobs: int = typer.Option(os.cpu_count() or 1, min=1, help="How many cases at once."),
    url: str | None = typer.Option(None, help="Ask the service at this address instead of one in this process."),
    accounts: Path | None = typer.Option(None, help="YAML file of the accounts to use with --url."),
    data: Path = typer.Option(DATA, help="The folder of public data."),
    folder: Path | None = _FOLDER,
    resume: bool = typer.Option(False, "--resume", help="Go on with the last interrupted run of the same choice."),
) -> None:
    """Run suites. Exit code 1 when a figure is under its floor, or worse than what was recorded."""
    home = _folder(folder)
    load = _with_inspect(home)
    chosen = _load("catalogue").chosen(suites or ())
    told = {"suites": tuple(each.name for each in chosen), "model": model, "url": url, "limit": limit, "seed": seed}
    choice: Choice = _load("runs").Choice(**told)
    clock = _clock()
    kept: Kept = (
        _load("runs").unfinished(home, choice) if resume else load.new_run(home, clock.system_clock, clock.new_id)
    )
    plan: Plan = load.Plan(suites=chosen, choice=choice, kept=kept, data=data, jobs=jobs, accounts=accounts)
    done: Run = _to_its_end(load.carry_out(plan, clock.system_clock, _load("progress").Progress()))
    _tell(done, kept, home)


@app.command()
def compare(
    before: str = typer.Argument(
        ..., metavar="RUN", help="The run before: its id, the beginning of it, or its folder."
    ),
    now: str = typer.Argument(..., metavar="RUN", help="The run to compare with it."),
    most: int = typer.Option(_MOST_CHANGES, min=1, help="Show at most so many cases of each kind of change."),
    folder: Path | None = _FOLDER,
) -> None:
    """Say what changed from one run to another, case by case."""
    runs, home = _load("runs"), _folder(folder)
    both = (runs.named(home, before), runs.named(home, now))
    for line in _load("words").comparison(_load("compare").compared(*both), most):
        say(line)


@app.command()
def report(
    name: str | None = typer.Argument(None, metavar="[RUN]", help="Which run; the last one by default."),
    markdown: bool = typer.Option(False, "--markdown", help="Print the table of docs/quality.md instead."),
    folder: Path | None = _FOLDER,
) -> None:
    """Write the report of a run as one HTML file."""
    home = _folder(folder)
    kept = _kept(home, name)
    if markdown:
        say(f"Measured {kept.run.began:%Y-%m-%d}.\n")
        say(_load("words").markdown(_gates(kept.run)))
        return
    say(str(_load("report").write_report(kept, home)))


@app.command()
def baseline(
    name: str | None = typer.Argument(None, metavar="[RUN]", help="Which run; the last one by default."),
    file: Path | None = typer.Option(None, help="Where to write it, instead of this tree's own baseline.yaml."),
    folder: Path | None = _FOLDER,
) -> None:
    """Record the figures of a run: from now on a run that is provably worse does not pass."""
    gates = _load("gates")
    made, place = gates.recorded(_kept(_folder(folder), name).run), file or gates.baseline_file()
    gates.write_baseline(made, place)
    say(f"{sum(map(len, made.values()))} figures of {len(made)} suites are recorded in {place}.")


def _to_its_end(going_on: Coroutine[Any, Any, T]) -> T:
    """Its result. What ends the command ends it in good order, as Ctrl-C does: the database of the run goes too."""

    async def watched() -> T:
        task = asyncio.current_task()
        for number in (signal.SIGTERM, signal.SIGHUP):
            if task is not None and signal.getsignal(number) is not signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await going_on

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _tell(done: Run, kept: Kept, home: Path) -> None:
    words, gates = _load("words"), _gates(done)
    rows = [(g.suite, g.measure, *_measured(g), words.floor(g), words.stands(g)) for g in gates]
    table(("suite", "measure", "result", "95% interval", "floor", "stands"), rows)
    page = _load("report").write_report(kept, home)
    warn(f"run {done.id}, {done.seconds:.0f} s: {page}")
    failures = _load("gates").failures(gates)
    if failures:
        warn(f"Not passed: {', '.join(f'{gate.suite}: {gate.measure} ({gate.standing})' for gate in failures)}.")
        raise typer.Exit(1)


def _measured(gate: Gate) -> tuple[str, str]:
    words = _load("words")
    return (words.result(gate.figure), words.interval(gate.figure)) if gate.figure else ("–", "–")


def _gates(run: Run) -> list[Gate]:
    gates = _load("gates")
    return gates.judged(run, gates.floors(), gates.baseline())


def _list_runs(home: Path) -> None:
    kept: list[Kept] = _load("runs").every(home)
    rows = [(k.run.id, k.run.choice.model or "–", _state(k), " ".join(k.run.choice.suites)) for k in kept]
    table(("run", "model", "state", "suites"), rows)


def _state(kept: Kept) -> str:
    return "ended" if kept.run.ended else "going on" if kept.going_on else "interrupted"


def _kept(home: Path, name: str | None) -> Kept:
    runs = _load("runs")
    return runs.named(home, name) if name else runs.latest(home)


def _folder(given: Path | None) -> Path:
    return given or settings_of_environment().home / "evals"


def _clock() -> Any:
    return import_module("vitasense.deterministic.platform.clock")


def _load(name: str) -> Any:
    """A module of the evals, when it is first needed."""
    return import_module(f"vitasense.evals.{name}")


def _with_inspect(home: Path) -> Any:
    """The module that runs suites, with what inspect-ai writes kept below `home`."""
    import_module("vitasense.deterministic.platform.logging").configure("warning")
    _load("surroundings").keep_inspect_in(home / ".inspect")
    try:
        return _load("run")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "inspect_ai":
            raise
        remedy = "pip install 'vitasense[evals]', or `make test` which installs it for development"
        raise Unavailable(f"Suites run on inspect-ai, which is not installed: {remedy}.") from error
