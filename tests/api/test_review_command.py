"""`vitasense knowledge read | candidates | accept | edit | refuse`: a label is reviewed by the operator, and taken back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.command import Command
from tests.api.test_cli import fresh_home
from tests.deterministic.knowledge.reading.pdfs import pdf
from tests.deterministic.knowledge.review.reviewing import INHIBITORS, LABEL, LACTULOSE, LATANOPROST, NYSTATIN
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    home = fresh_home("vitasense-review-")
    command = Command(home)
    postgres = EmbeddedPostgres(home, Settings(home=home).keys.password("superuser"))
    postgres.start()  # kept running: starting it takes longer than most commands
    yield command
    postgres.stop()
    command.end()
    shutil.rmtree(home, ignore_errors=True)


def listed(command: Command, *options: str) -> list[dict[str, Any]]:
    return json.loads(command.run("knowledge", "candidates", "--json", *options).stdout)


def test_a_label_is_read_reviewed_answered_and_taken_back(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "Finasteride leaflet.md"
    file.write_text(LABEL)
    told = ["--label-of", "finasteride", "--source", "Tester 2026"]
    read = command.run("knowledge", "read", str(file), *told)
    assert (read.returncode, "4 candidates" in read.stdout) == (0, True), read.stderr
    assert "“Avoid latanoprost together with finasteride" in read.stdout
    again = command.run("knowledge", "read", str(file), "--title", "Another", *told)
    assert (again.returncode, "already, as “Finasteride leaflet”" in again.stderr) == (5, True)

    found = listed(command)
    ids = [each["id"] for each in found]
    assert command.run("knowledge", "accept", ids[INHIBITORS]).returncode == 2
    denied = command.run("knowledge", "accept", ids[NYSTATIN], ids[LATANOPROST])
    assert (denied.returncode, "denies" in denied.stderr) == (2, True)
    accepted = command.run("knowledge", "accept", ids[LATANOPROST])
    assert (accepted.returncode, "accepted" in accepted.stdout) == (0, True), accepted.stderr
    mended = ["--severity", "minor", "--what", "they are often given together", "--advice", "Nothing has to be done."]
    edited = command.run("knowledge", "edit", ids[LACTULOSE], *mended)
    assert "lactulose: they are often given together" in edited.stdout
    refused = command.run("knowledge", "refuse", ids[NYSTATIN], "--reason", "It is denied.")
    assert (refused.returncode, "It is no edge" in refused.stdout) == (0, True)

    path = command.run("knowledge", "path", "finasteride", "lactulose").stdout
    assert "they are often given together. Nothing has to be done. Severity: minor." in path
    assert "Finasteride leaflet (read " in path
    assert "reviewed/Finasteride leaflet" in command.run("knowledge", "path", "finasteride", "latanoprost").stdout
    assert command.run("knowledge", "check").returncode == 0
    for _ in range(2):
        [active] = [
            each
            for each in json.loads(command.run("knowledge", "releases", "--json").stdout)
            if each["state"] == "active"
        ]
        assert command.run("knowledge", "revert", active["id"]).returncode == 0
    assert "often given" not in command.run("knowledge", "path", "finasteride", "lactulose").stdout
    words = command.run("knowledge", "candidates", "--state", "accepted", "--material", "finasteride").stdout
    assert "accepted, taken back" in words


def test_a_decision_is_made_again_only_when_that_is_said(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "second.pdf"
    file.write_bytes(pdf(["DRUG INTERACTIONS", "", "Avoid warfarin together with finasteride."]))
    assert command.run("knowledge", "read", str(file), "--label-of", "finasteride").returncode == 0
    [one] = [each["id"] for each in listed(command, "--material", "second")]
    for _ in range(2):
        assert command.run("knowledge", "accept", one).returncode == 0
    refused = command.run("knowledge", "refuse", one, "--reason", "No.")
    assert (refused.returncode, "accepted already" in refused.stderr) == (5, True)
    assert command.run("knowledge", "refuse", one, "--reason", "No.", "--reopen").returncode == 0
    [after] = listed(command, "--state", "refused", "--material", "second")
    assert (after["version"], after["in_force"], after["reason"]) == (2, False, "No.")


def test_what_cannot_be_read_or_found_has_a_plain_answer(command: Command, tmp_path: Path) -> None:
    files = {
        "broken.pdf": pdf(["Words."])[:60],
        "letter.txt": b"Date of birth: 1968-04-12. Takes warfarin.",
        "long.txt": b"Avoid warfarin together with aspirin. " * 140_000,
    }
    before = listed(command)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        refused = command.run("knowledge", "read", str(tmp_path / name))
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False), f"{name}: {refused.stderr}"
    assert command.run("knowledge", "read", str(tmp_path / "none.txt")).returncode == 4
    assert listed(command) == before
    assert command.run("knowledge", "accept", "01a22290-b9cf-7505-a04d-4b1d1b18cc2d").returncode == 4
    assert command.run("knowledge", "candidates", "--material", "nothing").returncode == 4
    assert command.run("knowledge", "candidates", "--state", "nonsense").returncode == 2
