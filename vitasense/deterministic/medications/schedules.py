"""Schedule: how a medicine is taken, member by member as HL7 FHIR R4 Dosage and Timing have it, and what follows from it.

Nothing of a dosage is dropped: what is not understood is kept, and makes what depends on it "not evaluated".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.tracking import NotEvaluated

Json = Mapping[str, object]
Unit = Literal["s", "min", "h", "d", "wk", "mo", "a"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UCUM = "http://unitsofmeasure.org"
# Gregorian means, in days: 365.25 days a year, a twelfth of it a month.
DAYS: Mapping[str, float] = {
    "s": 1 / 86_400,
    "min": 1 / 1440,
    "h": 1 / 24,
    "d": 1,
    "wk": 7,
    "mo": 30.4375,
    "a": 365.25,
}
TAKING = "{taking}"  # UCUM annotation of a limit that counts takings


class Abbreviation(BaseModel):
    """What a timing abbreviation alone says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frequency: int
    period: int
    unit: Unit
    when: tuple[str, ...] = ()


class EventTimings(BaseModel):
    """rules/event_timing.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    order: tuple[str, ...]
    meals: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    abbreviations: Mapping[str, Abbreviation]


@cache
def event_timings() -> EventTimings:
    """The parts of a day and the timing abbreviations of FHIR."""
    text = files("vitasense.deterministic.medications").joinpath("rules/event_timing.yaml").read_text("utf-8")
    return EventTimings.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as FHIR has it: `unit` in words, `code` in `system`."""

    value: float
    unit: str | None = None
    code: str | None = None
    system: str | None = None
    comparator: str | None = None

    @property
    def ucum(self) -> str | None:
        """The UCUM code, when that is the system."""
        return self.code if self.system == UCUM else None


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, None where open."""

    low: Quantity | None = None
    high: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """So much in so much: 4 g in 1 day."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """From `start` to the end of `end`, in the source's words and precision."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """When and how often (FHIR Timing): `frequency` times every `period` of `unit`, `times` of the clock, `when` in the day.

    `bounds` are dates, a duration (Quantity) or a range of durations; `events` single moments; `code` the coded
    abbreviation. `rest` and `repeat_rest` are members that are not understood.
    """

    frequency: int | None = None
    frequency_max: int | None = None
    period: float | None = None
    period_max: float | None = None
    unit: Unit | None = None
    count: int | None = None
    count_max: int | None = None
    days: tuple[Day, ...] = ()
    times: tuple[time, ...] = ()
    when: tuple[str, ...] = ()
    offset: int | None = None
    duration: float | None = None
    duration_max: float | None = None
    duration_unit: Unit | None = None
    bounds: Dates | Quantity | Span | None = None
    events: tuple[str, ...] = ()
    code: Json | None = None
    rest: Json = field(default_factory=dict[str, object])
    repeat_rest: Json = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Step:
    """One FHIR Dosage. Steps of one `order` hold side by side, those of a later one follow.

    `dose` is how much at a time; `most_per_period` and `most_each` are limits; `needed_for` is what it is needed for.
    Concepts (`route`, `site`, `notes` …) are FHIR CodeableConcepts. `rest` are members that are not understood.
    """

    order: int | None = None
    text: str | None = None
    timing: Timing | None = None
    dose: Quantity | Span | None = None
    dose_type: Json | None = None
    as_needed: bool | None = None
    needed_for: Json | None = None
    most_per_period: Ratio | None = None
    most_each: Quantity | None = None
    route: Json | None = None
    site: Json | None = None
    notes: tuple[Json, ...] = ()
    rest: Json = field(default_factory=dict[str, object])

    @property
    def when_needed(self) -> bool:
        """Whether nothing of it is due."""
        return bool(self.as_needed) or self.needed_for is not None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All directions for one medicine, in the source's order."""

    steps: tuple[Step, ...]


def phases(schedule: Schedule) -> tuple[tuple[Step, ...], ...] | NotEvaluated:
    """The steps that hold at one time together, one group after the other.

    FHIR R4, Dosage.sequence: the same number is concurrent, another one sequential. Several steps without numbers say
    neither.
    """
    numbers = [step.order for step in schedule.steps]
    if len(numbers) > 1 and None in numbers:
        return NotEvaluated("several directions are given without their order")
    ordered = sorted(schedule.steps, key=_order)
    return tuple(tuple(group) for _, group in groupby(ordered, key=_order))


def _order(step: Step) -> int:
    return step.order or 0
