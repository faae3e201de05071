"""rules/products.yaml: how the labels and lists of medicines write units, forms, routes and release."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormWords(_Row):
    """The words for a form, the route where it has only one, and whether its packs are told by weight."""

    words: tuple[str, ...]
    route: str | None = None
    by_weight: bool = False


class NumberOrder(_Row):
    """What the numbers after these names stand for: the drug keys in their order, and their UCUM unit."""

    names: tuple[str, ...]
    order: tuple[str, ...]
    unit: str


class Writing(_Row):
    """The whole file."""

    version: str
    source: str
    units: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, FormWords]
    routes: Mapping[str, tuple[str, ...]]
    releases: Mapping[str, tuple[str, ...]]
    strengths: tuple[NumberOrder, ...]


@cache
def writing() -> Writing:
    """The file, read once. Raises ValueError when it breaks its own rules."""
    text = (files("vitasense.deterministic.knowledge") / "rules/products.yaml").read_text("utf-8")
    return Writing.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
