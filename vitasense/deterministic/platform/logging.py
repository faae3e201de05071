"""JSON logs on standard error that cannot hold health data: an allow-list of keys, errors by type and place only.

A log line of a library is cut to its logger, level and the place in code that wrote it, since its words may quote
anything. The same holds for exceptions: their messages and local variables are never written.
"""

import ipaddress
import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TextIO, cast

import structlog

REMOVED = "[removed]"
LONGEST_VALUE = 160
FRAMES = 5

# What a log line may carry. A new key must be unable to hold health data, an e-mail or a network address.
ALLOWED_KEYS = frozenset(
    {
        *("event", "level", "timestamp", "place", "request_id", "error_type", "error_at", "caused_by"),
        *("method", "route", "status", "duration_ms", "problem", "port", "url", "revision", "version"),
        *("tool", "agent", "step", "outcome", "model", "planner", "attempt", "retry_in_s", "reason_code"),
        *("consumer", "event_id", "event_type", "count", "lag", "age_s", "job", "setting"),
    }
)
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,79}")
_PLAIN = re.compile(rf"[\w .,:;/<>{{}}\[\]()+*=-]{{0,{LONGEST_VALUE}}}")
_NETWORK_ADDRESS = re.compile(r"(?<![\w.])(?!127\.0\.0\.1\b)\d{1,3}(\.\d{1,3}){3}(?![\w.])")
_PACKAGES = ("site-packages", "dist-packages")
_LIBRARIES = (
    *("uvicorn", "uvicorn.error", "uvicorn.access", "fastapi", "sqlalchemy", "alembic", "httpx", "httpcore", "openai"),
    *("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "litellm", "langchain", "langchain_core", "langgraph"),
)

EventDict = MutableMapping[str, object]


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of a module: `log.info("tool.called", tool=…, outcome=…)`; names are dotted lower-case words."""
    return cast(structlog.typing.FilteringBoundLogger, structlog.get_logger(source=name))


def bound_request(request_id: str) -> AbstractContextManager[None]:
    """Every line logged inside, in whatever task, carries the request id."""
    return structlog.contextvars.bound_contextvars(request_id=request_id)


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Set up all logging of the process, that of libraries and of its death included; safe to call again."""
    number = logging.getLevelNamesMapping()[level.upper()]
    _install(number, stream)
    _route_libraries(number)
    sys.excepthook = _log_uncaught


def keep_allowed(_logger: object, _method: str, line: EventDict) -> EventDict:
    """The line without unknown keys and unsafe values; an exception becomes its type and its place."""
    members: dict[str, object] = {**line, **_error_members(line.get("exc_info"))}
    kept: EventDict = {key: _plain(value) for key, value in members.items() if key in ALLOWED_KEYS}
    name = str(line.get("event", ""))
    kept["event"] = name if _NAME.fullmatch(name) else "unnamed"
    kept["logger"] = _plain(line.get("source"))
    return kept


def describe_error(error: BaseException) -> dict[str, str]:
    """`error_type`, `error_at` (innermost frames first) and `caused_by` of an exception; never its message."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-FRAMES:])
    cause = error.__cause__ or error.__context__
    described = {
        "error_type": type(error).__name__,
        "error_at": " < ".join(f"{short_path(frame.filename)}:{frame.lineno}" for frame in frames)[:LONGEST_VALUE],
    }
    return described | ({"caused_by": type(cause).__name__} if cause else {})


def short_path(filename: str) -> str:
    """The path inside its package: no folder of this machine."""
    parts = Path(filename).parts
    for root in _PACKAGES:
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    return "/".join(parts[parts.index("vitasense") :]) if "vitasense" in parts else parts[-1]


def _error_members(info: object) -> dict[str, str]:
    if info is True:
        info = sys.exc_info()[1]
    if isinstance(info, tuple):
        info = cast(tuple[type[BaseException], BaseException, TracebackType], info)[1]
    return describe_error(info) if isinstance(info, BaseException) else {}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    if not _PLAIN.fullmatch(text) or _NETWORK_ADDRESS.search(text) or _is_network_address(text):
        return REMOVED
    return text


def _is_network_address(text: str) -> bool:
    try:
        return not ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


class _Cut(logging.Handler):
    """Takes every record of the standard library's logging and passes on where it came from, not what it says."""

    def emit(self, record: logging.LogRecord) -> None:
        members: Mapping[str, object] = {"place": f"{short_path(record.pathname)}:{record.lineno}"}
        logger = structlog.get_logger(source=record.name)
        logger.log(record.levelno, "library.message", exc_info=record.exc_info, **members)


class _NoHandlers(list[logging.Handler]):
    """Handlers of a library that may not write by itself, also when it is imported later."""

    def append(self, _handler: logging.Handler) -> None:
        """Leave it out."""


def _route_libraries(level: int) -> None:
    logging.raiseExceptions = False  # its report of a failing handler would quote the message
    logging.basicConfig(handlers=[_Cut()], level=max(level, logging.WARNING), force=True)
    logging.captureWarnings(capture=True)
    for name in {*_LIBRARIES, *logging.root.manager.loggerDict}:
        if name in _LIBRARIES or name.split(".", 1)[0] in _LIBRARIES:
            library = logging.getLogger(name)
            library.handlers = _NoHandlers()
            library.propagate = True
            library.setLevel(max(level, logging.WARNING))


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    get_logger("vitasense").error("process.failed", exc_info=error.with_traceback(trace))


def _install(level: int, stream: TextIO | None = None) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.WriteLogger(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


_install(logging.INFO)  # safe before `configure` as well: structlog's own default prints local variables
