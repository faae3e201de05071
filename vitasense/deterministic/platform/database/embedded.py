"""The embedded PostgreSQL: created, started, shared between processes and stopped by the last of them."""

import contextlib
import fcntl
import shutil
import subprocess
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from vitasense.deterministic.platform.database.binaries import (
    ProcessIdentity,
    ServerUser,
    find_binaries,
    private_folder,
    server_user,
)
from vitasense.deterministic.platform.database.processes import is_postgres
from vitasense.deterministic.platform.problems import Unavailable

SUPERUSER = "vitasense"
DATABASE = "vitasense"
START_SECONDS = 120
ORPHAN_SECONDS = 20.0  # after kill -9 of the server its backends hold the shared memory for a few seconds
LONGEST_SOCKET_FOLDER = 80  # a unix socket's path may have 107 bytes on Linux and 103 on macOS

# Statements, parameters and errors never reach the server's log: they may hold or quote health data.
OPTIONS = {
    "listen_addresses": "",
    "jit": "off",
    "max_connections": "80",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedPostgres:
    """One server for one home folder. Several processes may use it; each calls `start`, then `stop`.

    While a process uses the server it holds a shared lock, which the kernel releases also after kill -9.
    The one that gets the lock alone stops the server. A server left behind is used again at the next start.
    """

    def __init__(
        self, home: Path, password: str, *, binaries: Path | None = None, options: dict[str, str] | None = None
    ) -> None:
        self._folder = home / "postgres"
        self._password = password
        self._binaries_given = binaries
        self._options = OPTIONS | (options or {})
        self._users: IO[bytes] | None = None

    def start(self) -> None:
        """Make the server answer; raises Unavailable with the remedy when it cannot."""
        self._user: ServerUser | None = server_user()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._binaries = find_binaries(self._folder, self._binaries_given, self._user)
        with self._exclusive():
            self._create_cluster()
            self._start_server()
            self._create_database()
            self._users = (self._folder / "users.lock").open("ab")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def stop(self) -> None:
        """Let go of the server; the last process that does stops it."""
        if self._users is None:
            return
        with self._exclusive():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._run("pg_ctl", "-D", str(self._data), "-m", "fast", "-w", "-t", str(START_SECONDS), "stop")
            self._users.close()
            self._users = None

    def url(self, role: str = SUPERUSER, password: str | None = None, database: str = DATABASE) -> str:
        """The SQLAlchemy address of a database for a role."""
        host = quote(str(self._sockets), safe="")
        return f"postgresql+psycopg://{role}:{password or self._password}@/{database}?host={host}"

    def tool(self, name: str) -> Path:
        """The path of a client program (`pg_dump`, `pg_restore`) of the server's version."""
        return self._binaries / name

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _sockets(self) -> Path:
        return private_folder(self._folder / "run", LONGEST_SOCKET_FOLDER, server_user())

    @contextlib.contextmanager
    def _exclusive(self) -> Generator[None]:
        with (self._folder / "start.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create_cluster(self) -> None:
        if (self._data / "PG_VERSION").exists():
            return
        fresh = private_folder(self._folder / "data.new", None, self._user)
        shutil.rmtree(fresh)
        fresh = private_folder(fresh, None, self._user)
        secret = private_folder(self._folder / "run", LONGEST_SOCKET_FOLDER, self._user) / "password"
        secret.touch(mode=0o600)
        secret.write_text(self._password)
        if self._user:
            self._user.own(secret)
        try:
            self._run(
                *("initdb", "-D", str(fresh), "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={secret}"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
            )
        finally:
            secret.unlink()
        fresh.rename(self._data)

    def _start_server(self) -> None:
        pid_file = self._data / "postmaster.pid"
        if self._running(pid_file):
            self._wait_until_ready()
            return
        pid_file.unlink(missing_ok=True)  # left by a crash: its process is gone, a zombie, or something else by now
        options = self._options | {"unix_socket_directories": str(self._sockets)}
        arguments = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        give_up = time.monotonic() + ORPHAN_SECONDS
        log = self._folder / "data" / "server.log"
        while True:
            try:
                self._run(
                    *("pg_ctl", "-D", str(self._data), "-w", "-t", str(START_SECONDS)),
                    *("-l", str(log), "-o", arguments, "start"),
                )
                return
            except Unavailable:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.5)

    def _running(self, pid_file: Path) -> bool:
        try:
            first = pid_file.read_text().split("\n", 1)[0]
        except FileNotFoundError:
            return False
        return first.isdigit() and is_postgres(int(first))

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self._conninfo("postgres")).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.1)

    def _create_database(self) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))

    def _conninfo(self, database: str) -> str:
        return self.url(database=database).replace("postgresql+psycopg", "postgresql")

    def _run(self, program: str, *arguments: str) -> None:
        command: Sequence[str] = (str(self._binaries / program), *arguments)
        identity = self._user.as_process() if self._user else ProcessIdentity()
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, **identity)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise Unavailable(f"{program} failed: {' '.join(said[-3:])} (see {self._data / 'server.log'})")
