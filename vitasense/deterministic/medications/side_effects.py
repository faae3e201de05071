"""Symptoms that a person puts down to a medicine, and how they stand to it in time. Time alone proves no cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.courses import begin_of
from vitasense.deterministic.medications.doing import doing_of, seen, words_of
from vitasense.deterministic.medications.history import Change, ChangeKind, changes, told
from vitasense.deterministic.medications.log import Link
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.problems import Conflict, NotFound
from vitasense.deterministic.records import Symptom, symptoms, write_symptom

Onset = Literal["before", "after_start", "after_change", "unknown"]
Course = Literal["went_after_stop", "ended_before_stop", "no_end_told", "not_stopped"]
_STARTS = (ChangeKind.STARTED, ChangeKind.RESUMED)
_STOPS = (ChangeKind.STOPPED, ChangeKind.COMPLETED, ChangeKind.PAUSED)


@dataclass(frozen=True, slots=True)
class Relation:
    """How a symptom stands to a medicine in time.

    It began `days` after the start or the last change of dose (or before the medicine). `course` says what became of it
    when the medicine was stopped, `days_after_stop` how long that took.
    """

    onset: Onset
    days: int | None
    course: Course
    days_after_stop: int | None
    text: str


@dataclass(frozen=True, slots=True)
class SymptomSaid:
    """A symptom that was not told before."""

    name: str
    since: datetime
    until: datetime | None = None
    score: float | None = None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class SideEffect:
    """What was put down to a medicine; `symptom` and `relation` are None when the symptom is not shared with the reader."""

    link: Link
    symptom: Symptom | None
    relation: Relation | None


async def report_side_effect(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    symptom: UUID | SymptomSaid,
    *,
    link_id: UUID,
    note: str | None,
    actor: Principal,
    now: datetime,
    timezone: str = "UTC",
) -> SideEffect:
    """The symptom, put down to the medicine; one that was not told before becomes an Observation of the record, too.

    The same `link_id` again is the same one. Raises NotFound for a medicine or symptom that is not there; InvalidInput
    and NotAllowed as `records.write_symptom`; Conflict when the id belongs to something else.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, None)
    known = await repository.link(tx, patient_id, link_id)
    if known is not None:
        return await _again(doing.tx, patient_id, entry, known, symptom, now, doing.zone)
    symptom_id = await _symptom_id(tx, patient_id, symptom, link_id, now)
    link = Link(link_id, entry.id, symptom_id, words_of(note, "note"), actor.account_id, actor.role.value, now)
    if not await repository.add_link(tx, patient_id, link):
        raise Conflict("Something else is already stored under this id.")
    return await _side_effect(tx, patient_id, entry, link, now, doing.zone)


async def _again(
    tx: AsyncSession,
    patient_id: UUID,
    entry: RegimenEntry,
    known: Link,
    symptom: UUID | SymptomSaid,
    now: datetime,
    zone: ZoneInfo,
) -> SideEffect:
    found = await _side_effect(tx, patient_id, entry, known, now, zone)
    same = known.symptom_id == symptom if isinstance(symptom, UUID) else _is_same(found.symptom, symptom)
    if not same or not entry.is_named(known.medicine_id) or known.removed_at is not None:
        raise Conflict("Something else is already stored under this id.")
    return found


def _is_same(known: Symptom | None, said: SymptomSaid) -> bool:
    return known is None or (known.name, known.since) == (said.name.strip(), said.since)


async def _symptom_id(
    tx: AsyncSession, patient_id: UUID, symptom: UUID | SymptomSaid, link_id: UUID, now: datetime
) -> UUID:
    if isinstance(symptom, UUID):
        if symptom not in await _symptoms(tx, patient_id):
            raise NotFound("There is no such symptom in this record, or it is not shared with you.")
        return symptom
    return await write_symptom(
        tx,
        patient_id,
        observation_id=link_id,
        name=symptom.name,
        since=symptom.since,
        told_at=now,
        until=symptom.until,
        score=symptom.score,
        severity=symptom.severity,
    )


async def _symptoms(tx: AsyncSession, patient_id: UUID) -> dict[UUID, Symptom]:
    return {UUID(each.evidence.ref.rpartition("/")[2]): each for each in await symptoms(tx, patient_id)}


