"""Time and identifiers, injected so that tests can hold them still."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

Clock = Callable[[], datetime]
NewId = Callable[[], UUID]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A time-ordered identifier (UUIDv7, RFC 9562)."""
    return uuid7()
