"""Qdrant as the copy of large shared collections that finds candidates."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from qdrant_client import AsyncQdrantClient, models

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.schemas import Query, Results, Vector, Where
from vitasense.memory.stores import qdrant_points as points
from vitasense.memory.stores.collections import Copy
from vitasense.memory.stores.qdrant import QdrantStore
from vitasense.memory.stores.qdrant_collections import Collections, reached

ALIKE = 0.999  # cosine of a vector and its copy: half precision and the copy's own rounding stay above
_END = ""


class QdrantReplica:
    """A Replica over a Qdrant server."""

    def __init__(self, client: AsyncQdrantClient, *, prefix: str = "vitasense") -> None:
        self._client = client
        self._held = Collections(client, prefix)
        self._store = QdrantStore(client, held=self._held)

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """Candidates. Raises Unavailable also when a collection of the server is gone: then it knows nothing."""
        async with reached():
            needed = {points.slug(query.space) for query in queries if query.space and query.vector is not None}
            if queries and not await self._held.has(*needed):
                raise Unavailable("Qdrant has no such collection yet")
        return await self._store.search(queries)

    async def mirror(self, copies: Sequence[Copy]) -> None:
        """First the vectors, then the entries that name them, then away with vectors of other spaces."""
        self._held.forget()
        async with reached():
            await self._store.mirror([(copy.entry, copy.vectors) for copy in copies])

    async def discard(self, collection: str, ids: Sequence[UUID]) -> None:
        """Remove the passages and, entry or not, their vectors."""
        self._held.forget()
        await self._store.remove(Where(collection=collection), ids)

    async def differing(self, collection: str, ids: Sequence[UUID], copies: Sequence[Copy]) -> set[UUID]:
        """Which of the ids are missing, stale or too many here."""
        self._held.forget()
        by_point = {points.point_of(collection, each): each for each in ids}
        wanted = {points.point_of(collection, copy.entry.id): copy for copy in copies}
        async with reached():
            entries = await self._held.stored(list(by_point))
            vectors = await self._held.stored_vectors(list(by_point))
        wrong = {
            point
            for point in by_point
            if not _same_entry(wanted.get(point), entries.get(point))
            or not _same_vectors(
                wanted.get(point), {name: found[point] for name, found in vectors.items() if point in found}
            )
        }
        return {by_point[point] for point in wrong}

    async def ids_after(self, collection: str, after: str | None, limit: int) -> tuple[list[UUID], str | None]:
        """Page through the entries, then through each space; `after` is the place in this."""
        self._held.forget()
        async with reached():
            names = await self._held.all()
            name, _, offset = (after or f"{names[0] if names else _END}|").partition("|")
            if name not in names:
                return [], None
            page, following = await self._client.scroll(
                name,
                scroll_filter=points.narrowed(Where(collection=collection, history=True)),
                limit=limit,
                offset=offset or None,
                with_payload=["entry_id"],
            )
        ids = [UUID((each.payload or {})["entry_id"]) for each in page]
        if following is not None:
            return ids, f"{name}|{following}"
        rest = names[names.index(name) + 1 :]
        return ids, f"{rest[0]}|" if rest else None

    async def close(self) -> None:
        """Give the connection back."""
        await self._client.close()


def open_server(url: str, api_key: str | None) -> QdrantReplica:
    """The replica on the server at this address."""
    return QdrantReplica(AsyncQdrantClient(url=url, api_key=api_key, timeout=10, check_compatibility=False))


def _same_entry(copy: Copy | None, record: models.Record | None) -> bool:
    if copy is None or record is None:
        return copy is None and record is None
    expected = points.entry_point(copy.entry, map(points.slug, copy.vectors)).payload
    return record.payload == expected


def _same_vectors(copy: Copy | None, found: dict[str, models.Record]) -> bool:
    wanted = {points.slug(space): vector for space, vector in copy.vectors.items()} if copy else {}
    return wanted.keys() == found.keys() and all(
        _alike(wanted[name], record.vector) and (record.payload or {}) == points.payload_of(copy.entry)
        for name, record in found.items()
        if copy
    )


def _alike(wanted: Vector, found: object) -> bool:
    there = np.asarray(found, np.float32)
    norms = float(np.linalg.norm(wanted) * np.linalg.norm(there))
    return norms > 0 and float(wanted @ there) / norms >= ALIKE
