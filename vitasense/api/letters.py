"""Telling of alarms outside of the page: by mail and webhook, with a link and nothing of what they say."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.deterministic import alarms, consent, decisions, notices, tracking
from vitasense.deterministic.alarms import Alarm, Channel, Notification, Preferences, State
from vitasense.deterministic.auth import address_of, monitor_access, system_access
from vitasense.deterministic.decisions import Action, ActionKind, Details
from vitasense.deterministic.notices import Notice
from vitasense.deterministic.platform.findings import Urgency

PROVIDER_TOLD = "A provider whom you share this with was told that it waits."


async def tell_of(services: Services, tx: AsyncSession, patient_id: UUID, alarm_id: UUID) -> None:
    """Plan what an alarm wants to be told, and let go what is due now. Again it tells nothing twice."""
    now = services.clock()
    await services.database.switch(tx, monitor_access("alarm letters", patient_id))
    if not await tracking.monitoring_allowed(tx, patient_id):
        return  # the person switched it off since
    alarm = await alarms.alarm(tx, patient_id, alarm_id)
    if await _opened_again(tx, patient_id, alarm):
        return
    wishes = await tracking.person_settings(tx, patient_id, services.settings.timezone)
    preferences = Preferences(
        timezone=wishes.timezone,
        quiet_from=wishes.quiet_from,
        quiet_until=wishes.quiet_until,
        channels=tuple(cast("Sequence[Channel]", wishes.channels)),
        tells_providers=wishes.tells_providers,
    )
    providers = await consent.readers(tx, patient_id, alarm.category) if wishes.tells_providers else []
    await alarms.plan_notifications(tx, patient_id, alarm, preferences, providers, now, services.new_id)
    await give_on(services, tx, patient_id, now)


async def give_on(services: Services, tx: AsyncSession, patient_id: UUID, now: datetime) -> None:
    """Let every message go that is due: into the ledgers of mail and webhooks, in this transaction."""
    await services.database.switch(tx, monitor_access("alarm letters", patient_id))
    due = [
        each for each in await alarms.due_notifications(tx, patient_id, now) if await _may_know(tx, patient_id, each)
    ]
    wishes = await tracking.person_settings(tx, patient_id, "UTC")
    for each in due:
        await alarms.mark_sent(tx, patient_id, each.id, now)
    await _note_providers(services, tx, patient_id, due)
    await services.database.switch(tx, system_access("alarm letters"))
    for each in due:
        await _let_go(services, tx, patient_id, each, wishes.hook_url, now)


async def _note_providers(services: Services, tx: AsyncSession, patient_id: UUID, told: Sequence[Notification]) -> None:
    """Keep with the alarm's decision which provider was told, once for each."""
    for recipient, alarm_id in dict.fromkeys((each.recipient_id, each.alarm_id) for each in told):
        if recipient != patient_id:
            alarm = await alarms.alarm(tx, patient_id, alarm_id)
            decision = await decisions.decision(tx, patient_id, alarm.decision_id)
            action = Action(ActionKind.NOTIFY_PROVIDER, str(recipient), Details(text=PROVIDER_TOLD))
            await decisions.act(tx, patient_id, decision, [action], ids=services.new_id)


async def _opened_again(tx: AsyncSession, patient_id: UUID, alarm: Alarm) -> bool:
    """Whether it stands again soon after its end: that is not told anew, unless it is an emergency."""
    steps = await alarms.history(tx, patient_id, alarm.id)
    follows = len(steps) > 1 and not steps[-2].state.is_open
    return follows and alarm.state is State.RAISED and alarm.urgency is not Urgency.EMERGENCY


async def _may_know(tx: AsyncSession, patient_id: UUID, each: Notification) -> bool:
    """Whether the recipient is the person, or a provider whom they share with at this moment."""
    if each.recipient_id == patient_id:
        return True
    alarm = await alarms.alarm(tx, patient_id, each.alarm_id)
    return each.recipient_id in await consent.readers(tx, patient_id, alarm.category)


async def _let_go(
    services: Services, tx: AsyncSession, patient_id: UUID, each: Notification, hook: str | None, now: datetime
) -> None:
    letter = alarms.letter(each.alarm_id, services.settings.base_url)
    if each.channel == "email":
        address = await address_of(tx, each.recipient_id)
        if address:
            await notices.post(tx, Notice(each.id, address, letter.subject, letter.body, now))
    elif each.channel == "webhook" and hook:
        await notices.post_hook(tx, each.id, patient_id, hook, letter.link, now)
