"""The store for tests: everything in this process, exact in every search."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np

from vitasense.memory.schemas import Embedded, Entry, Hit, Query, Results, Space, Vector, Where
from vitasense.memory.stores.checking import check_entries, check_query, check_where, fits, place_of
from vitasense.memory.stores.fusion import candidates, fuse
from vitasense.memory.stores.words import lexemes


@dataclass
class _Kept:
    entry: Entry
    vectors: dict[Space, Vector] = field(default_factory=dict[Space, Vector])


class InMemoryStore:
    """A Store over dictionaries: place → id → entry with its vectors."""

    def __init__(self) -> None:
        self._places: dict[str, dict[UUID, _Kept]] = {}

    async def put(self, entries: Sequence[Embedded]) -> None:
        """Keep entries; a vector of another text than the new one is dropped."""
        for each in check_entries(entries):
            place = self._places.setdefault(place_of(each.entry), {})
            before = place.get(each.entry.id)
            same = before is not None and before.entry.text == each.entry.text
            kept = _Kept(each.entry, before.vectors if before and same else {})
            if each.space is not None and each.vector is not None:
                kept.vectors[each.space] = _unit(each.vector)
            place[each.entry.id] = kept

    async def get(self, where: Where, ids: Sequence[UUID]) -> list[Entry]:
        """The entries with these ids, in the order of the ids."""
        place = self._place(where)
        return [place[each].entry for each in dict.fromkeys(ids) if each in place]

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """One Results for each query, in order."""
        return [self._search(query) for query in map(check_query, queries)]

    async def entries(self, where: Where, *, after: UUID | None = None, limit: int = 100) -> list[Entry]:
        """A page of entries by id."""
        found = sorted((kept.entry for kept in self._kept(where)), key=lambda entry: entry.id.bytes)
        return [entry for entry in found if after is None or entry.id.bytes > after.bytes][:limit]

    async def remove(self, where: Where, ids: Sequence[UUID] | None = None) -> int:
        """Delete these entries, or all that `where` names."""
        wanted = {kept.entry.id for kept in self._kept(replace(where, history=True), everything=ids is not None)}
        gone = wanted if ids is None else wanted & set(ids)
        place = self._place(where)
        for each in gone:
            del place[each]
        return len(gone)

    async def count(self, where: Where) -> int:
        """How many entries there are."""
        return len(self._kept(where))

    async def without_vector(self, where: Where, space: Space, *, limit: int) -> list[Entry]:
        """Entries without a vector in the space, by id."""
        waiting = [kept.entry for kept in self._kept(where) if space not in kept.vectors]
        return sorted(waiting, key=lambda entry: entry.id.bytes)[:limit]

    async def add_vectors(self, embedded: Sequence[Embedded]) -> int:
        """Add vectors to entries whose text is still what was embedded."""
        added = 0
        for each in check_entries(embedded):
            kept = self._places.get(place_of(each.entry), {}).get(each.entry.id)
            if each.space and each.vector is not None and kept and kept.entry.text == each.entry.text:
                kept.vectors[each.space] = _unit(each.vector)
                added += 1
        return added

    def _place(self, where: Where) -> dict[UUID, _Kept]:
        check_where(where)
        return self._places.get(str(where.owner) if where.owner else where.collection, {})

    def _kept(self, where: Where, *, everything: bool = False) -> list[_Kept]:
        return [kept for kept in self._place(where).values() if everything or fits(kept.entry, where)]

    def _search(self, query: Query) -> Results:
        kept = {each.entry.id: each for each in self._kept(query.where)}
        near = _near(query, kept)
        worded = _worded(query, kept)
        most = candidates(query.limit)
        scores = fuse(list(near)[:most], worded[:most])
        hits = [Hit(kept[each].entry, score, near.get(each)) for each, score in scores.items()]
        waiting = sum(query.space not in each.vectors for each in kept.values()) if query.space else 0
        return Results(tuple(hits[: query.limit]), waiting)


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _near(query: Query, kept: dict[UUID, _Kept]) -> dict[UUID, float]:
    """Similarity of what is near enough, the nearest first."""
    if query.space is None or query.vector is None:
        return {}
    unit = _unit(query.vector)
    similar = {
        each: float(unit @ found.vectors[query.space]) for each, found in kept.items() if query.space in found.vectors
    }
    enough = [pair for pair in similar.items() if pair[1] >= query.threshold]
    return dict(sorted(enough, key=lambda pair: (-pair[1], pair[0].bytes)))


def _worded(query: Query, kept: dict[UUID, _Kept]) -> list[UUID]:
    """What shares words that matter with the question, most of them first."""
    asked = lexemes(query.text)
    shared = {each: len(asked.keys() & lexemes(found.entry.text).keys()) for each, found in kept.items()}
    return sorted((each for each, count in shared.items() if count), key=lambda each: (-shared[each], each.bytes))
