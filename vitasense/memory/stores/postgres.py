"""The store in PostgreSQL, bound to one transaction: row-level security gives it what the transaction may have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.schemas import Embedded, Entry, Hit, Kind, Query, Results, Space, Where
from vitasense.memory.stores import repository, searching
from vitasense.memory.stores.checking import check_entries, check_query, check_where, place_of
from vitasense.memory.stores.fusion import candidates
from vitasense.memory.stores.repository import as_direction, entry_of, shelf_of, told_apart
from vitasense.memory.stores.searching import SHARED_SHELF, Seen, Top, condition
from vitasense.memory.stores.spaces import Spaces

_NUMBER = itemgetter(0)
_LEADING = 5  # number of the question, waiting, size, score, similarity: then the columns of an entry


@dataclass(frozen=True, slots=True)
class Among:
    """Only these entries, and those that changed after this point in the order of changes."""

    ids: Sequence[UUID]
    synced_xid: str
    synced_id: UUID


class PostgresStore:
    """A Store in the transaction that it is given: personal memories, and shared collections too."""

    def __init__(self, tx: AsyncSession, spaces: Spaces | None = None) -> None:
        self._tx = tx
        self._spaces = spaces or Spaces()

    async def put(self, entries: Sequence[Embedded]) -> None:
        """Keep entries. Raises NotAllowed where row-level security does; then the transaction is over."""
        checked = check_entries(entries)
        numbers = {space: await self._number(space) for space in {each.space for each in checked if each.space}}
        async with told_apart():
            for where, group in _by_place(checked):
                await repository.put(self._tx, where, [each.entry for each in group])
                for space, number in numbers.items():
                    if embedded := [each for each in group if each.space == space]:
                        await repository.put_vectors(self._tx, where, number, embedded)

    async def get(self, where: Where, ids: Sequence[UUID]) -> list[Entry]:
        """The entries with these ids, in the order of the ids."""
        return await repository.get(self._tx, check_where(where), ids)

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """One Results for each query; what asks the same place in the same way is one statement."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for number, query in enumerate(map(check_query, queries)):
            groups.setdefault((query.where, query.space, query.limit, query.threshold), []).append(number)
        results: dict[int, Results] = {}
        for numbers in groups.values():
            found = await self._search([queries[number] for number in numbers])
            results |= dict(zip(numbers, found, strict=True))
        return [results[number] for number in range(len(queries))]

    async def search_among(self, query: Query, among: Among) -> Results:
        """The same search over candidates that another engine found, and over what it does not know yet."""
        return (await self._search([check_query(query)], among))[0]

    async def entries(self, where: Where, *, after: UUID | None = None, limit: int = 100) -> list[Entry]:
        """A page of entries by id."""
        return await repository.page(self._tx, check_where(where), after, limit)

    async def remove(self, where: Where, ids: Sequence[UUID] | None = None) -> int:
        """Delete these entries, or all that `where` names, superseded ones too."""
        async with told_apart():
            return await repository.remove(self._tx, replace(check_where(where), history=True), ids)

    async def count(self, where: Where) -> int:
        """How many entries there are."""
        return await repository.count(self._tx, check_where(where))

    async def without_vector(self, where: Where, space: Space, *, limit: int) -> list[Entry]:
        """Entries without a vector in the space, by id."""
        return await repository.without_vector(self._tx, check_where(where), await self._number(space), limit)

    async def add_vectors(self, embedded: Sequence[Embedded]) -> int:
        """Add vectors to entries whose text is still what was embedded."""
        checked = [each for each in check_entries(embedded) if each.space]
        added = 0
        async with told_apart():
            for where, group in _by_place(checked):
                for space in {each.space for each in group if each.space}:
                    number = await self._number(space)
                    same = [each for each in group if each.space == space]
                    added += await repository.put_vectors(self._tx, where, number, same)
        return added

    async def _search(self, queries: Sequence[Query], among: Among | None = None) -> list[Results]:
        """Queries that differ in words and vectors alone."""
        first = queries[0]
        if _names_nothing(first.where):
            return [Results()] * len(queries)
        number = await self._spaces.number(self._tx, first.space) if first.space else None
        seen = Seen(number, first.space.dimensions) if first.space and number is not None else None
        top = Top(first.limit, candidates(first.limit), alone=len(queries) == 1)
        statement, values = self._statement(first.where, top, seen, among)
        values |= _asked(queries, seen) | {"threshold": first.threshold}
        rows: Sequence[Sequence[Any]] = (await self._tx.execute(_prepared(statement), values)).all()
        if not rows:  # somebody else's memories
            return [Results()] * len(queries)
        self._spaces.note_size(first.where.owner, rows[0][2])
        if first.space and rows[0][1]:
            self._spaces.forget(first.space)
        results = [_results(first.where, group) for _, group in groupby(rows, key=_NUMBER)]
        if first.space and number is None:  # nothing in this space at all: everything waits
            waiting = await repository.count(self._tx, first.where)
            results = [Results(each.hits, waiting) for each in results]
        return results

    def _statement(
        self, where: Where, top: Top, seen: Seen | None, among: Among | None
    ) -> tuple[str, dict[str, object]]:
        if where.owner is not None and not self._spaces.is_large(where.owner):
            return searching.recalled(where, seen, top)
        fits, values = condition(where)
        if among:
            values |= {"among": list(among.ids), "synced_xid": among.synced_xid, "synced_id": among.synced_id}
            return searching.among(fits, seen, top), values
        shelf = shelf_of(where)
        if shelf is SHARED_SHELF:
            values |= {"only_key": where.key, "history": where.history}
            values |= {"only_since": where.since, "only_until": where.until}
        return searching.indexed(shelf, fits, seen, top), values

    async def _number(self, space: Space) -> int:
        number = await self._spaces.number(self._tx, space)
        if number is None:
            raise Unavailable("the space of these vectors is not set up; the service does this when it starts")
        return number


def _asked(queries: Sequence[Query], seen: Seen | None) -> dict[str, object]:
    """Words and vectors of the questions; those of a single one not as an array, which takes long to write and read."""
    texts = [query.text for query in queries]
    vectors = [as_direction(query.vector) if seen and query.vector is not None else None for query in queries]
    if len(queries) == 1:
        return {"texts": texts[0], "vectors": vectors[0]}
    return {"texts": texts, "vectors": vectors}


def _names_nothing(where: Where) -> bool:
    """Whether shared knowledge is asked for as what it is not: of a category, or of another kind."""
    return where.owner is None and bool(where.categories or (where.kinds and Kind.KNOWLEDGE not in where.kinds))


@lru_cache(maxsize=256)
def _prepared(statement: str) -> TextClause:
    """The statement with its parameters found, which takes longer than to look it up."""
    return text(statement)


def _by_place(embedded: Iterable[Embedded]) -> list[tuple[Where, list[Embedded]]]:
    ordered = sorted(embedded, key=lambda each: place_of(each.entry))
    groups = groupby(ordered, key=lambda each: place_of(each.entry))
    return [(repository.place_of(group[0].entry), group) for _, each in groups if (group := list(each))]


def _results(where: Where, rows: Iterable[Sequence[Any]]) -> Results:
    held = list(rows)
    found = sorted((row for row in held if row[_LEADING] is not None), key=_best_first)
    hits = [Hit(entry_of(where, row[_LEADING:]), row[3], row[4]) for row in found]
    return Results(tuple(hits), held[0][1])


def _best_first(row: Sequence[Any]) -> tuple[float, float, UUID]:
    return -row[3], 2.0 if row[4] is None else -row[4], row[_LEADING]
