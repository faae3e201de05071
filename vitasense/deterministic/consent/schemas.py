"""Grants and audit entries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vitasense.deterministic.platform.access import Action, Category, Purpose


@dataclass(frozen=True, slots=True)
class Terms:
    """What a patient wants to grant; it begins at once unless `valid_from` says later, and ends with `valid_until`."""

    grantee_id: UUID
    categories: frozenset[Category]
    actions: frozenset[Action] = frozenset({Action.READ})
    purposes: frozenset[Purpose] = frozenset({Purpose.TREATMENT})
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """The other side of a grant or the actor of an audit entry, as far as one may know them."""

    id: UUID | None
    name: str | None
    email: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as it stands; `party` is the grantee for the patient who gave it, the patient for who received it."""

    id: UUID
    patient_id: UUID
    grantee_id: UUID
    party: Party
    categories: tuple[Category, ...]
    actions: tuple[Action, ...]
    purposes: tuple[Purpose, ...]
    valid_from: datetime
    valid_until: datetime | None
    granted_at: datetime
    revoked_at: datetime | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class SharedPatient:
    """A patient who shares something with the provider now: the union of the grants in force."""

    id: UUID
    name: str
    categories: tuple[Category, ...]
    purposes: tuple[Purpose, ...]
    actions: tuple[Action, ...]
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of a person's audit chain."""

    seq: int
    at: datetime
    actor: Party
    purpose: str | None
    activity: str | None
    verb: str
    object: str
    categories: tuple[str, ...] | None
    count: int | None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, the newest first; `next` is the cursor of the page after, None on the last."""

    items: tuple[AuditEntry, ...]
    next: int | None
