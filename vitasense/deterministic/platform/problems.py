"""Typed errors. The API turns each into an RFC 9457 problem document, the CLI into an exit code."""

from typing import ClassVar


class Problem(Exception):
    """Base of every expected failure: `detail` says what happened and what to do, without health data."""

    type: ClassVar[str] = "about:blank"
    title: ClassVar[str] = "The request failed"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class InvalidInput(Problem):
    """What was sent cannot be used as it is."""

    type = "/problems/invalid-input"
    title = "The input cannot be used"
    status = 422
    exit_code = 2


class NotSignedIn(Problem):
    """No valid session came with the request."""

    type = "/problems/not-signed-in"
    title = "Sign in first"
    status = 401
    exit_code = 3


class NotAllowed(Problem):
    """The session is valid, the permission is missing."""

    type = "/problems/not-allowed"
    title = "Not allowed"
    status = 403
    exit_code = 3


class NotFound(Problem):
    """No such thing, or no permission to know of it: both read the same."""

    type = "/problems/not-found"
    title = "Not found"
    status = 404
    exit_code = 4


class Conflict(Problem):
    """The request contradicts what is stored."""

    type = "/problems/conflict"
    title = "Conflict"
    status = 409
    exit_code = 5


class TooLarge(Problem):
    """More than this service takes in one request."""

    type = "/problems/too-large"
    title = "Too large"
    status = 413
    exit_code = 2


class TooManyRequests(Problem):
    """Slow down; `members["retry_after"]` is the number of seconds to wait."""

    type = "/problems/too-many-requests"
    title = "Too many requests"
    status = 429
    exit_code = 6


class Unavailable(Problem):
    """Something this service needs is not there; `detail` names it and the remedy."""

    type = "/problems/unavailable"
    title = "Not available now"
    status = 503
    exit_code = 7
