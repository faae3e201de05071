"""The regimen: every medicine once, with how it is taken, whether it is taken now, and each resource that says so."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge import Ingredient
from vitasense.deterministic.medications.agreement import same_doses
from vitasense.deterministic.medications.amounts import amount_range, limit_of, per_day
from vitasense.deterministic.medications.courses import courses
from vitasense.deterministic.medications.dose_forms import unit_of
from vitasense.deterministic.medications.grouping import Group, fits, groups
from vitasense.deterministic.medications.schedule_words import schedule_words
from vitasense.deterministic.medications.schedules import Schedule, Step
from vitasense.deterministic.medications.schemas import Dose, Medicine, Origin
from vitasense.deterministic.medications.sources import REQUEST, STATEMENT, Source, State, source_of
from vitasense.deterministic.medications.strengths import Strength
from vitasense.deterministic.medications.supplies import (
    Administration,
    Dispense,
    Prescription,
    administration_in,
    dispense_of,
    prescription_of,
)
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.records import Coding, moment, treatments
from vitasense.deterministic.tracking import NotEvaluated, person_settings

Followed = TypeVar("Followed", Dispense, Administration)
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two resources say different things of one medicine: how it is taken (`dose`), or whether (`state`)."""

    kind: Literal["dose", "state"]
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RegimenEntry:
    """One medicine. Dates are in the source's words and precision; `begins` is when taking began, as far as it was said.

    `schedule` is the newest word of how it is taken; other words are in `conflicts`. `sources` are the statements and
    orders, the newest word first, `dispenses` what was handed over. `id` is that of the oldest source; that of each
    names the entry, too. `version` is another one whenever a source is.
    """

    id: UUID
    name: str
    codings: tuple[Coding, ...]
    ingredients: tuple[Ingredient, ...]
    strengths: tuple[Strength, ...]
    route: str | None
    state: State
    state_reason: str | None
    schedule: Schedule | None
    begins: str | None
    since: str | None
    until: str | None
    reason: str | None
    prescriber: str | None
    pharmacy: str | None
    prescriptions: tuple[Prescription, ...]
    dispenses: tuple[Dispense, ...]
    administrations: tuple[Administration, ...]
    conflicts: tuple[Disagreement, ...]
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]

    @property
    def is_taken(self) -> bool:
        """Whether it is taken now."""
        return self.state is State.TAKING

    @property
    def version(self) -> str:
        """A digest of the sources with their versions."""
        held = sorted(f"{each.ref}/{each.evidence.version}" for each in self.sources)
        return hashlib.sha256("\n".join(held).encode()).hexdigest()[:16]

    def is_named(self, resource_id: UUID) -> bool:
        """Whether a resource of this id speaks of the medicine."""
        return any(each.id == resource_id for each in self.sources)

    @property
    def origin(self) -> Origin:
        """Prescribed when there is an order, else said."""
        return "prescribed" if any(each.is_order for each in self.sources) else "said"


async def regimen(tx: AsyncSession, patient_id: UUID, now: datetime, *, timezone: str = "UTC") -> list[RegimenEntry]:
    """What is taken and was taken: what is taken now first, then by name.

    Days are those of the person, or of `timezone` when they set none. What was withdrawn is left out. What may not be
    seen is not there: an empty list says that nothing is recorded or shared.
    """
    zone = (await person_settings(tx, patient_id, timezone)).zone
    found = await treatments(tx, patient_id)
    dispenses = [made for each in found if (made := dispense_of(each, zone))]
    administrations = [each for each in map(administration_in, found) if each]
    sources = [source_of(each, now, zone) for each in found if each.row.type in (STATEMENT, REQUEST)]
    grouped = groups(sources)
    handed, given = _placed(grouped, dispenses), _placed(grouped, administrations)
    entries = [_entry(group, handed[place], given[place], now, zone) for place, group in enumerate(grouped)]
    return sorted(entries, key=lambda one: (not one.is_taken, one.state.is_over, one.name.casefold(), str(one.id)))


def _placed(grouped: Sequence[Group], found: Iterable[Followed]) -> list[list[Followed]]:
    """What followed from each group: by the order that it names, else by its medicine when only one fits."""
    placed: list[list[Followed]] = [[] for _ in grouped]
    for each in found:
        named = [place for place, group in enumerate(grouped) if each.orders & {one.ref for one in group}]
        alike = [
            place
            for place, group in enumerate(grouped)
            if group[0].identity == each.identity and fits(each.strengths, None, group)
        ]
        chosen = named or alike
        if len(chosen) == 1:
            placed[chosen[0]].append(each)
    return placed


