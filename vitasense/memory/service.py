"""Remembering: what a person told, found again, corrected, forgotten and given out. The store enforces whose it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Access, Category
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, NotFound, Unavailable
from vitasense.memory.embeddings import Embedder, threshold
from vitasense.memory.schemas import Embedded, Entry, Hit, Kind, Query, Space, Vector, Where
from vitasense.memory.statements.changes import ALIKE, Change, Told, alike, change_of, confirmed, ended
from vitasense.memory.statements.reading import ALLERGY, Statement
from vitasense.memory.statements.telling import second_person
from vitasense.memory.statements.wishes import ALL, ALL_BUT, LAST, Subject
from vitasense.memory.store import Store, everything
from vitasense.memory.stores.checking import MOST_HITS
from vitasense.memory.stores.postgres import PostgresStore
from vitasense.memory.stores.replica import Replica
from vitasense.memory.stores.shared import SharedStore
from vitasense.memory.stores.spaces import Spaces
from vitasense.memory.stores.words import lexemes

ABOUT = frozenset({Kind.FACT, Kind.PREFERENCE})  # what was told about the person
CATEGORIES = frozenset(
    {
        *(Category.PROFILE, Category.NOTES, Category.NUTRITION),
        *(Category.ALLERGIES, Category.CONDITIONS, Category.MEDICATIONS),
    }
)
_SHARED = 0.5  # part of the words that matter which an entry must hold when only words found it


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of one space, in the order of the texts."""

    space: Space
    vectors: Sequence[Vector]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was found, the best first; `total` is how much is remembered.

    `by_words` says that meaning could not be compared, for all of it or for a part, so that "nothing" is not certain.
    """

    entries: tuple[Entry, ...]
    total: int
    by_words: bool = False


@dataclass(frozen=True, slots=True)
class Memories:
    """What one person told. Embedding happens in `embed` alone, which must not be called within a transaction.

    `instructs` says whether words speak to the assistant rather than about a person; such words are never kept.
    `threshold` is the operator's, instead of that of the model; `replica` finds in large shared collections.
    """

    embedder: Embedder | None
    instructs: Callable[[str], bool]
    new_id: NewId
    spaces: Spaces
    threshold: float | None = None
    replica: Replica | None = None

    def store(self, tx: AsyncSession) -> PostgresStore:
        """The personal store within a transaction, whose access decides what it sees."""
        return PostgresStore(tx, self.spaces)

    def shared(self, database: Database, access: Access) -> SharedStore:
        """The shared collections; each call is a transaction of its own."""
        return SharedStore(database, access, self.replica, self.spaces)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors | None:
        """Unit vectors of the texts; None when there is no model or it does not answer, so that words must do."""
        if self.embedder is None or not texts:
            return None
        try:
            return Vectors(self.embedder.space, await self.embedder.embed(list(texts), query=query))
        except Unavailable:
            return None

    def screened(self, told: Sequence[Statement]) -> list[Statement]:
        """The statements that speak to nobody but tell of the person."""
        return [each for each in told if not self.instructs(each.text)]

    async def changes(
        self,
        store: Store,
        told: Told,
        stated: Sequence[Statement],
        vectors: Vectors | None = None,
        *,
        correcting: bool = False,
    ) -> list[Change]:
        """What the statements would change, each after those before; nothing is written.

        `vectors` are of their texts, in order.
        """
        found: list[Change] = []
        for place, statement in enumerate(stated):
            stored = await everything(store, Where(owner=told.owner, kinds=ABOUT, key=statement.key))
            current = _after(stored, found, statement.key)
            near = None if current else await self._alike(store, told, statement, vectors, place)
            if near is not None:
                found.append(Change(confirmed(near, statement.confidence, told), repeats=True))
            else:
                found.append(change_of(statement, current, told, new_id=self.new_id, correcting=correcting))
        return found

    async def keep(self, store: Store, changes: Sequence[Change], vectors: Vectors | None = None) -> list[Entry]:
        """Write the changes, all or none; returns what is kept now. Without vectors they are added in the background."""
        try:
            await store.put(_embedded(changes, vectors))
        except Unavailable:  # the database does not know the space yet: the words are kept, the vector follows
            await store.put(_embedded(changes, None))
        return [change.entry for change in changes]

    async def recall(
        self, store: Store, owner: UUID, subject: Subject, vectors: Vectors | None = None, *, limit: int | None = 10
    ) -> Recalled:
        """What is remembered about a subject: by what its entries are about, else by meaning and words.

        `vectors` holds that of the subject's words. Without a limit a search still gives no more than MOST_HITS.
        """
        where = Where(owner=owner, kinds=ABOUT)
        current = newest_first(await everything(store, where))
        if subject.scope == ALL:
            return Recalled(tuple(current[:limit]), len(current))
        if keyed := [each for each in current if subject.holds(each.key) and not subject.opposes(each)]:
            return Recalled(tuple(keyed[:limit]), len(current))
        if not current or not subject.words:
            return Recalled((), len(current))
        near = threshold(vectors.space, self.threshold) if vectors else 0.0
        [results] = await store.search([_query(where, subject.words, vectors, limit or MOST_HITS, near)])
        hits = [hit for hit in results.hits if not subject.opposes(hit.entry)]
        found = tuple(hit.entry for hit in hits if _answers(hit, subject.words, near))
        return Recalled(found, len(current), by_words=vectors is None or results.waiting > 0)

    async def unwanted(
        self, store: Store, owner: UUID, subject: Subject, vectors: Vectors | None, *, thread_id: UUID | None = None
    ) -> Recalled:
        """What a wish to forget is about: nothing for `all but`, and the `last` thing is what this conversation told last."""
        if subject.scope == ALL_BUT:
            return Recalled((), 0)
        if subject.scope != LAST:
            return await self.recall(store, owner, subject, vectors, limit=None)
        current = newest_first(await everything(store, Where(owner=owner, kinds=ABOUT)))
        here = [each for each in current if each.source.ref == str(thread_id)]
        return Recalled(tuple(here[:1]), len(current))

    async def correct(
        self, store: Store, told: Told, entry_id: UUID, statement: Statement, vectors: Vectors | None
    ) -> Entry:
        """Another word instead of this entry, which becomes history. Raises NotFound, and InvalidInput for history."""
        [old] = await store.get(Where(owner=told.owner), [entry_id]) or [None]
        if old is None or old.kind not in ABOUT:
            raise NotFound("there is no such memory")
        if old.ended_at is not None:
            raise InvalidInput("this memory is history already; correct the current one")
        if (old.key or "").startswith(ALLERGY) and not statement.of_allergy:
            raise InvalidInput("this memory is an allergy: correct it by what you say of the allergy, or delete it")
        same = statement.key == old.key  # of anything else it is a new statement, and takes no allergy away
        [change] = await self.changes(store, told, [statement], vectors, correcting=same)
        if change.entry.id != old.id and old.id not in {each.id for each in change.ended}:
            change = Change(change.entry, (*change.ended, ended(old, change.entry, told)), change.repeats)
        return (await self.keep(store, [change], vectors))[0]

    async def versions(self, store: Store, owner: UUID, entries: Sequence[Entry]) -> list[Entry]:
        """The entries with everything that was told of the same before: what forgetting them takes away.

        Another current word on an allergy is not of before, and stays.
        """
        found = {each.id: each for each in entries}
        for key in dict.fromkeys(each.key for each in entries if each.key and each.kind in ABOUT):
            for each in await everything(store, Where(owner=owner, kinds=ABOUT, key=key, history=True)):
                if each.ended_at is not None or not key.startswith(ALLERGY):
                    found[each.id] = each
        return list(found.values())

    async def forget(self, store: Store, owner: UUID, ids: Sequence[UUID]) -> list[Entry]:
        """Remove the entries with their versions and vectors; returns what there was. Raises NotFound when nothing was."""
        entries = await store.get(Where(owner=owner), ids)
        if not entries:
            raise NotFound("there is no such memory")
        gone = await self.versions(store, owner, entries)
        await store.remove(Where(owner=owner), [each.id for each in gone])
        return gone

    async def forget_all(self, store: Store, owner: UUID) -> int:
        """Remove everything that a person told, and every summary of a conversation; how much there was."""
        return await store.remove(Where(owner=owner, kinds=ABOUT | {Kind.EPISODE}, history=True))

    async def everything(self, store: Store, owner: UUID) -> list[Entry]:
        """Every version of everything that may be read, by time, to be given out."""
        return await everything(store, Where(owner=owner, history=True))

    async def _alike(
        self, store: Store, told: Told, statement: Statement, vectors: Vectors | None, place: int
    ) -> Entry | None:
        """A note that says the same under another key."""
        if vectors is None or not statement.key.startswith("note/"):
            return None
        query = Query(
            text=statement.text,
            where=Where(owner=told.owner, kinds=ABOUT, categories=frozenset({statement.category})),
            space=vectors.space,
            vector=vectors.vectors[place],
            limit=5,
            threshold=ALIKE,
        )
        [results] = await store.search([query])
        return alike(statement, results.hits)


def _after(stored: Sequence[Entry], changes: Sequence[Change], key: str) -> list[Entry]:
    """The current entries of a key as the changes leave them."""
    left = {each.id: each for each in stored}
    for change in changes:
        left |= {each.id: each for each in (change.entry, *change.ended)}
    return [each for each in left.values() if each.key == key and each.ended_at is None]


def _embedded(changes: Sequence[Change], vectors: Vectors | None) -> list[Embedded]:
    kept: list[Embedded] = []
    for place, change in enumerate(changes):
        if vectors is None or change.repeats:
            kept.append(Embedded(change.entry))
        else:
            kept.append(Embedded(change.entry, vectors.space, vectors.vectors[place]))
        kept += [Embedded(each) for each in change.ended]
    return kept


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """By when they were told."""
    return sorted(entries, key=lambda each: (each.occurred_at, each.id.bytes), reverse=True)


def forms(entries: Sequence[Entry]) -> list[str]:
    """The words in which entries were told and are told back, to look for what else holds them."""
    said = [form for each in entries for form in (each.text, second_person(each.text) or "") if form]
    return list(dict.fromkeys(said))


def _query(where: Where, words: str, vectors: Vectors | None, limit: int, near: float) -> Query:
    vector = vectors.vectors[0] if vectors else None
    space = vectors.space if vectors else None
    return Query(text=words, where=where, space=space, vector=vector, limit=limit, threshold=near)


def _answers(hit: Hit, words: str, near: float) -> bool:
    if hit.similarity is not None and hit.similarity >= near:
        return True
    asked = lexemes(words).keys()
    return bool(asked) and len(asked & lexemes(hit.entry.text).keys()) >= _SHARED * len(asked)
