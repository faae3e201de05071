"""A person's memories for whoever holds no transaction: one for each call, under the person's access."""

from collections.abc import Sequence
from uuid import UUID

from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.memory.schemas import Embedded, Entry, Query, Results, Space, Where
from vitasense.memory.stores.postgres import PostgresStore
from vitasense.memory.stores.spaces import Spaces


class PersonalStore:
    """A Store that opens a transaction of its own for each call; what one call writes is written whole or not at all."""

    def __init__(self, database: Database, access: Access, spaces: Spaces | None = None) -> None:
        self._database = database
        self._access = access
        self._spaces = spaces or Spaces()

    async def put(self, entries: Sequence[Embedded]) -> None:
        """Keep entries."""
        async with self._database.transaction(self._access) as tx:
            await PostgresStore(tx, self._spaces).put(entries)

    async def get(self, where: Where, ids: Sequence[UUID]) -> list[Entry]:
        """The entries with these ids."""
        async with self._database.transaction(self._access) as tx:
            return await PostgresStore(tx, self._spaces).get(where, ids)

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """One Results for each query, in order."""
        async with self._database.transaction(self._access) as tx:
            return await PostgresStore(tx, self._spaces).search(queries)

    async def entries(self, where: Where, *, after: UUID | None = None, limit: int = 100) -> list[Entry]:
        """A page of entries by id."""
        async with self._database.transaction(self._access) as tx:
            return await PostgresStore(tx, self._spaces).entries(where, after=after, limit=limit)

    async def remove(self, where: Where, ids: Sequence[UUID] | None = None) -> int:
        """Delete entries; how many there were."""
        async with self._database.transaction(self._access) as tx:
            return await PostgresStore(tx, self._spaces).remove(where, ids)

    async def count(self, where: Where) -> int:
        """How many entries there are."""
        async with self._database.transaction(self._access) as tx:
            return await PostgresStore(tx, self._spaces).count(where)

    async def without_vector(self, where: Where, space: Space, *, limit: int) -> list[Entry]:
        """Entries without a vector in the space."""
        async with self._database.transaction(self._access) as tx:
            return await PostgresStore(tx, self._spaces).without_vector(where, space, limit=limit)

    async def add_vectors(self, embedded: Sequence[Embedded]) -> int:
        """Add vectors to entries whose text is still what was embedded."""
        async with self._database.transaction(self._access) as tx:
            return await PostgresStore(tx, self._spaces).add_vectors(embedded)
