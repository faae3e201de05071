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


def in_zone(clock: Clock, name: str | None) -> Clock:
    """`clock` in the zone of this IANA name, or in the machine's own: "today" is the person's day."""
    zone = ZoneInfo(name) if name else None
    return lambda: clock().astimezone(zone)


def new_id() -> UUID:
    """A time-ordered identifier (UUIDv7, RFC 9562)."""
    return uuid7()
