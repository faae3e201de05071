"""The entries of rules/quality.yaml, read once."""

from functools import cache
from importlib.resources import files
from math import inf
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.tracking import Flag


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Entry(_Frozen):
    reason: str | None = None
    source: str | None = None


class FlagRule(_Frozen):
    """What one flag leaves of the quality, and its words."""

    flag: Flag
    factor: float = Field(ge=0, le=1)
    says: str


class Change(_Entry):
    """The fastest change between neighbours at most `within` seconds apart."""

    code: str
    at_once: float
    per_minute: float
    within: float


class Rate(_Entry):
    """The most for one minute of an interval."""

    code: str
    most: float


class Slack(_Entry):
    """The share by which a duration may pass its interval."""

    slack: float


class Zero(_Entry):
    """Metrics whose zero means that no body was there."""

    codes: frozenset[str]


class RoomTemperature(Zero):
    """Skin temperatures below this, of devices of these kinds, are the room's."""

    kinds: frozenset[str]
    below: float


class Unworn(_Frozen):
    """How a device is known to be off the body."""

    zero: Zero
    room_temperature: RoomTemperature
    zero_steps: Zero


class Doubled(_Entry):
    """The share of the shorter interval that two with one value may not have in common."""

    overlap: float


class Stuck(_Entry):
    """The run of one value that is too long: both bounds are needed."""

    code: str
    samples: int
    lasting: float


class Accuracy(_Entry):
    """An accuracy class: what may lie between the device and a reference of one of `references`."""

    code: str
    references: frozenset[str]
    absolute: float
    below: float = inf
    relative: float = 0.0
    pairing: float
    apart: float


class Better(_Entry):
    """What a device is compared with: devices that measure `reference` and are of these kinds, or of any but those."""

    code: str
    reference: str
    kinds: frozenset[str] = frozenset()
    kinds_but: frozenset[str] = frozenset()
    records: bool = False

    def is_by(self, kind: str | None) -> bool:
        """Whether a device of this kind is a reference. One of unknown kind is none, unless any but some are."""
        return kind in self.kinds or (bool(self.kinds_but) and kind not in self.kinds_but)


class DriftRule(_Entry):
    """How many pairs of which time decide, and what makes a pair."""

    window: float
    at_least: int
    most: int
    classes: tuple[Accuracy, ...]
    better: tuple[Better, ...]


class Gap(_Entry):
    """How long a pause is a gap, against the stream's own rhythm."""

    times: float
    of_last: int
    at_least: int
    longer_than: float


class Clock(_Entry):
    """What the times of arrival say about the device's clock."""

    future: float
    backward: float
    hour_tolerance: float
    live: float
    messages: int = Field(ge=2)
    most_hours: int


class Charge(_Entry):
    """A battery at or below this needs charging."""

    battery: float


class RePair(_Entry):
    """Silence after which a device has lost its connection."""

    days: int
    kinds_used_at_times: frozenset[str]
    days_used_at_times: int
    not_after_days: int


class Share(_Entry):
    """The share of samples with a flag from which something should be done."""

    share: float


class Wear(Share):
    """The same, for devices that are worn."""

    kinds: frozenset[str]


class Suggest(_Frozen):
    """When which suggestion is made."""

    days: int
    at_least: int
    charge: Charge
    battery_known_for_days: int
    re_pair: RePair
    wear: Wear
    set_clock: Share
    calibrate: Share
    replace_impossible: Share
    replace_stuck: Share


class QualityRules(_Frozen):
    """The whole file."""

    version: str
    flags: tuple[FlagRule, ...]
    change: tuple[Change, ...]
    change_not_evaluated: str
    per_minute: tuple[Rate, ...]
    duration: Slack
    unworn: Unworn
    doubled: Doubled
    stuck: tuple[Stuck, ...]
    stuck_not_evaluated: str
    drift: DriftRule
    drift_not_evaluated: str
    gap: Gap
    clock: Clock
    suggest: Suggest


@cache
def quality_rules() -> QualityRules:
    """Every entry of the file."""
    text = files("vitasense.deterministic.devices").joinpath("rules/quality.yaml").read_text(encoding="utf-8")
    return QualityRules.model_validate(cast("object", yaml.load(text, Loader=yaml.CSafeLoader)))
