"""The store in Qdrant: vectors and words of each place, filtered by payload, fused here.

Importing this loads Qdrant's client, which takes seconds: memory/stores/replica.py does it when a server is configured.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from qdrant_client import AsyncQdrantClient, models

from vitasense.memory.schemas import Embedded, Entry, Hit, Query, Results, Space, Vector, Where
from vitasense.memory.stores import qdrant_points as points
from vitasense.memory.stores.checking import check_entries, check_query, check_where, fits, place_of
from vitasense.memory.stores.fusion import candidates, fuse
from vitasense.memory.stores.qdrant_collections import Collections, reached
from vitasense.memory.stores.words import lexemes


class QdrantStore:
    """A Store over a Qdrant server. Ids of points are made from the place: nobody's id reaches another's entry."""

    def __init__(
        self, client: AsyncQdrantClient, *, prefix: str = "vitasense", held: Collections | None = None
    ) -> None:
        self._client = client
        self._held = held or Collections(client, prefix)

    async def put(self, entries: Sequence[Embedded]) -> None:
        """Keep entries: first the new vectors, then the entries, then away with vectors of what was before."""
        checked = check_entries(entries)
        async with reached():
            await self._held.make_entries()
            before = await self._held.stored([_point(each.entry) for each in checked])
            await self._put_vectors(checked)
            await self._put_entries(checked, before)

    async def get(self, where: Where, ids: Sequence[UUID]) -> list[Entry]:
        """The entries with these ids, in the order of the ids."""
        place = points.place_in(check_where(where))
        async with reached():
            stored = await self._held.stored([points.point_of(place, each) for each in ids])
        found = [stored.get(points.point_of(place, each)) for each in dict.fromkeys(ids)]
        return [_entry(each) for each in found if each and (each.payload or {}).get("place") == place]

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """One Results for each query, in order."""
        for query in queries:
            check_query(query)
        async with reached():
            return list(await asyncio.gather(*map(self._search, queries)))

    async def entries(self, where: Where, *, after: UUID | None = None, limit: int = 100) -> list[Entry]:
        """A page of entries by id. Qdrant cannot sort by it: the ids of the whole place are read."""
        async with reached():
            ids = sorted(await self._held.ids(check_where(where)), key=lambda each: each.bytes)
        return await self.get(where, [each for each in ids if after is None or each.bytes > after.bytes][:limit])

    async def remove(self, where: Where, ids: Sequence[UUID] | None = None) -> int:
        """Delete entries: their vectors first, so that none is left when this is interrupted and done again."""
        check_where(where)
        async with reached():
            if ids is None:
                ids = await self._held.ids(replace(where, history=True))
            gone = [points.point_of(points.place_in(where), each) for each in set(ids)]
            there = await self._held.stored(gone)
            for collection in await self._held.of_vectors():
                await self._held.delete(collection, gone)
            if await self._held.is_there(self._held.entries):
                await self._held.delete(self._held.entries, gone)
        return len(there)

    async def count(self, where: Where) -> int:
        """How many entries there are."""
        async with reached():
            return await self._held.count(points.narrowed(check_where(where)))

    async def without_vector(self, where: Where, space: Space, *, limit: int) -> list[Entry]:
        """Entries without a vector in the space, by id."""
        async with reached():
            ids = await self._held.ids(check_where(where), without=points.slug(space))
        return await self.get(where, sorted(ids, key=lambda each: each.bytes)[:limit])

    async def add_vectors(self, embedded: Sequence[Embedded]) -> int:
        """Add vectors to entries whose text is still what was embedded."""
        checked = [each for each in check_entries(embedded) if each.space]
        async with reached():
            stored = await self._held.stored([_point(each.entry) for each in checked])
            now = {point: _entry(record) for point, record in stored.items()}
            same = [each for each in checked if (kept := now.get(_point(each.entry))) and kept.text == each.entry.text]
            current = [Embedded(now[_point(each.entry)], each.space, each.vector) for each in same]
            await self._put_vectors(current)
            await self._put_entries(current, stored)
        return len(same)

    async def mirror(self, copies: Sequence[tuple[Entry, Mapping[Space, Vector]]]) -> None:
        """Have these entries with exactly these vectors: vectors first, then entries, then away with others."""
        async with reached():
            await self._held.make_entries()
            await self._put_vectors([Embedded(entry, *pair) for entry, held in copies for pair in held.items()])
            made = [points.entry_point(entry, map(points.slug, held)) for entry, held in copies]
            await self._client.upsert(self._held.entries, made, wait=True)
            for collection in await self._held.of_vectors():
                gone = [_point(entry) for entry, held in copies if collection not in map(self._held.of, held)]
                await self._held.delete(collection, gone)

    # ---- writing

    async def _put_vectors(self, embedded: Sequence[Embedded]) -> None:
        for space in {each.space for each in embedded if each.space}:
            collection = await self._held.make_space(space)
            made = [
                models.PointStruct(
                    id=_point(each.entry), vector=each.vector.tolist(), payload=points.payload_of(each.entry)
                )
                for each in embedded
                if each.space == space and each.vector is not None
            ]
            await self._client.upsert(collection, made, wait=True)

    async def _put_entries(self, embedded: Sequence[Embedded], before: dict[str, models.Record]) -> None:
        made: list[models.PointStruct] = []
        stale: dict[str, list[str]] = {}
        kept: dict[str, list[Entry]] = {}
        for each in embedded:
            held, same = _spaces_before(before.get(_point(each.entry)), each.entry)
            new = {points.slug(each.space)} if each.space else set[str]()
            for name in held - new:
                (
                    kept.setdefault(name, []).append(each.entry)
                    if same
                    else stale.setdefault(name, []).append(_point(each.entry))
                )
            made.append(points.entry_point(each.entry, held | new if same else new))
        if made:
            await self._client.upsert(self._held.entries, made, wait=True)
        for name, gone in stale.items():
            await self._held.delete(self._held.named(name), gone)
        for name, entries in kept.items():
            await self._client.batch_update_points(
                self._held.named(name), [_repaid(entry) for entry in entries], wait=True
            )

    # ---- reading

    async def _search(self, query: Query) -> Results:
        near = await self._near(query)
        worded = await self._worded(query)
        missing = [point for point in near if point not in worded]
        found = worded | {point: _entry(record) for point, record in (await self._held.stored(missing)).items()}
        place = points.place_in(query.where)
        real = {point: entry for point, entry in found.items() if place_of(entry) == place and fits(entry, query.where)}
        close = {
            point: score
            for point, (score, told) in near.items()
            if point in real and told == points.text_hash(real[point])
        }
        scores = fuse(list(close), [point for point in worded if point in real])
        hits = [Hit(real[point], score, close.get(point)) for point, score in scores.items()]
        return Results(tuple(hits[: query.limit]), await self._waiting(query))

    async def _near(self, query: Query) -> dict[str, tuple[float, str]]:
        """Similarity and hash of the text of what is near enough, the nearest first."""
        if query.space is None or query.vector is None:
            return {}
        collection = self._held.named(points.slug(query.space))
        if not await self._held.is_there(collection):
            return {}
        found = await self._client.query_points(
            collection,
            query=query.vector.tolist(),
            query_filter=points.narrowed(query.where),
            limit=candidates(query.limit),
            with_payload=["hash"],
        )
        enough = [each for each in found.points if each.score >= query.threshold]
        return {str(each.id): (each.score, str((each.payload or {})["hash"])) for each in enough}

    async def _worded(self, query: Query) -> dict[str, Entry]:
        """What shares words that matter, the rarest first; a number that two words share does not count."""
        asked = lexemes(query.text).keys()
        if not asked or not await self._held.is_there(self._held.entries):
            return {}
        found = await self._client.query_points(
            self._held.entries,
            query=points.sparse(query.text),
            using=points.WORDS,
            query_filter=points.narrowed(query.where),
            limit=candidates(query.limit),
        )
        entries = {str(each.id): _entry(each) for each in found.points}
        return {point: entry for point, entry in entries.items() if asked & lexemes(entry.text).keys()}

    async def _waiting(self, query: Query) -> int:
        if query.space is None:
            return 0
        return await self._held.count(points.narrowed(query.where, without=points.slug(query.space)))


def _point(entry: Entry) -> str:
    return points.point_of(place_of(entry), entry.id)


def _entry(record: models.Record | models.ScoredPoint) -> Entry:
    return Entry.model_validate_json((record.payload or {})["entry"])


def _spaces_before(record: models.Record | None, entry: Entry) -> tuple[set[str], bool]:
    """The spaces in which the entry had a vector, and whether its text is the same."""
    payload = (record.payload if record else None) or {}
    return set(payload.get("spaces", ())), payload.get("hash") == points.text_hash(entry)


def _repaid(entry: Entry) -> models.OverwritePayloadOperation:
    """What the vector of an entry is filtered by, as the entry is now."""
    payload = models.SetPayload(payload=points.payload_of(entry), points=[_point(entry)])
    return models.OverwritePayloadOperation(overwrite_payload=payload)
