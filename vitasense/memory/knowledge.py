"""The shared collection "knowledge": what the knowledge room explains, found by meaning when nobody knows the name.

The room is the truth and the collection follows it: each process of the service compares both when it starts, and again
when other releases are in force. Names that only releases have are no part of it: there may be many, and they are found
by their words in the releases themselves.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge import Explanation, Library, explanations, released
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.logging import get_logger
from vitasense.memory.embeddings import LEXICAL, expanded, threshold
from vitasense.memory.following import Loaded, follow
from vitasense.memory.schemas import Entry, Hit, Kind, Query, Where
from vitasense.memory.sentences import sentences
from vitasense.memory.service import Recalled, Vectors
from vitasense.memory.store import Store
from vitasense.memory.stores.words import lexemes

COLLECTION = "knowledge"
WHERE = Where(collection=COLLECTION, kinds=frozenset({Kind.KNOWLEDGE}))
_IDS = UUID("6f0d7f4e-6a53-5f0a-9a0c-6c9c2f0b6a11")  # of this collection: the same entry has the same id everywhere
_HELD = 0.5  # part of what is described that must be there, in these or other words, when letters are compared
_SOUGHT = 60  # hits looked through for those of the kind that was asked for
log = get_logger(__name__)


async def load(store: Store, told: Sequence[Explanation], now: datetime) -> Loaded:
    """Bring the collection to what is told: only what differs is written, and what is no longer told is removed."""
    return await follow(
        store, WHERE, list({entry.id: entry for entry in (_entry(each, now) for each in told)}.values())
    )


class Loader:
    """Loads the collection once for each library; `store` gives it as the service has it, `known` what is known now.

    The vectors follow in the background.
    """

    def __init__(
        self, store: Callable[[str], Store], clock: Clock, known: Callable[[], Library | None] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._known = known
        self._loaded: tuple[Library | None] | None = None

    async def step(self) -> None:
        """Load what the room explains, unless that is done."""
        library = self._known()
        if self._loaded == (library,):
            return
        told = await asyncio.to_thread(explanations, library)  # reads the files of the room
        loaded = await load(self._store("load knowledge"), told, self._clock())
        self._loaded = (library,)
        log.info("memory.knowledge_loaded", count=loaded.written, removed=loaded.removed)


async def nearest(
    store: Store, words: str, vectors: Vectors | None, *, kinds: frozenset[str], limit: int, setting: float | None
) -> Recalled:
    """The entries that explain what the words describe, of these kinds when some are named, the best first.

    `total` counts the whole collection and is counted only when nothing was found; 0 then says that it is not loaded.
    """
    near = threshold(vectors.space, setting) if vectors else 0.0
    vector = vectors.vectors[0] if vectors else None
    space = vectors.space if vectors else None
    query = Query(text=words, where=WHERE, space=space, vector=vector, limit=_SOUGHT, threshold=near)
    [results] = await store.search([query])
    letters = space is not None and space.model == LEXICAL
    found = [hit.entry for hit in results.hits if _fits(hit, kinds) and _answers(hit, words, near, letters=letters)]
    found = sorted(found, key=_is_one_of_many)[:limit]
    total = len(found) or await store.count(WHERE)
    return Recalled(tuple(found), total, by_words=vectors is None or results.waiting > 0)


async def named(tx: AsyncSession, words: str, limit: int, now: datetime) -> list[Entry]:
    """What only releases in force name: entries for nodes whose names hold all the words, the shortest name first."""
    return [_entry(each, now) for each in await released(tx, words, limit)]


def explained(entry: Entry) -> str:
    """The first sentence of what an entry says."""
    return sentences(entry.text.partition("\n")[0])[0]


def called(entry: Entry) -> list[str]:
    """The names of what an entry explains: the usual one, then others that are more than a word or an ending of it."""
    _, usual, *others = entry.text.split("\n")
    said = lexemes(usual).keys()
    return [usual, *(each for each in others if not lexemes(each).keys() <= said)]


def _entry(told: Explanation, now: datetime) -> Entry:
    return Entry(
        id=uuid5(_IDS, told.key),
        owner=None,
        collection=COLLECTION,
        kind=Kind.KNOWLEDGE,
        category=None,
        text="\n".join((told.text, told.name, *told.names)),
        key=told.key,
        source=told.evidence,
        occurred_at=now,
        recorded_at=now,
    )


def _fits(hit: Hit, kinds: frozenset[str]) -> bool:
    return not kinds or (hit.entry.key or "").partition("/")[0] in kinds


def _is_one_of_many(entry: Entry) -> bool:
    """A medicine comes after its kind: all of a kind are for the same, and which of them is found is chance."""
    return (entry.key or "").partition("/")[0] == "medicine"


def _answers(hit: Hit, words: str, near: float, *, letters: bool) -> bool:
    """Whether it holds every word that matters, or is near enough.

    A model that compares `letters` finds what only looks alike: then one of the words, or another for it, must be there.
    """
    said = lexemes(hit.entry.text).keys()
    asked = lexemes(words).keys()
    if asked and asked <= said:
        return True
    if hit.similarity is None or hit.similarity < near:
        return False
    if not letters:
        return True
    held = [any(lexemes(term).keys() <= said for term in terms) for terms in expanded(words)]
    return any(held) and sum(held) >= _HELD * len(held)
