"""A shared collection follows what it is made of: what differs is written, what is gone is removed."""

from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.memory.schemas import Embedded, Entry, Where
from vitasense.memory.store import Store, everything


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many entries were written, new or changed, and how many were removed."""

    written: int
    removed: int


async def follow(store: Store, where: Where, wanted: Sequence[Entry]) -> Loaded:
    """Bring what `where` names to what is wanted; the vectors of what was written are made in the background."""
    held = {entry.id: entry for entry in await everything(store, where)}
    changed = [entry for entry in wanted if not _same(held.get(entry.id), entry)]
    gone = sorted(held.keys() - {entry.id for entry in wanted})
    if changed:
        await store.put([Embedded(entry) for entry in changed])
    if gone:
        await store.remove(where, gone)
    return Loaded(len(changed), len(gone))


def _same(held: Entry | None, entry: Entry) -> bool:
    return held is not None and (held.text, held.key, held.source) == (entry.text, entry.key, entry.source)
