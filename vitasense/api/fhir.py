"""The FHIR R4 API: read, history, search by patient, code, date and category, and $everything."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from vitasense.api.deps import Caller, Service, access_for
from vitasense.api.errors import document, problem_of
from vitasense.api.fhir_search import Asked, asked_of
from vitasense.deterministic import records
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Principal, Role
from vitasense.deterministic.platform.problems import NotFound, Problem
from vitasense.deterministic.records import Filter, ResourcePage, StoredResource

MEDIA_TYPE = "application/fhir+json"
ROOT = "/fhir/R4"
# HL7 FHIR R4, ValueSet issue-type.
ISSUES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "conflict",
    413: "too-long",
    422: "invalid",
    429: "throttled",
    503: "transient",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class FhirResponse(JSONResponse):
    """JSON that says that it is FHIR."""

    media_type = MEDIA_TYPE


class _OutcomeRoute(APIRoute):
    """A route whose failures are OperationOutcomes."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:  # noqa: BLE001 - the edge: every failure becomes an answer
                return _outcome(problem_of(error))

        return answer


router = APIRouter(prefix=ROOT, tags=["fhir"], route_class=_OutcomeRoute, default_response_class=FhirResponse)
Resource = dict[str, Any]


@router.get("/metadata")
async def metadata(services: Service) -> Resource:
    """What this FHIR server can do (CapabilityStatement)."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "date": services.clock().date().isoformat(),
        "format": ["json", MEDIA_TYPE],
        "software": {"name": "VitaSense", "version": version("vitasense")},
        "implementation": {"description": "VitaSense", "url": services.settings.base_url + ROOT},
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": "Bearer token of POST /v1/auth/login"},
                "resource": [_capability(name) for name in sorted(records.resource_types())],
            }
        ],
    }


@router.get("/Patient/{patient_id}/$everything")
async def everything(request: Request, patient_id: str, caller: Caller, services: Service) -> Resource:
    """The whole record that may be seen, in pages."""
    asked = asked_of(request.query_params.multi_items(), allowed={"_count", "cursor"})
    async with services.database.transaction(_access(request, caller, _uuid(patient_id))) as tx:
        page = await records.search(tx, _uuid(patient_id), Filter(), asked.count, asked.cursor)
    return _bundle(request, services.settings.base_url, page, asked)


@router.get("/{resource_type}/{resource_id}")
async def read(request: Request, resource_type: str, resource_id: str, caller: Caller, services: Service) -> Response:
    """One resource in its current version."""
    access = _access_to(request, resource_type, resource_id, caller)
    async with services.database.transaction(access) as tx:
        found = await records.item(tx, access.patient_id or caller.account_id, resource_type, _uuid(resource_id))
    return _versioned(_with_meta(found.content, found.version, found.recorded_at))


@router.get("/{resource_type}/{resource_id}/_history")
async def history(
    request: Request, resource_type: str, resource_id: str, caller: Caller, services: Service
) -> Resource:
    """Every version of a resource, newest first."""
    access = _access_to(request, resource_type, resource_id, caller)
    async with services.database.transaction(access) as tx:
        found = await records.versions(tx, access.patient_id or caller.account_id, resource_type, _uuid(resource_id))
    if not found:
        raise NotFound("There is no such resource, or it is not shared with you.")
    url = f"{services.settings.base_url}{ROOT}/{resource_type}/{resource_id}"
    versions = [_with_meta(each.content, each.version, each.recorded_at) for each in found]
    request_of = {"method": "PUT", "url": f"{resource_type}/{resource_id}"}
    entries = [
        {"fullUrl": url, "resource": each, "request": request_of, "response": {"status": "200"}} for each in versions
    ]
    return {"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries}


@router.get("/{resource_type}/{resource_id}/_history/{number}")
async def read_version(
    request: Request, resource_type: str, resource_id: str, number: int, caller: Caller, services: Service
) -> Response:
    """One version of a resource."""
    access = _access_to(request, resource_type, resource_id, caller)
    async with services.database.transaction(access) as tx:
        found = await records.versions(tx, access.patient_id or caller.account_id, resource_type, _uuid(resource_id))
    for each in found:
        if each.version == number:
            return _versioned(_with_meta(each.content, each.version, each.recorded_at))
    raise NotFound("There is no such version, or it is not shared with you.")


@router.get("/{resource_type}")
async def search(request: Request, resource_type: str, caller: Caller, services: Service) -> Resource:
    """Search by patient, code, date, category and _id, newest first, in pages of _count."""
    _check(resource_type)
    asked = asked_of(request.query_params.multi_items())
    access = _access(request, caller, asked.patient_id)
    wanted = asked.filter(resource_type)
    async with services.database.transaction(access) as tx:
        page = await records.search(tx, access.patient_id or caller.account_id, wanted, asked.count, asked.cursor)
    return _bundle(request, services.settings.base_url, page, asked)


@router.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
async def nothing_else(path: str) -> Resource:
    """Whatever else FHIR has is not supported here."""
    del path
    raise NotFound("This FHIR interaction is not supported: see /fhir/R4/metadata.")


def _access(request: Request, caller: Principal, patient_id: UUID | None) -> Access:
    return access_for(request, caller, patient_id, reads=ALL_CATEGORIES)


def _access_to(request: Request, resource_type: str, resource_id: str, caller: Principal) -> Access:
    """A read names no patient: a patient's is the own one, a provider says `patient`; a Patient's id names itself."""
    _check(resource_type)
    asked = asked_of(request.query_params.multi_items(), allowed=set())
    patient_id = asked.patient_id
    if resource_type == "Patient" and patient_id is None and caller.role is Role.PROVIDER:
        patient_id = _uuid(resource_id)
    return _access(request, caller, patient_id)


def _check(resource_type: str) -> None:
    if not records.is_resource_type(resource_type):
        raise NotFound("FHIR R4 has no such resource type.")


def _uuid(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise NotFound("There is no such resource, or it is not shared with you.") from None


def _with_meta(content: Resource, number: int, recorded_at: datetime) -> Resource:
    meta = content.get("meta", {}) | {"versionId": str(number), "lastUpdated": recorded_at.isoformat()}
    return content | {"meta": meta}


def _versioned(resource: Resource) -> Response:
    meta = resource["meta"]
    updated = datetime.fromisoformat(meta["lastUpdated"]).astimezone(UTC)
    headers = {"ETag": f'W/"{meta["versionId"]}"', "Last-Modified": f"{updated:%a, %d %b %Y %H:%M:%S} GMT"}
    return FhirResponse(resource, headers=headers)


def _bundle(request: Request, base: str, page: ResourcePage, asked: Asked) -> Resource:
    here = base + request.url.path
    links = [{"relation": "self", "url": asked.url(here, asked.cursor)}]
    if page.next:
        links.append({"relation": "next", "url": asked.url(here, page.next)})
    entries = [_entry(base, each) for each in page.items]
    found = {"resourceType": "Bundle", "type": "searchset", "total": page.total, "link": links}
    return found | ({"entry": entries} if entries else {})


def _entry(base: str, row: StoredResource) -> Resource:
    resource = _with_meta(row.content, row.version, row.recorded_at)
    return {"fullUrl": f"{base}{ROOT}/{row.type}/{row.id}", "resource": resource, "search": {"mode": "match"}}


def _capability(resource_type: str) -> Resource:
    kinds = {"_id": "token", "patient": "reference", "code": "token", "category": "token", "date": "date"}
    capability: Resource = {
        "type": resource_type,
        "versioning": "versioned",
        "interaction": [{"code": code} for code in ("read", "vread", "history-instance", "search-type")],
        "searchParam": [{"name": name, "type": kind} for name, kind in kinds.items()],
    }
    if resource_type == "Patient":
        definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
        capability["operation"] = [{"name": "everything", "definition": definition}]
    return capability


def _outcome(problem: Problem) -> Response:
    told = document(problem)
    issue = {
        "severity": "error",
        "code": ISSUES.get(told.status, "exception" if told.status >= 500 else "processing"),
        "diagnostics": told.detail,
        "details": {"text": told.title},
    }
    headers = {"WWW-Authenticate": "Bearer"} if told.status == 401 else {}
    return FhirResponse({"resourceType": "OperationOutcome", "issue": [issue]}, told.status, headers)
