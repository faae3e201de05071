"""Vector spaces as the database knows them: a small number for each model in one version."""

from collections.abc import Hashable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.memory.schemas import Space

_USE = text("select app.use_space(:model, :version, :dimensions)")
_DROP = text("select app.drop_space(cast(:id as smallint))")
_FIND = text("select id from app.vector_space where model = :model and version = :version and dimensions = :dimensions")
_ALL = text("select id, model, version, dimensions from app.vector_space order by id")


async def use_space(tx: AsyncSession, space: Space) -> int:
    """The number of the space; made with its indexes when it is new. For the service's own context only."""
    values = {"model": space.model, "version": space.version, "dimensions": space.dimensions}
    return int((await tx.execute(_USE, values)).scalar_one())


async def drop_space(tx: AsyncSession, number: int) -> None:
    """Remove a space with every vector in it. For the service's own context only."""
    await tx.execute(_DROP, {"id": number})


async def known_spaces(tx: AsyncSession) -> dict[int, Space]:
    """Every space by its number."""
    return {number: Space(model, version, dimensions) for number, model, version, dimensions in await tx.execute(_ALL)}


class Spaces:
    """Remembers the numbers of spaces, which never change, and in which places an index is worth its detour."""

    def __init__(self, *, exact_up_to: int = 5000) -> None:
        self._numbers: dict[Space, int] = {}
        self._large: set[Hashable] = set()
        self._exact_up_to = exact_up_to

    async def number(self, tx: AsyncSession, space: Space) -> int | None:
        """The number of the space; None when the service has not made it."""
        if space not in self._numbers:
            values = {"model": space.model, "version": space.version, "dimensions": space.dimensions}
            found = (await tx.execute(_FIND, values)).scalar_one_or_none()
            if found is None:
                return None
            self._numbers[space] = found
        return self._numbers[space]

    def forget(self, space: Space) -> None:
        """Ask for the number again: the space may have been removed and made anew."""
        self._numbers.pop(space, None)

    def note_size(self, place: Hashable, size: int) -> None:
        """Remember how many entries a place had when it was last searched."""
        (self._large.add if size > self._exact_up_to else self._large.discard)(place)

    def is_large(self, place: Hashable) -> bool:
        """Whether the place had more entries than are compared one by one."""
        return place in self._large
