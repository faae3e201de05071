"""The log of doses: taken, missed, or left out for a reason. Nothing is counted twice, and nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.amounts import amount_range
from vitasense.deterministic.medications.courses import end_of
from vitasense.deterministic.medications.doing import Doing, doing_of, seen, words_of
from vitasense.deterministic.medications.dose_forms import UNITS, unit_of
from vitasense.deterministic.medications.history import Period, due_between, periods, told
from vitasense.deterministic.medications.log import DoseStatus, LoggedDose
from vitasense.deterministic.medications.matching import LOOK_BACK, day_in, fitting, is_due, repeated
from vitasense.deterministic.medications.occurrences import FIRST_YEAR, Occurrence
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.reminders import settle_dose
from vitasense.deterministic.medications.schedules import UCUM, Quantity
from vitasense.deterministic.medications.strengths import in_unit
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound
from vitasense.deterministic.tracking import NotEvaluated
from vitasense.deterministic.units import comparable, is_valid

MOST_AMOUNT = 1_000_000.0
LONGEST_KEY = 60
LONGEST_UNIT = 40
# What a medicine is measured or counted in: a mass, a volume, an amount of substance, units of its own, or pieces.
_MEASURES = ("mg", "mL", "mmol", "meq", UNITS)


@dataclass(frozen=True, slots=True)
class DoseSaid:
    """A dose as it is told. `due` is the key of what was due, when the person names it; `extra` ones were beside it."""

    status: DoseStatus
    at: datetime
    due: str | None = None
    extra: bool = False
    amount: float | None = None
    unit: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of telling of a dose: `repeats` is one that was told for the same taking, which is counted once."""

    dose: LoggedDose
    is_new: bool
    repeats: LoggedDose | None


