"""Adds the vectors that are missing, a batch at a time: of new memories and passages, and of all when the model changed.

Until a new model's space is complete, what has no vector there is found by its words and counted as waiting; vectors
of the old space are never compared with it. Killed at any moment, it loses nothing: what has no vector is still
without one. No transaction is held while a model embeds.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory import missing
from vitasense.memory.embeddings import Embedder, Refused
from vitasense.memory.missing import Missing
from vitasense.memory.schemas import Vector
from vitasense.memory.stores.spaces import drop_space, use_space

BATCH = 128
UNUSED_FOR = timedelta(hours=1)  # from then on no process of an earlier version still embeds in a space
MOST_REFUSED = 1000
_ORDINARY = "drinks water"  # what no model refuses

_Find: TypeAlias = Callable[[AsyncSession, int, int], Awaitable[list[Missing]]]
_Add: TypeAlias = Callable[[AsyncSession, int, Sequence[tuple[Missing, Vector]]], Awaitable[int]]
_KINDS: tuple[tuple[_Find, _Add], ...] = (
    (missing.personal, missing.add_personal),
    (missing.shared, missing.add_shared),
)
log = get_logger(__name__)


class Indexer:
    """Fills the space of one embedder. `access` gives the service's own access for an activity.

    What the model refuses is left to be found by its words until its text changes or the process is started anew.
    """

    def __init__(
        self,
        database: Database,
        access: Callable[[str], Access],
        embedder: Embedder,
        *,
        batch: int = BATCH,
        unused_for: timedelta = UNUSED_FOR,
    ) -> None:
        self._database = database
        self._access = access
        self._embedder = embedder
        self._batch = batch
        self._unused_for = unused_for
        self._refused: dict[tuple[UUID, bytes], None] = {}

    async def step(self) -> bool:
        """Embed one batch of each kind; True when there may be more to do at once.

        When nothing is missing, the vectors of spaces that nobody uses any more are removed. Raises Unavailable when
        the model does not answer.
        """
        space = await self._space()
        found = [await self._fill(space, find, add) for find, add in _KINDS]
        if not any(found):
            await self._remove_unused(space)
        return max(found) >= self._batch

    async def _space(self) -> int:
        async with self._database.transaction(self._access("embed memories")) as tx:
            return await use_space(tx, self._embedder.space)

    async def _fill(self, space: int, find: _Find, add: _Add) -> int:
        """How many texts were embedded now."""
        async with self._database.transaction(self._access("embed memories")) as tx:
            waiting = await find(tx, space, self._batch + len(self._refused))
        wanted = [each for each in waiting if (each.id, each.hash) not in self._refused][: self._batch]
        vectors = await self._vectors(wanted)
        embedded = [(each, vector) for each, vector in zip(wanted, vectors, strict=True) if vector is not None]
        if embedded:
            async with self._database.transaction(self._access("embed memories")) as tx:
                await add(tx, space, embedded)
        return len(wanted)

    async def _vectors(self, wanted: Sequence[Missing]) -> list[Vector | None]:
        """A vector for each, None for what the model refuses."""
        if not wanted:
            return []
        try:
            return list(await self._embedder.embed([each.text for each in wanted]))
        except Refused:
            await self._refuses_not_everything()
        return await self._halved(wanted)

    async def _refuses_not_everything(self) -> None:
        """A wrong name or address looks like a refused text: then no text is to blame."""
        try:
            await self._embedder.embed([_ORDINARY])
        except Refused as error:
            raise Unavailable("The embedding model refuses every text: check its name, address and key.") from error

    async def _halved(self, wanted: Sequence[Missing]) -> list[Vector | None]:
        """Halve what is refused until the texts are found that are to blame."""
        if len(wanted) == 1:
            self._note_refused(wanted[0])
            return [None]
        middle = len(wanted) // 2
        return [vector for half in (wanted[:middle], wanted[middle:]) for vector in await self._half(half)]

    async def _half(self, wanted: Sequence[Missing]) -> list[Vector | None]:
        try:
            return list(await self._embedder.embed([each.text for each in wanted]))
        except Refused:
            return await self._halved(wanted)

    def _note_refused(self, one: Missing) -> None:
        log.warning("memory.not_embedded", reason_code="refused")
        if len(self._refused) >= MOST_REFUSED:
            self._refused.pop(next(iter(self._refused)))
        self._refused[one.id, one.hash] = None

    async def _remove_unused(self, space: int) -> None:
        async with self._database.transaction(self._access("remove unused vectors")) as tx:
            for number in await missing.unused_spaces(tx, space, self._unused_for):
                await drop_space(tx, number)
