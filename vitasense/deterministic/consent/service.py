"""Granting, revoking, and telling who shares what and who looked. The database enforces it; this says it in words."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.consent import repository
from vitasense.deterministic.consent.schemas import AuditPage, Grant, SharedPatient, Terms
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Category, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound

LONGEST_PAGE = 200
T = TypeVar("T")


async def grant(tx: AsyncSession, principal: Principal, terms: Terms, new_id: NewId) -> Grant:
    """Share parts of the patient's own record; in force at the next statement. `tx` is of the patient's own access.

    Every grant shows name, birth date and sex as well, so `profile` is no category of its own. Raises NotAllowed for
    anybody but a patient, InvalidInput for terms that grant nothing.
    """
    _require_patient(principal, "grants access to a record")
    terms = replace(terms, categories=terms.categories - {Category.PROFILE})
    moment = await repository.now(tx)
    _check(principal, terms, moment)
    grant_id = new_id()
    await repository.add(tx, principal.account_id, grant_id, terms)
    await events.append(tx, _event("consent.granted", principal, grant_id, moment, new_id))
    return await _stored(tx, principal, grant_id)


async def revoke(tx: AsyncSession, principal: Principal, grant_id: UUID, new_id: NewId) -> Grant:
    """End a grant; what it opened is closed at the next statement. Revoking again changes nothing.

    Raises NotFound when the patient has no such grant.
    """
    _require_patient(principal, "revokes access to a record")
    if await repository.set_revoked(tx, principal.account_id, grant_id):
        moment = await repository.now(tx)
        await events.append(tx, _event("consent.revoked", principal, grant_id, moment, new_id))
    return await _stored(tx, principal, grant_id)


async def given(tx: AsyncSession, principal: Principal) -> list[Grant]:
    """Every grant that the principal gave, the newest first, the ended ones included."""
    return await repository.given(tx, principal.account_id)


async def received(tx: AsyncSession, principal: Principal) -> list[Grant]:
    """Every grant that the principal was given, the newest first, the ended ones included."""
    return await repository.received(tx, principal.account_id)


async def shared_patients(tx: AsyncSession, principal: Principal) -> list[SharedPatient]:
    """The patients who share something with the provider now, by name."""
    by_patient: dict[UUID, list[Grant]] = {}
    for each in await repository.received(tx, principal.account_id):
        if each.in_force:
            by_patient.setdefault(each.patient_id, []).append(each)
    return sorted((_shared(patient, grants) for patient, grants in by_patient.items()), key=lambda one: one.name)


async def readers(tx: AsyncSession, patient_id: UUID, category: Category) -> list[UUID]:
    """The providers who may read this part of the record for treatment now, for the patient or the monitoring service."""
    return await repository.readers(tx, patient_id, category, Purpose.TREATMENT)


async def audit_trail(tx: AsyncSession, subject: UUID, *, limit: int = 50, before: int | None = None) -> AuditPage:
    """Who did what with the subject's record or account, the newest first; only the subject's own chain is visible."""
    if not 1 <= limit <= LONGEST_PAGE:
        raise InvalidInput(f"A page has 1 to {LONGEST_PAGE} entries.")
    found = await repository.trail(tx, subject, before, limit + 1)
    items = tuple(found[:limit])
    return AuditPage(items, items[-1].seq if len(found) > limit else None)


def _check(principal: Principal, terms: Terms, moment: datetime) -> None:
    if not terms.categories or not terms.actions or not terms.purposes:
        raise InvalidInput("Name at least one category, one action and one purpose.")
    if Purpose.SELF in terms.purposes:
        raise InvalidInput("The purpose `self` is your own and cannot be granted.")
    if terms.grantee_id == principal.account_id:
        raise InvalidInput("You have access to your own record already.")
    if terms.valid_until is not None and terms.valid_until <= max(moment, terms.valid_from or moment):
        raise InvalidInput("The grant would end before it begins.")


async def _stored(tx: AsyncSession, principal: Principal, grant_id: UUID) -> Grant:
    stored = await repository.one(tx, principal.account_id, grant_id)
    if stored is None:
        raise NotFound("There is no such grant.")
    return stored


def _event(kind: str, principal: Principal, grant_id: UUID, moment: datetime, new_id: NewId) -> Event:
    patient = principal.account_id
    return Event(new_id(), kind, 1, patient, patient, moment, moment, payload={"grant_id": str(grant_id)})


def _shared(patient_id: UUID, grants: list[Grant]) -> SharedPatient:
    ends = [each.valid_until for each in grants]
    return SharedPatient(
        id=patient_id,
        name=grants[0].party.name or "",
        categories=_union([each.categories for each in grants]),
        purposes=_union([each.purposes for each in grants]),
        actions=_union([each.actions for each in grants]),
        valid_until=None if None in ends else max(end for end in ends if end),
    )


def _union(parts: list[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(sorted({each for part in parts for each in part}, key=str))


def _require_patient(principal: Principal, what: str) -> None:
    if principal.role is not Role.PATIENT:
        raise NotAllowed(f"Only the patient {what}.")
