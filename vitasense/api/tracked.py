"""One person's tracking, opened to read or to write: what is not shared is refused and never answered as empty."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.api.deps import access_for
from vitasense.deterministic import records
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category, Principal
from vitasense.deterministic.platform.problems import NotAllowed

NOT_SHARED = "Nothing of this is shared with you."
READ_ONLY = "You may look at this and not change it."
WATCHED = ALL_CATEGORIES - {Category.PROFILE}
"""What alarms, tasks, goals and decisions can be shared as; the profile alone, which every grant opens, is none of it."""


class Opened(NamedTuple):
    """A transaction about one record."""

    tx: AsyncSession
    patient_id: UUID


@asynccontextmanager
async def reading(
    request: Request,
    caller: Principal,
    services: Services,
    patient_id: UUID | None,
    of: Iterable[Category] = WATCHED,
    *,
    needs: Iterable[Category] = (),
) -> AsyncGenerator[Opened]:
    """A transaction that reads these parts and the profile.

    Raises NotAllowed when none of the parts (of `needs`, when there are such) may be seen.
    """
    wanted = frozenset(of)
    needed = frozenset(needs) or wanted
    access = access_for(request, caller, patient_id, reads=wanted | {Category.PROFILE})
    async with services.database.transaction(access) as tx:
        if not await records.readable(tx) & needed:
            raise NotAllowed(NOT_SHARED)
        yield Opened(tx, access.patient_id or caller.account_id)


@asynccontextmanager
async def writing(
    request: Request,
    caller: Principal,
    services: Services,
    patient_id: UUID | None,
    of: Iterable[Category] = WATCHED,
    *,
    needs: Iterable[Category] = (),
) -> AsyncGenerator[Opened]:
    """A transaction that reads and writes these parts.

    Raises NotAllowed when none of them (of `needs`, when there are such) may be seen, or changed.
    """
    wanted = frozenset(of)
    needed = frozenset(needs) or wanted
    access = access_for(request, caller, patient_id, reads=wanted | {Category.PROFILE}, writes=wanted)
    async with services.database.transaction(access) as tx:
        if not await records.readable(tx) & needed:
            raise NotAllowed(NOT_SHARED)
        if not await records.writable(tx) & needed:
            raise NotAllowed(READ_ONLY)
        yield Opened(tx, access.patient_id or caller.account_id)


async def may_change(tx: AsyncSession, category: Category) -> None:
    """Raise NotAllowed when what is shared as this category may be seen here and not changed."""
    if category not in await records.writable(tx):
        raise NotAllowed(READ_ONLY)
