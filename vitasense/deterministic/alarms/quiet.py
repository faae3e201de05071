"""Quiet hours by the person's own clock, right on the days when the clock is changed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vitasense.deterministic.alarms.schemas import Preferences
from vitasense.deterministic.platform.problems import InvalidInput

_MINUTE = timedelta(minutes=1)
_LONGEST = 26 * 60  # minutes: a day of quiet, and the hour or two by which a clock is set back


def zone_of(preferences: Preferences) -> ZoneInfo:
    """The person's time zone. Raises InvalidInput for a name that is none."""
    try:
        return ZoneInfo(preferences.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput("This is not the name of a time zone.") from None


def after_quiet(preferences: Preferences, now: datetime) -> datetime:
    """`now`, or when it lies in the quiet hours the first full minute after them, in UTC.

    It goes by what the clock on the wall shows, so an hour that the clock skips is not waited for, and one that it shows
    twice counts both times.
    """
    zone, moment = zone_of(preferences), now.astimezone(UTC)
    if not _is_quiet(preferences, moment.astimezone(zone).time()):
        return now
    moment = moment.replace(second=0, microsecond=0)
    for _ in range(_LONGEST):
        moment += _MINUTE
        if not _is_quiet(preferences, moment.astimezone(zone).time()):
            return moment
    return now


def day_of(preferences: Preferences, at: datetime) -> tuple[datetime, datetime]:
    """The person's day that `at` lies in, from midnight to midnight, in UTC."""
    zone = zone_of(preferences)
    day = at.astimezone(zone).date()
    first, last = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return first.astimezone(UTC), last.astimezone(UTC)


def _is_quiet(preferences: Preferences, clock: time) -> bool:
    begins, ends = preferences.quiet_from, preferences.quiet_until
    if begins is None or ends is None or begins == ends:
        return False
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends
