"""The adult thresholds of rules/thresholds.yaml, read once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.findings import Evidence, Urgency


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Frozen):
    """One part compared with one or two numbers."""

    of: str
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None

    def holds(self, values: Mapping[str, float]) -> bool | None:
        """Whether it holds; None when the part is not among the values."""
        value = values.get(self.of)
        if value is None:
            return None
        return not (
            (self.min is not None and value < self.min)
            or (self.max is not None and value > self.max)
            or (self.above is not None and value <= self.above)
            or (self.below is not None and value >= self.below)
        )


class Class(_Frozen):
    """One answer: its words, its urgency and when it holds."""

    key: str
    label: str
    urgency: Urgency
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    source: str | None = None

    def holds(self, values: Mapping[str, float]) -> bool | None:
        """Three-valued: None when a missing part decides."""
        given = [condition.holds(values) for condition in self.any or self.all]
        decides = bool(self.any)
        if decides in given:
            return decides
        return None if None in given else not decides


class Part(_Frozen):
    """One value of a threshold: the LOINC codes that mean it and the UCUM unit it is compared in."""

    codes: tuple[str, ...]
    unit: str


class Threshold(_Frozen):
    """One measurement with its classes, most pressing first."""

    key: str
    name: str
    adult_from: int
    parts: Mapping[str, Part]
    classes: tuple[Class, ...]
    source: str
    version: str

    def evidence(self, found: Class | None = None) -> Evidence:
        """The entry as evidence, with the source of the class that was found."""
        source = (found.source if found else None) or self.source
        return Evidence(
            kind="knowledge",
            ref=f"tracking/thresholds#{self.key}",
            version=self.version,
            label=f"Adult {self.name}",
            source=source,
        )


@cache
def thresholds() -> tuple[Threshold, ...]:
    """Every entry of the file."""
    text = files("vitasense.deterministic.tracking").joinpath("rules/thresholds.yaml").read_text(encoding="utf-8")
    book = cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
    shared = {"source": book["source"], "version": book["version"]}
    return tuple(Threshold.model_validate(shared | row) for row in cast("list[dict[str, object]]", book["entries"]))


@cache
def by_metric() -> Mapping[str, tuple[Threshold, str]]:
    """LOINC code → its threshold and the part it is."""
    return {code: (entry, name) for entry in thresholds() for name, part in entry.parts.items() for code in part.codes}
