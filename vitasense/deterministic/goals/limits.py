"""What a goal may be: rules/goals.yaml, read once, and the checks that need to know the person."""

import math
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.goals.schemas import Direction, Per, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert, display_unit

DAYS_A_WEEK = 7
_WEIGHT = "29463-7"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Frozen):
    """The numbers that a target may have, for a day or a reading."""

    per: tuple[Per, ...]
    low: float
    high: float
    reason: str | None = None
    source: str | None = None


class Kind(_Frozen):
    """One metric that goals can be set for; `adds_up` when a week is the sum of its days."""

    metric: str
    name: str
    unit: str
    category: Category
    adds_up: bool = False
    note: str | None = None
    at_least: Limits | None = None
    at_most: Limits | None = None


class Weight(_Frozen):
    """Below which body mass index nobody is helped to go, and from what age it is known."""

    lowest_bmi: float
    adult_from: int
    of_age: int
    source: str
    pregnancy: str


class Steps(_Frozen):
    """How a number of steps is suggested."""

    metric: str
    percentile: float
    round_to: float
    least_change: float
    older_from: int
    levels_off: float
    levels_off_older: float
    source: str
    method: str


class Sleep(_Frozen):
    """How many hours of sleep are suggested."""

    metric: str
    target: float
    source: str


class Suggestions(_Frozen):
    """What suggestions are made from, and how often."""

    adult_from: int
    again_after: timedelta
    days: int
    within: int
    steps: Steps
    sleep: Sleep


class Book(_Frozen):
    """rules/goals.yaml."""

    version: str
    source: str
    entries: tuple[Kind, ...]
    weight: Weight
    suggestions: Suggestions

    def evidence(self, entry: str, label: str, source: str) -> Evidence:
        """An entry of the file as evidence."""
        return Evidence(kind="knowledge", ref=f"goals/goals#{entry}", version=self.version, label=label, source=source)


@cache
def book() -> Book:
    """The whole file."""
    text = files("vitasense.deterministic.goals").joinpath("rules/goals.yaml").read_text(encoding="utf-8")
    return Book.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def kinds() -> Mapping[str, Kind]:
    """LOINC code → what a goal for it may be."""
    return {entry.metric: entry for entry in book().entries}


def kind_of(metric: str) -> Kind:
    """What a goal for the metric may be. Raises InvalidInput when there are no such goals."""
    found = kinds().get(metric)
    if found is None:
        raise InvalidInput("Goals are not kept for this kind of measurement.")
    return found


def in_own_unit(kind: Kind, target: float, unit: str | None) -> float:
    """The target in the kind's unit. Raises InvalidInput for a unit that does not measure it."""
    if not math.isfinite(target):
        raise InvalidInput("The target of a goal is a number.")
    return target if unit is None else convert(target, unit, kind.unit, kind.metric)


def checked(kind: Kind, direction: Direction, target: float, per: Per | None, person: Person) -> tuple[Per, list[str]]:
    """What the goal counts by, and what is to be said with it. Raises InvalidInput, with the reason, for what may not be."""
    limits = cast("Limits | None", getattr(kind, direction))
    if limits is None:
        raise InvalidInput(f"A goal for {kind.name} cannot be {direction.replace('_', ' ')} a number.")
    per = per or limits.per[0]
    if per not in limits.per:
        raise InvalidInput(f"A goal for {kind.name} counts by {' or '.join(limits.per)}.")
    times = DAYS_A_WEEK if per == "week" else 1
    low, high = limits.low * times, limits.high * times
    if not low <= target <= high:
        span = f"A goal for {kind.name} is from {low:g} to {high:g} {display_unit(kind.unit)}."
        raise InvalidInput(f"{limits.reason} {span}" if limits.reason else span, low=low, high=high)
    notes = [kind.note] if kind.note else []
    if kind.metric == _WEIGHT and direction == "at_most":
        notes += _weight_notes(target, person)
    return per, notes


def _weight_notes(target: float, person: Person) -> list[str]:
    rule = book().weight
    if person.pregnant:
        raise InvalidInput("Losing weight is no goal in pregnancy. Talk about your weight with your doctor.")
    if person.age is not None and person.age < rule.of_age:
        raise InvalidInput("For somebody who is still growing, a doctor decides about losing weight.")
    if person.height_cm is None:
        return ["Whether this weight is too low was not evaluated: your height is not known."]
    if person.age is None or person.age < rule.adult_from:
        return [f"Whether this weight is too low was not evaluated: the limit holds from the age of {rule.adult_from}."]
    metres = convert(person.height_cm, "cm", "m")
    lowest = rule.lowest_bmi * metres**2
    if target < lowest:
        raise InvalidInput(
            f"At your height, below {math.ceil(lowest * 10) / 10:g} kg is underweight (a body mass index below "
            f"{rule.lowest_bmi:g}). Talk with your doctor before you aim for that.",
            lowest=lowest,
        )
    return []
