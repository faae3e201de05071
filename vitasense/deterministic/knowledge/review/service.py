"""Review: documents are read into proposals, on which a person decides; what is accepted becomes a release."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.reading import Source, candidates
from vitasense.deterministic.knowledge.review import repository
from vitasense.deterministic.knowledge.review.deciding import accepted, edited, is_settled, refuse_decided, refused
from vitasense.deterministic.knowledge.review.documents import checked, digest_of
from vitasense.deterministic.knowledge.review.drafting import draft, line_of, mended
from vitasense.deterministic.knowledge.review.publishing import KIND, publish
from vitasense.deterministic.knowledge.review.schemas import Changes, Decision, Document, Material, Proposal, State
from vitasense.deterministic.platform.access import Access, Role
from vitasense.deterministic.platform.clock import Clock, NewId
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound, TooLarge

MOST_PROPOSALS = 2000  # of one document: more is more than a person reviews
_REVIEWERS = frozenset({Role.ADMIN, Role.SYSTEM})


class Review:
    """What administrators and the operator do with documents; each method is whole in itself.

    Documents are given by hand: a file of the command line or an upload, never anything out of a patient's record; what
    looks like it is refused. `as_service` gives the service's own access, in which releases are taken. Every method
    raises NotAllowed for anybody else, and so does the database.
    """

    def __init__(self, database: Database, as_service: Callable[[str], Access], clock: Clock, ids: NewId) -> None:
        self._database = database
        self._as_service = as_service
        self._clock = clock
        self._new_id = ids

    async def read(self, access: Access, document: Document, library: Library) -> tuple[Material, list[Proposal]]:
        """Read a document into proposals, and keep them with its text.

        Raises InvalidInput and TooLarge for what cannot be read, and Conflict when its words were read before, or when
        another document has its title.
        """
        _require_reviewer(access)
        found = await asyncio.to_thread(checked, document, library)
        digest = await asyncio.to_thread(digest_of, found.text)
        async with self._database.transaction(access) as tx:
            await _refuse_known(tx, digest, found.title)
        material = self._material(access, found, digest)
        proposals = await asyncio.to_thread(self._proposals, material, found, library)
        async with self._database.transaction(access) as tx:
            if not await repository.add(tx, material, found.text, proposals):
                await _refuse_known(tx, digest, found.title)
        return material, proposals

    async def materials(self, access: Access) -> list[tuple[Material, dict[State, int]]]:
        """Every document that was read, the oldest first, with how many of its proposals are in each state."""
        _require_reviewer(access)
        async with self._database.transaction(access) as tx:
            counts = await repository.counts(tx)
            return [(each, counts.get(each.id, {})) for each in await repository.materials(tx)]

    async def proposals(
        self,
        access: Access,
        *,
        state: State | None = None,
        material: UUID | None = None,
        after: UUID | None = None,
        most: int = 50,
    ) -> list[Proposal]:
        """Proposals in order of their documents and places; `after` is the last one of the page before."""
        _require_reviewer(access)
        async with self._database.transaction(access) as tx:
            return await repository.page(tx, KIND, state, material, after, most)

    async def proposal(self, access: Access, proposal_id: UUID) -> tuple[Proposal, list[Decision]]:
        """One proposal with what was decided on it. Raises NotFound."""
        _require_reviewer(access)
        async with self._database.transaction(access) as tx:
            found = await repository.proposal(tx, proposal_id, KIND)
            if found is None:
                raise NotFound(f"There is no proposal {proposal_id}.")
            return found, await repository.history(tx, proposal_id)

    async def accept(self, access: Access, ids: Sequence[UUID], *, seen: int | None = 0) -> list[Proposal]:
        """Let proposals become edges as they were read: all of them, or none.

        What was accepted already stays as it is. What was decided otherwise needs `seen`, the number of decisions that
        the person saw (None: whatever it is). Raises NotFound, Conflict when somebody decided meanwhile, and InvalidInput
        when an edge cannot be made of it or contradicts what was accepted of the same document.
        """
        return await self._decide(access, ids, accepted, seen)

    async def edit(
        self, access: Access, proposal_id: UUID, changes: Changes, library: Library, *, seen: int | None = 0
    ) -> Proposal:
        """Let a proposal become an edge with these changes; what was read stays beside it. Raises as `accept` does.

        On one that was mended before, the changes are made to what it became.
        """
        if not changes:
            raise InvalidInput(
                "Say what to change: source, target, severity, what happens, the advice or the strength."
            )

        def made(before: Proposal) -> Proposal:
            return edited(before, mended(before.edge, changes, before.candidate, library))

        [found] = await self._decide(access, [proposal_id], made, seen)
        return found

    async def refuse(self, access: Access, ids: Sequence[UUID], reason: str, *, seen: int | None = 0) -> list[Proposal]:
        """Refuse proposals; an edge that came of one of them is taken out again. Raises NotFound and Conflict."""
        return await self._decide(access, ids, partial(refused, reason=line_of(reason, "the reason")), seen)

    async def _decide(
        self, access: Access, ids: Sequence[UUID], made: Callable[[Proposal], Proposal], seen: int | None
    ) -> list[Proposal]:
        """The proposals after the decision; the decision is written as the person, the release taken as the service."""
        _require_reviewer(access)
        now, by = self._clock(), access.principal.account_id
        async with self._database.transaction(access) as tx:
            await repository.lock(tx)  # before anything is read: what is in force must not change until the end
            outcomes = [(each, made(each)) for each in await _chosen(tx, ids)]
            open_ones = [(before, after) for before, after in outcomes if not is_settled(before, after)]
            refuse_decided([before for before, _ in open_ones], seen)
            decided = [
                replace(after, decisions=after.decisions + 1, decided_by=by, decided_at=now) for _, after in open_ones
            ]
            await self._database.switch(tx, self._as_service(access.activity))
            taken = await publish(tx, decided, now=now, ids=self._new_id, actor=by)
            await self._database.switch(tx, access)
            for each in decided:
                await repository.decide(tx, replace(each, release_id=taken.get(each.id)))
            return await _chosen(tx, ids)

    def _material(self, access: Access, document: Document, digest: bytes) -> Material:
        return Material(
            id=self._new_id(),
            kind=document.kind,
            title=document.title,
            source=document.source,
            about=tuple(document.about),
            digest=digest,
            length=len(document.text),
            added_at=self._clock(),
            added_by=access.principal.account_id,
        )

    def _proposals(self, material: Material, document: Document, library: Library) -> list[Proposal]:
        found = candidates(document.text, source=Source(str(material.id), material.about))
        if len(found) > MOST_PROPOSALS:
            raise TooLarge(f"The document states {len(found):,} things; a person reviews at most {MOST_PROPOSALS:,}.")
        return [
            Proposal(self._new_id(), material, place, each, draft(each, library)) for place, each in enumerate(found)
        ]


def _require_reviewer(access: Access) -> None:
    if access.principal.role not in _REVIEWERS:
        raise NotAllowed("Only an administrator reads documents and decides on what they say.")


async def _refuse_known(tx: AsyncSession, digest: bytes, title: str) -> None:
    known = await repository.same(tx, digest, title)
    if known is None:
        return
    if known.digest == digest:
        raise Conflict(f"This document was read on {known.added_at:%Y-%m-%d} already, as “{known.title}”.")
    raise Conflict(f"Another document has the title “{known.title}”: give this one another.")


async def _chosen(tx: AsyncSession, ids: Sequence[UUID]) -> list[Proposal]:
    """The proposals in the order in which they were named, each once."""
    found = {each.id: each for each in await repository.chosen(tx, ids, KIND)}
    missing = [each for each in ids if each not in found]
    if missing:
        raise NotFound(f"There is no proposal {missing[0]}.")
    return [found[each] for each in dict.fromkeys(ids)]
