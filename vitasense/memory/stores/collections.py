"""SQL of shared collections: where each is sought, what changed since Qdrant last followed, and what it should hold.

Changes are ordered by their transaction, as the outbox is: only those older than the oldest running transaction are
taken, since a plain number loses what commits late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.memory.schemas import Entry, Space, Vector, Where
from vitasense.memory.stores.repository import entry_of
from vitasense.memory.stores.searching import SHARED_SHELF

QDRANT, POSTGRES = "qdrant", "postgres"

# ruff: noqa: S608 - names of this package alone
_COLLECTIONS = "select name, home, cast(synced_xid as text) as synced_xid, synced_id from app.collection"
_NAMED = text(f"{_COLLECTIONS} where name = any(:names)")
_ALL = text(f"{_COLLECTIONS} order by name")
# A collection that follows has been larger than this once; counting stops where it is decided.
_LARGE = text(
    "select count(*) > :above from (select from app.passage where collection = :name limit cast(:above as bigint) + 1) as few"
)
# Held to the end of the transaction: two that copy the same passages could leave the older copy.
_TURN = text("select pg_try_advisory_xact_lock(hashtextextended('copy ' || :name, 0))")
_AHEAD = (
    "from app.passage_change h join app.collection c on c.name = h.collection where c.name = :name "
    "and (h.xid, h.passage_id) > (c.synced_xid, c.synced_id)"
)
_CHANGES = text(
    f"select cast(h.xid as text) as xid, h.passage_id {_AHEAD} and h.xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "order by h.xid, h.passage_id limit :limit"
)
_FOLLOWED = text(
    "update app.collection set synced_xid = cast(:xid as xid8), synced_id = :id where name = :name returning 1"
)
_MOVE = text("update app.collection set home = :home where name = :name and home <> :home returning 1")
_FROM_THE_START = text(
    "update app.collection set synced_xid = '0', synced_id = :id, home = 'postgres' where name = :name"
)
_ENTRIES = text(
    f"select {SHARED_SHELF.selected} from app.passage m where m.collection = :name and m.id = any(:ids) order by m.id"
)
_VECTORS = text(
    "select v.passage_id, s.model, s.version, s.dimensions, cast(v.embedding as text) as embedding "
    "from app.passage_vector v join app.vector_space s on s.id = v.space "
    "where v.collection = :name and v.passage_id = any(:ids)"
)
_PAGE = text("select p.id from app.passage p where p.collection = :name and p.id > :after order by p.id limit :limit")
_UNSETTLED = text(f"select h.passage_id {_AHEAD} and h.passage_id = any(:ids)")
_BY_KEY = text(
    "select key, count(*) as many from app.passage where collection = :name and key is not null group by key"
)
_COUNT = text("select count(*) from app.passage where collection = :name")


@dataclass(frozen=True, slots=True)
class Collection:
    """Where a collection's vectors are sought, and up to which change Qdrant has it."""

    name: str
    home: str
    synced_xid: str
    synced_id: UUID

    @property
    def follows(self) -> bool:
        """Whether Qdrant holds a part of it."""
        return self.home == QDRANT or self.synced_xid != "0"


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage with its vectors in every space, as PostgreSQL has it."""

    entry: Entry
    vectors: dict[Space, Vector]


async def named(tx: AsyncSession, names: Sequence[str]) -> dict[str, Collection]:
    """The collections of these names."""
    return {row.name: Collection(*row) for row in await tx.execute(_NAMED, {"names": list(names)})}


async def every(tx: AsyncSession) -> list[Collection]:
    """All collections by name."""
    return [Collection(*row) for row in await tx.execute(_ALL)]


async def larger_than(tx: AsyncSession, name: str, above: int) -> bool:
    """Whether the collection has more passages than this."""
    return bool((await tx.execute(_LARGE, {"name": name, "above": above})).scalar_one())


async def take_turn(tx: AsyncSession, name: str) -> bool:
    """Whether this transaction alone may copy the collection until it ends."""
    return bool((await tx.execute(_TURN, {"name": name})).scalar_one())


async def changes(tx: AsyncSession, name: str, limit: int) -> list[tuple[str, UUID]]:
    """The next changes that Qdrant does not have, in order: transaction and passage."""
    return [(row.xid, row.passage_id) for row in await tx.execute(_CHANGES, {"name": name, "limit": limit})]


async def followed(tx: AsyncSession, name: str, last: tuple[str, UUID]) -> bool:
    """Remember that Qdrant has all changes up to this one; False when the transaction may not, or no longer."""
    return bool((await tx.execute(_FOLLOWED, {"name": name, "xid": last[0], "id": last[1]})).first())


async def move(tx: AsyncSession, name: str, home: str) -> bool:
    """Seek the collection's vectors there from now on; whether that is a change."""
    return bool((await tx.execute(_MOVE, {"name": name, "home": home})).first())


async def start_over(tx: AsyncSession, name: str) -> None:
    """Forget what Qdrant was given: everything is to be copied again, and PostgreSQL answers until then."""
    await tx.execute(_FROM_THE_START, {"name": name, "id": UUID(int=0)})


async def copies(tx: AsyncSession, name: str, ids: Sequence[UUID]) -> list[Copy]:
    """The passages that are there, with their vectors."""
    values = {"name": name, "ids": list(ids)}
    entries = [entry_of(Where(collection=name), row) for row in await tx.execute(_ENTRIES, values)]
    vectors: dict[UUID, dict[Space, Vector]] = {}
    for row in await tx.execute(_VECTORS, values):
        vectors.setdefault(row.passage_id, {})[Space(row.model, row.version, row.dimensions)] = _vector(row)
    return [Copy(entry, vectors.get(entry.id, {})) for entry in entries]


async def ids_after(tx: AsyncSession, name: str, after: UUID, limit: int) -> list[UUID]:
    """The next passages by id."""
    return list((await tx.scalars(_PAGE, {"name": name, "after": after, "limit": limit})).all())


async def unsettled(tx: AsyncSession, name: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the passages whose last change Qdrant need not have yet."""
    return set((await tx.scalars(_UNSETTLED, {"name": name, "ids": list(ids)})).all())


async def size(tx: AsyncSession, name: str) -> int:
    """How many passages the collection has."""
    return int((await tx.execute(_COUNT, {"name": name})).scalar_one())


async def by_key(tx: AsyncSession, name: str) -> dict[str, int]:
    """How many passages the collection has of each key."""
    return {row.key: row.many for row in await tx.execute(_BY_KEY, {"name": name})}


def _vector(row: Row[Any]) -> Vector:
    return np.fromstring(row.embedding.strip("[]"), dtype=np.float32, sep=",")
