"""How much: a day on the mean, at most, and in another unit."""

from collections.abc import Sequence
from dataclasses import replace

from vitasense.deterministic.medications.dose_forms import unit_of
from vitasense.deterministic.medications.patterns import (
    MOST_A_DAY,
    OPEN_OFTEN,
    TOO_OFTEN,
    UNKNOWN_OFTEN,
    Moments,
    pattern,
    settled,
)
from vitasense.deterministic.medications.schedules import DAYS, TAKING, Quantity, Step, Timing
from vitasense.deterministic.tracking import NotEvaluated


def per_day(step: Step) -> tuple[float, float] | NotEvaluated:
    """Takings a day on the mean, the fewest and the most; what is taken when needed may be none."""
    often = _often(step.timing)
    if not step.when_needed:
        return often
    limit = limit_of(step)
    if isinstance(often, NotEvaluated):
        return (0.0, limit) if limit else often
    return 0.0, min(often[1], limit or often[1])


def _often(timing: Timing | None) -> tuple[float, float] | NotEvaluated:
    found = pattern(timing)
    if isinstance(found, Moments):
        return NotEvaluated(UNKNOWN_OFTEN)
    if isinstance(found, NotEvaluated):
        return _between(timing) if found.reason == OPEN_OFTEN else found
    return found.per_day, found.per_day


def _between(timing: Timing | None) -> tuple[float, float] | NotEvaluated:
    """ "Every 4 to 6 hours": what is left open has a least and a most."""
    found = settled(timing)
    if isinstance(found, NotEvaluated) or not found.period or found.unit is None or found.count_max is not None:
        return NotEvaluated(OPEN_OFTEN)
    least = (found.frequency or 1) / (max(found.period, found.period_max or 0) * DAYS[found.unit])
    most = (found.frequency_max or found.frequency or 1) / (found.period * DAYS[found.unit])
    return (least, most) if most <= MOST_A_DAY else NotEvaluated(TOO_OFTEN)


def limit_of(step: Step) -> float | None:
    """The most takings a day, of a limit of takings or of an amount in the unit of a taking; None when there is none."""
    limit = step.most_per_period
    if limit is None or limit.numerator is None or limit.denominator is None or limit.numerator.comparator:
        return None
    days = DAYS.get(limit.denominator.code or "")
    if not days or limit.denominator.value <= 0:
        return None
    a_day = limit.numerator.value / (limit.denominator.value * days)
    if limit.numerator.code == TAKING:
        return a_day
    amount = amount_range(step)
    if amount is None or amount[0].value <= 0 or not same_unit(amount[0], limit.numerator):
        return None
    return a_day / amount[0].value


def _most(step: Step, amount: Quantity, often: float) -> float:
    """The most a day, not beyond a limit of the amount itself."""
    limit = step.most_per_period
    most = limit.numerator if limit else None
    days = DAYS.get(limit.denominator.code or "") if limit and limit.denominator else None
    if limit is None or limit.denominator is None or most is None or not days or not same_unit(most, amount):
        return amount.value * often
    return min(amount.value * often, most.value / (limit.denominator.value * days))


def amount_range(step: Step) -> tuple[Quantity, Quantity] | None:
    """How much at a time, the least and the most; None when it is not said, open, or not in one unit."""
    if isinstance(step.dose, Quantity):
        return None if step.dose.comparator else (step.dose, step.dose)
    if step.dose is None or step.dose.low is None or step.dose.high is None:
        return None
    low, high = step.dose.low, step.dose.high
    return (low, high) if same_unit(low, high) and low.value <= high.value else None


def same_unit(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are in the same unit, or count the same."""
    known = unit_of(one), unit_of(other)
    return known[0] == known[1] if any(known) else (one.unit, one.code) == (other.unit, other.code)


def daily_amount(steps: Sequence[Step]) -> tuple[Quantity, Quantity] | None:
    """How much a day on the mean, the least and the most, of steps that hold side by side; None when it cannot be told."""
    least = most = 0.0
    unit: Quantity | None = None
    for step in steps:
        amount, often = amount_range(step), per_day(step)
        if amount is None or isinstance(often, NotEvaluated) or (unit and not same_unit(unit, amount[0])):
            return None
        unit = amount[0]
        least, most = least + amount[0].value * often[0], most + _most(step, amount[1], often[1])
    return (replace(unit, value=least), replace(unit, value=most)) if unit else None
