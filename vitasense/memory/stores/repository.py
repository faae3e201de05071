"""All SQL of entries and their vectors, personal or shared. Row-level security decides what each statement sees."""

# ruff: noqa: S608 - names of this package alone; every value is bound
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, cast
from uuid import UUID

import numpy as np
import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import NotAllowed, NotFound, Unavailable
from vitasense.memory.schemas import PERSONAL, Embedded, Entry, Kind, Vector, Where
from vitasense.memory.stores.searching import PERSONAL_SHELF, SHARED_SHELF, Shelf, condition

_LONGEST = 30_000.0  # half precision ends at 65,504
NO_PRIVILEGE, NO_SUCH_REFERENCE = "42501", "23503"  # SQLSTATEs
_TYPES = {
    "id": "uuid",
    "kind": "text",
    "text": "text",
    "key": "text",
    "source": "text",
    "confidence": "float8",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "ended_at": "timestamptz",
    "superseded_by": "uuid",
    "category": "text",
    "thread_id": "uuid",
}
_KINDS = {kind.value: kind for kind in Kind}
_CATEGORIES = {category.value: category for category in Category}
_MAKE_COLLECTION = text("insert into app.collection (name) values (:place) on conflict do nothing")


def shelf_of(where: Where) -> Shelf:
    """The tables that hold this place."""
    return PERSONAL_SHELF if where.owner else SHARED_SHELF


def as_text(vector: Vector) -> str:
    """A vector as pgvector reads it, of length 1: millionths are more than half precision keeps of most numbers."""
    unit = vector.astype(np.float64)
    millionths = np.rint(unit * (1_000_000 / np.linalg.norm(unit))).astype(np.int32).tolist()
    return f"[{'e-6,'.join(map(str, millionths))}e-6]"


def as_direction(vector: Vector) -> str:
    """A vector to compare with: only its direction counts, and whole numbers are written and read many times faster."""
    return str(np.rint(vector * (_LONGEST / np.abs(vector).max())).astype(np.int32).tolist())


@asynccontextmanager
async def told_apart() -> AsyncGenerator[None]:
    """Say what the database refused: NotAllowed for somebody else's place, NotFound for a thread that is not there."""
    try:
        yield
    except DBAPIError as error:
        refused = error.orig
        if not isinstance(refused, psycopg.Error):
            raise
        if refused.sqlstate == NO_PRIVILEGE:
            raise NotAllowed("this memory is somebody else's, or was not shared for this") from error
        if refused.sqlstate != NO_SUCH_REFERENCE:
            raise
        if "space" in (refused.diag.constraint_name or ""):
            raise Unavailable("the space of these vectors was removed: they will be made again") from error
        raise NotFound("the conversation that this was remembered from is not there") from error


async def put(tx: AsyncSession, where: Where, entries: Sequence[Entry]) -> None:
    """Insert or replace entries of one place in one statement; what is as it was is left alone."""
    shelf = shelf_of(where)
    if shelf is SHARED_SHELF:
        await tx.execute(_MAKE_COLLECTION, {"place": where.collection})
    names = _written(shelf)
    columns = zip(*([_member(entry, name) for name in names] for entry in entries), strict=True)
    values: dict[str, object] = {name: list(column) for name, column in zip(names, columns, strict=True)}
    await tx.execute(_merge(shelf), values | {"place": where.owner or where.collection})


async def put_vectors(tx: AsyncSession, where: Where, space: int, embedded: Sequence[Embedded]) -> int:
    """Add or replace the vectors of entries whose text is still what was embedded; how many."""
    values = {
        "place": where.owner or where.collection,
        "space": space,
        "ids": [each.entry.id for each in embedded],
        "texts": [each.entry.text for each in embedded],
        "vectors": [as_text(each.vector) for each in embedded if each.vector is not None],
    }
    return _rows_of(await tx.execute(_add_vectors(shelf_of(where)), values))


async def get(tx: AsyncSession, where: Where, ids: Sequence[UUID]) -> list[Entry]:
    """The entries with these ids."""
    shelf = shelf_of(where)
    query = f"select {shelf.selected} from {shelf.entries} m where m.{shelf.place} = :place and m.id = any(:ids)"
    rows = await tx.execute(text(query), {"place": where.owner or where.collection, "ids": list(ids)})
    found = {entry.id: entry for entry in (entry_of(where, row) for row in rows)}
    return [found[each] for each in dict.fromkeys(ids) if each in found]


async def page(tx: AsyncSession, where: Where, after: UUID | None, limit: int) -> list[Entry]:
    """The first `limit` entries by id behind `after`."""
    shelf = shelf_of(where)
    fits, values = condition(where)
    behind = " and m.id > :after" if after else ""
    query = f"select {shelf.selected} from {shelf.entries} m where {fits}{behind} order by m.id limit :limit"
    rows = await tx.execute(
        _of(shelf, query), values | {"after": after, "limit": limit} if after else values | {"limit": limit}
    )
    return [entry_of(where, row) for row in rows]