async def _side_effect(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, link: Link, now: datetime, zone: ZoneInfo
) -> SideEffect:
    (found,) = await _related(tx, patient_id, entry, [link], now, zone)
    return found


async def side_effects(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, now: datetime, zone: ZoneInfo
) -> list[SideEffect]:
    """What was put down to the medicine, the newest first."""
    links = await repository.links(tx, patient_id, [each.id for each in entry.sources])
    return await _related(tx, patient_id, entry, links, now, zone)


async def _related(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, links: Sequence[Link], now: datetime, zone: ZoneInfo
) -> list[SideEffect]:
    if not links:
        return []
    felt = await _symptoms(tx, patient_id)
    happened = changes(await told(tx, patient_id, entry, now, zone), entry)
    return [
        SideEffect(link, symptom, relation(symptom, happened, zone) if symptom else None)
        for link in links
        for symptom in [felt.get(link.symptom_id)]
    ]


async def in_time(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, now: datetime, zone: ZoneInfo
) -> list[tuple[Symptom, Relation]]:
    """Every symptom of the record that began after the medicine was begun or changed, put down to it or not."""
    happened = changes(await told(tx, patient_id, entry, now, zone), entry)
    found = [(each, relation(each, happened, zone)) for each in await symptoms(tx, patient_id)]
    return [(each, made) for each, made in found if made.onset in ("after_start", "after_change")]


async def take_back(tx: AsyncSession, patient_id: UUID, link_id: UUID, *, now: datetime) -> None:
    """Take the side effect back; the symptom stays. Again changes nothing. Raises NotFound."""
    await repository.wait_for_turn(tx, patient_id)
    if await repository.link(tx, patient_id, link_id) is None:
        raise NotFound("There is no such side effect.")
    await repository.remove_link(tx, patient_id, link_id, now)


def relation(symptom: Symptom, happened: Sequence[Change], zone: ZoneInfo) -> Relation:
    """How the symptom stands in time to what happened with the medicine. Days are counted only where both are known."""
    onset = symptom.since.astimezone(zone).date()
    ended = symptom.until.astimezone(zone).date() if symptom.until else None
    starts = _days(happened, _STARTS, zone)
    dosed = _days(happened, (*_STARTS, ChangeKind.CHANGED), zone)
    before = [day for day in dosed if day <= onset]
    stops = [day for day in _days(happened, _STOPS, zone) if day >= onset]
    kind: Onset = "unknown"
    days = None
    if before:
        kind = "after_start" if max(before) in starts else "after_change"
        days = (onset - max(before)).days
    elif dosed:
        kind, days = "before", (min(dosed) - onset).days
    course, after = _course(ended, min(stops) if stops else None)
    return Relation(kind, days, course, after, _words(kind, days, course, after))


def _days(happened: Sequence[Change], kinds: Sequence[ChangeKind], zone: ZoneInfo) -> list[date]:
    """The local days of these changes, as far as they are known to the day."""
    found = (begin_of(each.at, zone) for each in happened if each.kind in kinds)
    return [each.day for each in found if each and each.day]


def _course(ended: date | None, stop: date | None) -> tuple[Course, int | None]:
    if stop is None:
        return "not_stopped", None
    if ended is None:
        return "no_end_told", None
    return ("went_after_stop", (ended - stop).days) if ended >= stop else ("ended_before_stop", None)


def _words(onset: Onset, days: int | None, course: Course, after: int | None) -> str:
    began = {
        "before": f"It began {_count(days)} before the medicine.",
        "after_start": _after(days, "the medicine was begun"),
        "after_change": _after(days, "the dose was changed"),
        "unknown": "On which day the medicine was begun is not known.",
    }[onset]
    went = {
        "went_after_stop": f" It was gone {_count(after)} after the medicine was stopped.",
        "ended_before_stop": " It was gone while the medicine was still taken.",
        "no_end_told": " The medicine was stopped; whether it went is not told.",
        "not_stopped": "",
    }[course]
    return f"{began}{went} This does not show that the medicine caused it."


def _after(days: int | None, what: str) -> str:
    return f"It began {_count(days)} after {what}." if days else f"It began on the day on which {what}."


def _count(days: int | None) -> str:
    return f"{days or 0} day{'' if days == 1 else 's'}"
