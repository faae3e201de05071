"""Who is told of an alarm, how and when; and what leaves the service, which never says more than that something waits."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.alarms import ledger, repository
from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.alarms.quiet import after_quiet, day_of
from vitasense.deterministic.alarms.schemas import Alarm, Channel, Letter, Notification, Planned, Preferences
from vitasense.deterministic.alarms.timers import wind
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import InvalidInput

SUBJECT = "A message from VitaSense is waiting"
CHANNELS: tuple[Channel, ...] = ("page", "email", "webhook")
FOR_PROVIDERS: tuple[Channel, ...] = ("page", "email")  # the webhook is the person's own
MOST_AT_ONCE = 500


def plan(
    alarm: Alarm,
    preferences: Preferences,
    patient_id: UUID,
    providers: Collection[UUID],
    now: datetime,
    told_today: int = 0,
) -> list[Planned]:
    """The messages that an alarm which calls for an answer wants; none for any other.

    Quiet hours delay all but an emergency, which always comes to the page as well. `told_today` is how many messages
    that are not urgent leave for the person on the day of this one: from intervals.letters on only the page is left.
    `providers` are those who may see the alarm by the person's consent; they are told of urgent alarms, by page and
    email (a webhook is the person's own), when the person wants that. Raises InvalidInput for an unknown time zone.
    """
    if not alarm.state.calls:
        return []
    is_emergency = alarm.urgency is Urgency.EMERGENCY
    not_before = now if is_emergency else after_quiet(preferences, now)
    planned = [Planned(channel, patient_id, not_before) for channel in _channels(alarm, preferences, told_today)]
    if preferences.tells_providers and _is_urgent(alarm):
        others = sorted(set(providers) - {patient_id})
        planned += [Planned(channel, each, not_before) for each in others for channel in FOR_PROVIDERS]
    return planned


def _channels(alarm: Alarm, preferences: Preferences, told_today: int) -> list[Channel]:
    wanted = set[str](preferences.channels)
    if alarm.urgency is Urgency.EMERGENCY:
        wanted.add("page")
    if not _is_urgent(alarm) and told_today >= intervals().letters.most_a_day:
        wanted &= {"page"}
    return [channel for channel in CHANNELS if channel in wanted]


def _is_urgent(alarm: Alarm) -> bool:
    return alarm.urgency.rank >= Urgency.URGENT.rank


async def plan_notifications(
    tx: AsyncSession,
    patient_id: UUID,
    alarm: Alarm,
    preferences: Preferences,
    providers: Collection[UUID],
    now: datetime,
    ids: NewId,
) -> list[Notification]:
    """The messages that were not planned before for this version of the alarm, kept; with a timer where they wait."""
    if not alarm.state.calls:
        return []
    await repository.wait_for_turn(tx, patient_id)
    since, until = day_of(preferences, after_quiet(preferences, now))
    told = await ledger.told_between(tx, patient_id, patient_id, since, until, alarm)
    planned = plan(alarm, preferences, patient_id, providers, now, told)
    added = [await ledger.add_notification(tx, patient_id, alarm, each, now, ids) for each in planned]
    new = [each for each in added if each]
    for each in new:
        if each.not_before > now:
            await wind(tx, patient_id, "notification", each.id, each.not_before, now, ids)
    return new


async def due_notifications(tx: AsyncSession, patient_id: UUID, now: datetime, limit: int = 100) -> list[Notification]:
    """Messages to give on now, held until the transaction ends; what an answer or a later step overtook is left out."""
    if not 0 < limit <= MOST_AT_ONCE:
        raise InvalidInput(f"From 1 to {MOST_AT_ONCE} messages are given at once.")
    return await ledger.due_notifications(tx, patient_id, now, limit)


async def mark_sent(tx: AsyncSession, patient_id: UUID, notification_id: UUID, now: datetime) -> bool:
    """The message was given on; False when it had been."""
    return await ledger.mark_sent(tx, patient_id, notification_id, now)


def letter(alarm_id: UUID, base_url: str) -> Letter:
    """What leaves by mail or webhook: a link, and nothing about the person. Raises InvalidInput for no web address."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise InvalidInput("The address of this service must begin with http:// or https://.")
    link = f"{base_url.rstrip('/')}/#/alarms/{alarm_id}"
    return Letter(SUBJECT, f"A message is waiting for you. Sign in to read it:\n\n{link}\n", link)
