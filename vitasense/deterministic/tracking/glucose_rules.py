"""The constants and targets of rules/cgm.yaml, read once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field

People = Literal["standard", "older_high_risk", "pregnancy_type_1"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ranges(_Frozen):
    """The limits of the consensus in mg/dL."""

    source: str
    very_low: float
    low: float
    high: float
    very_high: float


class Sufficiency(_Frozen):
    """How many days of data, and what part of them, targets need."""

    source: str
    days: int
    active: float


class Line(_Frozen):
    """A straight line between mean glucose and HbA1c, as its source writes it."""

    slope: float
    intercept: float
    source: str


class Risk(_Frozen):
    """The symmetrised glucose scale of the low and high blood glucose indices."""

    scale: float
    power: float
    shift: float
    weight: float
    source: str


class Gri(_Frozen):
    """The weights of the glycemia risk index."""

    very_low: float
    low: float
    very_high: float
    high: float
    most: float
    source: str


class Mage(_Frozen):
    """What counts as an excursion, and which stretches of data are taken."""

    sd: float
    gap_hours: float
    least_hours: float
    source: str


class TimeTarget(_Frozen):
    """A share of the time in a range of glucose and what it should be, in percent: `above` or `less`."""

    key: str
    name: str
    start: float | None = Field(default=None, alias="from")
    to: float | None = None
    below: float | None = None
    over: float | None = None
    above: float | None = None
    less: float | None = None

    def takes(self, glucose: float) -> bool:
        """Whether a value is in the range."""
        return not (
            (self.start is not None and glucose < self.start)
            or (self.to is not None and glucose > self.to)
            or (self.below is not None and glucose >= self.below)
            or (self.over is not None and glucose <= self.over)
        )

    def met(self, percent: float) -> bool:
        """Whether the share is as it should be."""
        return percent > self.above if self.above is not None else percent < (self.less or 0)

    @property
    def words(self) -> str:
        """The target, as in "more than 70 %"."""
        return f"more than {self.above:g} %" if self.above is not None else f"less than {self.less:g} %"


class Cv(_Frozen):
    """The coefficient of variation of stable glucose, in percent, included."""

    most: float
    source: str


class Target(_Frozen):
    """The targets of one group of people."""

    people: str
    source: str
    times: tuple[TimeTarget, ...]
    cv: Cv


class CgmBook(_Frozen):
    """The whole file."""

    version: str
    ranges: Ranges
    sufficiency: Sufficiency
    gmi: Line
    ea1c: Line
    risk: Risk
    gri: Gri
    mage: Mage
    targets: Mapping[People, Target]

    def sources(self) -> tuple[tuple[str, str], ...]:
        """The metrics and the publication of each."""
        parts = (self.ranges, self.gmi, self.ea1c, self.risk, self.gri, self.mage)
        names = ("ranges", "gmi", "ea1c", "risk", "gri", "mage")
        return tuple((name, part.source) for name, part in zip(names, parts, strict=True))


@cache
def cgm_book() -> CgmBook:
    """The file's content."""
    text = files("vitasense.deterministic.tracking").joinpath("rules/cgm.yaml").read_text(encoding="utf-8")
    return CgmBook.model_validate(cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader)))
