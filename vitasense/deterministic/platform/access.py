"""Who asks, why, and for what: the words that the database turns into rows or no rows."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an account is. The last three are the service: `system` reads no clinical row, `stream` keeps what a person's
    devices send and sees nothing of the record, `monitor` watches for a person unless they switched that off.
    """

    PATIENT = "patient"
    PROVIDER = "provider"
    ADMIN = "admin"
    SYSTEM = "system"
    STREAM = "stream"
    MONITOR = "monitor"


class Purpose(StrEnum):
    """Why data is used; a grant names the purposes that it covers."""

    SELF = "self"
    TREATMENT = "treatment"
    EMERGENCY = "emergency"
    RESEARCH = "research"
    OPERATIONS = "operations"


class Action(StrEnum):
    """What a grant allows with the data of its categories."""

    READ = "read"
    WRITE = "write"


class Category(StrEnum):
    """The parts of a record that a patient shares one by one.

    `profile` (name, birth date, sex) is readable under every grant: a reader must know whose record it is.
    """

    PROFILE = "profile"
    VITALS = "vitals"
    LABS = "labs"
    MEDICATIONS = "medications"
    CONDITIONS = "conditions"
    ALLERGIES = "allergies"
    IMMUNIZATIONS = "immunizations"
    ENCOUNTERS = "encounters"
    PROCEDURES = "procedures"
    DOCUMENTS = "documents"
    GENOMICS = "genomics"
    NUTRITION = "nutrition"
    NOTES = "notes"


ALL_CATEGORIES: frozenset[Category] = frozenset(Category)


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated account. Made only by the auth room (tests/test_architecture.py checks it).

    A patient's account id is also the id of the patient's record.
    """

    account_id: UUID
    role: Role
    session_id: UUID | None
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Access:
    """What one transaction may do: signed, sent to the database and enforced there by row-level security.

    `reads` and `writes` are what the caller asks for; the database grants the part of them that is the
    caller's own or was granted by the patient. `activity` says what was being done, for the audit log.
    """

    principal: Principal
    purpose: Purpose
    activity: str
    patient_id: UUID | None = None
    reads: frozenset[Category] = field(default_factory=frozenset[Category])
    writes: frozenset[Category] = field(default_factory=frozenset[Category])


def own_purpose(principal: Principal) -> Purpose:
    """The purpose a person acts with unless they state another: self, treatment or operations."""
    return {Role.PATIENT: Purpose.SELF, Role.PROVIDER: Purpose.TREATMENT}.get(principal.role, Purpose.OPERATIONS)
