"""The parts of a series: its points, the limits of a guideline, the person's range, what is usual, and the alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.tracking_views import BandView, MarkView, OwnRangeView, TrackedPoint, UsualView
from vitasense.deterministic import alarms, records, tracking
from vitasense.deterministic.intake import metric as known_metric
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.reactions import watchlist
from vitasense.deterministic.tracking import Bands, Baseline, Chart, ChartPoint, NotEvaluated, PersonalRange, Sample
from vitasense.deterministic.units import convert

USUAL_WINDOW = timedelta(days=105)  # the baseline's 90 days, the 14 that stay out of it, and one to spare
USUAL_POINTS = 4000  # so many that the hours of those days fit: a baseline by hour is not made of days
MOST_MARKS = 200
GLUCOSE = "2339-0"  # LOINC code whose molar mass converts mmol/L
NOON = time(12)
DAILY_ONLY = "what is usual is known for whole days: ask for a time that is shown day by day"


@dataclass(frozen=True, slots=True)
class About:
    """The metric (LOINC) and the UCUM unit in which the series is told; None when nothing was measured."""

    metric: str
    unit: str | None


def point(each: ChartPoint) -> TrackedPoint:
    """A point as it is answered."""
    return TrackedPoint(
        at=each.at,
        until=each.until,
        value=each.value,
        least=each.least,
        most=each.most,
        count=each.n,
        quality=each.quality,
        by_device=each.by_device,
    )


async def name(tx: AsyncSession, patient_id: UUID, metric: str, newest: Sample | None) -> str:
    """A plain name where we have one, else the record's own, else the code."""
    device = tracking.device_metrics().get(metric)
    if device:
        return device.name
    if found := known_metric(metric):
        return found.name
    told = await records.metric_names(tx, patient_id, {metric: newest.record_id}) if newest else {}
    return told.get(metric) or metric


async def limits(tx: AsyncSession, patient_id: UUID, about: About, chart: Chart, now: datetime) -> Bands:
    """The classes of a guideline for this person. Whether there is a pregnancy is not known to the record."""
    if about.unit is None:
        return Bands(reason="nothing was measured yet")
    if chart.kind != "instant" and chart.resolution != "day":
        return Bands(reason="there is no published limit for parts of a day")
    profile = await records.profile(tx, patient_id)
    measured = any(each.by_device for each in chart.points)
    return tracking.bands_of(
        about.metric,
        about.unit,
        age_years=profile.age_years(now) if profile else None,
        sex=profile.sex if profile else None,
        origin="device" if measured else "any",
    )


def bands(found: Bands) -> list[BandView]:
    """The classes as they are answered."""
    return [BandView.model_validate(each, from_attributes=True) for each in found.items]


async def own_range(tx: AsyncSession, patient_id: UUID, about: About) -> OwnRangeView | None:
    """The range that goes first, in the series' unit; None when there is none, or its unit does not convert."""
    held = await tracking.ranges(tx, patient_id, about.metric)
    first = min(held, key=lambda each: each.set_by_role != "provider", default=None)
    if first is None or about.unit is None:
        return None
    try:
        low, high = (_in_unit(first, end, about.unit) for end in (first.low, first.high))
    except InvalidInput:
        return None
    return OwnRangeView(low=low, high=high, set_by_role=first.set_by_role, reason=first.reason or None)


def _in_unit(held: PersonalRange, end: float | None, unit: str) -> float | None:
    if end is None or held.unit == unit:
        return end
    return convert(end, held.unit, unit, GLUCOSE if held.metric in ("2339-0", "99504-3") else held.metric)


async def usual(
    tx: AsyncSession, patient_id: UUID, about: About, chart: Chart, now: datetime, timezone: str
) -> tuple[UsualView | None, str | None]:
    """What is usual at this time, or the reason why that is not known."""
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    if chart.kind == "instant":
        found = await tracking.chart(tx, patient_id, about.metric, now - USUAL_WINDOW, now, most=USUAL_POINTS)
        times, values = [each.at for each in found.points], [each.value for each in found.points]
    elif chart.resolution in ("day", "days"):
        times, values = await _days(tx, patient_id, about.metric, now, zone)
    else:
        return None, DAILY_ONLY
    if not times:
        return None, "there is no earlier value"
    return _expected(tracking.baseline(times, values, zone=zone, now=now), now)


async def _days(
    tx: AsyncSession, patient_id: UUID, metric: str, now: datetime, zone: ZoneInfo
) -> tuple[Sequence[datetime], Sequence[float]]:
    """The sum of each day that is over."""
    today = now.astimezone(zone).date()
    found = await tracking.day_values(tx, patient_id, metric, today - USUAL_WINDOW, today - timedelta(days=1))
    return [_noon(each.day, zone) for each in found], [each.value for each in found]


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, NOON, zone)


def _expected(found: Baseline | NotEvaluated, now: datetime) -> tuple[UsualView | None, str | None]:
    if isinstance(found, NotEvaluated):
        return None, found.reason
    expected = found.expected(now)
    return UsualView(low=expected.low, high=expected.high, days=found.every.days), None


async def marks(tx: AsyncSession, patient_id: UUID, metric: str, since: datetime, until: datetime) -> list[MarkView]:
    """The alarms that were raised in the time about this metric, the first first."""
    keys = {each.key for each in watchlist() if metric in each.metrics}
    found = await alarms.alarms(tx, patient_id, limit=MOST_MARKS, since=since, until=until)
    about = [each for each in found if each.key in keys or any(f"/{metric}/" in one.ref for one in each.evidence)]
    return [
        MarkView(id=each.id, at=each.raised_at, title=each.title, urgency=each.urgency, state=each.state)
        for each in sorted(about, key=lambda each: each.raised_at)
    ]
