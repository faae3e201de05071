"""How much is remembered and how much of it has a vector, in numbers alone. For the service's own context only."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.memory.schemas import Space
from vitasense.memory.stores.spaces import known_spaces

_CENSUS = text("select space, memories from app.memory_census()")


@dataclass(frozen=True, slots=True)
class Filled:
    """One space: how many memories have a vector in it, and whether it is the one that is searched now."""

    space: Space
    vectors: int
    current: bool


@dataclass(frozen=True, slots=True)
class Census:
    """The memories of everybody, and the spaces."""

    memories: int
    spaces: tuple[Filled, ...]

    @property
    def waiting(self) -> int:
        """Memories without a vector in the current space: they are found by their words alone."""
        return self.memories - sum(each.vectors for each in self.spaces if each.current)

    @property
    def unused(self) -> tuple[Space, ...]:
        """Spaces that are not searched now."""
        return tuple(each.space for each in self.spaces if not each.current)


async def take_census(tx: AsyncSession, current: Space) -> Census:
    """Count, across all people; the database gives the service these numbers and no row."""
    spaces = await known_spaces(tx)
    counts = {row.space: int(row.memories) for row in await tx.execute(_CENSUS)}
    filled = [Filled(space, counts.get(number, 0), space == current) for number, space in spaces.items()]
    return Census(counts.get(None, 0), tuple(filled))
