"""What became of a medicine over time: who said what when, and which directions held from when until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications.courses import begin_of, midnight
from vitasense.deterministic.medications.fhir_values import take_object, take_words, words_of_concept
from vitasense.deterministic.medications.occurrences import Occurrence, occurrences
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.schedule_words import schedule_words
from vitasense.deterministic.medications.schedules import Dates, Schedule
from vitasense.deterministic.medications.sources import Source, State, source_of
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.records import ResourceVersion, StoredResource, Treatment, moment, versions
from vitasense.deterministic.tracking import NotEvaluated

NOT_TAKEN_THEN = "it was not taken at that time"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class ChangeKind(StrEnum):
    """What happened to a medicine."""

    ORDERED = "ordered"
    STARTED = "started"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    COMPLETED = "completed"
    NOT_TAKEN = "not_taken"
    PLANNED = "planned"
    SAID = "said"
    DISPENSED = "dispensed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened, at `at`: a date or time in the source's precision. `directions` held since, `reason` why."""

    at: str
    kind: ChangeKind
    directions: str | None
    reason: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Period:
    """Directions from `since` to before `until`; `begins` and `ends` are what the source says of the medicine."""

    since: datetime
    until: datetime | None
    schedule: Schedule | None
    begins: str | None
    ends: str | None


@dataclass(frozen=True, slots=True)
class _Word:
    """One version of one source, from when it holds, and whether it says that the medicine is taken."""

    source: Source
    since: datetime
    is_taken: bool


async def told(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, now: datetime, zone: ZoneInfo
) -> list[list[Source]]:
    """Every version of every source of the medicine, the oldest first."""
    found: list[list[Source]] = []
    for source in entry.sources:
        held = await versions(tx, patient_id, source.type, source.id)
        found.append([_at(source, each, now, zone) for each in reversed(held)])
    return found


def _at(source: Source, version: ResourceVersion, now: datetime, zone: ZoneInfo) -> Source:
    concept = take_object(dict(version.content), "medicationCodeableConcept")
    row = StoredResource(
        type=source.type,
        id=source.id,
        version=version.version,
        category=Category.MEDICATIONS,
        label=source.name,
        code_system=None,
        code=None,
        status=take_words(dict(version.content), "status"),
        at=None,
        recorded_at=version.recorded_at,
        content=version.content,
    )
    name = (words_of_concept(concept) if concept else None) or source.name
    return source_of(Treatment(row, name, source.codings), now, zone)


async def history(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, now: datetime, zone: ZoneInfo
) -> list[Change]:
    """What happened with the medicine, the newest first."""
    return changes(await told(tx, patient_id, entry, now, zone), entry)


def changes(lines: Sequence[Sequence[Source]], entry: RegimenEntry) -> list[Change]:
    """What happened, the newest first, from the versions of each source and what was handed over."""
    found = [change for line in lines for change in _changes(line)]
    handed = [(each.at, each.evidence) for each in entry.dispenses if each.at]
    found += [Change(at.isoformat(), ChangeKind.DISPENSED, None, None, evidence) for at, evidence in handed]
    return sorted(found, key=_place, reverse=True)


def _place(change: Change) -> datetime:
    found = moment(change.at)
    return found.at if found else _EARLIEST


_KINDS = {
    State.TAKING: ChangeKind.STARTED,
    State.PLANNED: ChangeKind.PLANNED,
    State.PAUSED: ChangeKind.PAUSED,
    State.STOPPED: ChangeKind.STOPPED,
    State.COMPLETED: ChangeKind.COMPLETED,
    State.NOT_TAKEN: ChangeKind.NOT_TAKEN,
    State.UNCLEAR: ChangeKind.SAID,
}


def _changes(line: Sequence[Source]) -> Iterable[Change]:
    before: Source | None = None
    for source in line:
        if before is None:
            yield from _first(source)
        elif source.state is not before.state:
            resumed = source.state is State.TAKING
            kind = ChangeKind.RESUMED if resumed else _KINDS[source.state]
            at = source.begins if resumed else source.until
            yield _change(source, kind, at)
        elif _directions(source) != _directions(before):
            yield _change(source, ChangeKind.CHANGED, _from(source))
        elif source.until != before.until and source.until:
            yield _change(source, ChangeKind.STOPPED, source.until)
        before = source


