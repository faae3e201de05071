"""How a person wants to be watched: their time zone, when not to be woken, how to be told; and whether at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.deterministic.tracking import person_repository as repository

CHANNELS = ("page", "email", "webhook")
LONGEST_URL = 2000
_OWN_MACHINE = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """One person's settings. `timezone` is an IANA name; from `quiet_from` to `quiet_until`, in its local time and over
    midnight when it ends earlier than it begins, only emergencies are told. `tells_providers`: those with a grant too.
    """

    timezone: str = "UTC"
    quiet_from: time | None = None
    quiet_until: time | None = None
    channels: Sequence[str] = field(default=("page", "email"))
    hook_url: str | None = None
    tells_providers: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the name."""
        return ZoneInfo(self.timezone)


async def person_settings(tx: AsyncSession, patient_id: UUID, timezone: str = "UTC") -> PersonSettings:
    """The settings; those of somebody who has none yet, or whose settings may not be seen, have this time zone."""
    row = await repository.settings(tx, patient_id)
    if row is None:
        return PersonSettings(timezone=timezone)
    return PersonSettings(
        row.timezone, row.quiet_from, row.quiet_until, tuple(row.channels), row.hook_url, row.tells_providers
    )


async def save_settings(
    tx: AsyncSession, patient_id: UUID, settings: PersonSettings, *, by: Principal, now: datetime, new_id: NewId
) -> bool:
    """Keep the settings and tell `monitoring.changed`; False, and no event, when they are so already.

    Raises InvalidInput for a zone that is no IANA name, one quiet time without the other, a channel that is not there or
    has no address, an address that is not https (plain http only to this machine).
    """
    _check(settings)
    members = {
        "timezone": settings.timezone,
        "quiet_from": settings.quiet_from,
        "quiet_until": settings.quiet_until,
        "channels": [channel for channel in CHANNELS if channel in settings.channels],
        "hook_url": settings.hook_url,
        "tells_providers": settings.tells_providers,
    }
    changed = await repository.save_settings(tx, patient_id, members, now)
    if changed:
        await events.append(tx, _changed(patient_id, "settings", by, now, new_id))
    return changed


async def monitoring_allowed(tx: AsyncSession, patient_id: UUID) -> bool:
    """Whether the service may watch this person; it may until they say no.

    Raises NotAllowed for anybody but the person and the service that watches: nobody else may know.
    """
    allowed = await repository.allowed(tx, patient_id)
    if allowed is None:
        raise NotAllowed("Only the person sees whether the service watches for them.")
    return allowed


async def allow_monitoring(
    tx: AsyncSession, patient_id: UUID, allowed: bool, *, by: Principal, now: datetime, new_id: NewId
) -> bool:
    """Keep what the person says and tell `monitoring.changed`; False, and no event, when it is so already.

    Raises NotAllowed for anybody but the person.
    """
    if by.role is not Role.PATIENT or by.account_id != patient_id:
        raise NotAllowed("Only the person says whether the service may watch.")
    if allowed == await monitoring_allowed(tx, patient_id):
        return False
    await repository.allow(tx, patient_id, allowed, now)
    await events.append(tx, _changed(patient_id, "allowed" if allowed else "refused", by, now, new_id))
    return True


def _changed(patient_id: UUID, what: str, by: Principal, now: datetime, new_id: NewId) -> Event:
    return Event(new_id(), "monitoring.changed", 1, patient_id, by.account_id, now, now, payload={"what": what})


def _check(settings: PersonSettings) -> None:
    if settings.timezone not in available_timezones():
        raise InvalidInput("The time zone is no IANA name such as Europe/Vienna.")
    quiet = (settings.quiet_from, settings.quiet_until)
    if (None in quiet and quiet != (None, None)) or (quiet[0] == quiet[1] and quiet[0] is not None):
        raise InvalidInput("Quiet hours need a beginning and another end.")
    if any(each is not None and each.tzinfo is not None for each in quiet):
        raise InvalidInput("Quiet hours are local times, without a zone.")
    if unknown := set(settings.channels) - set(CHANNELS):
        raise InvalidInput(f"There are {len(unknown)} channels that do not exist: choose of {', '.join(CHANNELS)}.")
    if "webhook" in settings.channels and settings.hook_url is None:
        raise InvalidInput("The channel webhook needs an address.")
    if settings.hook_url is not None:
        _check_url(settings.hook_url)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _OWN_MACHINE)
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if not (host and secure and plain) or parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput("The address of a webhook is https://…, without a name, a password or a fragment.")
