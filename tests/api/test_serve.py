"""The real command: it starts, tells the demo's passwords once, survives kill -9, and stops cleanly."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.command import Command, Served, alive, processes_of, until

MARIA = "maria@example.org"


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    home = Path(tempfile.mkdtemp(prefix="vitasense-serve-"))
    home.chmod(0o755)  # as root the database runs as another user, who must get in
    command = Command(home)
    yield command
    command.end()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def first(command: Command) -> Served:
    """The first start; later tests end it and start others."""
    return command.serve()


@pytest.fixture(scope="module")
def passwords(first: Served) -> dict[str, str]:
    return first.passwords


def labs_of_maria(command: Command) -> int:
    whose = f"(select id from app.account where email = '{MARIA}')"
    [[count]] = command.sql(f"select count(*) from phi.resource where category = 'labs' and patient_id = {whose}")
    return int(str(count))


def test_the_first_start_makes_the_demo_and_shows_its_passwords(first: Served, passwords: dict[str, str]) -> None:
    assert set(passwords) == {f"{name}@example.org" for name in ("maria", "james", "lena", "provider", "admin")}
    assert len(set(passwords.values())) == 5
    for email, password in passwords.items():
        assert first.log_in(email, password).json()["account"]["email"] == email
    assert f"127.0.0.1:{first.command.port}" in first.output
    assert labs_of_maria(first.command) > 100
    assert not (first.command.home / "demo.seed").exists()


def test_a_taken_port_is_said_in_plain_words(first: Served) -> None:
    second = first.command.run("serve")
    assert second.returncode == 7
    assert "taken" in second.stderr
    assert "PORT" in second.stderr
    assert "Traceback" not in second.stderr


def test_kill_9_of_the_service_and_of_the_database_loses_nothing(
    command: Command, first: Served, passwords: dict[str, str]
) -> None:
    before = labs_of_maria(command)
    first.kill()
    second = command.serve()
    assert second.passwords == {}
    assert labs_of_maria(command) == before
    postmaster = command.postmaster
    second.kill()
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: not alive(postmaster))
    command.serve()
    assert command.postmaster != postmaster
    assert labs_of_maria(command) == before


def test_a_database_that_died_under_the_service_comes_back(command: Command, passwords: dict[str, str]) -> None:
    running = Served(command, command.services[-1], Path())
    postmaster = command.postmaster
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: not alive(postmaster))
    until(lambda: httpx.get(f"{running.url}/readyz").status_code == 200, 60)
    assert command.postmaster != postmaster
    assert running.log_in(MARIA, passwords[MARIA]).status_code == 200


def test_ctrl_c_stops_everything(command: Command) -> None:
    running = command.services[-1]
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 0
    until(lambda: not processes_of(command.home), 10)
    assert not (command.home / "postgres" / "data" / "postmaster.pid").exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", command.port)) != 0


def test_logs_hold_no_password_and_no_address(command: Command, passwords: dict[str, str]) -> None:
    for output in sorted(command.home.glob("output-*.log")):
        logged = [line for line in output.read_text().splitlines() if line.startswith("{")]
        for secret in (*passwords.values(), *passwords):
            assert not any(secret in line for line in logged)
