"""What is due of a medicine in some days, and what became of each taking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.medications.doses import doses_of
from vitasense.deterministic.medications.history import due_between, periods, told
from vitasense.deterministic.medications.log import DoseStatus
from vitasense.deterministic.medications.matching import LOOK_BACK, outcomes
from vitasense.deterministic.medications.occurrences import WHEN_NEEDED, Occurrence, occurrences
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.tracking import NotEvaluated

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueDose:
    """One taking that is due, and what was told of it; None when nothing was."""

    due: Occurrence
    status: DoseStatus | None


async def agenda(
    tx: AsyncSession,
    patient_id: UUID,
    entry: RegimenEntry,
    since: datetime,
    until: datetime,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> list[DueDose] | NotEvaluated:
    """What is due from `since` to before `until`, in its order; what may be taken on any day of a period that is open, too.

    Raises InvalidInput for more than 400 days.
    """
    held = periods(await told(tx, patient_id, entry, now, zone), zone)
    due = due_between(held, since, until, zone)
    if isinstance(due, NotEvaluated):
        return due
    earlier = due_between(held, since - LOOK_BACK, since, zone)
    open_ones = () if isinstance(earlier, NotEvaluated) else earlier
    first = since.astimezone(zone).date()
    shown = (*(each for each in open_ones if each.last_day >= first and each.day < each.last_day), *due)
    logged = await doses_of(tx, patient_id, entry, since - LOOK_BACK, until + LOOK_BACK)
    given = [each.at for each in entry.administrations if each.given and each.at]
    found = outcomes(shown, logged, given, zone)
    return [DueDose(each, found.get(each.key)) for each in shown]


def not_followed(entry: RegimenEntry, now: datetime, zone: ZoneInfo) -> str | None:
    """Why it cannot be told when a dose is due; None when it can, or when the medicine is taken when needed."""
    if entry.schedule is None:
        return "it is not said how it is taken"
    due = occurrences(entry.schedule, now, now + _ONE_DAY, zone, start=entry.begins, end=entry.until)
    return due.reason if isinstance(due, NotEvaluated) and due.reason != WHEN_NEEDED else None
