"""What routes get: the services, who asks, and the access to a patient's record."""

from collections.abc import Iterable
from typing import Annotated, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from vitasense.api.bootstrap import Services
from vitasense.api.routes import route_template
from vitasense.deterministic import tracking
from vitasense.deterministic.platform.access import Access, Category, Principal, Purpose, Role, own_purpose
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotSignedIn

_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="The access token of POST /v1/auth/login")


def services_of(request: Request) -> Services:
    """The opened services of this application."""
    return cast(Services, request.app.state.services)


Service = Annotated[Services, Depends(services_of)]


async def optional_caller(
    services: Service, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal | None:
    """Who asks, or None without a token; NotSignedIn for a token that is not valid."""
    return await services.auth.principal_of(credentials.credentials) if credentials else None


async def caller_of(caller: Annotated[Principal | None, Depends(optional_caller)]) -> Principal:
    """Who asks; NotSignedIn without a valid token."""
    if caller is None:
        raise NotSignedIn("Sign in first.")
    return caller


OptionalCaller = Annotated[Principal | None, Depends(optional_caller)]
Caller = Annotated[Principal, Depends(caller_of)]
PatientId = Annotated[
    UUID | None, Query(description="Whose record: a provider names the patient, a patient leaves it out.")
]


def network_address(request: Request) -> str:
    """The client's address, for limits only: it is never stored or logged in clear."""
    return request.client.host if request.client else "unknown"


Address = Annotated[str, Depends(network_address)]


def activity_of(request: Request) -> str:
    """What is being done, for the audit log: `GET /v1/record/{category}`."""
    return f"{request.method} {route_template(request.scope)}"


def own_access(request: Request, principal: Principal) -> Access:
    """Access to what concerns the caller alone: grants, audit trail, names of the other party."""
    patient_id = principal.account_id if principal.role is Role.PATIENT else None
    return Access(principal, own_purpose(principal), activity_of(request), patient_id)


def access_for(
    request: Request,
    principal: Principal,
    patient_id: UUID | None,
    *,
    reads: Iterable[Category] = (),
    writes: Iterable[Category] = (),
    purpose: Purpose | None = None,
) -> Access:
    """Access to one record: a patient's own, or the one that a provider names. The database decides what is in it.

    NotAllowed for a patient who names another's record and for administrators; InvalidInput for a provider who
    names none.
    """
    if principal.role is Role.PATIENT:
        if patient_id not in (None, principal.account_id):
            raise NotAllowed("You can only see your own record.")
        patient_id = principal.account_id
    elif principal.role is not Role.PROVIDER:
        raise NotAllowed("An administrator manages accounts and sees no record.")
    elif patient_id is None:
        raise InvalidInput("Name the patient whose record you mean: patient_id.")
    return Access(
        principal=principal,
        purpose=purpose or own_purpose(principal),
        activity=activity_of(request),
        patient_id=patient_id,
        reads=frozenset(reads),
        writes=frozenset(writes),
    )


async def zone_of(services: Services, access: Access) -> ZoneInfo:
    """The time zone of whose record it is: what they set, else the service's, else UTC."""
    assert access.patient_id is not None, "a record is a patient's"
    async with services.database.transaction(access) as tx:
        settings = await tracking.person_settings(tx, access.patient_id, services.settings.timezone)
    return ZoneInfo(settings.timezone)
