"""How much of a medicine was taken: days covered by what was handed over, else the due doses of the log."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications.courses import midnight
from vitasense.deterministic.medications.doses import doses_of
from vitasense.deterministic.medications.history import due_between, periods, told
from vitasense.deterministic.medications.log import DoseStatus, LoggedDose
from vitasense.deterministic.medications.matching import outcomes
from vitasense.deterministic.medications.occurrences import LONGEST, WHEN_NEEDED, Occurrence
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.stock import days_of
from vitasense.deterministic.platform.findings import Evidence, Status
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import NotEvaluated

# Pharmacy Quality Alliance, Proportion of Days Covered: at least two fills on different dates, the first of them at least
# 91 days before the end of the period; a fill that comes early begins when the one before it is used up.
LEAST_FILLS = 2
LEAST_DAYS = 91
PDC = "Pharmacy Quality Alliance, Proportion of Days Covered (PDC), as in Nau DP, PQA 2012"
# Wilson EB, J Am Stat Assoc 1927;22:209-212: the interval of a share, here at 95%.
WILSON_Z = 1.959964
LOG = "The log of doses; interval of Wilson EB, J Am Stat Assoc 1927;22:209-212, at 95%"
USUAL = timedelta(days=180)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Adherence:
    """The share of a medicine that was taken, from `since` to before `until` (local days), or why it is not known.

    By `dispensed`: `days_covered` of `days`. By the `log`: of `due` doses so many were taken, missed, skipped for a
    reason, or not told of; `low` and `high` count the last as missed and as taken and hold the chance of few doses.
    """

    status: Status
    method: Literal["dispensed", "log"] | None
    share: float | None
    low: float | None
    high: float | None
    since: date
    until: date
    days: int | None = None
    days_covered: int | None = None
    due: int | None = None
    taken: int | None = None
    missed: int | None = None
    skipped: int | None = None
    untold: int | None = None
    reason: str | None = None
    source: str | None = None
    evidence: tuple[Evidence, ...] = ()


async def adherence(
    tx: AsyncSession,
    patient_id: UUID,
    entry: RegimenEntry,
    *,
    now: datetime,
    zone: ZoneInfo,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Adherence:
    """How much was taken in that time, whole local days up to yesterday; the last 180 days when nothing is said.

    Proportion of Days Covered where dispenses are recorded; else the due doses from the day of the first one that was
    told. Not evaluated for what is taken when needed, and when nothing was told. Raises InvalidInput for more than 400
    days or an end before the beginning.
    """
    today = now.astimezone(zone).date()
    last = min(until.astimezone(zone).date() if until else today, today)
    first = since.astimezone(zone).date() if since else last - USUAL
    if not timedelta(0) < last - first <= LONGEST:
        raise InvalidInput(f"A time of up to {LONGEST.days} whole days that are over is looked at.")
    if entry.schedule and all(step.when_needed for step in entry.schedule.steps):
        return _unknown(first, last, WHEN_NEEDED)
    covered = proportion_of_days_covered(entry, first, last, zone)
    if isinstance(covered, Adherence):
        return covered
    by_log = await _by_log(tx, patient_id, entry, first, last, now, zone)
    if by_log.status is Status.FOUND or not entry.dispenses:
        return by_log
    return _unknown(first, last, f"{covered.reason}; {by_log.reason}")


def _unknown(since: date, until: date, reason: str) -> Adherence:
    return Adherence(Status.NOT_EVALUATED, None, None, None, None, since, until, reason=reason)


def proportion_of_days_covered(
    entry: RegimenEntry, since: date, until: date, zone: ZoneInfo
) -> Adherence | NotEvaluated:
    """PDC: days with supply from the first fill of the time to its end, each counted once, over all of those days."""
    fills = [each for each in entry.dispenses if each.at and since <= each.at.astimezone(zone).date() < until]
    dates = {each.at.astimezone(zone).date() for each in fills if each.at}
    if len(dates) < LEAST_FILLS:
        return NotEvaluated(f"fewer than {LEAST_FILLS} dispenses on different days are recorded")
    index = min(dates)
    if (until - index).days < LEAST_DAYS:
        return NotEvaluated(f"the first dispense is less than {LEAST_DAYS} days ago")
    supplies = [(each.at.astimezone(zone).date(), days_of(each, entry)) for each in fills if each.at]
    if any(days is None for _, days in supplies):
        return NotEvaluated("a dispense does not say for how many days it lasts")
    covered = days_covered([(day, days or 0) for day, days in supplies], until)
    days = (until - index).days
    return Adherence(
        *(Status.FOUND, "dispensed", covered / days, None, None, index, until),
        days=days,
        days_covered=covered,
        source=PDC,
        evidence=tuple(each.evidence for each in fills),
    )


def days_covered(supplies: Sequence[tuple[date, float]], until: date) -> int:
    """How many days before `until` have supply: one that comes while there is some begins when that is used up."""
    covered, free = 0, date.min
    for day, days in sorted(supplies):
        begins = max(day, free)
        free = begins + timedelta(days=math.floor(days))
        covered += max(0, (min(free, until) - begins).days)
    return covered


async def _by_log(
    tx: AsyncSession,
    patient_id: UUID,
    entry: RegimenEntry,
    since: date,
    until: date,
    now: datetime,
    zone: ZoneInfo,
) -> Adherence:
    begin, end = midnight(since, zone), midnight(until, zone)
    logged = await doses_of(tx, patient_id, entry, begin, now)
    given = [each.at for each in entry.administrations if each.given and each.at and begin <= each.at < end]
    told_at = [*(each.at for each in logged), *given]
    if not told_at:
        return _unknown(since, until, f"no dose was told of since {since.isoformat()}")
    first = max(since, min(told_at).astimezone(zone).date())
    if first >= until:
        return _unknown(since, until, "doses are told of since today only")
    held = periods(await told(tx, patient_id, entry, now, zone), zone)
    due = due_between(held, midnight(first, zone), end, zone)
    if isinstance(due, NotEvaluated):
        return _unknown(since, until, due.reason)
    due = tuple(each for each in due if each.last_day < until)
    if not due:
        return _unknown(since, until, "nothing was due in that time")
    return _counted(due, logged, given, first, until, zone)


def _counted(
    due: Sequence[Occurrence],
    logged: Sequence[LoggedDose],
    given: Sequence[datetime],
    first: date,
    until: date,
    zone: ZoneInfo,
) -> Adherence:
    found = outcomes(due, logged, given, zone)
    taken, missed, skipped = (sum(each is status for each in found.values()) for status in DoseStatus)
    untold = len(due) - taken - missed - skipped
    low, _ = wilson(taken, len(due))
    _, high = wilson(taken + untold, len(due))
    known = taken + missed + skipped
    return Adherence(
        *(Status.FOUND, "log", taken / known if known else None, low, high, first, until),
        due=len(due),
        taken=taken,
        missed=missed,
        skipped=skipped,
        untold=untold,
        source=LOG,
        evidence=tuple(
            Evidence(kind="record", ref=f"Dose/{each.id}", version=str(each.version), label="Dose", at=each.at)
            for each in logged
        ),
    )


def wilson(taken: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share of `of` (Wilson 1927)."""
    share, z2 = taken / of, WILSON_Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = WILSON_Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return middle - half if taken else 0.0, middle + half if taken < of else 1.0
