"""`vitasense devices …`: files of devices taken from the command line, once, and what is known of each device."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.command import Command
from tests.api.test_cli import ANNA, DOCTOR, PASSWORD, fresh_home
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings

ROWS = "time,metric,value,unit\n2026-11-03T07:30:00Z,8867-4,61,/min\n2026-11-03T08:30:00Z,8867-4,many,/min\n"
OWN = "Date;Sys;Puls\n03.10.2026 07:30;128,0;61\n04.10.2026 07:30;131,0;64\n"
MAPPING = {
    "time": "Date",
    "time_format": "%d.%m.%Y %H:%M",
    "delimiter": ";",
    "decimal": ",",
    "values": [{"column": "Sys", "metric": "8480-6", "unit": "mm[Hg]"}],
}


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    home = fresh_home("vitasense-devices-")
    command = Command(home)
    postgres = EmbeddedPostgres(home, Settings(home=home).keys.password("superuser"))
    postgres.start()  # kept running: starting it takes longer than most commands
    for email, role in ((ANNA, "patient"), (DOCTOR, "provider")):
        words = ("user", "create", email, "--name", email.split("@")[0].title(), "--role", role, "--ask-password")
        assert command.run(*words, words=PASSWORD + "\n").returncode == 0
    yield command
    postgres.stop()
    command.end()
    shutil.rmtree(home, ignore_errors=True)


def test_good_rows_land_bad_ones_are_told_with_their_line_and_a_repeat_changes_nothing(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    first = command.run("devices", "import", str(file), "--as", ANNA)
    assert first.returncode == 1 and "1 new" in first.stdout and "1 rejected" in first.stdout
    assert "line 3" in first.stderr
    again = command.run("devices", "import", str(file), "--as", ANNA)
    assert "imported before" in again.stdout
    listed = command.run("devices", "list", "--as", ANNA)
    assert listed.returncode == 0 and "2026-11-03 07:30" in listed.stdout and "not known" in listed.stdout


def test_a_table_of_ones_own_takes_a_mapping_and_another_mapping_is_another_reading(
    command: Command, tmp_path: Path
) -> None:
    file, mapping = tmp_path / "own.csv", tmp_path / "mapping.json"
    file.write_text(OWN)
    words = ("devices", "import", str(file), "--as", ANNA, "--mapping", str(mapping))
    mapping.write_text(json.dumps(MAPPING))
    assert "2 new" in command.run(*words).stdout
    pulse = {"column": "Puls", "metric": "8867-4", "unit": "/min"}
    mapping.write_text(json.dumps(MAPPING | {"values": [*MAPPING["values"], pulse]}))
    more = command.run(*words)
    assert more.returncode == 0 and "heart rate: 2" in more.stdout and "2 unchanged" in more.stdout
    mapping.write_text("{")
    assert "mapping cannot be used" in command.run(*words).stderr


def test_what_cannot_be_taken_is_refused_in_words(command: Command, tmp_path: Path) -> None:
    assert command.run("devices", "import", str(tmp_path / "none.csv"), "--as", ANNA).returncode == 4
    file = tmp_path / "letter.txt"
    file.write_text("Dear doctor")
    unknown = command.run("devices", "import", str(file), "--as", ANNA)
    assert unknown.returncode == 1 and "nothing was taken" in unknown.stderr
    assert command.run("devices", "import", str(file), "--as", DOCTOR).returncode == 3
