"""`vitasense events …`: an operator sees what waits and why something was given up, and has it tried again."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.command import Command
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings

FAILURE = '[{"at": "2026-11-28T08:00:00Z", "type": "ValueError", "place": "vitasense/api/consumers.py:22"}]'


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    home = Path(tempfile.mkdtemp(prefix="vitasense-events-"))
    home.chmod(0o755)
    command = Command(home)
    postgres = EmbeddedPostgres(home, Settings(home=home).keys.password("superuser"))
    postgres.start()
    yield command
    postgres.stop()
    command.end()
    shutil.rmtree(home, ignore_errors=True)


def given_up(command: Command, kind: str = "conversation.emergency_raised") -> str:
    """An event that the one consumer gave up."""
    event, patient = new_id(), new_id()
    command.sql(
        "insert into app.event (id, type, version, patient_id, actor_id, occurred_at, recorded_at, payload) "
        f"values ('{event}', '{kind}', 1, '{patient}', '{patient}', now(), now(), '{{\"thread_id\": \"{patient}\"}}')"
    )
    command.sql(
        "insert into app.inbox (consumer, event_id, attempts, last_error, parked_at, failures) "
        f"values ('emergency_notes', '{event}', 8, 'ValueError', now(), '{FAILURE}')"
    )
    return str(event)


def test_an_operator_sees_what_was_given_up_and_why_and_has_it_tried_again(command: Command) -> None:
    assert "No event" in command.run("events", "list").stdout
    event = given_up(command)
    listed = command.run("events", "list").stdout
    assert event in listed
    assert "ValueError at vitasense/api/consumers.py:22" in listed
    shown = command.run("events", "show", event).stdout
    for words in (event, "emergency_raised", "emergency_notes: parked after 8 attempts", "consumers.py:22"):
        assert words in shown
    told = json.loads(command.run("events", "show", event, "--json").stdout)
    assert (told["event"]["id"], told["consumers"][0]["failures"]) == (event, json.loads(FAILURE))
    status = json.loads(command.run("events", "status", "--json").stdout)
    assert (status["emergency_notes"]["parked"], status["emergency_notes"]["waiting"]) == (1, 0)
    assert "emergency_notes" in command.run("events", "replay", event).stdout
    assert "emergency_notes: waiting after 0 attempts" in command.run("events", "show", event).stdout
    table = command.run("events", "status").stdout.splitlines()
    [row] = [line.split() for line in table if line.startswith("emergency_notes")]
    assert (row[1], row[-1]) == ("1", "0")


def test_all_of_a_consumer_or_a_type_is_tried_again(command: Command) -> None:
    given_up(command)
    given_up(command)
    other = command.run("events", "replay", "--all", "--consumer", "nobody")
    assert (other.returncode, "No such event" in other.stdout) == (0, True)
    done = command.run(
        "events", "replay", "--all", "--consumer", "emergency_notes", "--type", "conversation.emergency_raised"
    )
    assert "try 2 again" in done.stdout
    assert "No such event" in command.run("events", "replay", "--all").stdout


def test_what_makes_no_sense_is_said(command: Command) -> None:
    unknown = str(new_id())
    assert command.run("events", "show", unknown).returncode == 4
    assert command.run("events", "replay", unknown).returncode == 4
    assert command.run("events", "replay").returncode == 2
    assert command.run("events", "replay", unknown, "--all").returncode == 2
