"""Consents, the audit trail and the patients of a provider over HTTP."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from vitasense.api.deps import Caller, Service, own_access
from vitasense.deterministic import consent
from vitasense.deterministic.consent import AuditEntry, Grant, SharedPatient, Terms
from vitasense.deterministic.platform.access import Action, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.problems import NotAllowed

router = APIRouter(prefix="/v1", tags=["sharing"])

Cursor = Annotated[int | None, Query(ge=1, lt=2**63, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]


class NewConsent(BaseModel):
    """What a patient shares with a provider, and for how long."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "grantee_email": "dr.chen@example.org",
                    "categories": ["vitals", "labs"],
                    "actions": ["read"],
                    "purposes": ["treatment"],
                    "valid_until": "2027-06-30T00:00:00Z",
                }
            ]
        },
    )

    grantee_email: Annotated[str, Field(max_length=320)]
    categories: Annotated[frozenset[Category], Field(min_length=1)]
    actions: Annotated[frozenset[Action], Field(min_length=1)]
    purposes: Annotated[frozenset[Purpose], Field(min_length=1)]
    valid_until: AwareDatetime | None = None


class PartyView(BaseModel):
    """Whom a grant is for."""

    id: UUID
    name: str | None
    email: str | None


class ConsentView(BaseModel):
    """A grant; in force when it is not revoked and now lies in its period."""

    id: UUID
    grantee: PartyView
    categories: list[Category]
    actions: list[Action]
    purposes: list[Purpose]
    valid_from: datetime
    valid_until: datetime | None
    granted_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, grant: Grant) -> Self:
        """The view of a grant for the patient who gave it."""
        return cls(
            id=grant.id,
            grantee=PartyView(id=grant.grantee_id, name=grant.party.name, email=grant.party.email),
            categories=list(grant.categories),
            actions=list(grant.actions),
            purposes=list(grant.purposes),
            valid_from=grant.valid_from,
            valid_until=grant.valid_until,
            granted_at=grant.granted_at,
            revoked_at=grant.revoked_at,
        )


class Consents(BaseModel):
    """All grants of the patient, the newest first, the ended ones included."""

    items: list[ConsentView]


class ActorView(BaseModel):
    """Who did it; the name is told when it is the caller or somebody with whom they shared."""

    id: UUID | None
    name: str | None
    role: str | None


class AuditView(BaseModel):
    """One entry of the audit trail."""

    seq: int
    at: datetime
    actor: ActorView
    purpose: str | None
    activity: str | None
    verb: str
    object: str
    categories: list[str] | None
    count: int | None

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        """The view of an entry."""
        return cls.model_validate(entry, from_attributes=True)


class AuditTrail(BaseModel):
    """Entries, the newest first; `next` is the cursor of the following page, null on the last."""

    items: list[AuditView]
    next: int | None


class PatientView(BaseModel):
    """A patient who shares something with the provider now."""

    id: UUID
    name: str
    categories: list[Category]
    purposes: list[Purpose]
    actions: list[Action]
    valid_until: datetime | None

    @classmethod
    def of(cls, shared: SharedPatient) -> Self:
        """The view of a patient."""
        return cls.model_validate(shared, from_attributes=True)


class Patients(BaseModel):
    """Patients by name."""

    items: list[PatientView]


@router.get("/consents")
async def list_consents(request: Request, caller: Caller, services: Service) -> Consents:
    """Who has or had access to the caller's record."""
    _require(caller, Role.PATIENT)
    async with services.database.transaction(own_access(request, caller)) as tx:
        return Consents(items=[ConsentView.of(grant) for grant in await consent.given(tx, caller)])


@router.post("/consents", status_code=201)
async def grant_consent(body: NewConsent, request: Request, caller: Caller, services: Service) -> ConsentView:
    """Share parts of the own record with a provider, from now on."""
    _require(caller, Role.PATIENT)
    provider = await services.accounts.active_provider(body.grantee_email)
    terms = Terms(provider.id, body.categories, body.actions, body.purposes, valid_until=body.valid_until)
    async with services.database.transaction(own_access(request, caller)) as tx:
        return ConsentView.of(await consent.grant(tx, caller, terms, services.new_id))


@router.post("/consents/{consent_id}/revoke")
async def revoke_consent(consent_id: UUID, request: Request, caller: Caller, services: Service) -> ConsentView:
    """Stop sharing: the provider's next statement sees nothing of it any more."""
    _require(caller, Role.PATIENT)
    async with services.database.transaction(own_access(request, caller)) as tx:
        return ConsentView.of(await consent.revoke(tx, caller, consent_id, services.new_id))


@router.get("/audit")
async def read_audit_trail(
    request: Request, caller: Caller, services: Service, limit: Limit = 50, cursor: Cursor = None
) -> AuditTrail:
    """Who did what with the caller's record and account, the newest first."""
    async with services.database.transaction(own_access(request, caller)) as tx:
        page = await consent.audit_trail(tx, caller.account_id, limit=limit, before=cursor)
    return AuditTrail(items=[AuditView.of(entry) for entry in page.items], next=page.next)


@router.get("/patients")
async def list_patients(request: Request, caller: Caller, services: Service) -> Patients:
    """The patients who share something with the provider now."""
    _require(caller, Role.PROVIDER)
    async with services.database.transaction(own_access(request, caller)) as tx:
        return Patients(items=[PatientView.of(shared) for shared in await consent.shared_patients(tx, caller)])


def _require(caller: Principal, role: Role) -> None:
    if caller.role is not role:
        raise NotAllowed(f"This is for a {role.value}.")