def _entry(
    group: Group,
    dispenses: Sequence[Dispense],
    administrations: Sequence[Administration],
    now: datetime,
    zone: ZoneInfo,
) -> RegimenEntry:
    leading, state_conflict = _leading(group)
    current = [each for each in group if each.state is leading.state] if leading.state is State.TAKING else [leading]
    scheduled = [each for each in current if each.schedule] or [each for each in group if each.schedule]
    strengths = next((each.strengths for each in group if each.strengths), ())
    conflicts = [*([state_conflict] if state_conflict else []), *_dose_conflicts(scheduled, strengths, now, zone)]
    orders = tuple(prescription_of(each, dispenses) for each in group if each.is_order)
    oldest = min(group, key=lambda one: (one.said_at, str(one.id)))
    begun = [each.begins for each in current if each.begins]
    return RegimenEntry(
        id=oldest.id,
        name=_name(group),
        codings=tuple(dict.fromkeys(coding for each in group for coding in each.codings)),
        ingredients=leading.ingredients,
        strengths=strengths,
        route=next((each.route for each in group if each.route), None),
        state=leading.state,
        state_reason=leading.state_reason,
        schedule=scheduled[0].schedule if scheduled else None,
        begins=(scheduled[0].begins if scheduled else None) or min(begun, key=_place, default=None),
        since=min((each.since for each in current if each.since), key=_place, default=None),
        until=leading.until,
        reason=next((each.reason for each in group if each.reason), None),
        prescriber=next((each.prescriber for each in group if each.prescriber), None),
        pharmacy=next((each.pharmacy for each in orders if each.pharmacy), None),
        prescriptions=orders,
        dispenses=tuple(sorted(dispenses, key=lambda one: one.at or _LATEST)),
        administrations=tuple(sorted(administrations, key=lambda one: one.at or _LATEST)),
        conflicts=tuple(conflicts),
        sources=tuple(group),
        evidence=tuple(each.evidence for each in (*group, *dispenses)),
    )


def _place(text: str) -> datetime:
    found = moment(text)
    return found.at if found else _LATEST


def _name(group: Group) -> str:
    """The name that says most: one with a strength, of the newest word."""
    return next((each.name for each in group if each.strengths), group[0].name)


def _leading(group: Group) -> tuple[Source, Disagreement | None]:
    """The source whose word holds: one that it is taken, unless a person said later that it is not.

    An order that stands beside such a word is told: who ordered it may not know.
    """
    taking = [each for each in group if each.state is State.TAKING]
    if not taking:
        open_ones = [each for each in group if not each.state.is_over and each.state is not State.UNCLEAR]
        return (open_ones[0] if open_ones and open_ones[0].said_at >= group[0].said_at else group[0]), None
    later = [
        each
        for each in group
        if not each.is_order and (each.state.is_over or each.state is State.PAUSED) and each.said_at > taking[0].said_at
    ]
    if later:
        text = "An entry says that it is taken, and a later one that it is not."
        return later[0], Disagreement("state", text, (later[0].evidence, *(each.evidence for each in taking)))
    return taking[0], None


def _dose_conflicts(
    scheduled: Sequence[Source], strengths: tuple[Strength, ...], now: datetime, zone: ZoneInfo
) -> list[Disagreement]:
    """Sources of now that say another dose than the first."""
    found: list[Disagreement] = []
    for other in scheduled[1:]:
        one = scheduled[0]
        if not one.schedule or not other.schedule or other.state is not one.state:
            continue
        steps = _steps_of(one.schedule, one.begins, now, zone), _steps_of(other.schedule, other.begins, now, zone)
        if same_doses(*steps, strengths) is False:
            words = f"“{schedule_words(one.schedule)}” and “{schedule_words(other.schedule)}”"
            found.append(Disagreement("dose", f"Two doses are recorded: {words}.", (one.evidence, other.evidence)))
    return found


def _steps_of(schedule: Schedule, begins: str | None, now: datetime, zone: ZoneInfo) -> tuple[Step, ...]:
    """The directions that hold now; none when that is not known."""
    held = courses(schedule, zone, start=begins)
    if isinstance(held, NotEvaluated):
        return schedule.steps if len(schedule.steps) == 1 else ()
    return tuple(
        each.step
        for each in held
        if (each.begin is None or each.begin.at <= now) and (each.end is None or now < each.end)
    )


def steps_now(entry: RegimenEntry, now: datetime, zone: ZoneInfo) -> tuple[Step, ...]:
    """The directions that hold now; none when that is not known."""
    return _steps_of(entry.schedule, entry.begins, now, zone) if entry.schedule else ()


def medicine_of(entry: RegimenEntry, now: datetime, zone: ZoneInfo) -> Medicine:
    """The medicine as the checks see it; without a dose where it is not known or two are recorded."""
    unsure = any(each.kind == "dose" for each in entry.conflicts)
    dose = None if unsure else dose_of(steps_now(entry, now, zone))
    return Medicine(entry.name, dose, entry.route, entry.origin, entry.evidence[0])


def dose_of(steps: Sequence[Step]) -> Dose | None:
    """What directions come to: the largest amount at a time, and how often a day that makes up what is taken in all."""
    made: list[tuple[float, str, float | None, float | None]] = []
    for step in steps:
        amount, often = amount_range(step), per_day(step)
        if amount is None or amount[1].value <= 0:
            return None
        unit = amount[1].ucum or unit_of(amount[1]) or amount[1].unit
        if unit is None:
            return None
        planned = None if isinstance(often, NotEvaluated) or step.when_needed else often[1]
        most = limit_of(step) or (often[1] if step.when_needed and not isinstance(often, NotEvaluated) else None)
        made.append((amount[1].value, unit, planned, most))
    if not made or len({each[1] for each in made}) > 1:
        return None
    if len(made) == 1:
        return Dose(*made[0])
    if any(each[2] is None for each in made):
        return None
    largest = max(each[0] for each in made)
    return Dose(largest, made[0][1], sum(each[0] * (each[2] or 0) for each in made) / largest)
