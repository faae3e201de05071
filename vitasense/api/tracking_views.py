"""What the routes of tracking answer with."""

from datetime import datetime, time
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.alarms import State
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Status, Urgency
from vitasense.deterministic.tracking import Kind


class TrackedPoint(BaseModel):
    """A value at `at`, or the mean (`instant`) or sum of the `count` values from `at` to `until`, with the extremes."""

    at: datetime
    until: datetime | None
    value: float
    least: float
    most: float
    count: int
    quality: float
    by_device: bool


class BandView(BaseModel):
    """A class of a guideline from `low` to `high` in the series' unit; null leaves an end open."""

    label: str
    low: float | None
    high: float | None
    urgency: Urgency


class OwnRangeView(BaseModel):
    """The range that holds for this person, in the series' unit; a provider's goes before the person's own."""

    low: float | None
    high: float | None
    set_by_role: Literal["patient", "provider"]
    reason: str | None


class UsualView(BaseModel):
    """What is usual for the person at this time: 95 % of their values; `days` days of data say so."""

    low: float
    high: float
    days: int


class MarkView(BaseModel):
    """An alarm of this metric in the time."""

    id: UUID
    at: datetime
    title: str
    urgency: Urgency
    state: State


class TrackedSeries(BaseModel):
    """A metric over time in at most so many points; `resolution` day: a point is a day or several, see its `until`.

    `bands_reason` says why there are no bands, or what was taken for granted in them; `usual_reason` why it is not known
    what is usual. `left_out` values of the record had a unit that does not convert; `cut`: there are older ones.
    """

    metric: str
    name: str
    unit: str | None
    kind: Kind
    category: Category
    resolution: Literal["raw", "hour", "day"]
    points: list[TrackedPoint]
    bands: list[BandView]
    bands_reason: str | None
    own_range: OwnRangeView | None
    usual: UsualView | None
    usual_reason: str | None
    alarms: list[MarkView]
    left_out: int = 0
    cut: bool = False


class CgmMetricView(BaseModel):
    """One metric. `found`: its target is missed, `not_found`: it is met, `not_evaluated`: why, in `reason`."""

    key: str
    name: str
    value: float | None
    unit: str | None
    target: str | None
    status: Status
    reason: str | None


class CgmView(BaseModel):
    """Continuous glucose of a period: every metric with its target; `status` is that of all targets together.

    `active_percent` is the part of the period with readings. `people` says whose targets were taken.
    """

    status: Status
    reason: str | None
    since: datetime
    until: datetime
    people: str | None
    count: int
    skipped: int
    first_at: datetime | None
    last_at: datetime | None
    days: float | None
    interval_minutes: float | None
    active_percent: float | None
    metrics: list[CgmMetricView]
    evidence: list[Evidence]


class ScorePartView(BaseModel):
    """One part with its points of 100, or the reason why it has none."""

    name: str
    points: int | None
    note: str | None
    reason: str | None


class ScoreView(BaseModel):
    """Life's Essential 8: the score of 0 to 100 and its level when all eight parts are known, else why not."""

    status: Status
    score: float | None
    level: str | None
    parts: list[ScorePartView]
    missing: list[str]
    reason: str | None
    evidence: Evidence


class SettingsBody(BaseModel):
    """How a person wants to be watched and told; quiet hours are local times and may go over midnight."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "timezone": "Europe/Vienna",
                    "quiet_from": "22:00:00",
                    "quiet_until": "07:00:00",
                    "channels": ["page", "email"],
                    "hook_url": None,
                    "tells_providers": False,
                }
            ]
        },
    )

    timezone: str = Field(max_length=64)
    quiet_from: time | None = None
    quiet_until: time | None = None
    channels: list[Literal["page", "email", "webhook"]] = Field(max_length=3)
    hook_url: str | None = Field(default=None, max_length=2000)
    tells_providers: bool = False


class SettingsView(BaseModel):
    """How a person is watched and told. `hook_url` is shown to the person alone."""

    timezone: str
    quiet_from: time | None
    quiet_until: time | None
    channels: list[str]
    hook_url: str | None
    tells_providers: bool


class Monitoring(BaseModel):
    """Whether the service watches for the person."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"allowed": True}]})

    allowed: bool


class RangeBody(BaseModel):
    """Usual values of one's own, in a UCUM unit; both ends included, one of them may be open."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"low": 50, "high": 90, "unit": "/min", "reason": "I run a lot."}]},
    )

    low: float | None = Field(default=None, allow_inf_nan=False)
    high: float | None = Field(default=None, allow_inf_nan=False)
    unit: str = Field(min_length=1, max_length=64)
    reason: str = Field(default="", max_length=500)


class RangeOfMetric(BaseModel):
    """A range that holds since `since`, and who set it."""

    metric: str
    name: str
    low: float | None
    high: float | None
    unit: str
    set_by_role: Literal["patient", "provider"]
    reason: str | None
    since: datetime


class RangeList(BaseModel):
    """The ranges that hold."""

    items: list[RangeOfMetric]


class PriorityBody(BaseModel):
    """The devices in the order in which they count; none of them leaves the order to the service."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"device_ids": ["0199f3f0-1b2c-7d3e-8f40-5a6b7c8d9e0f"]}]},
    )

    device_ids: list[UUID] = Field(max_length=100)


class PriorityView(BaseModel):
    """The order that the person chose for a metric, or for `*`: all others."""

    metric: str
    device_ids: list[UUID]


class PriorityList(BaseModel):
    """Every order that was chosen."""

    items: list[PriorityView]
