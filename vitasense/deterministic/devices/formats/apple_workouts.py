"""Workouts of an Apple Health export, with totals from attributes (older exports) or from statistics (newer ones)."""

import re
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.apple_book import apple_book
from vitasense.deterministic.devices.formats.apple_records import Attributes, device_of, span, written
from vitasense.deterministic.devices.formats.limits import LONGEST_NAME, bad
from vitasense.deterministic.devices.formats.metrics import metric_of
from vitasense.deterministic.devices.formats.numerals import number
from vitasense.deterministic.devices.formats.parsed import Parsed, RoutePoint, Workout
from vitasense.deterministic.devices.formats.sports import sport_of
from vitasense.deterministic.devices.formats.units import unit_code
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert

ROUTES_ARE_IN_THE_ZIP = "the routes are files of their own: import export.zip as a whole to have them"
ROUTES_OF_A_WORKOUT = 32
_DISTANCE, _ENERGY = "55430-3", "55424-6"  # only for the units that a length and an energy may have
_PREFIX = "HKWorkoutActivityType"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

Routes = Callable[[str], tuple[RoutePoint, ...]]


class Workouts:
    """Collects one workout at a time: `begin`, its children, `end`."""

    def __init__(self, zone: ZoneInfo, untaken: Untaken, routes: Routes | None) -> None:
        self._zone, self._untaken, self._routes, self._book = zone, untaken, routes, apple_book()
        self._attributes: Attributes = {}
        self._totals: dict[str, tuple[str, str]] = {}
        self._paths = list[str]()
        self._line = 0

    def begin(self, attributes: Attributes, line: int) -> None:
        """A workout starts; what attributes tell in total is the first choice."""
        self._attributes, self._line, self._paths = attributes, line, []
        self._totals = dict[str, tuple[str, str]]()
        for part in ("Distance", "EnergyBurned"):
            if value := attributes.get(f"total{part}"):
                self._totals[part] = (value, attributes.get(f"total{part}Unit", ""))

    def child(self, name: str, attributes: Attributes) -> None:
        """A direct child of the workout; those of its activities would be counted twice."""
        if name == "WorkoutStatistics" and "sum" in attributes:
            kind = attributes.get("type", "")
            part = "Distance" if kind in self._book.distances else "EnergyBurned" if kind == self._book.energy else None
            if part:
                self._totals.setdefault(part, (attributes["sum"], attributes.get("unit", "")))
        elif name == "MetadataEntry" and (key := attributes.get("key", "")) in (self._book.ascent, self._book.descent):
            value, _, unit = attributes.get("value", "").partition(" ")
            self._totals[key] = (value, unit)

    def route(self, path: str) -> None:
        """A file with a part of the way."""
        if len(self._paths) < ROUTES_OF_A_WORKOUT:
            self._paths.append(path)

    def end(self) -> Iterator[Parsed]:
        """The workout, or why it cannot be taken; a route that cannot be read is told and the workout stays."""
        place = f"line {self._line}"
        try:
            start, end = span(self._attributes, self._zone)
            totals = self._read_totals()
        except InvalidInput as problem:
            yield bad(place, problem.detail, written("Workout", self._attributes))
            return
        way = list[RoutePoint]()
        for path in self._paths:
            yield from self._follow(path, place, way)
        yield Workout(
            device=device_of(self._attributes),
            sport=sport(self._attributes.get("workoutActivityType", "")),
            started_at=start,
            ended_at=end,
            distance_m=totals.get("Distance"),
            energy_kcal=totals.get("EnergyBurned"),
            ascent_m=totals.get(self._book.ascent),
            descent_m=totals.get(self._book.descent),
            route=tuple(way),
            place=place,
        )

    def _read_totals(self) -> dict[str, float]:
        """Metres and kilocalories; a total of 0 means that it was not measured."""
        read = {part: _total(part, *said) for part, said in self._totals.items()}
        return {part: value for part, value in read.items() if value}

    def _follow(self, path: str, place: str, way: list[RoutePoint]) -> Iterator[Parsed]:
        if self._routes is None:
            self._untaken.add("workout routes", place, ROUTES_ARE_IN_THE_ZIP)
            return
        try:
            way.extend(self._routes(path))
        except InvalidInput as problem:
            yield bad(place, f"The route of this workout cannot be read: {problem.detail}", path)


def sport(kind: str) -> str:
    """The sport in plain words: "HKWorkoutActivityTypeTableTennis" is "table tennis"."""
    name = kind.removeprefix(_PREFIX)[:LONGEST_NAME]
    return apple_book().sports.get(name) or sport_of(_HUMP.sub(" ", name))


def _total(part: str, value: str, unit: str) -> float:
    like, target = (_ENERGY, "kcal") if part == "EnergyBurned" else (_DISTANCE, "m")
    found = number(value)
    if not found:
        return 0.0
    found = convert(found, unit_code(unit, like), target)
    if found < 0:
        raise InvalidInput(f"A negative {metric_of(like).name} cannot be.")
    return found