def _first(source: Source) -> Iterable[Change]:
    """An order is told as such, and a first word that it is over tells when it began, too."""
    if source.is_order:
        yield _change(source, ChangeKind.ORDERED, take_words(dict(source.content), "authoredOn"))
    elif source.state is State.TAKING:
        yield _change(source, ChangeKind.STARTED, source.begins)
    if source.state is not State.TAKING:
        if source.begins and not source.is_order:
            yield _change(source, ChangeKind.STARTED, source.begins)
        yield _change(source, _KINDS[source.state], source.until)


def _change(source: Source, kind: ChangeKind, at: str | None) -> Change:
    reason = source.state_reason if kind not in (ChangeKind.STARTED, ChangeKind.ORDERED) else source.reason
    return Change(at or source.said_at.isoformat(), kind, _directions(source), reason, source.evidence)


def _directions(source: Source) -> str | None:
    return schedule_words(source.schedule) if source.schedule else None


def _from(source: Source) -> str | None:
    """The day from which changed directions hold."""
    steps = source.schedule.steps if source.schedule else ()
    starts = [step.timing.bounds.start for step in steps if step.timing and isinstance(step.timing.bounds, Dates)]
    dated = [start for start in starts if start and start != source.begins]
    return min(dated) if dated else None


def periods(lines: Sequence[Sequence[Source]], zone: ZoneInfo) -> list[Period]:
    """Which directions held when: at each time those of the newest word that speaks of it."""
    words = [word for line in lines for word in _words(line, zone)]
    edges = sorted({word.since for word in words})
    found: list[Period] = []
    for place, since in enumerate(edges):
        spoken = [word for word in words if word.since <= since]
        word = max(spoken, key=lambda one: (one.source.said_at, one.source.version, one.since))
        until = edges[place + 1] if place + 1 < len(edges) else None
        if word.is_taken:
            found.append(Period(since, until, word.source.schedule, word.source.begins, word.source.until))
    return found


def _words(line: Sequence[Source], zone: ZoneInfo) -> Iterable[_Word]:
    """From when each version holds. The first word about something that is over speaks of the time when it was taken."""
    before: Source | None = None
    for source in line:
        said = midnight(source.said_at.astimezone(zone).date(), zone)
        begun, ended = begin_of(source.begins, zone), begin_of(source.until, zone)
        if not _is_open(source):
            if before is None and begun and source.state is not State.NOT_TAKEN:
                yield _Word(source, begun.at, True)
            yield _Word(source, ended.at if ended else said, False)
        else:
            yield _Word(source, _since(source, before, zone) or said, _is_planned(source))
        before = source


def _is_open(source: Source) -> bool:
    """Whether nobody said that it is over or does not go on; time alone may have ended it."""
    return source.content.get("status") == "active" and source.state is not State.NOT_TAKEN


def _is_planned(source: Source) -> bool:
    return source.state is not State.PLANNED or source.begins is not None


def _since(source: Source, before: Source | None, zone: ZoneInfo) -> datetime | None:
    """From when directions hold: the day that they name, else when they were changed, else when taking began."""
    goes_on = before is not None and before.begins == source.begins and _is_open(before)
    changed = begin_of(_from(source), zone) if goes_on else None
    return changed.at if changed else _begin(source, zone)


def _begin(source: Source, zone: ZoneInfo) -> datetime | None:
    found = begin_of(source.begins or source.since, zone)
    return found.at if found else None


def due_between(
    held: Sequence[Period], since: datetime, until: datetime, zone: ZoneInfo
) -> tuple[Occurrence, ...] | NotEvaluated:
    """What was due from `since` to before `until`, by the directions of each time.

    Not evaluated when some of it cannot be told, or when the medicine was not taken at all.
    """
    found: list[Occurrence] = []
    looked = False
    for period in held:
        first, last = max(since, period.since), min(until, period.until or until)
        if first >= last:
            continue
        looked = True
        if period.schedule is None:
            return NotEvaluated("it is not said how it is taken")
        due = occurrences(period.schedule, first, last, zone, start=period.begins, end=period.ends)
        if isinstance(due, NotEvaluated):
            return due
        found += due
    return tuple(found) if looked else NotEvaluated(NOT_TAKEN_THEN)
