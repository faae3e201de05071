"""Reminders of a dose and of a refill: open tasks, made ahead by the service that watches, for who asked for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import alarms, decisions
from vitasense.deterministic.alarms import Task, TaskState
from vitasense.deterministic.decisions import Decision
from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.doing import Doing, doing_of, seen
from vitasense.deterministic.medications.history import due_between, periods, told
from vitasense.deterministic.medications.log import Reminder, ReminderKind
from vitasense.deterministic.medications.occurrences import Occurrence
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.schedule_words import slot_words
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound
from vitasense.deterministic.tracking import NotEvaluated, monitoring_allowed

AGENT, RULE, RULE_VERSION = "health", "medications/reminders#asked", "2026.12"
USUAL_DAYS_BEFORE = 7
MOST_DAYS_BEFORE = 60
LOOKS_AHEAD = timedelta(days=8)
LONGEST_WAIT = timedelta(hours=12)


async def set_reminder(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    kind: ReminderKind,
    *,
    is_on: bool,
    actor: Principal,
    now: datetime,
    ids: NewId,
    days_before: int | None = None,
    clock: Mapping[str, str] | None = None,
    timezone: str = "UTC",
) -> Reminder:
    """What the person wants to be reminded of; only the person says it.

    A reminder of a dose needs a time for each part of the day at which it is due (`clock`: "MORN" → "08:00"). Raises
    NotFound; NotAllowed for anybody else; InvalidInput where a time is missing, where what is due cannot be told, or
    while the person lets the service watch nothing.
    """
    if actor.role is not Role.PATIENT:
        raise NotAllowed("Only the person says of what to be reminded.")
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, None)
    known = await _reminder(tx, patient_id, entry, kind)
    if not is_on:
        return await _off(doing, entry, kind, known, ids)
    if not await monitoring_allowed(tx, patient_id):
        raise InvalidInput("You switched off that the service watches for you, so it cannot remind you.")
    times = _checked_clock(clock or {})
    if kind == "dose":
        await _check_doses(doing, entry, times)
    if days_before is not None and not 1 <= days_before <= MOST_DAYS_BEFORE:
        raise InvalidInput(f"A refill is reminded of from 1 to {MOST_DAYS_BEFORE} days before.")
    decision = await _decide(doing, entry, kind, ids)
    before = (days_before or USUAL_DAYS_BEFORE) if kind == "refill" else None
    made = Reminder(entry.id, kind, True, before, decision, now, now, times if kind == "dose" else {})
    await repository.save_reminder(tx, patient_id, made)
    await alarms.wind(tx, patient_id, kind, entry.id, now, now, ids)
    return made


async def reminders_of(tx: AsyncSession, patient_id: UUID, entry: RegimenEntry) -> list[Reminder]:
    """What the person wants to be reminded of with this medicine."""
    return await repository.reminders(tx, patient_id, [each.id for each in entry.sources])


async def _reminder(tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, kind: ReminderKind) -> Reminder | None:
    return next((each for each in await reminders_of(tx, patient_id, entry) if each.kind == kind), None)


async def _off(doing: Doing, entry: RegimenEntry, kind: ReminderKind, known: Reminder | None, ids: NewId) -> Reminder:
    if known is None:
        raise NotFound("There is no such reminder.")
    off = Reminder(known.medicine_id, kind, False, known.days_before, known.decision_id, None, doing.now, known.clock)
    await repository.save_reminder(doing.tx, doing.patient_id, off)
    for task in await open_tasks(doing.tx, doing.patient_id, entry, kind):
        await alarms.dismiss(doing.tx, doing.patient_id, task.id, actor=doing.actor, now=doing.now, ids=ids)
    return off


def _checked_clock(clock: Mapping[str, str]) -> dict[str, str]:
    try:
        return {slot: time.fromisoformat(at).strftime("%H:%M") for slot, at in clock.items()}
    except ValueError:
        raise InvalidInput("A time of the day is written as 08:00.") from None


async def _check_doses(doing: Doing, entry: RegimenEntry, clock: Mapping[str, str]) -> None:
    """Raise InvalidInput when it cannot be told what is due, or at what time."""
    due = await due_of(doing, entry, doing.now, doing.now + LOOKS_AHEAD * 5)
    if isinstance(due, NotEvaluated):
        raise InvalidInput(f"You cannot be reminded: {due.reason}.")
    if missing := untimed(due, clock):
        said = ", ".join(slot_words(slot) or slot for slot in missing)
        raise InvalidInput(f"Say at what time you want to be reminded: {said}.", missing=missing)


def untimed(due: Sequence[Occurrence], clock: Mapping[str, str]) -> list[str]:
    """The parts of the day that have no time."""
    return sorted({each.slot for each in due if each.at is None and each.slot not in clock})


async def missing_times(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, reminder: Reminder, *, now: datetime, zone: ZoneInfo
) -> list[str]:
    """Parts of the day for which the person named no time, since how the medicine is taken was changed: of these nobody
    reminds.
    """
    if reminder.kind != "dose" or not reminder.is_on:
        return []
    held = periods(await told(tx, patient_id, entry, now, zone), zone)
    due = due_between(held, now, now + LOOKS_AHEAD, zone)
    return [] if isinstance(due, NotEvaluated) else untimed(due, reminder.clock)


async def look_anew(doing: Doing, entry: RegimenEntry, ids: NewId) -> None:
    """Have reminders looked at at once, when how the medicine is taken was changed; tasks of the old directions go."""
    for each in await reminders_of(doing.tx, doing.patient_id, entry):
        if not each.is_on:
            continue
        for task in await open_tasks(doing.tx, doing.patient_id, entry, each.kind):
            await alarms.dismiss(doing.tx, doing.patient_id, task.id, actor=doing.actor, now=doing.now, ids=ids)
        await repository.look_again(doing.tx, doing.patient_id, each.medicine_id, each.kind, doing.now)
        await alarms.wind(doing.tx, doing.patient_id, each.kind, each.medicine_id, doing.now, doing.now, ids)


async def due_of(
    doing: Doing, entry: RegimenEntry, since: datetime, until: datetime
) -> tuple[Occurrence, ...] | NotEvaluated:
    """What is due in that time."""
    held = periods(await told(doing.tx, doing.patient_id, entry, doing.now, doing.zone), doing.zone)
    return due_between(held, since, until, doing.zone)


async def _decide(doing: Doing, entry: RegimenEntry, kind: ReminderKind, ids: NewId) -> UUID:
    """Write that the person asked for it: what the tasks rest on."""
    wanted = "each dose" if kind == "dose" else "a new supply in time"
    decision = Decision(
        id=ids(),
        category=Category.MEDICATIONS,
        event_id=ids(),
        correlation_id=ids(),
        agent=AGENT,
        rule=RULE,
        rule_version=RULE_VERSION,
        outcome=f"You asked to be reminded of {wanted}: {entry.name}",
        urgency=Urgency.SELF_CARE,
        confidence=1.0,
        decided_at=doing.now,
    )
    await decisions.record(doing.tx, doing.patient_id, decision, actor=doing.actor, ids=ids)
    return decision.id


async def open_tasks(tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, kind: ReminderKind) -> Sequence[Task]:
    """The open tasks of this kind with the medicine."""
    keys = {f"{kind}/{each.id}" for each in entry.sources}
    return [each for each in await alarms.tasks(tx, patient_id, TaskState.OPEN, 500) if each.key in keys]


async def settle_dose(
    tx: AsyncSession,
    patient_id: UUID,
    entry: RegimenEntry,
    at: datetime,
    *,
    actor: Principal,
    now: datetime,
    ids: NewId,
) -> None:
    """Close the task of a dose that was told of; one of another time stays."""
    tasks = await open_tasks(tx, patient_id, entry, "dose")
    for task in [each for each in tasks if at >= each.due_at - LONGEST_WAIT]:
        await alarms.finish(tx, patient_id, task.id, actor=actor, now=now, ids=ids)