async def without_vector(tx: AsyncSession, where: Where, space: int, limit: int) -> list[Entry]:
    """The first `limit` entries by id that have no vector in the space."""
    shelf = shelf_of(where)
    fits, values = condition(where)
    if shelf is SHARED_SHELF:
        waits = "exists (select from app.passage_waiting w where w.collection = :place and w.space = :space and w.passage_id = m.id)"
    else:
        waits = f"not exists (select from {shelf.vectors} v where v.{shelf.place} = :place and v.space = :space and v.{shelf.entry} = m.id)"
    query = f"select {shelf.selected} from {shelf.entries} m where {fits} and {waits} order by m.id limit :limit"
    rows = await tx.execute(_of(shelf, query), values | {"space": space, "limit": limit})
    return [entry_of(where, row) for row in rows]


async def count(tx: AsyncSession, where: Where) -> int:
    """How many entries there are."""
    shelf = shelf_of(where)
    fits, values = condition(where)
    return int(
        (await tx.execute(_of(shelf, f"select count(*) from {shelf.entries} m where {fits}"), values)).scalar_one()
    )


async def remove(tx: AsyncSession, where: Where, ids: Sequence[UUID] | None) -> int:
    """Delete entries; their vectors go with them."""
    shelf = shelf_of(where)
    fits, values = condition(where)
    if ids is not None:
        fits, values = "m.{place} = :place and m.id = any(:ids)", {"place": values["place"], "ids": list(ids)}
    return _rows_of(await tx.execute(_of(shelf, f"delete from {shelf.entries} m where {fits}"), values))


def entry_of(where: Where, row: Sequence[Any]) -> Entry:
    """The entry that a row holds, with the columns of its shelf in order."""
    entry_id, kind, words, key, source, confidence, occurred_at, recorded_at, ended_at, superseded_by, *rest = row
    return Entry(
        id=entry_id,
        owner=where.owner,
        collection=where.collection,
        kind=_KINDS[kind],
        category=_CATEGORIES[rest[0]] if rest else None,
        text=words,
        key=key,
        source=Evidence.model_validate_json(source),
        confidence=confidence,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        ended_at=ended_at,
        superseded_by=superseded_by,
    )


def place_of(entry: Entry) -> Where:
    """Where the entry lies."""
    return Where(owner=entry.owner, collection=PERSONAL if entry.owner else entry.collection, history=True)


def _member(entry: Entry, name: str) -> object:
    if name == "source":
        return json.dumps(entry.source.model_dump(mode="json"))
    if name == "thread_id":
        return _thread_of(entry)
    value = getattr(entry, name)
    return value.value if isinstance(value, Kind | Category) else value


def _thread_of(entry: Entry) -> UUID | None:
    """The conversation that an episode sums up: it is deleted with it."""
    if entry.kind is not Kind.EPISODE or entry.source.kind != "statement":
        return None
    try:
        return UUID(entry.source.ref.rpartition("/")[2])
    except ValueError:
        return None


def _written(shelf: Shelf) -> tuple[str, ...]:
    return (*shelf.columns, "thread_id") if shelf is PERSONAL_SHELF else shelf.columns


@cache
def _merge(shelf: Shelf) -> Any:
    names = _written(shelf)
    arrays = ", ".join(f"cast(:{name} as {_TYPES[name]}[])" for name in names)
    given = ", ".join("cast(g.source as jsonb)" if name == "source" else f"g.{name}" for name in names)
    new = ", ".join(f"excluded.{name}" for name in names if name != "id")
    old = ", ".join(f"m.{name}" for name in names if name != "id")
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    return text(
        f"insert into {shelf.entries} as m ({shelf.place}, {', '.join(names)}) "
        f"select :place, {given} from unnest({arrays}) as g ({', '.join(names)}) order by g.id "
        f"on conflict ({shelf.place}, id) do update set {changes} where ({old}) is distinct from ({new})"
    )


@cache
def _add_vectors(shelf: Shelf) -> Any:
    category = "category, kind, " if shelf is PERSONAL_SHELF else ""
    mine = "m.category, m.kind, " if shelf is PERSONAL_SHELF else ""
    return text(
        f"insert into {shelf.vectors} ({shelf.place}, {shelf.entry}, space, {category}embedding) "
        f"select m.{shelf.place}, m.id, :space, {mine}cast(g.vector as public.halfvec) "
        "from unnest(cast(:ids as uuid[]), cast(:texts as text[]), cast(:vectors as text[])) as g (id, text, vector) "
        f"join {shelf.entries} m on m.{shelf.place} = :place and m.id = g.id and m.text = g.text order by m.id "
        f"on conflict ({shelf.place}, {shelf.entry}, space) do update set embedding = excluded.embedding"
    )


def _of(shelf: Shelf, query: str) -> Any:
    return text(query.replace("{place}", shelf.place))


def _rows_of(result: object) -> int:
    return cast(int, getattr(result, "rowcount", 0))
