"""The shared collection "literature": what documents say of which something that was accepted counts now, in passages.

The texts are the truth and the collection follows them: each process of the service compares both when it starts, and
again when other releases are in force.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from vitasense.deterministic.knowledge import Library, review
from vitasense.deterministic.knowledge.review import Work
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.untrusted import clean
from vitasense.memory.documents.cutting import cut
from vitasense.memory.following import Loaded, follow
from vitasense.memory.schemas import Entry, Kind, Where
from vitasense.memory.store import Store
from vitasense.memory.stores import collections

COLLECTION = "literature"
MOST_PASSAGES = 3000  # of one document: a million characters, the most that is read, are some 170,000 words
_LONGEST = 4000  # characters of one passage: words that no space parts, as in some scripts, are not counted as words
MOST_DOCUMENTS = 500  # those read last: each is cut and compared anew when a process starts, in up to a second
_KINDS = frozenset({Kind.KNOWLEDGE})
_IDS = UUID("0b0c8b0e-3f0e-5d3b-9a53-5c6f2f4d7e19")  # of this collection: the same passage has the same id everywhere
# "7.1 Grapefruit juice", "7 DRUG INTERACTIONS": headings of labels, which letters do not have.
_NUMBERED = re.compile(
    r"^[ \t]*(?=\d{1,2}(?:\.\d{1,2}){1,3}\.?[ \t]+[A-Z]|\d{1,2}\.?[ \t]+[A-Z][A-Z &/,()-]+$)(?=.{1,90}$)(?!.*[.;!?]$)",
    re.MULTILINE,
)
log = get_logger(__name__)


def everywhere(ref: str | None = None) -> Where:
    """All passages of the collection, or those of one document by the reference of its evidence."""
    return Where(collection=COLLECTION, kinds=_KINDS, key=ref)


def passages_of(work: Work, body: str, now: datetime) -> list[Entry]:
    """The passages of a document, each with the document as its evidence; nothing hidden and nothing that acts in them."""
    pieces = [part for piece in cut(_NUMBERED.sub("# ", clean(body))) for part in _short(piece.whole)]
    return [entry_of(work, piece, place, now) for place, piece in enumerate(pieces[:MOST_PASSAGES])]


def _short(text: str) -> list[str]:
    return [text[start : start + _LONGEST] for start in range(0, len(text), _LONGEST)]


def entry_of(work: Work, text: str, place: int, now: datetime) -> Entry:
    """One passage of a document; the same place has the same id."""
    return Entry(
        id=uuid5(_IDS, f"{work.id}/{place}"),
        owner=None,
        collection=COLLECTION,
        kind=Kind.KNOWLEDGE,
        category=None,
        text=text,
        key=work.evidence.ref,
        source=work.evidence,
        occurred_at=work.added_at,
        recorded_at=now,
    )


class LiteratureLoader:
    """Loads the collection once for each set of releases in force: `known` tells which, `store` gives it for the service.

    A document is compared once in a process, and again when others changed how many passages it has.
    """

    def __init__(
        self,
        database: Database,
        access: Callable[[str], Access],
        store: Callable[[str], Store],
        clock: Clock,
        known: Callable[[], Library],
    ) -> None:
        self._database = database
        self._access = access
        self._store = store
        self._clock = clock
        self._known = known
        self._loaded: Sequence[UUID] | None = None
        self._compared: dict[str, int] = {}

    async def step(self) -> None:
        """Load the documents of which something counts, unless that is done."""
        releases = self._known().releases
        if self._loaded == releases:
            return
        loaded = await self._load()
        self._loaded = releases
        log.info("memory.literature_loaded", count=loaded.written, removed=loaded.removed)

    async def _load(self) -> Loaded:
        async with self._database.transaction(self._access("load literature")) as tx:
            works = [each for each in await review.works(tx) if each.has_text][:MOST_DOCUMENTS]
            held = await collections.by_key(tx, COLLECTION)
        store = self._store("load literature")
        wanted = {each.evidence.ref: each for each in works}
        self._compared = {ref: count for ref, count in self._compared.items() if ref in wanted}
        removed = [await store.remove(everywhere(ref)) for ref in sorted(held.keys() - wanted.keys())]
        changed = [ref for ref in wanted if ref not in held or self._compared.get(ref) != held[ref]]
        loaded = [await self._follow(store, wanted[ref]) for ref in changed]
        return Loaded(sum(each.written for each in loaded), sum(removed) + sum(each.removed for each in loaded))

    async def _follow(self, store: Store, work: Work) -> Loaded:
        async with self._database.transaction(self._access("load literature")) as tx:
            body = await review.body(tx, work.id)
        entries = await asyncio.to_thread(passages_of, work, body or "", self._clock())
        self._compared[work.evidence.ref] = len(entries)
        return await follow(store, everywhere(work.evidence.ref), entries)
