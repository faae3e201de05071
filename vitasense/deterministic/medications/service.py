"""Medicines as a person tells of them: begun, changed, paused, stopped and taken up again, each as FHIR in the record."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications.courses import begin_of
from vitasense.deterministic.medications.directions import schedule_from_words
from vitasense.deterministic.medications.doing import (
    Doing,
    begins_then,
    date_of,
    doing_of,
    medicine,
    refuse_before,
    seen,
    words_of,
    write,
)
from vitasense.deterministic.medications.fhir import Said, beginning, statement_of
from vitasense.deterministic.medications.fhir_values import take_objects, words_of_concept
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.reminders import look_anew
from vitasense.deterministic.medications.schedules import Json, Schedule
from vitasense.deterministic.medications.sources import STATEMENT, Source, State
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.problems import Conflict, InvalidInput
from vitasense.deterministic.platform.untrusted import shown
from vitasense.deterministic.records import medication_id, versions

LONGEST_NAME = 200
_NOT_SAID = frozenset({"resourceType", "id", "subject", "dateAsserted"})


@dataclass(frozen=True, slots=True)
class NewMedicine:
    """A medicine that a person begins to tell of. Dates are FHIR dates or times; without `since` it is not known.

    `directions` are in words; a `schedule` wins over them.
    """

    name: str
    directions: str | None = None
    schedule: Schedule | None = None
    since: str | None = None
    until: str | None = None
    reason: str | None = None
    note: str | None = None


async def add_medicine(
    tx: AsyncSession,
    patient_id: UUID,
    new: NewMedicine,
    *,
    statement_id: UUID,
    actor: Principal,
    now: datetime,
    timezone: str = "UTC",
) -> RegimenEntry:
    """The medicine, written as a MedicationStatement; the same `statement_id` with the same words is the same one.

    Directions that cannot be read for sure are kept as text. Raises InvalidInput for an empty name, a date that is none,
    or an end before the beginning; Conflict when the id belongs to something else; NotAllowed.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    said = _said(new, doing)
    kept = medication_id(patient_id, statement_id)
    before = await versions(tx, patient_id, STATEMENT, kept)
    if before and not _is_same(before[-1].content, statement_of(said, patient_id, actor, now)):
        raise Conflict("Another medicine is already stored under this id.")
    if not before:
        await write(doing, said, statement_id)
    return await medicine(tx, patient_id, kept, now, timezone=timezone)


def _is_same(stored: Json, asked: Json) -> bool:
    """Whether both say the same, at whatever time."""
    told = [{name: each[name] for name in each if name not in _NOT_SAID} for each in (stored, asked)]
    return told[0] == told[1]


async def change_dose(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    *,
    schedule: Schedule,
    since: str | None,
    version: str | None,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> RegimenEntry:
    """The medicine with other directions from `since` on (today when None), as a new version.

    `version` is that of the entry which the person saw. Raises NotFound, Conflict for another version or a medicine that
    is not taken, InvalidInput for a day before it began.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, version)
    if entry.state.is_over:
        raise Conflict("This medicine is not taken any more. Take it up again first.")
    day = date_of(since or doing.today.isoformat(), "The day of the change")
    refuse_before(entry, day, doing)
    whole = entry.begins is None or begins_then(entry.begins, day, doing)
    kept = schedule if whole else beginning(schedule, day, doing.zone)
    said = _copied(entry, "on-hold" if entry.state is State.PAUSED else "active")
    begins = entry.begins or (day if since else None)
    return await _rewrite(doing, entry, replace(said, schedule=kept, begins=begins), ids)


async def stop(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    *,
    on: str | None,
    reason: str | None,
    version: str | None,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> RegimenEntry:
    """The medicine, stopped on that day (today when None); a day to come is when it will end.

    Stopping what is stopped changes nothing. Raises as `change_dose`, and InvalidInput for a day before it began.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, version)
    if entry.state.is_over:
        return entry
    day = date_of(on or doing.today.isoformat(), "The day on which it was stopped")
    refuse_before(entry, day, doing)
    begin = begin_of(day, doing.zone)
    to_come = begin is not None and begin.at > now
    said = replace(
        _copied(entry, "active" if to_come else "stopped"), until=day, status_reason=words_of(reason, "reason")
    )
    return await _rewrite(doing, entry, said, ids)


