"""rules/apple.yaml, read once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quantity(_Frozen):
    """A type of HealthKit: its LOINC code, the code if a continuous sensor wrote it, and whether its % is a fraction."""

    metric: str
    of_sensor: str | None = None
    fraction: bool = False


class DeviceKind(_Frozen):
    """A kind of device and the words that tell it."""

    kind: str
    words: tuple[str, ...]


class AppleBook(_Frozen):
    """What Apple's names mean here."""

    version: str
    source: str
    quantities: Mapping[str, Quantity]
    sensors: tuple[str, ...]
    sleep_type: str
    sleep: Mapping[str, tuple[str, ...]]
    awake: tuple[str, ...]
    notes: Mapping[str, Mapping[str, str]]
    sports: Mapping[str, str]
    distances: tuple[str, ...]
    energy: str
    ascent: str
    descent: str
    kinds: tuple[DeviceKind, ...]


@cache
def apple_book() -> AppleBook:
    """The rules for Apple Health exports."""
    text = files("vitasense.deterministic.devices").joinpath("rules/apple.yaml").read_text(encoding="utf-8")
    return AppleBook.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
