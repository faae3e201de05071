"""Sample and Measurement: one number at one time, and what there is of one metric."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vitasense.deterministic.platform.access import Category


@dataclass(frozen=True, slots=True)
class Sample:
    """One numeric observation: `metric` is a LOINC code, `unit` a UCUM code, `at` aware.

    `record_id` is the id of the record it was taken from; `low` and `high` are that record's own reference range,
    in `unit`.
    """

    metric: str
    at: datetime
    value: float
    unit: str
    record_id: UUID
    category: Category
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What there is of one metric: how many samples, from when to when, and the last one's value and unit."""

    metric: str
    category: Category
    count: int
    first_at: datetime
    last_at: datetime
    last_value: float
    unit: str
    record_id: UUID
