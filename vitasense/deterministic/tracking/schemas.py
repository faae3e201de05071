"""Sample and DeviceSample: one number at one time. Measurement: what there is of one metric."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from vitasense.deterministic.platform.access import Category


class Flag(StrEnum):
    """What data quality says about one device sample; `self_reported` was typed by a person, not measured."""

    IMPOSSIBLE = "impossible"
    UNWORN = "unworn"
    DOUBLED = "doubled"
    STUCK = "stuck"
    DRIFTING = "drifting"
    AFTER_GAP = "after_gap"
    CLOCK_JUMP = "clock_jump"
    SELF_REPORTED = "self_reported"


_BITS = {flag: 1 << place for place, flag in enumerate(Flag)}
NO_FLAGS: frozenset[Flag] = frozenset()


def flag_bits(flags: Iterable[Flag]) -> int:
    """The flags as phi.device_sample keeps them: one bit each, in the order of Flag."""
    return sum({_BITS[flag] for flag in flags})


def flags_of(bits: int) -> frozenset[Flag]:
    """The flags of such a number; a bit that no flag has is passed over."""
    return frozenset(flag for flag, bit in _BITS.items() if bits & bit) if bits else NO_FLAGS


@dataclass(frozen=True, slots=True)
class Sample:
    """One numeric observation: `metric` is a LOINC code, `unit` a UCUM code, `at` aware.

    `record_id` is the id of the record it was taken from, or of the device when `by_device`; `low` and `high` are that
    record's own reference range, in `unit`. `until` ends an interval. `quality`, `flags` and `note` are as in DeviceSample.
    """

    metric: str
    at: datetime
    value: float
    unit: str
    record_id: UUID
    category: Category
    low: float | None = None
    high: float | None = None
    until: datetime | None = None
    by_device: bool = False
    quality: float = 1.0
    flags: frozenset[Flag] = NO_FLAGS
    note: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceSample:
    """One number of a device: `metric` is a LOINC code, `unit` the catalogue's UCUM unit, times aware.

    `until` is the end of an interval (steps, sleep), None for a moment. `quality` is 1 for nothing to object to down to
    0 for a value that no answer may use; `flags` say why.
    """

    metric: str
    at: datetime
    value: float
    unit: str
    device_id: UUID
    until: datetime | None = None
    quality: float = 1.0
    flags: frozenset[Flag] = NO_FLAGS
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What there is of one metric: how many samples, from when to when, and the last one's value and unit.

    `record_id` is the last one's record, or its device when `by_device`.
    """

    metric: str
    category: Category
    count: int
    first_at: datetime
    last_at: datetime
    last_value: float
    unit: str
    record_id: UUID
    by_device: bool = False
