"""Whether two sets of directions come to the same: the same amount at a time and in a day."""

import math
from collections.abc import Sequence

from vitasense.deterministic.medications.amounts import amount_range, daily_amount, per_day
from vitasense.deterministic.medications.dose_forms import unit_of
from vitasense.deterministic.medications.schedules import Quantity, Step
from vitasense.deterministic.medications.strengths import Strength, in_unit
from vitasense.deterministic.tracking import NotEvaluated

_CLOSE = 1e-6


def same_doses(one: Sequence[Step], other: Sequence[Step], strengths: tuple[Strength, ...]) -> bool | None:
    """Whether both come to the same amount a day, tablets by way of their strength; None when that cannot be told."""
    if not one or not other:
        return None
    days = daily_amount(one), daily_amount(other)
    if days[0] and days[1]:
        return _same(days[0], days[1], strengths)
    often = _often(one), _often(other)
    if often[0] is not None and often[1] is not None and not math.isclose(often[0], often[1], rel_tol=_CLOSE):
        return False
    amounts = amount_range(one[0]), amount_range(other[0])
    single = len(one) == len(other) == 1 and amounts[0] and amounts[1]
    if single and amounts[0] and amounts[1] and _same(amounts[0], amounts[1], strengths) is False:
        return False
    return True if one == other else None


def _often(steps: Sequence[Step]) -> float | None:
    """The most takings a day of all directions."""
    found = [per_day(step) for step in steps]
    return None if any(isinstance(each, NotEvaluated) for each in found) else sum(_most(each) for each in found)


def _most(often: tuple[float, float] | NotEvaluated) -> float:
    return 0.0 if isinstance(often, NotEvaluated) else often[1]


def _same(
    one: tuple[Quantity, Quantity], other: tuple[Quantity, Quantity], strengths: tuple[Strength, ...]
) -> bool | None:
    unit = unit_of(one[0])
    if unit is None:
        plain = unit_of(other[0]) is None and (one[0].unit, one[0].code) == (other[0].unit, other[0].code)
        return plain and _close(one[1].value, other[1].value) if plain else None
    pairs = [(in_unit(left, unit, ()), in_unit(right, unit, strengths)) for left, right in zip(one, other, strict=True)]
    if any(left is None or right is None for left, right in pairs):
        return None
    return all(_close(left or 0.0, right or 0.0) for left, right in pairs)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)
