"""Every failure as an RFC 9457 problem document, without health data and without our insides."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import (
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
    TooManyRequests,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
NO_PRIVILEGE = "42501"  # SQLSTATE insufficient_privilege: row-level security said no
# character_not_in_repertoire, untranslatable_character; without a code: the driver itself refused a NUL character
UNSTORABLE = frozenset({"22021", "22P05", None})

log = get_logger(__name__)


class ProblemDocument(BaseModel):
    """RFC 9457, with the request id by which an operator finds the request in the logs."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no such thing.",
                    "instance": "/v1/record/labs",
                    "request_id": "0199f3f2-6d5b-7c3a-9d0e-3a1f5b0c2d4e",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    request_id: str | None = None


class Unexpected(Problem):
    """A failure of ours; the answer says nothing of what it was."""

    type = "/problems/unexpected"
    title = "Something went wrong here"
    status = 500


class _Refused(Problem):
    """A refusal of the framework: wrong method, media type …"""

    def __init__(self, status: int) -> None:
        phrase = HTTPStatus(status).phrase
        super().__init__(f"{phrase}.")
        self.own_status, self.own_title = status, phrase


def document(problem: Problem, instance: str | None = None) -> ProblemDocument:
    """The document of a problem, with the id of the request in which it happened."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return ProblemDocument.model_validate(
        {
            **problem.members,
            "type": problem.type,
            "title": getattr(problem, "own_title", problem.title),
            "status": getattr(problem, "own_status", problem.status),
            "detail": problem.detail,
            "instance": instance,
            "request_id": request_id,
        }
    )


def answer(problem: Problem, instance: str | None = None) -> JSONResponse:
    """The HTTP answer of a problem."""
    told = document(problem, instance)
    return JSONResponse(
        told.model_dump(mode="json", exclude_none=True),
        status_code=told.status,
        headers=_headers(problem),
        media_type=MEDIA_TYPE,
    )


def problem_of(error: Exception) -> Problem:
    """The problem that tells of an exception; Unexpected, and a line in the log, for one that we did not foresee."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return InvalidInput("The request does not have the expected form.", errors=_places(error))
        case HTTPException():
            return _of_framework(error.status_code)
        case DBAPIError() if getattr(error.orig, "sqlstate", None) == NO_PRIVILEGE:
            return NotAllowed("You have no permission for this.")
        case DataError() if getattr(error.orig, "sqlstate", None) in UNSTORABLE:
            return InvalidInput("The request holds a character that cannot be stored.")
        case OperationalError() | PoolTimeout():
            log.error("database.unavailable", exc_info=error)
            return Unavailable("The database does not answer. Try again in a moment.")
        case _:
            log.error("request.failed", exc_info=error)
            return Unexpected("The request failed on our side. Tell the operator the request id.")


def install(app: FastAPI) -> None:
    """Answer every exception of the routes with its problem."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        return answer(problem_of(error), request.url.path)

    for kind in (Problem, RequestValidationError, HTTPException, DBAPIError, PoolTimeout):
        app.add_exception_handler(kind, handle)


def _of_framework(status: int) -> Problem:
    if status == HTTPStatus.NOT_FOUND:
        return NotFound("There is no such address.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge("The request is larger than this service takes.")
    if status == HTTPStatus.UNAUTHORIZED:
        return NotSignedIn("Sign in first.")
    return _Refused(status)


def _places(error: RequestValidationError) -> list[dict[str, str]]:
    """Where and what was wrong; never the value, nor a message that may quote it."""
    found: list[dict[str, str]] = []
    for each in cast(list[Mapping[str, object]], error.errors()):
        kind, place = str(each["type"]), cast(tuple[object, ...], each["loc"])
        quotes = kind in ("value_error", "assertion_error", "json_invalid") or "enum" in kind
        message = "This value cannot be used." if quotes else str(each["msg"])
        found.append({"at": ".".join(str(part) for part in place), "kind": kind, "message": message})
    return found


def _headers(problem: Problem) -> dict[str, str]:
    if isinstance(problem, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(problem, TooManyRequests) and "retry_after" in problem.members:
        return {"Retry-After": str(problem.members["retry_after"])}
    return {}
