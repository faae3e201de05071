"""Wall-clock times of a person's zone as moments, and the days of that zone. All moments that are given are UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.moments import EARLIEST, LATEST, settled
from vitasense.deterministic.platform.problems import InvalidInput

ONE_DAY = timedelta(days=1)


def moment_of(found: datetime, zone: ZoneInfo) -> datetime:
    """`found` in UTC, as the zone's wall clock where it has no offset. Raises InvalidInput with the reason."""
    return settled(found, zone).astimezone(UTC)


def written(text: str, form: str, zone: ZoneInfo) -> datetime:
    """The moment of a time written in `form` (as for strptime). Raises InvalidInput with the reason."""
    return moment_of(_parsed(text, form), zone)


def iso(text: str, zone: ZoneInfo) -> datetime:
    """The moment of an ISO 8601 time. Raises InvalidInput with the reason."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("The time is not of the form 2026-03-28T07:30:00.") from None
    return moment_of(found, zone)


def iso_day(text: str) -> date:
    """A date of the form 2026-03-28. Raises InvalidInput with the reason."""
    return _parsed(text, "%Y-%m-%d").date()


def day_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end of a day in the zone: 23, 24 or 25 hours where clocks change."""
    if not EARLIEST <= day.year <= LATEST:
        raise InvalidInput(f"The year {day.year} cannot be right: check the device's clock.")
    first, last = (datetime.combine(each, time(), zone) for each in (day, day + ONE_DAY))
    return first.astimezone(UTC), last.astimezone(UTC)


def _parsed(text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        example = datetime(2026, 3, 28, 7, 30).strftime(form)
        raise InvalidInput(f"The time is not of the form {example}.") from None
