"""What is tracked of a person: one metric over time, the glucose report, the health score."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from vitasense.api import glucose_views, series_parts
from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.glucose_views import People
from vitasense.api.tracked import reading
from vitasense.api.tracking_views import CgmView, ScorePartView, ScoreView, TrackedSeries
from vitasense.deterministic import insights, records, tracking
from vitasense.deterministic.auth import STREAMED
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound
from vitasense.deterministic.tracking import GlucoseReading

router = APIRouter(prefix="/v1/tracking", tags=["tracking"])

WEEK = timedelta(days=7)
CGM_PERIOD = timedelta(days=14)  # what targets need; Battelino T et al., Diabetes Care 2019;42:1593-1603
LONGEST_CGM = timedelta(days=31)
MOST_READINGS = 50_000  # a value a minute for the longest period
SENSOR = "99504-3"
SCORED = STREAMED | {Category.CONDITIONS}
Since = Annotated[AwareDatetime | None, Query(description="From then on, with its zone: 2026-11-01T00:00:00Z.")]
Until = Annotated[AwareDatetime | None, Query(description="Before then; now when left out.")]


@router.get("/series/{metric}")
async def read_tracked_series(
    request: Request,
    metric: str,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    since: Since = None,
    until: Until = None,
    most: Annotated[int, Query(ge=1, le=1500, description="The largest number of points.")] = 600,
) -> TrackedSeries:
    """One metric (LOINC) over time, of devices and of the record, with its limits and what is usual for the person.

    Without times it is the last seven days. Devices that measured the same at the same time count once.
    """
    now = services.clock()
    until = until or now
    since = since or until - WEEK
    known = tracking.device_metrics().get(metric)
    async with reading(request, caller, services, patient_id, STREAMED) as (tx, whose):
        if known and known.category not in await records.readable(tx):
            raise NotAllowed("This part of the record is not shared with you.")
        newest = (await tracking.latest(tx, whose, [metric], whole=True)).get(metric)
        if known is None and newest is None:
            raise NotFound("There is no such measurement in this record, or it is not shared with you.")
        chart = await tracking.chart(tx, whose, metric, since, until, most=most)
        about = series_parts.About(metric, chart.unit or (known.unit if known else newest.unit if newest else None))
        limits = await series_parts.limits(tx, whose, about, chart, now)
        usual, usual_reason = await series_parts.usual(tx, whose, about, chart, now, services.settings.timezone)
        return TrackedSeries(
            metric=metric,
            name=await series_parts.name(tx, whose, metric, newest),
            unit=about.unit,
            kind=chart.kind,
            category=known.category if known else newest.category if newest else Category.VITALS,
            resolution="day" if chart.resolution == "days" else chart.resolution,
            points=[series_parts.point(each) for each in chart.points],
            bands=series_parts.bands(limits),
            bands_reason=limits.reason or limits.note,
            own_range=await series_parts.own_range(tx, whose, about),
            usual=usual,
            usual_reason=usual_reason,
            alarms=await series_parts.marks(tx, whose, metric, since, until),
            left_out=chart.left_out,
            cut=chart.cut,
        )


@router.get("/glucose")
async def read_glucose_report(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    since: Since = None,
    until: Until = None,
    people: Annotated[People | None, Query(description="Whose targets hold; without it none are judged.")] = None,
) -> CgmView:
    """Continuous glucose in the published metrics, each with its target.

    Without times it is the last 14 days, which is what targets need.
    """
    until = until or services.clock()
    since = since or until - CGM_PERIOD
    if not timedelta(0) < until - since <= LONGEST_CGM:
        raise InvalidInput(f"A report is of a period of up to {LONGEST_CGM.days} days that ends after it begins.")
    async with reading(request, caller, services, patient_id, {Category.LABS}) as (tx, whose):
        samples = await tracking.merged_series(tx, whose, SENSOR, since, until, of_devices=True, most=MOST_READINGS)
    readings = [GlucoseReading(each.at, each.value, each.unit) for each in samples]
    report = await asyncio.to_thread(tracking.cgm_report, readings, people=people, since=since, until=until)
    return glucose_views.report_view(report, since, until)


@router.get("/score")
async def read_health_score(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> ScoreView:
    """The health score (Life's Essential 8) with its parts; a part that is not known says why and is never guessed."""
    now: datetime = services.clock()
    async with reading(request, caller, services, patient_id, SCORED) as (tx, whose):
        profile = await records.profile(tx, whose)
        given = await insights.health_inputs(tx, whose, now, services.settings.timezone)
    found = tracking.health_score(given, age_years=profile.age_years(now) if profile else None)
    return ScoreView(
        status=found.status,
        score=found.score,
        level=found.level,
        parts=[ScorePartView.model_validate(each, from_attributes=True) for each in found.parts],
        missing=list(found.missing),
        reason=found.reason,
        evidence=found.evidence,
    )
