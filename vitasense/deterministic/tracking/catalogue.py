"""What devices measure: rules/metrics.yaml, read once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.access import Category

Kind = Literal["instant", "sum", "duration"]


class DeviceMetric(BaseModel):
    """One measurable thing: LOINC `code`, UCUM `unit` that it is kept in, how values join, and what is possible at all.

    `omh` is its Open mHealth schema name and `ieee` its IEEE 11073 reference id, where it has them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    unit: str
    kind: Kind
    category: Category
    possible: tuple[float, float]
    omh: str | None = None
    ieee: str | None = None


@cache
def device_metrics() -> Mapping[str, DeviceMetric]:
    """LOINC code → metric, for everything that is taken from devices."""
    text = files("vitasense.deterministic.tracking").joinpath("rules/metrics.yaml").read_text(encoding="utf-8")
    book = cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
    found = [DeviceMetric.model_validate(row) for row in cast("list[dict[str, object]]", book["entries"])]
    return {each.code: each for each in found}
