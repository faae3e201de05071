"""iHealth: answers of its web API (iHealth Labs developer documentation, "Request for data of …").

Units are numbers in it, as openmhealth/shimmer's mappers of the same answers have them.

Every time is the local clock read as if it were UTC, with the offset beside it; both together are the moment.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.json_files import (
    Node,
    above_zero,
    after_epoch,
    document,
    each,
    need_items,
    need_number,
    need_text,
    node,
    text,
)
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.sports import sport_of
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.devices.formats.wall_clock import ONE_DAY
from vitasense.deterministic.platform.problems import InvalidInput

Values = tuple[tuple[str, float | None, str], ...]
UNITS = {
    "BPUnit": (codes.PRESSURE, "kPa"),
    "BGUnit": ("mg/dL", "mmol/L"),
    "WeightUnit": ("kg", "[lb_av]", "[stone_av]"),
    "DistanceUnit": ("km", "[mi_i]"),
}
KINDS = {"BPDataList": "cuff", "BGDataList": "glucose meter", "BODataList": "oximeter", "WeightDataList": "scale"}
# Numbers of a scale that this service has no measure for.
UNTAKEN = {
    "BoneValue": "bone mass",
    "MuscaleValue": "muscle mass",
    "WaterValue": "body water",
    "DCI": "daily calorie intake",
}
FARTHEST = timedelta(hours=14)  # the largest offset from UTC that is in use (Kiribati, IANA tz database)


def read(stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]:
    """What the file holds, one after another; every entry has its own offset, so `zone` and `name` are not needed.

    Raises InvalidInput when the file as a whole is not iHealth's or its unit is not known.
    """
    del zone, name
    answer = node(document(stream)) or {}
    lists = [key for key in _TAKERS if key in answer]
    if not lists:
        raise InvalidInput("This is not an iHealth file of pressure, glucose, oxygen, weight, steps, sleep or sport.")
    untaken = Untaken()
    for key in lists:
        yield from _list(answer, key, untaken)
    yield from untaken.rows()


def _list(answer: Node, key: str, untaken: Untaken) -> Iterator[Parsed]:
    take, unit = _TAKERS[key][0], _unit(answer, key)
    device = SourceDevice("iHealth", maker="iHealth", kind=KINDS.get(key))

    def entry(row: Node, place: str) -> Iterator[Parsed]:
        return take(_Entry(row, place, device, unit, untaken))

    yield from each(need_items(answer[key], key), key, entry)


class _Entry:
    """One entry with what it needs to be read."""

    def __init__(self, row: Node, place: str, device: SourceDevice, unit: str, untaken: Untaken) -> None:
        self.row, self.place, self.unit, self.untaken = row, place, unit, untaken
        self.entered = text(row, "DataSource") == "Manual"
        self.device = SourceDevice("iHealth app", maker="iHealth", kind="app") if self.entered else device

    def at(self, key: str = "MDate") -> datetime:
        return after_epoch(need_number(self.row, key) - _offset(self.row.get("TimeZone")).total_seconds())

    def day(self) -> tuple[datetime, datetime]:
        offset = _offset(self.row.get("TimeZone"))
        local = after_epoch(need_number(self.row, "MDate")).replace(hour=0, minute=0, second=0, microsecond=0)
        return local - offset, local - offset + ONE_DAY

    def measured(
        self, values: Values, first: datetime, last: datetime | None = None, note: str | None = None
    ) -> Iterator[Measured]:
        note = note or text(self.row, "Note")
        for metric, value, unit in values:
            if value:
                yield Measured(
                    self.device, metric, first, value, unit, last, self.place, note=note, self_reported=self.entered
                )


def _pressure(entry: _Entry) -> Iterator[Parsed]:
    high, low = above_zero(entry.row, "HP"), above_zero(entry.row, "LP")
    if (high is None) != (low is None):
        raise InvalidInput("One of the two pressures is missing.")
    pulse = above_zero(entry.row, "HR")
    values = (
        (codes.SYSTOLIC, high, entry.unit),
        (codes.DIASTOLIC, low, entry.unit),
        (codes.HEART_RATE, pulse, codes.PER_MINUTE),
    )
    yield from entry.measured(values, entry.at())


def _glucose(entry: _Entry) -> Iterator[Parsed]:
    meal = (text(entry.row, "DinnerSituation") or "").replace("_", " ").lower()
    note = "; ".join(part for part in (meal, text(entry.row, "Note")) if part)
    yield from entry.measured(((codes.GLUCOSE, above_zero(entry.row, "BG"), entry.unit),), entry.at(), note=note)


def _oxygen(entry: _Entry) -> Iterator[Parsed]:
    oxygen, pulse = above_zero(entry.row, "BO"), above_zero(entry.row, "HR")
    values = ((codes.OXYGEN, oxygen, "%"), (codes.HEART_RATE, pulse, codes.PER_MINUTE))
    yield from entry.measured(values, entry.at())


def _weight(entry: _Entry) -> Iterator[Parsed]:
    values = (
        (codes.WEIGHT, above_zero(entry.row, "WeightValue"), entry.unit),
        (codes.BODY_MASS_INDEX, above_zero(entry.row, "BMI"), codes.BODY_MASS_UNIT),
        (codes.BODY_FAT, above_zero(entry.row, "FatValue"), "%"),
    )
    for key, kind in UNTAKEN.items():
        if above_zero(entry.row, key):
            entry.untaken.add(kind, entry.place)
    yield from entry.measured(values, entry.at())


def _steps(entry: _Entry) -> Iterator[Parsed]:
    """One entry is the sum of a day; its time is when it was last brought up to date."""
    values = (
        (codes.STEPS, above_zero(entry.row, "Steps"), codes.STEP_COUNT),
        (codes.WALKED, above_zero(entry.row, "DistanceTraveled"), entry.unit),
        (codes.ENERGY, above_zero(entry.row, "Calories"), "kcal"),
    )
    yield from entry.measured(values, *entry.day())


def _sleep(entry: _Entry) -> Iterator[Parsed]:
    """ "HoursSlept" are minutes: with the sleep's begin and end they give the efficiency that stands beside them."""
    first, last = _interval(entry, "StartTime", "EndTime")
    yield from entry.measured(((codes.SLEEP, above_zero(entry.row, "HoursSlept"), "min"),), first, last)


