"""What the record's routes answer with."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from vitasense.api import diary
from vitasense.deterministic import records
from vitasense.deterministic.nutrition import Meal, totals_words
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records import StoredResource


class PersonView(BaseModel):
    """Whose record; the birth date as precise as it is known."""

    id: UUID
    name: str
    birth_date: str | None = None
    sex: str | None = None


class RecordView(BaseModel):
    """Whose record it is, how much of what is in it, and what of it the caller may not see."""

    patient: PersonView
    counts: dict[Category, int]
    not_shared: list[Category]


class RecordItem(BaseModel):
    """One entry in a few words; `at` is when it happened, `recorded_at` when it came into the record."""

    id: UUID
    type: str
    version: int
    category: Category
    label: str
    detail: str | None
    code: str | None
    status: str | None
    at: datetime | None
    recorded_at: datetime


class RecordPage(BaseModel):
    """Entries, newest first; `next` is the cursor of those after them."""

    items: list[RecordItem]
    next: str | None


class VersionView(BaseModel):
    """A version of an entry and when it came."""

    version: int
    recorded_at: datetime


class RecordItemView(BaseModel):
    """An entry with its FHIR resource and its versions, newest first."""

    item: RecordItem
    resource: dict[str, object]
    versions: list[VersionView]


class MeasurementView(BaseModel):
    """What there is of one measurement; `metric` is a LOINC code, `unit` a UCUM code."""

    metric: str
    name: str
    unit: str
    category: Category
    count: int
    last_at: datetime
    last_value: float


class MeasurementList(BaseModel):
    """Every measurement that may be seen."""

    items: list[MeasurementView]


class RangeView(BaseModel):
    """A reference range in the series' unit."""

    low: float | None
    high: float | None
    source: str


class PointView(BaseModel):
    """One value and the Observation that it comes from; None for a value that a device sent."""

    at: datetime
    value: float
    record_id: UUID | None


class SeriesView(BaseModel):
    """A time series in the unit of its last value; `left_out` values had a unit that does not convert to it."""

    metric: str
    name: str
    unit: str | None
    range: RangeView | None
    points: list[PointView]
    left_out: int = 0


def item_view(row: StoredResource) -> RecordItem:
    """A resource of the record."""
    return RecordItem(
        id=row.id,
        type=row.type,
        version=row.version,
        category=row.category,
        label=row.label,
        detail=records.detail_of(row),
        code=row.code,
        status=row.status,
        at=row.at,
        recorded_at=row.recorded_at,
    )


def meal_item(meal: Meal) -> RecordItem:
    """A meal of the food diary."""
    return RecordItem(
        id=meal.id,
        type=diary.MEAL,
        version=meal.version,
        category=Category.NUTRITION,
        label=diary.label(meal),
        detail=totals_words(meal.estimate) or None,
        code=None,
        status=None,
        at=meal.eaten_at,
        recorded_at=meal.recorded_at,
    )


def meal_view(meal: Meal) -> RecordItemView:
    """A meal with what it was counted as; its kept version."""
    version = VersionView(version=meal.version, recorded_at=meal.recorded_at)
    return RecordItemView(item=meal_item(meal), resource=diary.content(meal), versions=[version])
