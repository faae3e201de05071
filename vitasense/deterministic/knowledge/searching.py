"""What the room explains, found by the beginnings of words of its names: for whoever types a name."""

from collections.abc import Sequence
from functools import cache

from vitasense.deterministic.knowledge.catalogue import explanations
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.schemas import Explanation


def named(words: str, most: int) -> list[Explanation]:
    """Entries of which a name has words that begin with all of these: that very name first, then the shortest."""
    asked = normalise(words)
    if not asked:
        return []
    ranked = [(rank, entry) for entry, names in _names() if (rank := _best(asked, names)) is not None]
    ranked.sort(key=lambda each: (*each[0], each[1].name))
    return [entry for _, entry in ranked[:most]]


def _best(asked: str, names: Sequence[str]) -> tuple[int, int] | None:
    """How well the best of the names fits, the smaller the better; None when none of them does."""
    return min((rank for name in names if (rank := _rank(asked, name)) is not None), default=None)


def _rank(asked: str, name: str) -> tuple[int, int] | None:
    if name.startswith(asked):
        return (0 if name == asked else 1, len(name))
    parts = name.split()
    fits = all(any(part.startswith(word) for part in parts) for word in asked.split())
    return (2, len(name)) if fits else None


@cache
def _names() -> Sequence[tuple[Explanation, Sequence[str]]]:
    """Every entry of the rule files with its names in the form in which names are compared."""
    return [(entry, tuple({normalise(name): None for name in (entry.name, *entry.names)})) for entry in explanations()]
