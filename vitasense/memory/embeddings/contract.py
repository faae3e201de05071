"""Embedder: turns texts into unit vectors of one space."""

from collections.abc import Sequence
from typing import Protocol

from vitasense.memory.schemas import Space, Vector


class Embedder(Protocol):
    """A model of one version. `local` says that texts stay in this process."""

    @property
    def space(self) -> Space:
        """Where its vectors can be compared."""
        ...

    @property
    def local(self) -> bool:
        """Whether texts stay on this machine."""
        ...

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        """A unit vector of float32 for each text, in order; `query` for questions, where the model tells them apart.

        Raises Unavailable when the model does not answer; the same text gives the same vector.
        """
        ...
