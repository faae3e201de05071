"""A schedule in a person's words, made of what it says; the source's own words where there are some."""

from collections.abc import Iterator
from datetime import time

from vitasense.deterministic.medications.amounts import same_unit
from vitasense.deterministic.medications.dose_forms import dose_forms, form_of
from vitasense.deterministic.medications.fhir_values import words_of_concept
from vitasense.deterministic.medications.schedules import Dates, Quantity, Schedule, Span, Step, Timing, event_timings
from vitasense.deterministic.units import display_unit

_UNITS = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
}
_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_OFTEN = {1: "once", 2: "twice"}


def schedule_words(schedule: Schedule) -> str | None:
    """The whole schedule ("2 tablets in the morning and 1 tablet at night"); None when nothing is said."""
    told = [(step.order, said) for step in schedule.steps if (said := step_words(step))]
    if not told:
        return None
    text, last = told[0][1], told[0][0]
    for order, said in told[1:]:
        text, last = f"{text}{' and ' if order == last else ', then '}{said}", order
    return text


def step_words(step: Step) -> str | None:
    """One direction: its own words, else its members."""
    return step.text or " ".join(_members(step)) or None


def _members(step: Step) -> Iterator[str]:
    if step.dose is not None:
        yield dose_words(step.dose)
    if step.timing is not None:
        yield from _timing(step.timing)
    yield from (said for note in step.notes if (said := words_of_concept(note)))
    if step.when_needed:
        reason = words_of_concept(step.needed_for) if step.needed_for else None
        yield f"as needed for {reason}" if reason else "as needed"
    limit = step.most_per_period
    if limit and limit.numerator and limit.denominator:
        yield f"up to {amount_words(limit.numerator)} in {amount_words(limit.denominator)}"


def dose_words(dose: Quantity | Span) -> str:
    """ "2 tablets", "1 to 2 puffs"."""
    if isinstance(dose, Quantity):
        return amount_words(dose)
    if dose.low and dose.high and same_unit(dose.low, dose.high):
        return f"{dose.low.value:.10g} to {amount_words(dose.high)}"
    return " to ".join(amount_words(end) for end in (dose.low, dose.high) if end)


def amount_words(quantity: Quantity) -> str:
    """ "2 tablets", "10 mg", "24 hours"."""
    number = f"{quantity.comparator or ''}{quantity.value:.10g}"
    form = form_of(quantity)
    if form:
        known = dose_forms().forms[form]
        return f"{number} {known.one if quantity.value <= 1 else known.several}"
    time_unit = _UNITS.get(quantity.ucum or "")
    if time_unit:
        return f"{number} {time_unit}{'' if quantity.value == 1 else 's'}"
    unit = quantity.unit or (display_unit(quantity.code) if quantity.code and quantity.code != "1" else "")
    return f"{number} {unit}".strip()


def slot_words(slot: str) -> str | None:
    """A part of the day in words ("at bedtime"), a time of the clock ("at 08:00"), or which of several ("dose 1 of 2").

    None for the only one of a day.
    """
    name = slot.partition(" ")[0]
    if name in event_timings().words:
        return event_timings().words[name]
    if slot[2:3] == ":":
        return f"at {slot[:5]}"
    place, _, of = slot.partition("/")
    return f"dose {place} of {of}" if of != "1" else None


def _timing(timing: Timing) -> Iterator[str]:
    if timing.period and timing.unit:
        yield _often(timing)
    if timing.times:
        yield f"at {_listed([_clock(each) for each in timing.times])}"
    if timing.when:
        yield _listed([event_timings().words.get(code, code) for code in timing.when])
    if timing.days:
        yield f"on {_listed([_DAYS[day] for day in timing.days])}"
    if timing.code and not (timing.period or timing.when or timing.times or timing.days):
        yield from (said for said in [words_of_concept(timing.code)] if said)
    yield from _bounds(timing)


def _clock(clock: time) -> str:
    return f"{clock:%H:%M}"


def _often(timing: Timing) -> str:
    assert timing.period is not None and timing.unit is not None, "the period was looked at"
    unit, times = _UNITS[timing.unit], timing.frequency or 1
    often = (
        _OFTEN.get(times, f"{times} times") if not timing.frequency_max else f"{times} to {timing.frequency_max} times"
    )
    if timing.period == 1 and not timing.period_max:
        return f"{often} {'an' if unit == 'hour' else 'a'} {unit}"
    longest = f" to {timing.period_max:.10g}" if timing.period_max else ""
    every = f"every {timing.period:.10g}{longest} {unit}s"
    return every if times == 1 and not timing.frequency_max else f"{often} {every}"


def _bounds(timing: Timing) -> Iterator[str]:
    bounds = timing.bounds
    if isinstance(bounds, Quantity):
        yield f"for {amount_words(bounds)}"
    elif isinstance(bounds, Span):
        yield f"for {dose_words(bounds)}"
    elif isinstance(bounds, Dates):
        yield " ".join(filter(None, [bounds.start and f"from {bounds.start}", bounds.end and f"until {bounds.end}"]))
    if timing.count:
        yield f"{timing.count} time{'' if timing.count == 1 else 's'} in all"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
