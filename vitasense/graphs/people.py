"""What a turn knows of the person: age and sex for the safety gate, names and addresses to hide from a model."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.records import Profile, profile
from vitasense.guardrails import KnownIdentifier, PersonFacts


async def about(
    tx: AsyncSession, principal: Principal, patient_id: UUID, *, now: datetime, country: str | None
) -> tuple[PersonFacts, tuple[KnownIdentifier, ...]]:
    """Facts for the safety gate, unknown where the record does not say; and the identifiers of the people involved."""
    person = await profile(tx, patient_id)
    facts = PersonFacts(
        age=person.age_years(now) if person else None,
        sex=person.sex if person else None,
        country=country,
    )
    return facts, tuple(_identifiers(principal, person))


def _identifiers(principal: Principal, person: Profile | None) -> list[KnownIdentifier]:
    known = [KnownIdentifier("person", principal.name), KnownIdentifier("email", principal.email)]
    if person and person.name:
        known.append(KnownIdentifier("person", person.name))
    if person and person.birth_date:
        known.append(KnownIdentifier("birth_date", person.birth_date))
    return known
