"""COPY of what the service wrote, by turns with it: the bare engine of writing memories."""

from collections.abc import Sequence
from time import perf_counter
from uuid import UUID

import psycopg
from psycopg import sql

from vitasense.memory.stores.searching import Shelf


class Copying:
    """Copies what was written, in one transaction, into tables with the same columns and indexes, without policies.

    `seconds` is what the copying took: taking turns with the writing, both see the same machine.
    """

    def __init__(self, dsn: str, shelf: Shelf) -> None:
        self._dsn = dsn
        self._tables = ((shelf.entries, shelf.place, "id"), (shelf.vectors, shelf.place, shelf.entry))
        self.seconds = 0.0

    def __enter__(self) -> "Copying":
        self._connection = psycopg.connect(self._dsn)
        for table, _, _ in self._tables:
            statement = sql.SQL("create table {} (like {} including all)")
            self._connection.execute(statement.format(_target(table), _name(table)))
        self._connection.commit()
        return self

    def __exit__(self, *error: object) -> None:
        began = perf_counter()
        self._connection.commit()
        self.seconds += perf_counter() - began
        for table, _, _ in self._tables:
            self._connection.execute(sql.SQL("drop table {}").format(_target(table)))
        self._connection.commit()
        self._connection.close()

    def take(self, place: object, ids: Sequence[UUID]) -> None:
        """Copy the entries of these ids with their vectors."""
        for table, mine, entry in self._tables:
            names = _columns(self._connection, table)
            rows = sql.SQL("copy (select {} from {} where {} = {} and {} = any({})) to stdout (format binary)").format(
                names, _name(table), sql.Identifier(mine), sql.Literal(place), sql.Identifier(entry), sql.Literal(ids)
            )
            with self._connection.cursor() as cursor, cursor.copy(rows) as copy:
                data = b"".join(copy)
            statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(_target(table), names)
            began = perf_counter()
            with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
                copy.write(data)
            self.seconds += perf_counter() - began


def _name(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


def _target(table: str) -> sql.Identifier:
    return sql.Identifier("copied_" + table.replace(".", "_"))


def _columns(connection: psycopg.Connection, table: str) -> sql.Composed:
    """The columns that are given, not generated."""
    schema, _, name = table.partition(".")
    rows = connection.execute(
        "select column_name from information_schema.columns where table_schema = %s and table_name = %s "
        "and is_generated = 'NEVER' order by ordinal_position",
        (schema, name),
    ).fetchall()
    return sql.SQL(", ").join(sql.Identifier(column) for (column,) in rows)
