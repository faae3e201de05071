"""Backups: the whole database in PostgreSQL's custom format, restorable only with the secret that it belongs to.

A restore fills a new database beside the old one and takes its place at the very end, so that a failure changes nothing.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

from psycopg import Connection, connect, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import make_url

from vitasense.api.bootstrap import APPLICATION, Services
from vitasense.deterministic.platform.database import upgrade
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound, Unavailable

FRESH = "vitasense_restoring"
REPLACED = "vitasense_replaced"
_FINGERPRINT = re.compile(r"^COMMENT ON SCHEMA app IS 'secret ([0-9a-f]{16})';$", re.MULTILINE)
# The key of the signed context is made of the secret at every start: it has no place in a backup.
_WITHOUT = "--exclude-table-data=sec.signing_key"
# Transaction numbers of another server mean nothing here: events would wait for numbers to come, or be passed over.
# The ids keep their order, and what each consumer has done stands in the inbox.
_RENUMBER = "update app.event set xid = pg_current_xact_id()"
_FROM_THE_START = "delete from app.relay"


@dataclass(frozen=True, slots=True)
class Archives:
    """Makes and restores backups of the services' database."""

    services: Services

    @property
    def fingerprint(self) -> str:
        """Tells two secrets apart and says nothing of them: 16 hexadecimal digits."""
        return self.services.settings.keys.derive("backup fingerprint").hex()[:16]

    def backup(self, file: Path) -> int:
        """Write the backup, readable for its owner only; returns its bytes. Conflict when the file exists."""
        if file.exists():
            raise Conflict(f"{file} exists already: choose another name.")
        unfinished = file.with_name(f".{file.name}.part")
        try:
            os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        except OSError as error:
            raise InvalidInput(f"Cannot write to {file.parent}: {error.strerror}") from error
        try:
            self._sign()
            self._run("pg_dump", "--format=custom", _WITHOUT, f"--file={unfinished}")
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
        return file.stat().st_size

    def check(self, file: Path) -> None:
        """Raise unless the file is a backup made under this very secret."""
        if not file.is_file():
            raise NotFound(f"There is no file {file}.")
        try:
            schema = self._run("pg_restore", "--schema-only", "--file=-", str(file), connected=False)
        except Unavailable as error:
            raise InvalidInput(f"{file} is not a backup of VitaSense.") from error
        found = _FINGERPRINT.search(schema)
        if found is None:
            raise InvalidInput(f"{file} is not a backup of VitaSense.")
        if found[1] != self.fingerprint:
            raise Conflict(
                "This backup was made under another secret: without that secret its conversations and sessions cannot "
                "be opened. Put the secret that was kept with the backup into the home folder as secret.key, or set "
                "VITASENSE_SECRET. Nothing was changed."
            )

    def accounts(self) -> int:
        """How many accounts the database holds now."""
        with self._connected() as connection:
            if not _one(connection, "select to_regclass('app.account') is not null"):
                return 0
            return int(str(_one(connection, "select count(*) from app.account")))

    def restore(self, file: Path) -> str:
        """Put the backup in the place of the database and return its revision. `check` it first; Conflict in use."""
        self.check(file)
        name = make_url(self.services.admin_url).database or ""
        with self._connected("postgres") as connection:
            _refuse_in_use(connection, name)
            _drop(connection, FRESH)
            connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(FRESH)))
        try:
            self._run("pg_restore", "--exit-on-error", "--single-transaction", str(file), database=FRESH)
            revision = self._upgrade(FRESH)
            self._renumber(FRESH)
        except BaseException:
            with self._connected("postgres") as connection:
                _drop(connection, FRESH)
            raise
        self._swap(name)
        return revision

    def _swap(self, name: str) -> None:
        with self._connected("postgres") as connection:
            _drop(connection, REPLACED)
            _refuse_in_use(connection, name)
            connection.autocommit = False
            _rename(connection, name, REPLACED)
            _rename(connection, FRESH, name)
            connection.commit()
            connection.autocommit = True
            _drop(connection, REPLACED)

    def _renumber(self, database: str) -> None:
        with self._connected(database) as connection, connection.transaction():
            connection.execute(_RENUMBER)
            connection.execute(_FROM_THE_START)

    def _sign(self) -> None:
        with self._connected() as connection:
            words = sql.Literal(f"secret {self.fingerprint}")
            connection.execute(sql.SQL("comment on schema app is {}").format(words))

    def _upgrade(self, database: str) -> str:
        keys = self.services.settings.keys
        url = make_url(self.services.admin_url).set(database=database).render_as_string(hide_password=False)
        password = keys.password(APPLICATION) if self.services.postgres else None
        return upgrade(url, context_key=keys.derive("context"), app_password=password)

    @contextmanager
    def _connected(self, database: str | None = None) -> Generator[Connection]:
        with connect(self._address(database), autocommit=True) as connection:
            yield connection

    def _address(self, database: str | None) -> str:
        url = make_url(self.services.admin_url).set(drivername="postgresql")
        return (url.set(database=database) if database else url).render_as_string(hide_password=False)

    def _run(self, program: str, *arguments: str, database: str | None = None, connected: bool = True) -> str:
        """The program's output; the password goes by the environment, where no list of processes shows it."""
        environment, options = dict(os.environ), list(arguments)
        if connected:
            address = conninfo_to_dict(self._address(database))
            environment["PGPASSWORD"] = str(address.pop("password", ""))
            options = [f"--dbname={make_conninfo(**{name: str(value) for name, value in address.items()})}", *arguments]
        done = subprocess.run([self._program(program), *options], env=environment, capture_output=True, text=True)
        if done.returncode:
            said = " ".join(done.stderr.strip().splitlines()[-2:])
            raise Unavailable(f"{program} failed: {said}")
        return done.stdout

    def _program(self, name: str) -> str:
        if self.services.postgres:
            return str(self.services.postgres.tool(name))
        found = shutil.which(name)
        if found is None:
            raise Unavailable(f"{name} is not installed: install PostgreSQL's client programs of the server's version.")
        return found


def _refuse_in_use(connection: Connection, name: str) -> None:
    others = "select count(*) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
    if _one(connection, others, name):
        raise Conflict("The database is in use: stop the service and every worker first. Nothing was changed.")


def _rename(connection: Connection, before: str, after: str) -> None:
    words = sql.SQL("alter database {} rename to {}")
    connection.execute(words.format(sql.Identifier(before), sql.Identifier(after)))


def _drop(connection: Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _one(connection: Connection, query: LiteralString, *values: str) -> object:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None