async def log_dose(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    said: DoseSaid,
    *,
    dose_id: UUID,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> Logged:
    """The dose as it is kept; the same `dose_id` with the same content is stored once.

    Raises NotFound; InvalidInput for a time to come, before the medicine was begun or after it ended, for a dose that
    was skipped without a reason, an amount in a unit that no medicine has, or a key of which nothing is due; Conflict
    when the id belongs to another dose.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, None)
    told_before = await repository.dose_versions(tx, patient_id, dose_id)
    if told_before:
        return _again(told_before, said, entry)
    dose, repeats = await _checked(doing, entry, said, dose_id, 1)
    if not await repository.add_dose(tx, patient_id, dose):
        raise Conflict("Another dose is already stored under this id.")
    await settle_dose(tx, patient_id, entry, said.at, actor=actor, now=now, ids=ids)
    await _tell(doing, dose, ids)
    return Logged(dose, True, repeats)


async def _tell(doing: Doing, dose: LoggedDose, ids: NewId) -> None:
    state = "removed" if dose.removed_at else dose.status.value
    payload = {"dose_id": str(dose.id), "state": state}
    who = doing.actor.account_id
    await append(doing.tx, Event(ids(), "dose.logged", 1, doing.patient_id, who, doing.now, doing.now, payload=payload))


def _again(versions: Sequence[LoggedDose], said: DoseSaid, entry: RegimenEntry) -> Logged:
    first = versions[0]
    asked = (said.status, said.at, said.extra, said.amount, said.unit, words_of(said.reason, "reason"))
    kept = (first.status, first.at, first.extra, first.amount, first.unit, first.reason)
    if asked != kept or (said.due is not None and said.due != first.due) or not _is_of(first, entry):
        raise Conflict("Another dose is already stored under this id.")
    return Logged(versions[-1], False, None)


def _is_of(dose: LoggedDose, entry: RegimenEntry) -> bool:
    return dose.medicine_id == entry.id or entry.is_named(dose.medicine_id)


async def correct_dose(
    tx: AsyncSession,
    patient_id: UUID,
    dose_id: UUID,
    said: DoseSaid,
    *,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> Logged:
    """The dose as another version; what it was stays. The same content again changes nothing. Raises as `log_dose`."""
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    known = await _kept(doing, dose_id)
    entry = await seen(doing, known.medicine_id, None)
    dose, repeats = await _checked(doing, entry, said, dose_id, known.version + 1)
    if _content(dose) == _content(known):
        return Logged(known, False, None)
    if not await repository.add_dose(tx, patient_id, dose):
        raise Conflict("This dose was changed at the same moment. Look at it again.")
    await _tell(doing, dose, ids)
    return Logged(dose, True, repeats)


def _content(dose: LoggedDose) -> tuple[object, ...]:
    return dose.status, dose.at, dose.due, dose.extra, dose.amount, dose.unit, dose.reason


async def remove_dose(
    tx: AsyncSession,
    patient_id: UUID,
    dose_id: UUID,
    *,
    actor: Principal,
    now: datetime,
    ids: NewId,
    timezone: str = "UTC",
) -> None:
    """Take the dose out of the log by a last version that says so. Raises NotFound."""
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    known = await _kept(doing, dose_id)
    by = {"actor_id": actor.account_id, "actor_role": actor.role.value}
    gone = replace(known, version=known.version + 1, recorded_at=now, removed_at=now, **by)
    if not await repository.add_dose(tx, patient_id, gone):
        raise Conflict("This dose was changed at the same moment. Look at it again.")
    await _tell(doing, gone, ids)


async def _kept(doing: Doing, dose_id: UUID) -> LoggedDose:
    known = await repository.dose(doing.tx, doing.patient_id, dose_id)
    if known is None or known.removed_at is not None:
        raise NotFound("There is no such dose.")
    return known


async def doses_of(
    tx: AsyncSession,
    patient_id: UUID,
    entry: RegimenEntry,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[LoggedDose]:
    """What was told of the medicine from `since` to before `until`, oldest first."""
    return await repository.doses(tx, patient_id, names_of(entry), since, until)


def names_of(entry: RegimenEntry) -> list[UUID]:
    """The ids under which something of the medicine may be kept."""
    return [each.id for each in entry.sources]


async def dose_history(tx: AsyncSession, patient_id: UUID, dose_id: UUID) -> list[LoggedDose]:
    """Every version of a dose, the first first. Raises NotFound when there is none, or none that may be seen."""
    found = await repository.dose_versions(tx, patient_id, dose_id)
    if not found:
        raise NotFound("There is no such dose.")
    return found


async def _checked(
    doing: Doing, entry: RegimenEntry, said: DoseSaid, dose_id: UUID, version: int
) -> tuple[LoggedDose, LoggedDose | None]:
    """The dose with what it was due for, and one that was told for the same before."""
    reason = words_of(said.reason, "reason")
    held = periods(await told(doing.tx, doing.patient_id, entry, doing.now, doing.zone), doing.zone)
    _check_time(said, entry, held, doing)
    _check_amount(said, entry)
    if said.status is DoseStatus.SKIPPED and not reason:
        raise InvalidInput("Say why the dose was left out.")
    if said.extra and (said.status is not DoseStatus.TAKEN or said.due):
        raise InvalidInput("A dose beside what is due was taken, and belongs to nothing that was due.")
    due = _due(said, held, doing)
    others = await doses_of(doing.tx, doing.patient_id, entry, said.at - LOOK_BACK, said.at + LOOK_BACK)
    logged = [each for each in others if each.id != dose_id]
    key = said.due or (None if said.extra else fitting(said.at, due, logged, doing.zone))
    if said.due and not is_due(said.due, due):
        raise InvalidInput("Nothing of this medicine was due then.")
    dose = LoggedDose(
        id=dose_id,
        version=version,
        medicine_id=entry.id,
        status=said.status,
        at=said.at,
        due=key,
        extra=said.extra,
        amount=said.amount,
        unit=said.unit,
        reason=reason,
        actor_id=doing.actor.account_id,
        actor_role=doing.actor.role.value,
        recorded_at=doing.now,
    )
    return dose, None if said.extra else repeated(key, said.at, due, logged)


def _due(said: DoseSaid, held: Sequence[Period], doing: Doing) -> tuple[Occurrence, ...]:
    """What was due around the dose, or around the day that it names; nothing when that cannot be told."""
    named = day_in(said.due) if said.due and len(said.due) <= LONGEST_KEY else None
    if said.due and named is None:
        raise InvalidInput("What was due is named as the list of doses names it.")
    ahead = (named - said.at.astimezone(doing.zone).date()).days if named else 0
    if not -LOOK_BACK.days <= ahead <= 1:
        raise InvalidInput("The dose was due at quite another time.")
    found = due_between(held, said.at - LOOK_BACK, said.at + LOOK_BACK, doing.zone)
    return () if isinstance(found, NotEvaluated) else found


def _check_time(said: DoseSaid, entry: RegimenEntry, held: Sequence[Period], doing: Doing) -> None:
    if said.at.tzinfo is None or said.at.year <= FIRST_YEAR:
        raise InvalidInput("The time of the dose needs its zone.")
    if said.at > doing.now:
        raise InvalidInput("The dose lies in the future.")
    known = [each.begins for each in held if each.begins]
    if held and len(known) == len(held) and said.at < min(each.since for each in held):
        raise InvalidInput(f"The dose lies before the medicine was begun, on {min(known)}.")
    ended = end_of(entry.until, doing.zone)
    if entry.state.is_over and ended and said.at >= ended:
        raise InvalidInput(f"The medicine was stopped before, on {entry.until}. Take it up again first.")


def _check_amount(said: DoseSaid, entry: RegimenEntry) -> None:
    if (said.amount is None) != (said.unit is None):
        raise InvalidInput("An amount needs its unit, and a unit its amount.")
    if said.amount is None or said.unit is None:
        return
    if not 0 < said.amount <= MOST_AMOUNT:
        raise InvalidInput("The amount of a dose is above zero and not endless.")
    if len(said.unit) > LONGEST_UNIT or not is_valid(said.unit):
        raise InvalidInput("The unit of an amount is a UCUM code, such as mg, mL or {tbl}.")
    planned = [pair[0] for step in (entry.schedule.steps if entry.schedule else ()) if (pair := amount_range(step))]
    known = [unit for each in planned if (unit := unit_of(each))]
    if not _counts(said.unit) and not any(comparable(said.unit, each) for each in _MEASURES):
        raise InvalidInput("This is no unit in which a medicine is taken.")
    given = Quantity(said.amount, code=said.unit, system=UCUM)
    unsure = not entry.strengths and any(_counts(unit) != _counts(said.unit) for unit in known)
    if known and not unsure and all(in_unit(given, unit, entry.strengths) is None for unit in known):
        raise InvalidInput("The amount cannot be compared with how the medicine is taken. Check the unit.")


def _counts(unit: str) -> bool:
    """Whether the unit counts pieces."""
    return unit.startswith("{") or unit == "[drp]"