def _sport(entry: _Entry) -> Iterator[Parsed]:
    first, last = _interval(entry, "SportStartTime", "SportEndTime")
    yield Workout(
        entry.device,
        sport_of(need_text(entry.row, "SportName")),
        first,
        last,
        external_id=text(entry.row, "DataID"),
        energy_kcal=above_zero(entry.row, "Calories"),
        place=entry.place,
    )


def _interval(entry: _Entry, first: str, last: str) -> tuple[datetime, datetime]:
    began, ended = entry.at(first), entry.at(last)
    if ended < began:
        raise InvalidInput("It ends before it begins.")
    return began, ended


# The list of an answer → how its entries are read, and where its unit stands.
_TAKERS: Mapping[str, tuple[Callable[[_Entry], Iterator[Parsed]], str | None]] = {
    "BPDataList": (_pressure, "BPUnit"),
    "BGDataList": (_glucose, "BGUnit"),
    "BODataList": (_oxygen, None),
    "WeightDataList": (_weight, "WeightUnit"),
    "ARDataList": (_steps, "DistanceUnit"),
    "SRDataList": (_sleep, None),
    "SPORTDataList": (_sport, None),
}


def _unit(answer: Node, key: str) -> str:
    name = _TAKERS[key][1]
    if name is None or not answer[key]:  # an empty list needs no unit
        return ""
    found, known = answer.get(name), UNITS[name]
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < len(known):
        raise InvalidInput(f"{name} is missing or not one of {len(known)} known units: the numbers cannot be read.")
    return known[found]


def _offset(value: object) -> timedelta:
    """An offset as "-0600", "+0530" or whole hours (-8). Raises InvalidInput when it is missing or not one."""
    found: timedelta | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        found = timedelta(hours=max(-24, min(value, 24)))
    elif (
        isinstance(value, str) and len(value) == 5 and value[0] in "+-" and value[1:].isascii() and value[1:].isdigit()
    ):
        size = timedelta(hours=int(value[1:3]), minutes=int(value[3:]))
        found = -size if value[0] == "-" else size
    if found is None or abs(found) > FARTHEST:
        raise InvalidInput("The time zone is missing or not an offset like -0600.")
    return found
