"""What the service does when a reminder's timer rings: the next task is made ahead, and one that is over is closed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import alarms
from vitasense.deterministic.alarms import Preferences, TaskKind, after_quiet
from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.courses import at_clock
from vitasense.deterministic.medications.doing import Doing, doing_of
from vitasense.deterministic.medications.log import Reminder, ReminderKind
from vitasense.deterministic.medications.matching import outcomes
from vitasense.deterministic.medications.occurrences import Occurrence
from vitasense.deterministic.medications.refills import Forecast, forecast
from vitasense.deterministic.medications.regimen import RegimenEntry, regimen
from vitasense.deterministic.medications.reminders import (
    LONGEST_WAIT,
    LOOKS_AHEAD,
    USUAL_DAYS_BEFORE,
    due_of,
    open_tasks,
)
from vitasense.deterministic.medications.schedule_words import dose_words
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.tracking import NotEvaluated, person_settings

MADE_AHEAD = timedelta(hours=24)
LOOKS_AT = time(9)  # of the person's day, for what is no matter of hours
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _DueAt:
    """A taking with the moment at which the person wants to be reminded of it."""

    due: Occurrence
    at: datetime


async def remind(
    tx: AsyncSession,
    patient_id: UUID,
    kind: ReminderKind,
    medicine_id: UUID,
    *,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> None:
    """What a timer of kind dose or refill finds: the next task is made, one that is over is closed, and a timer wound.

    A timer that another one overtook does nothing, and so does one of a reminder that was switched off.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    found = await repository.reminders(tx, patient_id, [medicine_id])
    wanted = next((each for each in found if each.kind == kind), None)
    if wanted is None or not wanted.is_on or wanted.next_at is None or wanted.next_at > now:
        return
    entries = await regimen(tx, patient_id, now, timezone=timezone)
    entry = next((each for each in entries if each.is_named(medicine_id)), None)
    again = None
    if entry is not None:
        quiet = await _quiet(doing)
        attend = _attend_dose if kind == "dose" else _attend_refill
        again = await attend(doing, entry, wanted, quiet, ids)
    await repository.look_again(tx, patient_id, medicine_id, kind, again)
    if again is not None:
        await alarms.wind(tx, patient_id, kind, medicine_id, again, now, ids)


async def wind_again(tx: AsyncSession, patient_id: UUID, *, now: datetime, ids: NewId) -> None:
    """Wind the timers of reminders that should have been looked at: the person let the service watch again."""
    for each in await repository.reminders(tx, patient_id):
        if each.is_on and each.next_at is not None and each.next_at <= now:
            await alarms.wind(tx, patient_id, each.kind, each.medicine_id, now, now, ids)


async def _quiet(doing: Doing) -> Preferences:
    found = await person_settings(doing.tx, doing.patient_id, doing.timezone)
    return Preferences(timezone=found.timezone, quiet_from=found.quiet_from, quiet_until=found.quiet_until)


async def _attend_dose(doing: Doing, entry: RegimenEntry, wanted: Reminder, quiet: Preferences, ids: NewId) -> datetime:
    """Make the task of the next dose; the time at which to look again."""
    for task in await open_tasks(doing.tx, doing.patient_id, entry, "dose"):
        if task.due_at > doing.now:
            return task.due_at + LONGEST_WAIT / 2
        await alarms.expire(doing.tx, doing.patient_id, task.id, actor=doing.actor, now=doing.now, ids=ids)
    coming = await _coming(doing, entry, wanted)
    if not coming:
        return doing.now + _ONE_DAY
    first, others = coming[0], coming[1:]
    if first.at - doing.now > MADE_AHEAD:
        return first.at - LONGEST_WAIT
    asked = max(after_quiet(quiet, first.at), doing.now + timedelta(seconds=1))
    await _ask(doing, wanted, TaskKind.DOSE, _dose_text(entry, first, doing.zone), asked, ids)
    wait = min((others[0].at - first.at) / 2, LONGEST_WAIT) if others else LONGEST_WAIT
    return max(asked, first.at + wait)


