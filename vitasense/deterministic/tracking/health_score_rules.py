"""The points of rules/health_score.yaml, read once."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

Smoking = Literal["never", "former", "inhaled", "current"]  # inhaled: a nicotine device, as a vaporiser


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Band(_Frozen):
    """Points for values below a number, or up to one; of all others without either."""

    points: int
    below: float | None = None
    most: float | None = None

    def takes(self, value: float) -> bool:
        """Whether the value is in the band, given that no band before took it."""
        return (self.below is None or value < self.below) and (self.most is None or value <= self.most)


class Level(_Frozen):
    """A name for the whole score."""

    key: str
    below: float | None = None


class Scale(_Frozen):
    """Bands of one value in its UCUM unit; `possible` are the numbers that are taken at all."""

    bands: tuple[Band, ...]
    possible: tuple[float, float]
    unit: str = "1"
    analyte: str | None = None
    treated: int = 0
    judged_from: float | None = None
    vigorous_counts: int = 1


class Nicotine(_Frozen):
    """Points by how and when nicotine was last inhaled."""

    points: Mapping[str, int]
    recent_years: tuple[float, float]
    indoor_smoke: int


class Glucose(_Frozen):
    """Fasting glucose and HbA1c without diabetes, HbA1c with it."""

    fasting: Scale
    hba1c: Scale
    hba1c_diabetes: Scale


class Pressure(_Frozen):
    """Both halves of the blood pressure; the lower points hold."""

    unit: str
    treated: int
    systolic: tuple[Band, ...]
    diastolic: tuple[Band, ...]
    possible: tuple[float, float]


class ScoreBook(_Frozen):
    """The whole file."""

    version: str
    source: str
    from_age: int
    levels: tuple[Level, ...]
    diet: Scale
    activity: Scale
    nicotine: Nicotine
    sleep: Scale
    weight: Scale
    lipids: Scale
    glucose: Glucose
    pressure: Pressure


def points(bands: Sequence[Band], value: float) -> int | None:
    """The points of the first band that takes the value; None when none does."""
    return next((band.points for band in bands if band.takes(value)), None)


@cache
def score_book() -> ScoreBook:
    """The file's content."""
    text = files("vitasense.deterministic.tracking").joinpath("rules/health_score.yaml").read_text(encoding="utf-8")
    return ScoreBook.model_validate(cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader)))
