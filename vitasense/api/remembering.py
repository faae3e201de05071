"""What is remembered of one person, for the routes and the command line: each call is one transaction of theirs."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.deterministic import threads
from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.access import Access, Role
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.deterministic.threads import Thread
from vitasense.memory import (
    ABOUT,
    CATEGORIES,
    LONGEST,
    Entry,
    Memories,
    Recalled,
    Statement,
    Told,
    Where,
    asked,
    forms,
    one_at_a_time,
    statements,
)

NO_STATEMENT = "There is no statement about you in this. Write one sentence such as “I am …”."
TOO_LONG = f"There is no statement about you of at most {LONGEST} characters in this. Write shorter sentences."
INSTRUCTS = "This reads like an instruction to the assistant. Only what you tell about yourself is remembered."
ONE_STATEMENT = "A correction is one statement; write one sentence."
NOT_YOURS = "Only the patient can change what is remembered of them."


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many entries are gone, versions of before among them, and the conversations that hold the words still."""

    count: int
    held: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembering:
    """The memories of the patient of `access`, as whoever `access` is of."""

    services: Services
    access: Access

    @property
    def _memories(self) -> Memories:
        return self.services.memories

    @property
    def _owner(self) -> UUID:
        assert self.access.patient_id is not None, "access to memories names a patient"
        return self.access.patient_id

    async def current(self) -> list[Entry]:
        """Everything that was told and is remembered now, by time."""
        return [each for each in await self.export() if each.kind in ABOUT and each.ended_at is None]

    async def page(self, where: Where, after: UUID | None, limit: int) -> list[Entry]:
        """A page of entries by id, which is by time; the database gives only what may be read."""
        async with self.services.database.transaction(self.access) as tx:
            return await self._memories.store(tx).entries(replace(where, owner=self._owner), after=after, limit=limit)

    async def search(self, words: str, limit: int) -> Recalled:
        """What is remembered about the words, the best first."""
        subject = asked(read(words))
        vectors = await self._memories.embed([subject.words], query=True) if subject.words else None
        async with self.services.database.transaction(self.access) as tx:
            return await self._memories.recall(self._memories.store(tx), self._owner, subject, vectors, limit=limit)

    async def remember(self, text: str) -> list[Entry]:
        """Keep what the text states. Raises InvalidInput when it states nothing about the person."""
        stated = self._stated(text)
        vectors = await self._memories.embed([each.text for each in stated])
        async with self._changing() as tx:
            store = self._memories.store(tx)
            changes = await self._memories.changes(store, self._told(), stated, vectors)
            return await self._memories.keep(store, changes, vectors)

    async def correct(self, entry_id: UUID, text: str) -> Entry:
        """Keep the statement instead of an entry, which becomes history. Raises NotFound and InvalidInput."""
        stated = self._stated(text)
        if len(stated) != 1:
            raise InvalidInput(ONE_STATEMENT)
        vectors = await self._memories.embed([stated[0].text])
        async with self._changing() as tx:
            store = self._memories.store(tx)
            return await self._memories.correct(store, self._told(), entry_id, stated[0], vectors)

    async def forget(self, entry_id: UUID) -> Forgotten:
        """Remove an entry with its versions and vectors. Raises NotFound."""
        async with self._changing() as tx:
            gone = await self._memories.forget(self._memories.store(tx), self._owner, [entry_id])
            held = await threads.holding(tx, self._owner, forms(gone), _told_in(gone))
        return Forgotten(len(gone), tuple(held))

    async def forget_all(self) -> Forgotten:
        """Remove everything that was told and every summary of a conversation; the conversations stay."""
        async with self._changing() as tx:
            count = await self._memories.forget_all(self._memories.store(tx), self._owner)
            held = await threads.listed(tx, self.access.principal, self._owner)
        return Forgotten(count, tuple(held))

    async def export(self) -> list[Entry]:
        """Every version of everything that may be read, by time."""
        async with self.services.database.transaction(self.access) as tx:
            return await self._memories.everything(self._memories.store(tx), self._owner)

    @asynccontextmanager
    async def _changing(self) -> AsyncGenerator[AsyncSession]:
        """A transaction that changes what is remembered, one at a time for each person: a key has one current word."""
        async with self.services.database.transaction(self._writing()) as tx:
            await one_at_a_time(tx, self._owner)
            yield tx

    def _writing(self) -> Access:
        principal = self.access.principal
        if principal.role is not Role.PATIENT or principal.account_id != self._owner:
            raise NotAllowed(NOT_YOURS)
        return replace(self.access, writes=CATEGORIES)

    def _stated(self, text: str) -> list[Statement]:
        stated = statements(read(text, now=self.services.clock()))
        if not stated:
            raise InvalidInput(TOO_LONG if len(text) > LONGEST else NO_STATEMENT)
        if len(kept := self._memories.screened(stated)) < len(stated):
            raise InvalidInput(INSTRUCTS)
        return kept

    def _told(self) -> Told:
        now = self.services.clock()
        return Told(owner=self._owner, at=now, now=now)


def _told_in(entries: Sequence[Entry]) -> list[UUID]:
    """The conversations in which the entries were told."""
    found: list[UUID] = []
    for each in entries:
        try:
            found.append(UUID(each.source.ref))
        except ValueError:  # written down by hand
            continue
    return found
