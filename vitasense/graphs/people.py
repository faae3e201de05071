"""What a turn knows of people: age and sex for the safety gate, and what identifies anyone, to hide it from a model."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Access, Category, Principal, Purpose
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.records import Filter, conditions, medications, profile, search
from vitasense.guardrails import IdentifierKind, KnownIdentifier, PersonFacts

ACTIVITY = "hiding names from the model"
PAGE = 500
# The resources that say who somebody is, and the categories that they are shared as.
_WHO = ("Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "Location", "CareTeam")
_READS = frozenset({Category.PROFILE, Category.ENCOUNTERS, Category.NOTES})
_INSTITUTIONS = frozenset({"Organization", "Location", "CareTeam"})
_TELECOM: Mapping[str, IdentifierKind] = {"email": "email", "url": "url", "phone": "phone", "fax": "phone"}

Json = Mapping[str, object]


async def about(
    tx: AsyncSession, patient_id: UUID, *, now: datetime, country: str | None, own_record: bool
) -> PersonFacts:
    """Facts for the safety gate, unknown where the record does not say.

    The illnesses and medicines of now count only where people write about themselves.
    """
    person = await profile(tx, patient_id)
    return PersonFacts(
        age=person.age_years(now) if person else None,
        sex=person.sex if person else None,
        country=country,
        history=await _history(tx, patient_id) if own_record else (),
    )


async def _history(tx: AsyncSession, patient_id: UUID) -> tuple[str, ...]:
    listed = (*await conditions(tx, patient_id), *await medications(tx, patient_id))
    return tuple(each.name for each in listed if each.active)


async def identifiers(
    database: Database, principal: Principal, purpose: Purpose, patient_id: UUID
) -> tuple[KnownIdentifier, ...]:
    """What identifies the account, the patient and everybody the record names, as far as the account may read it.

    In the order of the record, so that the same people keep their numbers.
    """
    access = Access(principal, purpose, ACTIVITY, patient_id, _READS)
    known = [KnownIdentifier("person", principal.name), KnownIdentifier("email", principal.email)]
    cursor: str | None = None
    async with database.transaction(access) as tx:
        while True:
            page = await search(tx, patient_id, Filter(types=_WHO), PAGE, cursor)
            known.extend(each for row in page.items for each in _of(row.type, row.content))
            cursor = page.next
            if cursor is None:
                return tuple(dict.fromkeys(one for one in known if one.value.strip()))


def _of(resource_type: str, content: Json) -> Iterator[KnownIdentifier]:
    """What a resource says of one person or place, its contacts included."""
    yield from _names(content.get("name"), "organisation" if resource_type in _INSTITUTIONS else "person")
    yield from _texts(content, "birthDate", "birth_date")
    if resource_type == "Patient":
        yield from _texts(content, "deceasedDateTime", "date")
    for identifier in _objects(content.get("identifier")):
        yield from _texts(identifier, "value", "record_number")
    for telecom in _objects(content.get("telecom")):
        yield from _texts(telecom, "value", _TELECOM.get(str(telecom.get("system")), "record_number"))
    for address in _objects(content.get("address")):
        yield from _address(address)
    for contact in _objects(content.get("contact")):
        yield from _of("Contact", contact)


def _names(name: object, kind: IdentifierKind) -> Iterator[KnownIdentifier]:
    if isinstance(name, str):
        yield KnownIdentifier(kind, name)
    for each in _objects(name):
        parts = " ".join((*_strings(each.get("given")), *_strings(each.get("family"))))
        yield from (KnownIdentifier("person", full) for full in (*_strings(each.get("text")), parts) if full.strip())


def _address(address: Json) -> Iterator[KnownIdentifier]:
    """Lines, the city and the postal code; the state and the country say too little to be hidden."""
    lines = _strings(address.get("line"))
    yield from (KnownIdentifier("address", line) for line in (*lines, *_strings(address.get("text"))))
    for part in ("city", "district"):
        yield from _texts(address, part, "place")
    yield from _texts(address, "postalCode", "address")


def _texts(content: Json, name: str, kind: IdentifierKind) -> Iterator[KnownIdentifier]:
    yield from (KnownIdentifier(kind, text) for text in _strings(content.get(name)))


def _strings(value: object) -> list[str]:
    found = cast(Sequence[object], value) if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]


def _objects(value: object) -> list[Json]:
    found = cast(Sequence[object], value) if isinstance(value, list) else [value]
    return [cast(Json, each) for each in found if isinstance(each, dict)]
