"""What shared collections need of the engine that answers for them when they are large; Qdrant provides it."""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast
from uuid import UUID

from vitasense.memory.schemas import Query, Results
from vitasense.memory.stores.collections import Copy


class Replica(Protocol):
    """A copy of shared collections that is searched for candidates. Every call raises Unavailable when it is not there."""

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        """One Results for each query, in order."""
        ...

    async def mirror(self, copies: Sequence[Copy]) -> None:
        """Have these passages with exactly these vectors."""
        ...

    async def discard(self, collection: str, ids: Sequence[UUID]) -> None:
        """Have none of these passages, nor any vector of them."""
        ...

    async def differing(self, collection: str, ids: Sequence[UUID], copies: Sequence[Copy]) -> set[UUID]:
        """Which of these ids it does not have exactly as `copies` have them; an id without copy must not be there."""
        ...

    async def ids_after(self, collection: str, after: str | None, limit: int) -> tuple[list[UUID], str | None]:
        """The ids of some passages or vectors that it has, and where to go on; None at the end."""
        ...

    async def close(self) -> None:
        """Give the connection back."""
        ...


def open_replica(url: str | None, api_key: str | None) -> Replica | None:
    """Qdrant at this address, None without one. Its client takes seconds to import: only those who have one wait."""
    if url is None:
        return None
    library = import_module("vitasense.memory.stores.qdrant_replica")
    return cast(Replica, library.open_server(url, api_key))
