"""The contract that every store of memories keeps; tests/memory/conformance.py checks each of them against it."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from vitasense.memory.schemas import Embedded, Entry, Query, Results, Space, Where

PAGE = 1000  # entries that are read at once


class Store(Protocol):
    """Keeps entries with their vectors and finds them by meaning and by words.

    Every call names whose entries it is about: an owner never meets another's, in any store.
    """

    async def put(self, entries: Sequence[Embedded]) -> None:
        """Keep entries; the same id again replaces text, state and vector. Nothing is kept when one is refused."""
        ...

    async def get(self, where: Where, ids: Sequence[UUID]) -> list[Entry]:
        """The entries with these ids in this place, superseded ones too; unknown ids are left out."""
        ...

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """One Results for each query, in order: vector and words fused by reciprocal rank."""
        ...

    async def entries(self, where: Where, *, after: UUID | None = None, limit: int = 100) -> list[Entry]:
        """A page of entries by id, which is by time; `after` is the last id of the page before."""
        ...

    async def remove(self, where: Where, ids: Sequence[UUID] | None = None) -> int:
        """Delete these entries with text and vectors, or all of the place when `ids` is None; how many there were."""
        ...

    async def count(self, where: Where) -> int:
        """How many entries there are."""
        ...

    async def without_vector(self, where: Where, space: Space, *, limit: int) -> list[Entry]:
        """Entries of this place that have no vector in the space yet."""
        ...

    async def add_vectors(self, embedded: Sequence[Embedded]) -> int:
        """Add vectors to entries whose text is still what was embedded; how many were added."""
        ...


async def everything(store: Store, where: Where) -> list[Entry]:
    """All entries that `where` names, however many, by id, which is by time."""
    found: list[Entry] = []
    while page := await store.entries(where, after=found[-1].id if found else None, limit=PAGE):
        found += page
        if len(page) < PAGE:
            break
    return found
