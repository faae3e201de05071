"""Shared collections: the truth is in PostgreSQL, and Qdrant finds candidates once a collection is large.

A search of a collection that lives in Qdrant asks it for candidates and lets PostgreSQL decide among these and what
changed since Qdrant last followed: texts, versions, similarities and order are those of PostgreSQL. So nothing is lost
or stale while a collection moves or afterwards, and when Qdrant does not answer PostgreSQL does.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import InvalidInput, Unavailable
from vitasense.memory.schemas import Embedded, Entry, Query, Results, Space, Where
from vitasense.memory.stores import collections
from vitasense.memory.stores.checking import check_query
from vitasense.memory.stores.fusion import candidates
from vitasense.memory.stores.personal import PersonalStore
from vitasense.memory.stores.postgres import Among, PostgresStore
from vitasense.memory.stores.replica import Replica
from vitasense.memory.stores.spaces import Spaces

ROUNDING = 0.01  # similarities of half and of single precision differ by less
log = get_logger(__name__)


class SharedStore:
    """A Store of shared collections. Everyone signed in may search; only the service's own access may write."""

    def __init__(
        self, database: Database, access: Access, replica: Replica | None = None, spaces: Spaces | None = None
    ) -> None:
        self._database = database
        self._access = access
        self._replica = replica
        self._spaces = spaces or Spaces()
        self._truth = PersonalStore(database, access, self._spaces)

    async def put(self, entries: Sequence[Embedded]) -> None:
        """Keep passages."""
        if any(each.entry.owner for each in entries):
            raise InvalidInput("a shared collection holds nothing of a person")
        await self._truth.put(entries)

    async def get(self, where: Where, ids: Sequence[UUID]) -> list[Entry]:
        """The passages with these ids."""
        return await self._truth.get(_shared(where), ids)

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """One Results for each query, in order."""
        for query in queries:
            _shared(check_query(query).where)
        among = await self._candidates(queries)
        results: dict[int, Results] = {}
        async with self._database.transaction(self._access) as tx:
            store = PostgresStore(tx, self._spaces)
            for number, found in among.items():
                results[number] = await store.search_among(queries[number], found)
            rest = [number for number in range(len(queries)) if number not in among]
            answers = await store.search([queries[number] for number in rest])
        results |= dict(zip(rest, answers, strict=True))
        return [results[number] for number in range(len(queries))]

    async def entries(self, where: Where, *, after: UUID | None = None, limit: int = 100) -> list[Entry]:
        """A page of passages by id."""
        return await self._truth.entries(_shared(where), after=after, limit=limit)

    async def remove(self, where: Where, ids: Sequence[UUID] | None = None) -> int:
        """Delete passages; no search finds them from then on, Qdrant follows."""
        return await self._truth.remove(_shared(where), ids)

    async def count(self, where: Where) -> int:
        """How many passages there are."""
        return await self._truth.count(_shared(where))

    async def without_vector(self, where: Where, space: Space, *, limit: int) -> list[Entry]:
        """Passages without a vector in the space."""
        return await self._truth.without_vector(_shared(where), space, limit=limit)

    async def add_vectors(self, embedded: Sequence[Embedded]) -> int:
        """Add vectors to passages whose text is still what was embedded."""
        return await self._truth.add_vectors(embedded)

    async def _candidates(self, queries: Sequence[Query]) -> dict[int, Among]:
        """What Qdrant finds, for the queries whose collection lives there; none when it does not answer.

        The point up to which it had followed is read before it is asked: what it misses comes after that point.
        """
        if self._replica is None or not queries:
            return {}
        async with self._database.transaction(self._access) as tx:
            known = await collections.named(tx, sorted({query.where.collection for query in queries}))
        moved = {
            number: known[name]
            for number, query in enumerate(queries)
            if (name := query.where.collection) in known and known[name].home == collections.QDRANT
        }
        try:
            found = await self._replica.search([_wider(queries[number]) for number in moved])
        except Unavailable:
            log.warning("memory.replica_unavailable")
            return {}
        return {
            number: Among([entry.id for entry in results.entries], place.synced_xid, place.synced_id)
            for (number, place), results in zip(moved.items(), found, strict=True)
        }


def _wider(query: Query) -> Query:
    return replace(query, limit=2 * candidates(query.limit), threshold=query.threshold - ROUNDING)


def _shared(where: Where) -> Where:
    if where.owner is not None:
        raise InvalidInput("a shared collection holds nothing of a person")
    return where
