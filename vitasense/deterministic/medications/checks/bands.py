"""The rules about laboratory values: medicines, a value, and bands of it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks.measuring import Reading, tests
from vitasense.deterministic.medications.checks.sites import BODY, Site, reaches
from vitasense.deterministic.medications.checks.subject import Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Person


class Band(BaseModel):
    """A range of values on one side of a limit, and what it means for the medicine.

    Exactly one limit is given; `above_times` counts multiples of the upper limit of normal. `what` completes the name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    below: float | None = None
    at_most: float | None = None
    above: float | None = None
    at_least: float | None = None
    above_times: float | None = None
    severity: Severity
    what: str
    advice: str = ""
    emergency: bool = False

    @model_validator(mode="after")
    def _has_one_limit(self) -> Self:
        limits = (self.below, self.at_most, self.above, self.at_least, self.above_times)
        if sum(limit is not None for limit in limits) != 1:
            raise ValueError("a band has exactly one limit")
        return self

    def holds(self, reading: Reading) -> bool:
        """Whether the value is in the band."""
        number, upper = reading.number, reading.of.upper or 0
        return (
            (self.below is not None and number < self.below)
            or (self.at_most is not None and number <= self.at_most)
            or (self.above is not None and number > self.above)
            or (self.at_least is not None and number >= self.at_least)
            or (self.above_times is not None and number > self.above_times * upper)
        )

    @property
    def limit(self) -> tuple[str, float]:
        """The words before the limit, and the limit."""
        words = {"below": "below", "at_most": "at or below", "above": "above", "at_least": "at or above"}
        told = [(said, limit) for name, said in words.items() if (limit := getattr(self, name)) is not None]
        return told[0] if told else ("more than", self.above_times or 0)


def _each(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class LaboratoryRule(Rule):
    """Medicines and one value, or several of which any counts; the first band that holds speaks.

    `optional` values are looked at where they were measured; that others are missing is told with the medicines.
    """

    drugs: Members = Field(min_length=1)
    value: Annotated[tuple[str, ...], BeforeValidator(_each)] = Field(min_length=1)
    bands: tuple[Band, ...] = Field(min_length=1)
    sites: frozenset[Site] = BODY
    from_age: float | None = None
    optional: bool = False


class ChildPughRule(Rule):
    """Medicines whose dose goes by the Child-Pugh class."""

    drugs: Members


@cache
def laboratory_rules() -> Rules[LaboratoryRule]:
    """The rules of `rules/laboratory`. Raises ValueError for a value that is not in `rules/measurements.yaml`."""
    rules, known = read_rules("laboratory", LaboratoryRule), tests()
    missing = {key for rule in rules for key in rule.value if key not in known.entries}
    if missing:
        raise ValueError(f"values without an entry: {sorted(missing)}")
    return rules


@cache
def child_pugh_rules() -> Rules[ChildPughRule]:
    """The rules of `rules/child_pugh.yaml`."""
    return read_rules("child_pugh", ChildPughRule)


@cache
def _by_drug() -> Mapping[str, tuple[LaboratoryRule, ...]]:
    found: dict[str, list[LaboratoryRule]] = {}
    for rule in laboratory_rules():
        for key in rule.drugs:
            found.setdefault(key, []).append(rule)
    return {key: tuple(rules) for key, rules in found.items()}


def rules_for(taken: Taken, person: Person | None) -> Iterator[LaboratoryRule]:
    """The rules that bear on this medicine where it acts, at this age; an unknown age is none that is too young."""
    age = person.age_years if person else None
    for rule in _by_drug().get(taken.drug.key, ()):
        if reaches(taken, rule.sites) and (rule.from_age is None or age is None or age >= rule.from_age):
            yield rule
