"""Data points of Open mHealth (schema library 1.x and 2.x) as measurements.

Only the schemas that the catalogue names. A body that says it is a statistic over a period is taken if it is an average
and refused if it is a maximum or another: that is no measurement of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.limits import quoted, word
from vitasense.deterministic.devices.formats.metrics import BLOOD_GLUCOSE, SENSOR_GLUCOSE
from vitasense.deterministic.devices.formats.moments import moment
from vitasense.deterministic.devices.formats.numerals import numeric
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.units import unit_code
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert

# Schema name → members of the body and the LOINC code of each (Open mHealth, omh namespace).
_SCHEMAS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "heart-rate": (("heart_rate", "8867-4"),),
    "blood-pressure": (("systolic_blood_pressure", "8480-6"), ("diastolic_blood_pressure", "8462-4")),
    "oxygen-saturation": (("oxygen_saturation", "59408-5"),),
    "respiratory-rate": (("respiratory_rate", "9279-1"),),
    "body-temperature": (("body_temperature", "8310-5"),),
    "body-weight": (("body_weight", "29463-7"),),
    "body-height": (("body_height", "8302-2"),),
    "body-mass-index": (("body_mass_index", "39156-5"),),
    "body-fat-percentage": (("body_fat_percentage", "41982-0"),),
    "step-count": (("step_count", "55423-8"),),
    "calories-burned": (("kcal_burned", "55424-6"),),
    "sleep-duration": (("sleep_duration", "93832-4"),),
    "blood-glucose": (("blood_glucose", BLOOD_GLUCOSE),),
}
# specimen_source of blood-glucose: what each is in the catalogue. Plasma, serum, tears and urine are other measures.
_SPECIMENS = {"interstitial fluid": SENSOR_GLUCOSE, "capillary blood": BLOOD_GLUCOSE, "whole blood": BLOOD_GLUCOSE}
ACTIVITY = "physical-activity"
_LENGTH, _ENERGY = "55430-3", "55424-6"  # only for the units that a length and an energy may have
_NOTES = (
    "temporal_relationship_to_meal",
    "temporal_relationship_to_physical_activity",
    "temporal_relationship_to_sleep",
    "body_posture",
    "measurement_location",
    "user_notes",
)
_AVERAGES = frozenset({"average", "mean"})
_CALENDAR = frozenset({"yr", "Mo"})

Item = Mapping[str, object]


def is_data_point(row: Item) -> bool:
    """Whether the row is a data point of Open mHealth: a header and a body."""
    return isinstance(row.get("header"), dict) and isinstance(row.get("body"), dict)


def data_point(row: Item, place: str, zone: ZoneInfo) -> Iterator[Parsed]:
    """The measurements of one data point (blood pressure gives two) or its activity. Raises InvalidInput."""
    header, body = _inner(row, "header"), _inner(row, "body")
    name = str(_inner(header, "schema_id").get("name", ""))
    if name == ACTIVITY:
        yield _activity(body, _source(header)[0], place, zone)
    elif name in _SCHEMAS:
        yield from _measured(_SCHEMAS[name], header, body, place, zone)
    else:
        raise InvalidInput(f"The schema {quoted(name)} is not taken. There are: {', '.join((*_SCHEMAS, ACTIVITY))}.")


def _measured(
    members: Iterable[tuple[str, str]], header: Item, body: Item, place: str, zone: ZoneInfo
) -> Iterator[Measured]:
    statistic = body.get("descriptive_statistic")
    if statistic is not None and statistic not in _AVERAGES:
        raise InvalidInput(f"{quoted(str(statistic))} over a period is no measurement of its own.")
    at, until = _frame(body, zone)
    device, typed = _source(header)
    note = _note(body)
    for member, code in members:
        metric = _specimen(body, code)
        value, unit = _value(body.get(member), member, metric)
        yield Measured(device, metric, at, value, unit, until, place, note, typed)


def _value(held: object, member: str, metric: str) -> tuple[float, str]:
    """Value and unit; steps were a bare number in version 1."""
    if isinstance(held, int | float):
        return numeric(held, member), unit_code("1", metric)
    if not isinstance(held, dict):
        raise InvalidInput(f"{quoted(member)} is missing or has no value and unit.")
    value, unit = _quantity(cast("Item", held), member)
    return value, unit_code(unit, metric)


def _quantity(held: Item, member: str) -> tuple[float, str]:
    if not isinstance(unit := held.get("unit"), str):
        raise InvalidInput(f"{quoted(member)} needs a text as unit.")
    return numeric(held.get("value"), member), unit


def _activity(body: Item, device: SourceDevice, place: str, zone: ZoneInfo) -> Workout:
    start, end = _frame(body, zone)
    if end is None:
        raise InvalidInput("An activity needs the interval in which it was.")
    name = body.get("activity_name")
    return Workout(
        device=device,
        sport=(word(name).lower() if isinstance(name, str) else "") or "other",
        started_at=start,
        ended_at=end,
        distance_m=_total(body, "distance", _LENGTH, "m"),
        energy_kcal=_total(body, "kcal_burned", _ENERGY, "kcal"),
        place=place,
    )


def _total(body: Item, member: str, like: str, target: str) -> float | None:
    if body.get(member) is None:
        return None
    value, unit = _quantity(_inner(body, member), member)
    if value < 0:
        raise InvalidInput(f"{quoted(member)} is below zero.")
    return convert(value, unit_code(unit, like), target)


def _frame(body: Item, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
    """The moment, or begin and end of the interval: two of start, end and duration."""
    frame = _inner(body, "effective_time_frame")
    if isinstance(at := frame.get("date_time"), str):
        return moment(at, zone), None
    interval = _inner(frame, "time_interval")
    first, last = interval.get("start_date_time"), interval.get("end_date_time")
    start = moment(first, zone) if isinstance(first, str) else None
    end = moment(last, zone) if isinstance(last, str) else None
    if (start is None) != (end is None):
        start, end = _completed(start, end, _inner(interval, "duration"))
    if start is None or end is None:
        raise InvalidInput("The time interval needs two of start_date_time, end_date_time and duration.")
    if end <= start:
        raise InvalidInput("It ends before it begins.")
    return start, end


def _completed(start: datetime | None, end: datetime | None, duration: Item) -> tuple[datetime, datetime]:
    length, unit = _quantity(duration, "duration")
    if unit in _CALENDAR:
        raise InvalidInput("A duration in months or years has no length of its own.")
    try:
        passed = timedelta(seconds=convert(length, unit, "s"))
        return (start, start + passed) if start else (cast("datetime", end) - passed, cast("datetime", end))
    except OverflowError:
        raise InvalidInput("The duration is longer than a calendar.") from None


def _specimen(body: Item, code: str) -> str:
    said = body.get("specimen_source")
    if code != BLOOD_GLUCOSE or said is None:
        return code
    if (found := _SPECIMENS.get(str(said))) is None:
        raise InvalidInput(f"Glucose in {quoted(str(said))} is not taken from devices.")
    return found


def _source(header: Item) -> tuple[SourceDevice, bool]:
    """Who measured, and whether a person typed it: acquisition_provenance in the library, modality in IEEE 1752.1."""
    provenance = header.get("acquisition_provenance")
    held = cast("Item", provenance) if isinstance(provenance, dict) else header
    name, modality = held.get("source_name"), held.get("modality")
    return SourceDevice((word(name) if isinstance(name, str) else "") or "unnamed device"), modality == "self-reported"


def _note(body: Item) -> str | None:
    told = [value for key in _NOTES if isinstance(value := body.get(key), str)]
    return word("; ".join(told)) or None


def _inner(held: Item, member: str) -> Item:
    value = held.get(member)
    if not isinstance(value, dict):
        raise InvalidInput(f"{quoted(member)} is missing.")
    return cast("Item", value)