async def _coming(doing: Doing, entry: RegimenEntry, wanted: Reminder) -> list[_DueAt]:
    """What is due from now on and was not told of, in its order."""
    if not entry.is_taken:
        return []
    since = doing.now - _ONE_DAY
    due = await due_of(doing, entry, since, doing.now + LOOKS_AHEAD)
    if isinstance(due, NotEvaluated):
        return []
    logged = await repository.doses(doing.tx, doing.patient_id, [each.id for each in entry.sources], since)
    done = outcomes(due, logged, (), doing.zone)
    timed = [_DueAt(each, at) for each in due if each.key not in done and (at := _at(each, wanted, doing.zone))]
    return sorted((each for each in timed if each.at > doing.now), key=lambda one: one.at)


def _at(due: Occurrence, wanted: Reminder, zone: ZoneInfo) -> datetime | None:
    if due.at is not None:
        return due.at
    clock = wanted.clock.get(due.slot)
    return at_clock(due.day, time.fromisoformat(clock), zone) if clock else None


def _dose_text(entry: RegimenEntry, coming: _DueAt, zone: ZoneInfo) -> str:
    step = (
        entry.schedule.steps[coming.due.place]
        if entry.schedule and coming.due.place < len(entry.schedule.steps)
        else None
    )
    dose = f" Take {dose_words(step.dose)}." if step and step.dose else ""
    return f"{entry.name} is due at {coming.at.astimezone(zone):%H:%M}.{dose}"


async def _attend_refill(
    doing: Doing, entry: RegimenEntry, wanted: Reminder, quiet: Preferences, ids: NewId
) -> datetime:
    """Make the task while the medicine may run out soon, or close it when there is enough again."""
    found = await forecast(doing.tx, doing.patient_id, entry, now=doing.now, zone=doing.zone)
    today = doing.now.astimezone(doing.zone).date()
    low = _is_low(found, today.toordinal(), wanted.days_before or USUAL_DAYS_BEFORE)
    tasks = await open_tasks(doing.tx, doing.patient_id, entry, "refill")
    if low and found.earliest and not tasks:
        due = max(at_clock(found.earliest, LOOKS_AT, doing.zone), doing.now + timedelta(hours=1))
        await _ask(doing, wanted, TaskKind.REFILL, _refill_text(entry, found), after_quiet(quiet, due), ids)
    for task in tasks if not low else ():
        await alarms.finish(doing.tx, doing.patient_id, task.id, actor=doing.actor, now=doing.now, ids=ids)
    looks = (at_clock(today + days * _ONE_DAY, LOOKS_AT, doing.zone) for days in range(2))
    return after_quiet(quiet, next(each for each in looks if each > doing.now))


def _is_low(found: Forecast, today: int, days_before: int) -> bool:
    if found.status is not Status.FOUND or found.earliest is None:
        return False
    return found.earliest.toordinal() - today <= days_before


def _refill_text(entry: RegimenEntry, found: Forecast) -> str:
    assert found.earliest is not None, "it was looked at"
    day = f"{found.earliest.day} {found.earliest:%B %Y}"
    left = found.refills_left
    refills = (
        "" if left is None else f" {left} refill{'' if left == 1 else 's'} left." if left else " No refill is left."
    )
    return f"{entry.name} may run out on {day}.{refills}"


async def _ask(doing: Doing, wanted: Reminder, kind: TaskKind, text: str, due_at: datetime, ids: NewId) -> None:
    await alarms.ask(
        doing.tx,
        doing.patient_id,
        kind=kind,
        key=f"{wanted.kind}/{wanted.medicine_id}",
        text=text,
        due_at=due_at,
        category=Category.MEDICATIONS,
        decision_id=wanted.decision_id,
        actor=doing.actor,
        now=doing.now,
        ids=ids,
    )
