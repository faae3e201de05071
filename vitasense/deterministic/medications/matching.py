"""Which due taking a dose belongs to, as far as that is sure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic.medications.log import DoseStatus, LoggedDose
from vitasense.deterministic.medications.occurrences import Occurrence

LOOK_BACK = timedelta(days=62)  # what may be taken on any day of a month or two began so long ago
NEAR = timedelta(hours=12)  # our own choice: a dose further from a time of the clock belongs to another one
_DAY = len("2026-11-03")


def fitting(at: datetime, due: Sequence[Occurrence], logged: Iterable[LoggedDose], zone: ZoneInfo) -> str | None:
    """The key of the taking that a dose at this moment is of; the day alone where it may be one of several; None for none.

    The nearest time of the clock counts, whether or not it was taken already. Of parts of a day the only one, or the
    only one that is left.
    """
    timed = [each for each in due if each.at is not None and abs(each.at - at) <= NEAR]
    if timed:
        return min(timed, key=lambda each: abs((each.at or at) - at)).key
    day = at.astimezone(zone).date()
    parts = [each for each in due if each.at is None and each.day <= day <= each.last_day]
    if not parts:
        return None
    taken = [dose.due for dose in logged if dose.due and not dose.extra]
    left = [each for each in parts if each.key not in taken]
    unnamed = any(key == each.day.isoformat() for key in taken for each in parts)
    if len(parts) == 1 or (len(left) == 1 and not unnamed):
        return (left or parts)[0].key
    return parts[0].day.isoformat()


def is_due(key: str, due: Sequence[Occurrence]) -> bool:
    """Whether something of this key, or on this day, is due."""
    return any(key in (each.key, each.day.isoformat()) for each in due)


def day_in(key: str) -> date | None:
    """The day that a key begins with."""
    try:
        return date.fromisoformat(key[:_DAY])
    except ValueError:
        return None


def repeated(
    key: str | None, at: datetime, due: Sequence[Occurrence], logged: Sequence[LoggedDose]
) -> LoggedDose | None:
    """The dose that was logged for the same taking; without a key one of the same moment."""
    counted = [each for each in logged if not each.extra]
    if key is None:
        return next((each for each in counted if each.at == at and each.status is DoseStatus.TAKEN), None)
    same = [each for each in counted if each.due == key]
    if len(key) > _DAY:
        return same[0] if same else None
    of_day = [each for each in counted if each.due and each.due[:_DAY] == key]
    planned = sum(each.day.isoformat() == key for each in due)
    return of_day[-1] if len(of_day) >= planned else None


def outcomes(
    due: Sequence[Occurrence], logged: Sequence[LoggedDose], given: Sequence[datetime], zone: ZoneInfo
) -> dict[str, DoseStatus]:
    """What became of each due taking, by its key; one that was told of twice counts once, as taken if it ever was.

    A dose that was told for a day alone fills a part of it that nothing was told of.
    """
    found: dict[str, DoseStatus] = {}
    keys = {each.key for each in due}
    counted = [each for each in logged if not each.extra and each.due]
    for dose in counted:
        if dose.due in keys:
            found[dose.due or ""] = _better(found.get(dose.due or ""), dose.status)
    of_days = [(dose.due, dose.status) for dose in counted if dose.due not in keys]
    of_days += [(at.astimezone(zone).date().isoformat(), DoseStatus.TAKEN) for at in given]
    for day, status in of_days:
        free = next((each.key for each in due if each.day.isoformat() == day and each.key not in found), None)
        if free:
            found[free] = status
    return found


def _better(one: DoseStatus | None, other: DoseStatus) -> DoseStatus:
    order = (DoseStatus.TAKEN, DoseStatus.SKIPPED, DoseStatus.MISSED)
    return other if one is None else min(one, other, key=order.index)
