"""The installed `vitasense` command as people run it: a process of its own with a home of its own."""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from vitasense.__main__ import main
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.settings import Settings

READY_SECONDS = 90  # on a machine that is busy with other things
PASSWORD = re.compile(r"^  (\S+@example\.org)\s+(\S+)", re.MULTILINE)


PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.api.command", "vitasense.api.server", "vitasense.api.commands.archives"])


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command said, and its exit code."""

    returncode: int | None
    stdout: str
    stderr: str


def _run(arguments: Sequence[str], environment: dict[str, str], folder: Path, files: Sequence[Path]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, file in enumerate(files):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - of the process
    sys.argv = ["vitasense", *arguments]
    main()


class Command:
    """Runs `vitasense` with one home folder and one port."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        known = {name: value for name, value in os.environ.items() if not name.startswith("VITASENSE_")}
        own = {"VITASENSE_HOME": str(home), "VITASENSE_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.environment = {**known, **own, **settings}
        self.services: list[subprocess.Popen[str]] = []

    def run(self, *arguments: str, words: str = "") -> Ended:
        """Run a command to its end, without a terminal; `words` come to its standard input.

        In a process of its own, forked from one that has loaded the program: loading takes longer than most commands.
        """
        with tempfile.TemporaryDirectory() as place:
            files = [Path(place) / name for name in ("input", "output", "errors")]
            files[0].write_text(words)
            process = PROCESSES.Process(target=_run, args=(arguments, self.environment, self.home, files))
            process.start()
            process.join()
            return Ended(process.exitcode, files[1].read_text(), files[2].read_text())

    def serve(self) -> "Served":
        """Start the service and wait until it is ready."""
        output = (self.home / f"output-{len(self.services)}.log").open("w+")
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "vitasense", "serve"],
            env=self.environment,
            cwd=self.home,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.services.append(process)
        served = Served(self, process, Path(output.name))
        served.seconds = served.wait(began)
        return served

    @contextmanager
    def working(self) -> Generator[subprocess.Popen[str]]:
        """A worker of its own, ended at the end."""
        program = [sys.executable, "-m", "vitasense", "worker"]
        with subprocess.Popen(program, env=self.environment, cwd=self.home, text=True) as process:
            try:
                yield process
            finally:
                process.kill()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """What the database's administrator sees or does, past the service."""
        postgres = EmbeddedPostgres(self.home, Settings(home=self.home).keys.password("superuser"))
        postgres.start()
        try:
            with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        finally:
            postgres.stop()

    @property
    def postmaster(self) -> int:
        """The process id of the database."""
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        for process in self.services:
            if process.poll() is None:
                process.kill()
                process.wait()
        pid_file = self.home / "postgres" / "data" / "postmaster.pid"
        if pid_file.exists() and alive(self.postmaster):
            os.kill(self.postmaster, signal.SIGQUIT)
            until(lambda: not pid_file.exists())


class Served:
    """A running service."""

    def __init__(self, command: Command, process: subprocess.Popen[str], output: Path) -> None:
        self.command = command
        self.process = process
        self._output = output
        self.url = f"http://127.0.0.1:{command.port}"
        self.seconds = 0.0

    @property
    def output(self) -> str:
        """What it has printed, logs included."""
        return self._output.read_text()

    @property
    def passwords(self) -> dict[str, str]:
        """The demo's passwords as they were printed, by e-mail."""
        return dict(PASSWORD.findall(self.output))

    def wait(self, began: float) -> float:
        """Wait until /readyz answers; returns the seconds since `began`."""
        while time.monotonic() - began < READY_SECONDS:
            if self.process.poll() is not None:
                raise AssertionError(f"the service ended with {self.process.returncode}:\n{self.output}")
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return time.monotonic() - began
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not ready:\n{self.output}")

    def log_in(self, email: str, password: str) -> httpx.Response:
        """The answer to a log-in."""
        return httpx.post(f"{self.url}/v1/auth/login", json={"email": email, "password": password})

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Send the signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for the condition, or fail."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1] != "Z"
    except FileNotFoundError:
        return False


def processes_of(home: Path) -> Sequence[str]:
    """The command lines of living processes that name the folder."""
    found: list[str] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(home) in words and alive(int(entry.name)):
                found.append(words)
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
