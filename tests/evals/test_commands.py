"""`vitasense eval` as people run it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.command import Command
from vitasense.evals import catalogue


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    command = Command(tmp_path)
    yield command
    command.end()


def test_it_lists_every_suite_and_what_it_needs(command: Command) -> None:
    said = command.run("eval", "list")
    assert said.returncode == 0, said.stderr
    assert {line.split()[0] for line in said.stdout.splitlines()[1:]} == set(catalogue.names())


def test_a_run_leaves_a_record_a_report_and_a_log_and_says_what_it_found(command: Command, tmp_path: Path) -> None:
    said = command.run("eval", "run", "triage", "--limit", "8", "--jobs", "1", "--seed", "3")
    assert "Emergencies found" in said.stdout and "Running" not in said.stdout
    assert "triage: 8 of" in said.stderr and "inspect" not in said.stdout
    [folder] = [each for each in (tmp_path / "evals").iterdir() if not each.name.startswith(".")]
    assert {each.name for each in folder.iterdir()} == {"inspect", "report.html", "run.json", "triage.jsonl"}
    record = json.loads((folder / "run.json").read_text())
    assert record["choice"] == {"suites": ["triage"], "model": None, "url": None, "limit": 8, "seed": 3}
    told = command.run("eval", "report", "--markdown")
    assert told.returncode == 0 and "| triage | Emergencies found |" in told.stdout
    assert command.run("eval", "compare", folder.name, folder.name).returncode == 0
    listed = command.run("eval", "list", "--runs").stdout
    assert folder.name in listed and "ended" in listed


def test_an_unknown_suite_and_an_unknown_run_are_not_found(command: Command) -> None:
    unknown = command.run("eval", "run", "astrology")
    assert unknown.returncode == 4 and "There are:" in unknown.stderr
    assert command.run("eval", "report").returncode == 4
    assert command.run("eval", "compare", "a", "b").returncode == 4
    assert command.run("eval", "run", "triage", "--resume").returncode == 4


def test_without_inspect_it_names_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "inspect_ai.py").write_text("raise ModuleNotFoundError('gone', name='inspect_ai')")
    import os
    import subprocess
    import sys

    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "VITASENSE_HOME": str(tmp_path)}
    program = [sys.executable, "-m", "vitasense", "eval", "run", "triage"]
    said = subprocess.run(program, capture_output=True, text=True, env=environment)
    assert said.returncode == 7 and "pip install 'vitasense[evals]'" in said.stderr
