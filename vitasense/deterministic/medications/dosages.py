"""Between FHIR R4 Dosage and Step, both ways without loss: what is not understood goes through as it came."""

from collections.abc import Mapping, Sequence
from typing import cast

from vitasense.deterministic.medications.fhir_values import (
    quantity_json,
    ratio_json,
    span_json,
    take_days,
    take_decimal,
    take_flag,
    take_object,
    take_objects,
    take_quantity,
    take_ratio,
    take_span,
    take_texts,
    take_times,
    take_unit,
    take_whole,
    take_words,
)
from vitasense.deterministic.medications.schedules import Dates, Json, Quantity, Schedule, Span, Step, Timing

_NUMBERS = {
    "frequency": "frequency",
    "frequencyMax": "frequency_max",
    "count": "count",
    "countMax": "count_max",
    "offset": "offset",
}
_DECIMALS = {
    "period": "period",
    "periodMax": "period_max",
    "duration": "duration",
    "durationMax": "duration_max",
}
_UNITS = {"periodUnit": "unit", "durationUnit": "duration_unit"}


def schedule_of(dosages: Sequence[Json]) -> Schedule | None:
    """The schedule of a resource's dosages; None when it has none."""
    return Schedule(tuple(step_of(each) for each in dosages)) if dosages else None


def dosages_of(schedule: Schedule) -> list[dict[str, object]]:
    """The schedule as FHIR dosages."""
    return [dosage_of(step) for step in schedule.steps]


def step_of(dosage: Json) -> Step:
    """One dosage; a member of another form than FHIR's stays in `rest`."""
    left = dict(dosage)
    order, text = take_whole(left, "sequence"), take_words(left, "text")
    dose, dose_type = _dose(left)
    return Step(
        order=order,
        text=text,
        timing=_timing(left),
        dose=dose,
        dose_type=dose_type,
        as_needed=take_flag(left, "asNeededBoolean"),
        needed_for=take_object(left, "asNeededCodeableConcept"),
        most_per_period=take_ratio(left, "maxDosePerPeriod"),
        most_each=take_quantity(left, "maxDosePerAdministration"),
        route=take_object(left, "route"),
        site=take_object(left, "site"),
        notes=take_objects(left, "additionalInstruction"),
        rest=left,
    )


def dosage_of(step: Step) -> dict[str, object]:
    """The step as a FHIR dosage."""
    dose = _dose_json(step)
    made: dict[str, object | None] = {
        "sequence": step.order,
        "text": step.text,
        "timing": timing_json(step.timing) if step.timing else None,
        "asNeededBoolean": step.as_needed,
        "asNeededCodeableConcept": step.needed_for,
        "maxDosePerPeriod": ratio_json(step.most_per_period) if step.most_per_period else None,
        "maxDosePerAdministration": quantity_json(step.most_each) if step.most_each else None,
        "route": step.route,
        "site": step.site,
        "additionalInstruction": list(step.notes) or None,
    }
    if dose:
        made["doseAndRate"] = [dose]
    return {**step.rest, **_said(made)}


def _dose_json(step: Step) -> dict[str, object]:
    made: dict[str, object] = {"type": step.dose_type} if step.dose_type is not None else {}
    if isinstance(step.dose, Quantity):
        made["doseQuantity"] = quantity_json(step.dose)
    elif step.dose is not None:
        made["doseRange"] = span_json(step.dose)
    return made


def _dose(left: dict[str, object]) -> tuple[Quantity | Span | None, Json | None]:
    """The one dose; several, and rates, stay in `rest`."""
    said = left.get("doseAndRate")
    only = cast("list[object]", said)[0] if isinstance(said, list) and len(cast("list[object]", said)) == 1 else None
    if not isinstance(only, dict):
        return None, None
    inner = dict(cast("Json", only))
    dose_type = take_object(inner, "type")
    dose = take_quantity(inner, "doseQuantity") or take_span(inner, "doseRange")
    if inner or (dose is None and dose_type is None):
        return None, None
    del left["doseAndRate"]
    return dose, dose_type


def _timing(left: dict[str, object]) -> Timing | None:
    said = left.get("timing")
    if not isinstance(said, dict):
        return None
    del left["timing"]
    rest = dict(cast("Json", said))
    events = take_texts(rest, "event")
    code = take_object(rest, "code")
    repeat = rest.pop("repeat", None)
    if repeat is not None and not isinstance(repeat, dict):
        rest["repeat"] = repeat
        return Timing(events=events, code=code, rest=rest)
    inner = dict(cast("Json", repeat or {}))
    if repeat == {}:
        rest["repeat"] = {}
    members: dict[str, object] = {}
    members |= {own: take_whole(inner, name) for name, own in _NUMBERS.items()}
    members |= {own: take_decimal(inner, name) for name, own in _DECIMALS.items()}
    members |= {own: take_unit(inner, name) for name, own in _UNITS.items()}
    return Timing(
        **members,  # pyright: ignore[reportArgumentType] - each by its own reader
        days=take_days(inner),
        times=take_times(inner),
        when=take_texts(inner, "when"),
        bounds=_bounds(inner),
        events=events,
        code=code,
        rest=rest,
        repeat_rest=inner,
    )


def timing_json(timing: Timing) -> dict[str, object]:
    """The timing as FHIR Timing."""
    repeat: dict[str, object | None] = {}
    for names in (_NUMBERS, _DECIMALS, _UNITS):
        repeat |= {name: getattr(timing, own) for name, own in names.items()}
    repeat |= {
        "dayOfWeek": list(timing.days) or None,
        "timeOfDay": [each.isoformat() for each in timing.times] or None,
        "when": list(timing.when) or None,
    }
    if timing.bounds is not None:
        repeat |= _bounds_json(timing.bounds)
    kept = {**timing.repeat_rest, **_said(repeat)}
    made = {"event": list(timing.events) or None, "code": timing.code, "repeat": kept or None}
    return {**timing.rest, **_said(made)}


def _said(members: Mapping[str, object | None]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}


def _bounds(inner: dict[str, object]) -> Dates | Quantity | Span | None:
    found = take_quantity(inner, "boundsDuration") or take_span(inner, "boundsRange")
    if found:
        return found
    said = inner.get("boundsPeriod")
    if not isinstance(said, dict):
        return None
    left = dict(cast("Json", said))
    dates = Dates(take_words(left, "start"), take_words(left, "end"))
    if left or dates == Dates():
        return None
    del inner["boundsPeriod"]
    return dates


def _bounds_json(bounds: Dates | Quantity | Span) -> dict[str, object]:
    if isinstance(bounds, Quantity):
        return {"boundsDuration": quantity_json(bounds)}
    if isinstance(bounds, Span):
        return {"boundsRange": span_json(bounds)}
    dates = {"start": bounds.start, "end": bounds.end}
    return {"boundsPeriod": {name: value for name, value in dates.items() if value}}
