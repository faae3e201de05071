"""The collections on a Qdrant server: made when first needed, read, paged and emptied by the ids of points."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from httpx import HTTPError
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import ApiException

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.schemas import Space, Where
from vitasense.memory.stores import qdrant_points as points

PAGE = 256


@asynccontextmanager
async def reached() -> AsyncGenerator[None]:
    """Say that Qdrant did not answer as Unavailable, without what was asked of it."""
    try:
        yield
    except (ApiException, HTTPError, OSError) as error:
        raise Unavailable("Qdrant does not answer: see VITASENSE_QDRANT_URL") from error


class Collections:
    """Those of one prefix: the entries, and the vectors of each space."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self.entries = f"{prefix}_entries"
        self._there: set[str] = set()

    async def has(self, *names: str) -> bool:
        """Whether the entries and the vectors of these spaces have their collections on the server."""
        return {self.entries, *map(self.named, names)} <= set(await self.all())

    async def all(self) -> list[str]:
        """The names of the collections that are there: that of the entries first."""
        return [*([self.entries] if await self.is_there(self.entries) else []), *await self.of_vectors()]

    async def stored_vectors(self, ids: Sequence[str]) -> dict[str, dict[str, models.Record]]:
        """The points of vectors of these entries by space, each with its vector."""
        found: dict[str, dict[str, models.Record]] = {}
        for collection in await self.of_vectors():
            records = await self._client.retrieve(collection, list(ids), with_payload=True, with_vectors=True)
            found[collection.removeprefix(f"{self._prefix}_")] = {str(each.id): each for each in records}
        return found

    async def delete(self, collection: str, ids: Sequence[str]) -> None:
        """Delete these points."""
        if ids:
            await self._client.delete(collection, models.PointIdsList(points=list(ids)), wait=True)

    async def make_entries(self) -> None:
        """Have the collection of entries."""
        if not await self.is_there(self.entries):
            words = {points.WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)}
            await self._client.create_collection(self.entries, vectors_config={}, sparse_vectors_config=words)
            await self._index(self.entries)

    async def make_space(self, space: Space) -> str:
        """Have the collection of the space; its name."""
        collection = self.named(points.slug(space))
        if not await self.is_there(collection):
            compared = models.VectorParams(size=space.dimensions, distance=models.Distance.COSINE)
            await self._client.create_collection(collection, vectors_config=compared)
            await self._index(collection)
        return collection

    async def _index(self, collection: str) -> None:
        for name, schema in points.PAYLOAD_INDEXES.items():
            await self._client.create_payload_index(collection, name, schema, wait=True)
        self._there.add(collection)

    async def count(self, narrowed: models.Filter) -> int:
        """How many entries pass the filter."""
        if not await self.is_there(self.entries):
            return 0
        return (await self._client.count(self.entries, count_filter=narrowed, exact=True)).count

    async def stored(self, ids: Sequence[str]) -> dict[str, models.Record]:
        """The points of these entries."""
        if not ids or not await self.is_there(self.entries):
            return {}
        found = await self._client.retrieve(self.entries, list(ids), with_payload=True)
        return {str(each.id): each for each in found}

    async def ids(self, where: Where, *, without: str | None = None) -> list[UUID]:
        """The ids of the entries that `where` names; `without` a vector in this space."""
        if not await self.is_there(self.entries):
            return []
        ids: list[UUID] = []
        offset: Any = None
        while True:
            page, offset = await self._client.scroll(
                self.entries,
                scroll_filter=points.narrowed(where, without=without),
                limit=PAGE,
                offset=offset,
                with_payload=["entry_id"],
            )
            ids += [UUID((each.payload or {})["entry_id"]) for each in page]
            if offset is None:
                return ids

    async def of_vectors(self) -> list[str]:
        """The names of the collections of vectors that are there."""
        named = (each.name for each in (await self._client.get_collections()).collections)
        return [name for name in named if name.startswith(f"{self._prefix}_") and name != self.entries]

    async def is_there(self, collection: str) -> bool:
        """Whether the server has the collection."""
        if collection not in self._there and await self._client.collection_exists(collection):
            self._there.add(collection)
        return collection in self._there

    def forget(self) -> None:
        """Ask the server again what it has: it may have been made anew."""
        self._there.clear()

    def named(self, name: str) -> str:
        """The collection of a space, by the space's own name."""
        return f"{self._prefix}_{name}"

    def of(self, space: Space) -> str:
        """The collection of the space."""
        return self.named(points.slug(space))
