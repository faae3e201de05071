"""How a person wants to be watched: settings, whether at all, ranges of one's own, and which device counts first."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.tracked import may_change, reading, writing
from vitasense.api.tracking_views import (
    Monitoring,
    PriorityBody,
    PriorityList,
    PriorityView,
    RangeBody,
    RangeList,
    RangeOfMetric,
    SettingsBody,
    SettingsView,
)
from vitasense.deterministic import records, tracking
from vitasense.deterministic.auth import STREAMED
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.deterministic.tracking import PersonalRange, PersonSettings

router = APIRouter(prefix="/v1/tracking", tags=["tracking"])
VITALS = frozenset({Category.VITALS})
Metric = Annotated[str, Path(max_length=64, description="A LOINC code.")]
OrAll = Annotated[str, Path(max_length=64, description="A LOINC code, or * for all that have no order of their own.")]


@router.get("/settings")
async def read_tracking_settings(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> SettingsView:
    """How the person wants to be told of alarms; without settings of their own those that the service begins with."""
    async with reading(request, caller, services, patient_id, VITALS) as (tx, whose):
        found = await tracking.person_settings(tx, whose, services.settings.timezone)
    return _settings_view(found, caller)


@router.put("/settings")
async def change_tracking_settings(
    request: Request, body: SettingsBody, caller: Caller, services: Service, patient_id: PatientId = None
) -> SettingsView:
    """Keep how the person wants to be told; only the person says so."""
    _person(caller)
    wanted = PersonSettings(**body.model_dump())
    async with writing(request, caller, services, patient_id, VITALS) as (tx, whose):
        await tracking.save_settings(tx, whose, wanted, by=caller, now=services.clock(), new_id=services.new_id)
        found = await tracking.person_settings(tx, whose)
    return _settings_view(found, caller)


@router.get("/monitoring")
async def read_monitoring(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> Monitoring:
    """Whether the service watches the readings; only the person sees it."""
    async with reading(request, caller, services, patient_id, VITALS) as (tx, whose):
        return Monitoring(allowed=await tracking.monitoring_allowed(tx, whose))


@router.put("/monitoring")
async def change_monitoring(
    request: Request, body: Monitoring, caller: Caller, services: Service, patient_id: PatientId = None
) -> Monitoring:
    """Say whether the service may watch the readings; only the person says so, and it holds at once."""
    _person(caller)
    async with writing(request, caller, services, patient_id, VITALS) as (tx, whose):
        now, ids = services.clock(), services.new_id
        await tracking.allow_monitoring(tx, whose, body.allowed, by=caller, now=now, new_id=ids)
    return body


@router.get("/ranges")
async def list_ranges(request: Request, caller: Caller, services: Service, patient_id: PatientId = None) -> RangeList:
    """The person's own ranges that hold, set by them or by a provider."""
    async with reading(request, caller, services, patient_id, STREAMED) as (tx, whose):
        return RangeList(items=[_range_view(each) for each in await tracking.ranges(tx, whose)])


@router.put("/ranges/{metric}")
async def set_range(
    request: Request, metric: Metric, body: RangeBody, caller: Caller, services: Service, patient_id: PatientId = None
) -> RangeOfMetric:
    """Set a range that holds from now on; it never silences what a guideline calls an emergency."""
    known = tracking.device_metrics().get(metric)
    if known is None:
        raise InvalidInput("No range can be set for this measurement.")
    now = services.clock()
    async with writing(request, caller, services, patient_id, STREAMED) as (tx, whose):
        await may_change(tx, known.category)
        profile = await records.profile(tx, whose)
        made = await tracking.set_range(
            tx,
            whose,
            metric,
            body.low,
            body.high,
            body.unit,
            body.reason,
            age_years=profile.age_years(now) if profile else None,
            by=caller,
            now=now,
            new_id=services.new_id,
        )
    return _range_view(made)


@router.delete("/ranges/{metric}", status_code=204)
async def end_range(
    request: Request, metric: Metric, caller: Caller, services: Service, patient_id: PatientId = None
) -> None:
    """End the range that the caller's side set; the other side's stays."""
    known = tracking.device_metrics().get(metric)
    async with writing(request, caller, services, patient_id, STREAMED) as (tx, whose):
        if known:
            await may_change(tx, known.category)
        await tracking.end_range(tx, whose, metric, by=caller, now=services.clock(), new_id=services.new_id)


@router.get("/priorities")
async def list_priorities(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> PriorityList:
    """Which device counts first where several measured the same, as far as the person chose."""
    async with reading(request, caller, services, patient_id, VITALS) as (tx, whose):
        found = await tracking.priorities(tx, whose)
    return PriorityList(items=[_priority(metric, ids) for metric, ids in sorted(found.items())])


@router.put("/priorities/{metric}")
async def set_priorities(
    request: Request, metric: OrAll, body: PriorityBody, caller: Caller, services: Service, patient_id: PatientId = None
) -> PriorityView:
    """Choose the order in which devices count for a metric; what was merged before follows."""
    async with writing(request, caller, services, patient_id, VITALS) as (tx, whose):
        now, ids = services.clock(), services.new_id
        await tracking.set_priority(tx, whose, metric, body.device_ids, by=caller, now=now, new_id=ids)
    return _priority(metric, body.device_ids)


def _person(caller: Principal) -> None:
    if caller.role is not Role.PATIENT:
        raise NotAllowed("Only the person whose record it is says so.")


def _settings_view(found: PersonSettings, caller: Principal) -> SettingsView:
    """The address of a webhook may hold a secret of the person's: nobody else sees it."""
    return SettingsView(
        timezone=found.timezone,
        quiet_from=found.quiet_from,
        quiet_until=found.quiet_until,
        channels=list(found.channels),
        hook_url=found.hook_url if caller.role is Role.PATIENT else None,
        tells_providers=found.tells_providers,
    )


def _range_view(held: PersonalRange) -> RangeOfMetric:
    return RangeOfMetric(
        metric=held.metric,
        name=tracking.device_metrics()[held.metric].name,
        low=held.low,
        high=held.high,
        unit=held.unit,
        set_by_role=held.set_by_role,
        reason=held.reason or None,
        since=held.since,
    )


def _priority(metric: str, device_ids: Sequence[UUID]) -> PriorityView:
    return PriorityView(metric=metric, device_ids=list(device_ids))
