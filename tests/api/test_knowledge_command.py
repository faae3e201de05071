"""`vitasense knowledge …`: releases are shown before they are taken, taken, reverted, exported and checked."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.command import Command
from tests.api.test_cli import fresh_home
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings

HEAD = "source,relation,target,says,reference,severity\n"
MINOR = "ingredient: blorbixol,interacts,ingredient: frumenol,They meet,Tester 2026,minor\n"
MAJOR = MINOR.replace("minor", "major")


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    home = fresh_home("vitasense-knowledge-")
    command = Command(home)
    postgres = EmbeddedPostgres(home, Settings(home=home).keys.password("superuser"))
    postgres.start()  # kept running: starting it takes longer than most commands
    yield command
    postgres.stop()
    command.end()
    shutil.rmtree(home, ignore_errors=True)


def listed(command: Command) -> list[dict[str, object]]:
    return json.loads(command.run("knowledge", "releases", "--json").stdout)


def test_a_release_is_shown_taken_replaced_reverted_and_exported(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(HEAD + MINOR)
    shown = command.run("knowledge", "import", "csv", str(file))
    assert (shown.returncode, "1 added" in shown.stdout, listed(command)) == (0, True, [])
    assert "Nothing was changed yet" in shown.stdout
    taken = command.run("knowledge", "import", "csv", str(file), "--yes")
    assert (taken.returncode, "Taken as" in taken.stdout) == (0, True), taken.stderr
    again = command.run("knowledge", "import", "csv", str(file), "--yes")
    assert (again.returncode, "in force already" in again.stderr) == (5, True)

    file.write_text(HEAD + MAJOR)
    changed = command.run("knowledge", "import", "csv", str(file), "--version", "2", "--yes")
    assert "blorbixol and frumenol: minor is now major" in changed.stdout
    path = command.run("knowledge", "path", "blorbixol", "frumenol")
    assert "Severity: major" in path.stdout
    assert "version 2" in path.stdout
    [old, new] = listed(command)
    assert (old["state"], new["state"]) == ("superseded", "active")

    gone = command.run("knowledge", "revert", str(new["id"]))
    assert (gone.returncode, "own is in force again" in gone.stdout) == (0, True), gone.stderr
    assert "Severity: minor" in command.run("knowledge", "path", "blorbixol", "frumenol").stdout
    assert command.run("knowledge", "revert", str(new["id"])).returncode == 5
    assert command.run("knowledge", "check").returncode == 0
    for form in ("graphml", "jsonld", "csv"):
        assert command.run("knowledge", "export", form, str(tmp_path / form)).returncode == 0
        assert "blorbixol" in (tmp_path / form).read_text()


def test_what_contradicts_itself_is_refused_with_every_reason(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    circle = "class: test low,is_a,class: test high,a,b,\nclass: test high,is_a,class: test low,a,b,\n"
    file.write_text(HEAD + MINOR + MAJOR + circle)
    before = command.run("knowledge", "releases").stdout
    refused = command.run("knowledge", "import", "csv", str(file), "--name", "bad", "--yes")
    assert refused.returncode == 2
    assert "in two ways: major and minor" in refused.stderr
    assert "circle" in refused.stderr
    assert command.run("knowledge", "releases").stdout == before


def test_a_file_that_cannot_be_read_has_a_plain_answer(command: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert command.run("knowledge", "import", "csv", str(empty)).returncode == 2
    assert command.run("knowledge", "import", "csv", str(tmp_path / "none.csv")).returncode == 4
    assert command.run("knowledge", "import", "nonsense", str(empty)).returncode == 2


def test_what_a_document_says_is_searched_once_something_of_it_was_accepted(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "leaflet.txt"
    file.write_text("Avoid latanoprost together with finasteride.\n\nGREEN TEA\n\nTwo cups of it did nothing.\n")
    assert "has been read and accepted here" in command.run("knowledge", "search", "green", "tea").stdout
    read = command.run("knowledge", "read", str(file), "--title", "A leaflet", "--source", "Tester 2026")
    assert read.returncode == 0, read.stderr
    assert "Two cups" not in command.run("knowledge", "search", "green", "tea").stdout
    [one] = json.loads(command.run("knowledge", "candidates", "--json").stdout)
    assert command.run("knowledge", "accept", one["id"]).returncode == 0
    found = command.run("knowledge", "search", "green", "tea")
    assert "under “GREEN TEA”: “Two cups of it did nothing.”" in found.stdout, found.stderr
    assert "warfarin: " in command.run("knowledge", "search", "warfarin").stdout
