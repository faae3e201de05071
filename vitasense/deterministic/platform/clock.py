"""Time and identifiers, injected so that tests can hold them still."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

Clock = Callable[[], datetime]
NewId = Callable[[], UUID]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def in_zone(clock: Clock, zone: ZoneInfo) -> Clock:
    """`clock` in a zone: "today" is the person's day."""
    return lambda: clock().astimezone(zone)


def new_id() -> UUID:
    """A time-ordered identifier (UUIDv7, RFC 9562)."""
    return uuid7()