async def pause(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    *,
    reason: str | None,
    version: str | None,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> RegimenEntry:
    """The medicine, not taken for a while; again changes nothing. Raises as `change_dose`."""
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, version)
    if entry.state is State.PAUSED:
        return entry
    if entry.state.is_over:
        raise Conflict("This medicine is not taken any more.")
    said = replace(_copied(entry, "on-hold"), status_reason=words_of(reason, "reason"))
    return await _rewrite(doing, entry, said, ids)


async def resume(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    *,
    on: str | None,
    version: str | None,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> RegimenEntry:
    """The medicine, taken again from that day on (today when None); again changes nothing.

    Its earlier time stays in the history. Raises NotFound, Conflict for another version, InvalidInput for a day to come
    or before it was stopped.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, version)
    if entry.is_taken:
        return entry
    day = date_of(on or doing.today.isoformat(), "The day from which it is taken again")
    begin, before = begin_of(day, doing.zone), begin_of(entry.until, doing.zone)
    if begin is None or begin.at > now:
        raise InvalidInput("The day from which it is taken again is not over yet to be told.")
    if before and begin.at < before.at:
        raise InvalidInput("It was still taken on that day.")
    return await _rewrite(doing, entry, replace(_copied(entry, "active"), begins=day, until=None), ids)


def _said(new: NewMedicine, doing: Doing) -> Said:
    name = shown(new.name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput(f"A medicine has a name of 1 to {LONGEST_NAME} characters.")
    schedule = new.schedule
    if schedule is None and new.directions and new.directions.strip():
        schedule = schedule_from_words(words_of(new.directions, "directions") or "")
    begins = date_of(new.since, "The day on which it began") if new.since else None
    until = date_of(new.until, "The day on which it ends") if new.until else None
    begin, end = begin_of(begins, doing.zone), begin_of(until, doing.zone)
    if begin and end and end.at < begin.at:
        raise InvalidInput("It ends before it begins.")
    return Said(
        name=name,
        status="completed" if end and end.day and end.day < doing.today else "active",
        schedule=schedule,
        begins=begins,
        until=until,
        reason=words_of(new.reason, "reason"),
        note=words_of(new.note, "note"),
    )


def _own(entry: RegimenEntry) -> Source | None:
    """What was said of it here, the newest."""
    return next((each for each in entry.sources if each.here), None)


def _copied(entry: RegimenEntry, status: str) -> Said:
    """What is known of the medicine, to be said again with a change."""
    own = _own(entry)
    return Said(
        name=own.name if own else entry.name,
        status=status,
        schedule=entry.schedule,
        codings=own.codings if own else entry.codings,
        begins=entry.begins,
        reason=entry.reason,
        note=_note(own),
        about=_about(entry, own),
    )


def _about(entry: RegimenEntry, own: Source | None) -> tuple[Source, ...]:
    return tuple(each for each in entry.sources if own is None or (each.id != own.id and each.ref in own.about))


def _note(own: Source | None) -> str | None:
    notes = take_objects(dict(own.content), "note") if own else ()
    return words_of_concept(notes[0]) if notes else None


async def _rewrite(doing: Doing, entry: RegimenEntry, said: Said, ids: NewId) -> RegimenEntry:
    """A new version of what was said here, or a first word beside what came from elsewhere, which stays as it came."""
    own = _own(entry)
    written = await write(doing, said, own.id if own else ids())
    changed = await medicine(doing.tx, doing.patient_id, written, doing.now, timezone=doing.timezone)
    await look_anew(doing, changed, ids)
    return changed
