"""Times as files write them, made aware. A wall-clock time is the person's own zone's, daylight saving included.

When clocks go back, an hour comes twice: a wall-clock time in it is the first one, unless the times before it in a
device's own sequence have passed through that hour already. When they go forward, an hour does not exist: a time in it
is refused, because nobody can tell which clock was wrong.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.limits import quoted
from vitasense.deterministic.platform.problems import InvalidInput

EARLIEST, LATEST = 1900, 2199  # years; what lies outside is a broken clock, and calendars end near it
SEQUENCES = 256  # devices that are told apart in one file
ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?",
    re.ASCII,
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 date and time; without an offset it is `zone`'s wall clock. Raises InvalidInput with the reason."""
    return settled(iso_time(text), zone)


def iso_time(text: str) -> datetime:
    """An ISO 8601 date and time, aware only if it has an offset. Raises InvalidInput with the reason."""
    text = text.strip()
    if not ISO.fullmatch(text):
        if DAY.fullmatch(text):
            raise InvalidInput(f"{quoted(text)} is a day without a time of day.")
        raise InvalidInput(f"{quoted(text)} is not a time of the form 2026-03-28T07:30:00, with or without an offset.")
    day, clock = text[:10], text[11:].replace(" ", "").replace(",", ".")
    clock = clock if clock[2] == ":" else f"0{clock}"
    try:
        return datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        raise InvalidInput(f"{quoted(text)} is not a date and time of the calendar.") from None


def settled(found: datetime, zone: ZoneInfo) -> datetime:
    """`found` as it is if it has an offset, else the moment of `zone`'s wall clock, in UTC. Raises InvalidInput.

    UTC, because Python compares and subtracts two times of one zone by their wall clocks, wrong where clocks change.
    """
    if not EARLIEST <= found.year <= LATEST:
        raise InvalidInput(f"The year {found.year} cannot be right: check the device's clock.")
    if found.tzinfo is not None:
        return found
    placed = found.replace(tzinfo=zone)
    at = placed.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != found:
        raise InvalidInput(
            f"{found:%Y-%m-%d %H:%M} did not exist in {zone.key}: the clocks went forward. "
            "Choose the zone that the device was set to, or give the time with its offset."
        )
    return at


class Sequence:
    """Wall-clock times of one device in the order in which it wrote them: the hour that comes twice is told apart.

    A time in that hour is the second one where the times would otherwise jump back further than forward.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._last: datetime | None = None
        self._again = False

    def next(self, found: datetime) -> datetime:
        """`settled`, after the times before it. Raises InvalidInput with the reason."""
        at, last = settled(found, self._zone), self._last
        second = at if found.tzinfo else found.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        jumps = last is not None and at < last <= second and second - last < last - at
        self._again = second != at and (self._again or jumps)
        self._last = second if self._again else at
        return self._last


class Times:
    """A Sequence for each of the devices that write into one file."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._found = zone, dict[str, Sequence]()

    def of(self, device: str) -> Sequence:
        """The sequence of this device."""
        if device not in self._found and len(self._found) >= SEQUENCES:
            self._found.clear()
        return self._found.setdefault(device, Sequence(self._zone))
