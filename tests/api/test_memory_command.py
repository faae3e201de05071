"""`vitasense memory list|search|forget|export`: what is remembered, from the command line."""

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.api.command import Command
from tests.api.test_cli import ANNA, DOCTOR, OTTO, PASSWORD, fresh_home
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    home = fresh_home("vitasense-memory-")
    command = Command(home)
    postgres = EmbeddedPostgres(home, Settings(home=home).keys.password("superuser"))
    postgres.start()  # kept running: starting it takes longer than most commands
    for email, role in ((ANNA, "patient"), (OTTO, "patient"), (DOCTOR, "provider")):
        words = ("user", "create", email, "--name", email.split("@")[0].title(), "--role", role, "--ask-password")
        assert command.run(*words, words=PASSWORD + "\n").returncode == 0
    yield command
    postgres.stop()
    command.end()
    shutil.rmtree(home, ignore_errors=True)


def test_what_was_told_is_listed_found_exported_and_forgotten(command: Command) -> None:
    told = command.run("ask", "Remember that I work night shifts", "--as", ANNA, "--yes")
    assert told.returncode == 0, told.stderr
    listed = command.run("memory", "list", "--as", ANNA)
    assert "I work night shifts" in listed.stdout
    [found] = [line for line in listed.stdout.splitlines() if "night shifts" in line]
    memory_id = found.split()[0]
    assert "night shifts" in command.run("memory", "search", "my job", "--as", ANNA).stdout
    nothing = command.run("memory", "search", "holiday in Norway", "--as", ANNA)
    assert (nothing.returncode, "night shifts" in nothing.stdout) == (0, False)
    exported = json.loads(command.run("memory", "export", "--as", ANNA).stdout)
    assert "I work night shifts" in [each["text"] for each in exported["memories"]]

    unasked = command.run("memory", "forget", memory_id, "--as", ANNA)
    assert unasked.returncode == 3
    assert "night shifts" in command.run("memory", "list", "--as", ANNA).stdout
    gone = command.run("memory", "forget", memory_id, "--as", ANNA, "--yes")
    assert (gone.returncode, "conversations" in gone.stdout) == (0, True)
    assert "Nothing is remembered." in command.run("memory", "list", "--as", ANNA).stdout


def test_nobody_elses_memories_are_shown_or_forgotten(command: Command) -> None:
    told = command.run("ask", "Remember that I am vegetarian", "--as", OTTO, "--yes")
    assert told.returncode == 0, told.stderr
    memory_id = next(
        line.split()[0]
        for line in command.run("memory", "list", "--as", OTTO).stdout.splitlines()
        if "vegetarian" in line
    )
    assert "vegetarian" not in command.run("memory", "list", "--as", ANNA).stdout
    assert command.run("memory", "list", "--as", ANNA, "--patient", OTTO).returncode == 3
    other = command.run("memory", "list", "--as", DOCTOR, "--patient", OTTO)
    assert "vegetarian" not in other.stdout
    assert command.run("memory", "forget", memory_id, "--as", ANNA, "--yes").returncode == 4
    assert command.run("memory", "forget", "--as", OTTO, "--yes").returncode == 2
    assert "vegetarian" in command.run("memory", "list", "--as", OTTO).stdout
