"""How long a medicine lasts: what there is, less what is used, as a range of days. A guess is told as one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.courses import NO_START, midnight
from vitasense.deterministic.medications.history import Period, periods, told
from vitasense.deterministic.medications.log import DoseStatus, LoggedDose
from vitasense.deterministic.medications.occurrences import LONGEST, WHEN_NEEDED
from vitasense.deterministic.medications.regimen import RegimenEntry, steps_now
from vitasense.deterministic.medications.schedules import UCUM, Quantity
from vitasense.deterministic.medications.stock import Basis, Supply, counts_of, supply_of
from vitasense.deterministic.medications.use import Store, Take, ends, rate, runs_out, takes, used
from vitasense.deterministic.platform.findings import Evidence, Status
from vitasense.deterministic.tracking import NotEvaluated


@dataclass(frozen=True, slots=True)
class Forecast:
    """How much there is now (`least` to `most` in `unit`, UCUM, "" for pieces) and when it runs out, or why that is not known.

    It lasts to `earliest` when everything is taken as directed, and to `latest` as far as was told; None where it lasts
    beyond 400 days, to the end of the treatment (`enough`), or open. `basis` is what it rests on: a count of the person,
    a dispense, or an order that is taken to have been filled on its day.
    """

    status: Status
    basis: Basis | None
    since: datetime | None
    least: float | None
    most: float | None
    unit: str | None
    earliest: date | None
    latest: date | None
    enough: bool
    refills_left: int | None
    reason: str | None = None
    evidence: tuple[Evidence, ...] = ()


async def forecast(
    tx: AsyncSession, patient_id: UUID, entry: RegimenEntry, *, now: datetime, zone: ZoneInfo
) -> Forecast:
    """How long the medicine lasts. Not evaluated without a quantity or directions, and for what is not taken now."""
    left = _refills(entry)
    if not entry.is_taken:
        return _unknown("it is not taken now", left)
    if entry.schedule is None:
        return _unknown("it is not said how it is taken", left)
    supply = supply_of(entry, await counts_of(tx, patient_id, entry), now, zone)
    if isinstance(supply, NotEvaluated):
        return _unknown(supply.reason, left)
    store = Store(supply.unit, entry.strengths)
    held = periods(await told(tx, patient_id, entry, now, zone), zone)
    logged = await repository.doses(tx, patient_id, [each.id for each in entry.sources], supply.at, now)
    use = _use(entry, held, logged, supply, store, now, zone)
    if isinstance(use, NotEvaluated):
        return _unknown(use.reason, left)
    least, most = max(0.0, supply.quantity - use[1]), max(0.0, supply.carried - use[0])
    return _told(entry, supply, store, least, most, left, now, zone)


def _unknown(reason: str, refills: int | None) -> Forecast:
    return Forecast(
        Status.NOT_EVALUATED, None, None, None, None, None, None, None, False, refills_left=refills, reason=reason
    )


def _refills(entry: RegimenEntry) -> int | None:
    return next((each.refills_left for each in entry.prescriptions if each.refills_left is not None), None)


def _use(
    entry: RegimenEntry,
    held: Sequence[Period],
    logged: Sequence[LoggedDose],
    supply: Supply,
    store: Store,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[float, float] | NotEvaluated:
    """The least and the most that was used since: what was told to be left out was not, extra doses were."""
    since = max(supply.at, now - LONGEST)
    made = used(held, store, since, now, zone)
    if isinstance(made, NotEvaluated):
        return made
    due, least, most = made
    if not due and least == 0:  # taken when needed: what was told is the least, and may be all
        beside = sum(_taken(each, entry, store) for each in logged if each.status is DoseStatus.TAKEN)
        return beside, max(beside, most)
    out = {each.due for each in logged if each.status is not DoseStatus.TAKEN}
    beside = sum(_taken(each, entry, store) for each in logged if each.status is DoseStatus.TAKEN and not each.due)
    least += sum(each.least for each in due if each.due.key not in out) + beside
    most += sum(each.most for each in due) + beside
    return least, max(least, most)


def _taken(dose: LoggedDose, entry: RegimenEntry, store: Store) -> float:
    """How much a dose beside what is due used: as was told, else one taking."""
    if dose.amount is not None and dose.unit is not None:
        return store.amount(Quantity(dose.amount, code=dose.unit, system=UCUM)) or 0.0
    pair = store.pair(entry.schedule.steps[0]) if entry.schedule else NotEvaluated("")
    return 0.0 if isinstance(pair, NotEvaluated) else pair[1]


def _told(
    entry: RegimenEntry,
    supply: Supply,
    store: Store,
    least: float,
    most: float,
    refills: int | None,
    now: datetime,
    zone: ZoneInfo,
) -> Forecast:
    assert entry.schedule is not None, "it was looked at"
    period = {"start": entry.begins, "end": entry.until}
    made = _planned(entry, supply, store, now, zone)
    if isinstance(made, NotEvaluated):
        daily = rate(steps_now(entry, now, zone), store)
        if isinstance(daily, NotEvaluated):
            why = daily if made.reason in (WHEN_NEEDED, NO_START) else made
            return _unknown(why.reason, refills)
        earliest, latest = _by_rate(least, daily[1], now, zone), _by_rate(most, daily[0], now, zone)
        enough = False
    else:
        earliest = runs_out(made, least, most=True)
        later = [each for each in made if (each.due.at or midnight(each.due.day, zone)) >= now]
        latest = runs_out(later, most, most=False) if math.isfinite(most) else None
        over = [*ends(entry.schedule, zone, **period)]
        enough = earliest is None and bool(over) and all(each and each < now + LONGEST for each in over)
    return Forecast(
        status=Status.FOUND,
        basis=supply.basis,
        since=supply.at,
        least=least,
        most=most if math.isfinite(most) else None,
        unit=supply.unit,
        earliest=earliest,
        latest=latest,
        enough=enough,
        refills_left=refills,
        evidence=supply.evidence,
    )


def _planned(
    entry: RegimenEntry, supply: Supply, store: Store, now: datetime, zone: ZoneInfo
) -> list[Take] | NotEvaluated:
    """What will be due; of a day on which it was counted every part, for nobody knows which was taken before."""
    assert entry.schedule is not None, "it was looked at"
    today = midnight(now.astimezone(zone).date(), zone)
    first = today if supply.at >= today else now
    made = takes(entry.schedule, store, first, first + LONGEST, zone, start=entry.begins, end=entry.until)
    if isinstance(made, NotEvaluated):
        return made
    return [each for each in made if each.due.at is None or each.due.at >= now]


def _by_rate(left: float, a_day: float, now: datetime, zone: ZoneInfo) -> date | None:
    """The day on which nothing is left at so much a day; None beyond 400 days."""
    if a_day <= 0 or not math.isfinite(left):
        return None
    days = math.floor(left / a_day)
    return now.astimezone(zone).date() + timedelta(days=days) if days <= LONGEST.days else None
