"""One change of one person's medicines: whose, by whom, when, and the checks that every change needs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.courses import begin_of
from vitasense.deterministic.medications.fhir import Said, statement_of
from vitasense.deterministic.medications.regimen import RegimenEntry, regimen
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound
from vitasense.deterministic.platform.untrusted import shown
from vitasense.deterministic.records import moment, write_medication
from vitasense.deterministic.tracking import person_settings

LONGEST_WORDS = 500
OLDEST_YEAR = 1900
CHANGED = "This medicine was changed in the meantime. Look at it again."


@dataclass(frozen=True, slots=True)
class Doing:
    """One step in a transaction: whose record, who does it, when, and what the person's days are."""

    tx: AsyncSession
    patient_id: UUID
    actor: Principal
    now: datetime
    zone: ZoneInfo
    timezone: str

    @property
    def today(self) -> date:
        """The person's day."""
        return self.now.astimezone(self.zone).date()


async def medicine(
    tx: AsyncSession, patient_id: UUID, medicine_id: UUID, now: datetime, *, timezone: str = "UTC"
) -> RegimenEntry:
    """The medicine that a resource of this id speaks of. Raises NotFound when there is none, or none that may be seen."""
    found = await regimen(tx, patient_id, now, timezone=timezone)
    entry = next((each for each in found if each.is_named(medicine_id)), None)
    if entry is None:
        raise NotFound("There is no such medicine in this record, or it is not shared with you.")
    return entry


async def doing_of(tx: AsyncSession, patient_id: UUID, actor: Principal, now: datetime, timezone: str) -> Doing:
    """A step, when it is its turn: one at a time changes the medicines of a person."""
    await repository.wait_for_turn(tx, patient_id)
    zone = (await person_settings(tx, patient_id, timezone)).zone
    return Doing(tx, patient_id, actor, now, zone, timezone)


async def seen(doing: Doing, medicine_id: UUID, version: str | None) -> RegimenEntry:
    """The medicine as the person saw it. Raises NotFound, Conflict when it is another version by now."""
    entry = await medicine(doing.tx, doing.patient_id, medicine_id, doing.now, timezone=doing.timezone)
    if version is not None and version != entry.version:
        raise Conflict(CHANGED)
    return entry


def words_of(said: str | None, what: str) -> str | None:
    """A person's words on one line; None for none. Raises InvalidInput for more than 500 characters."""
    text = shown(said) if said else ""
    if len(text) > LONGEST_WORDS:
        raise InvalidInput(f"The {what} may have {LONGEST_WORDS} characters.")
    return text or None


def date_of(said: str, what: str) -> str:
    """A FHIR date or time. Raises InvalidInput for what is none, or lies before 1900."""
    found = moment(said)
    if found is None or found.at.year < OLDEST_YEAR:
        raise InvalidInput(f"{what} is written as 2026-11-03, 2026-11 or 2026, or as a time with its zone.")
    return said


def refuse_before(entry: RegimenEntry, day: str, doing: Doing) -> None:
    """Raise InvalidInput for a day before the medicine was begun."""
    begin, asked = begin_of(entry.begins, doing.zone), begin_of(day, doing.zone)
    if begin and asked and asked.at < begin.at and (asked.day is None or asked.day != begin.day):
        raise InvalidInput(f"That is before it was begun, on {entry.begins}.")


def begins_then(begins: str, day: str, doing: Doing) -> bool:
    """Whether the day is the one on which it began."""
    one, other = begin_of(begins, doing.zone), begin_of(day, doing.zone)
    return one is not None and other is not None and one.day is not None and one.day == other.day


async def write(doing: Doing, said: Said, statement_id: UUID) -> UUID:
    """Write what is said as a MedicationStatement; its id in the record."""
    content = statement_of(said, doing.patient_id, doing.actor, doing.now)
    return await write_medication(doing.tx, doing.patient_id, statement_id=statement_id, content=content, now=doing.now)
