"""What surrounds every request: its id, its line in the log, its metrics, and the headers that protect the page."""

import re
import time
from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vitasense.api.errors import answer, problem_of
from vitasense.api.routes import route_template
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.logging import bound_request, get_logger
from vitasense.deterministic.platform.telemetry import Metrics, span

REQUEST_ID = "X-Request-Id"
_GIVEN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

CONTENT_SECURITY_POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:"),
        *("font-src 'self'", "connect-src 'self'", "media-src 'self' blob:", "worker-src 'self'"),
        *("manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"),
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}

log = get_logger(__name__)


class Surroundings:
    """The outermost layer: nothing escapes it without an id, the headers and a problem document."""

    def __init__(self, app: ASGIApp, metrics: Metrics, new_id: NewId, *, https: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._new_id = new_id
        self._headers = SECURITY_HEADERS | (HTTPS_ONLY if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _GIVEN_ID.fullmatch(given) else str(self._new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        with bound_request(request_id):
            await self._answer(scope, receive, _Sender(send, self._headers | {REQUEST_ID: request_id}))

    async def _answer(self, scope: Scope, receive: Receive, send: "_Sender") -> None:
        began = time.perf_counter()
        with span("http.request", method=scope["method"]) as current:
            try:
                await self._app(scope, receive, send)
            except Exception as error:
                if send.status:
                    log.exception("response.broken")
                    raise
                await answer(problem_of(error), scope["path"])(scope, receive, send)
            route = route_template(scope)
            current.set_attribute("http.route", route)
            current.set_attribute("http.response.status_code", send.status)
        self._record(scope["method"], route, send.status, time.perf_counter() - began)

    def _record(self, method: str, route: str, status: int, seconds: float) -> None:
        method = method if method.isalpha() and len(method) <= len("PROPPATCH") else "OTHER"
        self._metrics.request(method, route, status, seconds)
        if route not in _QUIET:
            log.info("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1))


class _Sender:
    """Adds headers to the answer and remembers its status."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send = send
        self._extra: Iterable[tuple[str, str]] = headers.items()
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._extra:
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)


class BodyLimit:
    """Refuses bodies beyond a limit, announced or not; `limits` are those of exact paths with a limit of their own."""

    def __init__(self, app: ASGIApp, usual: int, limits: Mapping[str, int]) -> None:
        self._app = app
        self._usual = usual
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limits.get(scope["path"], self._usual)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await answer(problem_of(HTTPException(413)), scope["path"])(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def receive_within() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413)  # the one exception that the framework's parsers let through
        return message

    return receive_within
