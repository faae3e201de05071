"""Google Fit: data points of its REST API ("point") and of Google Takeout's "All Data" files ("Data Points").

Field orders, units and sleep stages: Google Fit documentation, Health, Activity and Body data types.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.json_files import (
    Node,
    after_epoch,
    document,
    each,
    items,
    need_items,
    need_number,
    need_text,
    node,
    number,
    text,
)
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.sports import google_is_no_exercise, google_sleep, google_sport
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.platform.problems import InvalidInput

LISTS = ("point", "Data Points")
NANOSECONDS = 1_000_000_000
LONGEST_TIME = 21  # digits
ENTERED = "user_input"  # the stream's name of what a person typed in
PREFIX = "com.google."
# Data type → measure and unit of its first field.
INSTANTS: Mapping[str, tuple[str, str]] = {
    "heart_rate.bpm": (codes.HEART_RATE, codes.PER_MINUTE),
    "weight": (codes.WEIGHT, "kg"),
    "height": (codes.HEIGHT, "m"),
    "body.fat.percentage": (codes.BODY_FAT, "%"),
    "body.temperature": (codes.TEMPERATURE, "Cel"),
    "oxygen_saturation": (codes.OXYGEN, "%"),
    "blood_glucose": (codes.GLUCOSE, "mmol/L"),
}
# A zero of these is left out: Google gives it also for the time in which nothing was counted.
SUMS: Mapping[str, tuple[str, str]] = {
    "step_count.delta": (codes.STEPS, codes.STEP_COUNT),
    "calories.expended": (codes.ENERGY, "kcal"),
}
STAGES = {2: codes.SLEEP, 4: codes.LIGHT_SLEEP, 5: codes.DEEP_SLEEP, 6: codes.REM_SLEEP}
AWAKE = frozenset({1, 3})
SPECIMEN, FROM_BLOOD = 4, frozenset({2, 3, 4, 6})  # capillary, plasma, serum and whole blood


@dataclass(frozen=True, slots=True)
class _Point:
    device: SourceDevice
    first: datetime
    last: datetime
    values: tuple[Node, ...]
    place: str
    entered: bool

    def value(self, index: int = 0) -> float:
        found = self.optional(index)
        if found is None:
            raise InvalidInput("The value is missing.")
        return found

    def optional(self, index: int) -> float | None:
        field = self.values[index] if index < len(self.values) else {}
        whole = number(field, "intVal")
        return number(field, "fpVal") if whole is None else whole

    def measured(self, metric: str, value: float, unit: str) -> Measured:
        until = self.last if self.last > self.first else None
        return Measured(self.device, metric, self.first, value, unit, until, self.place, self_reported=self.entered)


def read(stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]:
    """What the file holds, one after another; all times of it are UTC, so `zone` and the file's `name` are not needed.

    Raises InvalidInput when the file as a whole is not Google Fit's.
    """
    del zone, name
    answer = node(document(stream)) or {}
    key = next((each_key for each_key in LISTS if each_key in answer), None)
    if key is None:
        if not isinstance(answer.get("dataSourceId", answer.get("Data Source")), str):
            raise InvalidInput("This is not a Google Fit file: it has no data points and names no data source.")
        return
    untaken = Untaken()
    yield from each(need_items(answer[key], key), key, lambda row, place: _point(row, place, untaken))
    yield from untaken.rows()


def _point(row: Node, place: str, untaken: Untaken) -> Iterator[Parsed]:
    kind = need_text(row, "dataTypeName").removeprefix(PREFIX)
    take = _TAKERS.get(kind)
    if take is None and kind not in INSTANTS and kind not in SUMS:
        untaken.add(kind, place)
        return
    origin = text(row, "originDataSourceId") or ""
    first, last = _when(row, "startTimeNanos"), _when(row, "endTimeNanos")
    if last < first:
        raise InvalidInput("The interval ends before it begins.")
    point = _Point(_device(origin), first, last, _values(row), place, origin.endswith(ENTERED))
    yield from take(point, untaken) if take else _simple(point, kind)


def _simple(point: _Point, kind: str) -> Iterator[Parsed]:
    metric, unit = INSTANTS.get(kind) or SUMS[kind]
    value = point.value()
    if kind in SUMS and value < 0:
        raise InvalidInput("The count is below zero.")
    if kind == "blood_glucose" and point.optional(SPECIMEN) not in {None, 0, *FROM_BLOOD}:
        raise InvalidInput("The glucose was not measured in blood.")
    if value or kind in INSTANTS:
        yield point.measured(metric, value, unit)


def _pressure(point: _Point, untaken: Untaken) -> Iterator[Parsed]:
    del untaken
    yield point.measured(codes.SYSTOLIC, point.value(0), codes.PRESSURE)
    yield point.measured(codes.DIASTOLIC, point.value(1), codes.PRESSURE)


def _activity(point: _Point, untaken: Untaken) -> Iterator[Parsed]:
    code = int(point.value())
    if (metric := google_sleep(code)) is not None:
        yield _asleep(point, metric)
    elif (sport := google_sport(code)) is not None:
        yield Workout(point.device, sport, point.first, point.last, place=point.place)
    elif not google_is_no_exercise(code):
        untaken.add(f"activity {code}", point.place)


def _stage(point: _Point, untaken: Untaken) -> Iterator[Parsed]:
    code = int(point.value())
    if code in STAGES:
        yield _asleep(point, STAGES[code])
    elif code not in AWAKE:
        untaken.add(f"sleep stage {code}", point.place)


def _asleep(point: _Point, metric: str) -> Measured:
    return point.measured(metric, (point.last - point.first).total_seconds() / 60, "min")


_TAKERS: Mapping[str, Callable[[_Point, Untaken], Iterator[Parsed]]] = {
    "blood_pressure": _pressure,
    "activity.segment": _activity,
    "sleep.segment": _stage,
}


def _values(row: Node) -> tuple[Node, ...]:
    """The fields of a point; Takeout puts each one level deeper."""
    fields = items(row.get("value", row.get("fitValue"))) or []
    return tuple(node(found.get("value")) or found for field in fields if (found := node(field)) is not None)


def _when(row: Node, key: str) -> datetime:
    value = row.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST_TIME:
        return after_epoch(int(value) / NANOSECONDS)
    return after_epoch(need_number(row, key) / NANOSECONDS)


def _device(origin: str) -> SourceDevice:
    """An origin is type:data type:package[:maker:model:id]:stream (Google Fit REST reference, data sources)."""
    parts = origin.split(":")
    package = parts[2] if len(parts) > 2 and parts[2] else "Google Fit"
    if len(parts) >= 7:
        maker, model, identity = (part.strip() or None for part in parts[3:6])
        return SourceDevice(model or package, maker=maker, model=model, external_id=identity)
    return SourceDevice(package, kind="app")
