"""Whether a value can be: its unit, its limits, and the reason when it may be wrong."""

from dataclasses import replace
from functools import lru_cache

from vitasense.deterministic.intake.lexicon import Limits, Measure
from vitasense.deterministic.intake.locales import Conventions
from vitasense.deterministic.intake.scene import Quantity
from vitasense.deterministic.units import comparable, convert, display_unit


def judge(measure: Measure, said: Quantity, conventions: Conventions) -> tuple[Quantity, str | None]:
    """The quantity with its unit, and the doubt about it; a unit that was not said is the locale's or the only possible one."""
    if said.unit is not None:
        return said, doubt(measure, said)
    possible = [limits for limits in measure.units if limits.low <= said.value <= limits.high]
    usual = conventions.units.get(measure.name)
    if any(limits.unit == usual for limits in possible):
        known = replace(said, unit=usual)
        return known, doubt(measure, known)
    return _without_unit(measure, said, possible, usual)


def _without_unit(
    measure: Measure, said: Quantity, possible: list[Limits], usual: str | None
) -> tuple[Quantity, str | None]:
    if len(possible) > 1:
        names = " or ".join(display_unit(limits.unit) for limits in possible)
        return said, f"The unit was not said; it could be {names}."
    if not possible:
        return said, f"{said.value:g} is outside what is possible for {measure.name}."
    known = replace(said, unit=possible[0].unit)
    unusual = usual or (possible[0].unsure and measure.units[0].unit)
    if unusual:
        name, other = display_unit(possible[0].unit), display_unit(unusual)
        return known, f"The unit was not said; {said.value:g} is possible in {name} only, not in {other}."
    return known, doubt(measure, known)


def doubt(measure: Measure, said: Quantity) -> str | None:
    """Why a quantity with its unit may be wrong, in words; None when nothing speaks against it."""
    limits = next((limits for limits in measure.units if limits.unit == said.unit), None)
    if limits is None:
        return _other_unit(measure, said)
    if measure.second and said.second is None:
        return "Blood pressure has two numbers; only one was said."
    if said.second is not None and said.value <= said.second:
        return "The upper number should be higher than the lower number."
    low = measure.second
    outside = not limits.low <= said.value <= limits.high
    if outside or (low and said.second is not None and not low.low <= said.second <= low.high):
        shown = f"{said.value:g}" if said.second is None else f"{said.value:g}/{said.second:g}"
        return f"{shown} {display_unit(limits.unit)} is outside what is possible for {measure.name}."
    return None


def _other_unit(measure: Measure, said: Quantity) -> str | None:
    """A unit that the lexicon does not list is fine where it converts into one that it does."""
    shown = display_unit(said.unit or "")
    for limits in measure.units:
        if said.unit and _comparable(said.unit, limits.unit, measure.code):
            value = convert(said.value, said.unit, limits.unit, measure.code)
            if limits.low <= value <= limits.high:
                return None
            return f"{said.value:g} {shown} is outside what is possible for {measure.name}."
    return f"{shown} is not a unit for {measure.name}."


@lru_cache(maxsize=1024)
def _comparable(one: str, other: str, code: str) -> bool:
    return comparable(one, other, code)


def fits(measure: Measure, value: float) -> bool:
    """Whether a bare number can be a value of the measure in one of its units."""
    return any(limits.low <= value <= limits.high for limits in measure.units)
