"""What there is of a medicine: as the person counted it, as it was handed over, or as it was ordered."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.amounts import amount_range
from vitasense.deterministic.medications.courses import begin_of
from vitasense.deterministic.medications.doing import doing_of, seen
from vitasense.deterministic.medications.dose_forms import dose_forms, form_of, unit_of
from vitasense.deterministic.medications.log import Count
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.schedules import Quantity
from vitasense.deterministic.medications.supplies import Dispense, Prescription
from vitasense.deterministic.medications.use import NOT_COUNTED, PIECES, Store, rate
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import Conflict, InvalidInput
from vitasense.deterministic.tracking import NotEvaluated
from vitasense.deterministic.units import is_valid

MOST_LEFT = 100_000.0
_ONE_DAY = timedelta(days=1)
Basis = Literal["counted", "dispensed", "ordered"]


@dataclass(frozen=True, slots=True)
class Supply:
    """What there was at a time, and at most when earlier supplies were not used up."""

    basis: Basis
    at: datetime
    quantity: float
    carried: float
    unit: str
    evidence: tuple[Evidence, ...]


def days_of(dispense: Dispense, entry: RegimenEntry) -> float | None:
    """For how many days a dispense lasts: as it says, else by the directions of now; None when neither tells."""
    if dispense.days is not None:
        return dispense.days
    if dispense.quantity is None or entry.schedule is None or len({step.order for step in entry.schedule.steps}) > 1:
        return None
    store = store_of(dispense.quantity, entry)
    quantity = store.amount(dispense.quantity)
    daily = rate(entry.schedule.steps, store)
    if isinstance(daily, NotEvaluated) or quantity is None or daily[0] != daily[1] or daily[1] <= 0:
        return None
    return quantity / daily[1]


def store_of(quantity: Quantity, entry: RegimenEntry) -> Store:
    return Store(unit_of(quantity) or PIECES, entry.strengths)


async def count_supply(
    tx: AsyncSession,
    patient_id: UUID,
    medicine_id: UUID,
    *,
    count_id: UUID,
    quantity: float,
    unit: str | None,
    at: datetime | None,
    actor: Principal,
    now: datetime,
    timezone: str = "UTC",
) -> Count:
    """Keep how much the person says there is ("I have 30 left"); the same `count_id` again is the same count.

    Without a unit it is what a dose is counted in. Raises NotFound; InvalidInput for less than nothing, a time to come,
    or a unit that cannot be counted; Conflict when the id belongs to another count.
    """
    doing = await doing_of(tx, patient_id, actor, now, timezone)
    entry = await seen(doing, medicine_id, None)
    when = at or now
    if when.tzinfo is None or when > now:
        raise InvalidInput("What there is was counted at a time that is over, with its zone.")
    if not 0 <= quantity <= MOST_LEFT:
        raise InvalidInput("How much there is cannot be less than nothing, nor endless.")
    new = Count(count_id, entry.id, when, quantity, unit_counted(unit, entry), actor.account_id, now)
    if not await repository.add_count(tx, patient_id, new):
        known = next((each for each in await counts_of(tx, patient_id, entry) if each.id == count_id), None)
        if known is None or (known.quantity, known.unit) != (new.quantity, new.unit):
            raise Conflict("Another count is already stored under this id.")
        return known
    return new


async def counts_of(tx: AsyncSession, patient_id: UUID, entry: RegimenEntry) -> list[Count]:
    return await repository.counts(tx, patient_id, [each.id for each in entry.sources])


def unit_counted(unit: str | None, entry: RegimenEntry) -> str:
    """The UCUM unit of a count; of tablets in words their code."""
    if unit is None:
        doses = [pair[0] for step in (entry.schedule.steps if entry.schedule else ()) if (pair := amount_range(step))]
        forms = {form for each in doses if (form := form_of(each))}
        if len(forms) != 1:
            raise InvalidInput("Say of what there is so much: tablets, capsules, mL …")
        return dose_forms().forms[forms.pop()].code
    found = unit_of(Quantity(1, unit=unit)) or unit
    if not is_valid(found):
        raise InvalidInput("The unit of a count is a word such as tablets, or a UCUM code such as mL.")
    return found


def supply_of(entry: RegimenEntry, counts: Sequence[Count], now: datetime, zone: ZoneInfo) -> Supply | NotEvaluated:
    """The newest count with what was handed over since; else the last dispense; else the order."""
    handed = [each for each in entry.dispenses if each.at and each.at <= now]
    if counts:
        return _counted(entry, counts[0], [each for each in handed if each.at and each.at > counts[0].at])
    if handed:
        return _dispensed(entry, handed)
    ordered = next((each for each in entry.prescriptions if each.status == "active" and each.quantity), None)
    return _ordered(ordered, zone) if ordered else NotEvaluated("it is not known how much there is")


def _counted(entry: RegimenEntry, count: Count, later: Sequence[Dispense]) -> Supply | NotEvaluated:
    store = Store(count.unit, entry.strengths)
    more = [store.amount(each.quantity) if each.quantity else None for each in later]
    if any(each is None for each in more):
        return NotEvaluated("it is not known how much was handed over since it was counted")
    total = count.quantity + sum(each or 0 for each in more)
    said = Evidence(kind="record", ref=f"Supply/{count.id}", version="1", label="What was left", at=count.at)
    return Supply("counted", count.at, total, total, count.unit, (said, *(each.evidence for each in later)))


def _dispensed(entry: RegimenEntry, handed: Sequence[Dispense]) -> Supply | NotEvaluated:
    """The last dispense alone at least, and with what must have been left of the earlier ones at most."""
    last = handed[-1]
    if last.quantity is None or last.at is None:
        return _in_days(entry, handed)
    store = store_of(last.quantity, entry)
    quantity = store.amount(last.quantity)
    if quantity is None:
        return NotEvaluated(NOT_COUNTED)
    return Supply("dispensed", last.at, quantity, quantity + _carried(entry, handed), store.unit, _all(handed))


def _carried(entry: RegimenEntry, handed: Sequence[Dispense]) -> float:
    """What a dispense before the last one cannot have been used up for, in the unit of the last."""
    if len(handed) < 2 or handed[-1].at is None or handed[-1].quantity is None:
        return 0.0
    store = store_of(handed[-1].quantity, entry)
    daily = rate(entry.schedule.steps, store) if entry.schedule else NotEvaluated("")
    before = [(each.at, store.amount(each.quantity) if each.quantity else None) for each in handed[:-1]]
    if isinstance(daily, NotEvaluated) or any(amount is None for _, amount in before):
        return 0.0
    left, at = 0.0, before[0][0] or handed[-1].at
    for when, amount in [*before, (handed[-1].at, 0.0)]:
        left = max(0.0, left - daily[0] * (((when or at) - at) / _ONE_DAY))
        left, at = left + (amount or 0.0), when or at
    return left


def _in_days(entry: RegimenEntry, handed: Sequence[Dispense]) -> Supply | NotEvaluated:
    """A dispense that says for how many days it is, and not how much: so many days of the directions."""
    last, steps = handed[-1], entry.schedule.steps if entry.schedule else ()
    amount = amount_range(steps[0]) if steps else None
    store = Store(unit_of(amount[0]) or PIECES, entry.strengths) if amount else None
    daily = rate(steps, store) if store else NotEvaluated("a dispense does not say how much it held")
    if isinstance(daily, NotEvaluated) or store is None or last.days is None or last.at is None:
        return NotEvaluated("a dispense does not say how much it held")
    return Supply("dispensed", last.at, daily[0] * last.days, daily[1] * last.days, store.unit, (last.evidence,))


def _ordered(order: Prescription, zone: ZoneInfo) -> Supply | NotEvaluated:
    begin = begin_of(order.ordered, zone)
    if begin is None or begin.day is None or order.quantity is None:
        return NotEvaluated("it is not known when the prescription was filled")
    unit = unit_of(order.quantity) or PIECES
    return Supply("ordered", begin.at, order.quantity.value, math.inf, unit, (order.evidence,))


def _all(handed: Sequence[Dispense]) -> tuple[Evidence, ...]:
    return tuple(each.evidence for each in handed[-2:])
