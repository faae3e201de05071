"""The record as its page shows it: categories, entries with their versions, measurements."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api import diary
from vitasense.api.deps import Caller, PatientId, Service, access_for
from vitasense.api.record_views import (
    MeasurementList,
    MeasurementView,
    PersonView,
    PointView,
    RangeView,
    RecordItemView,
    RecordPage,
    RecordView,
    SeriesView,
    VersionView,
    item_view,
    meal_item,
    meal_view,
)
from vitasense.deterministic import consent, nutrition, records, tracking
from vitasense.deterministic.intake import metric as known_metric
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category, Principal
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound
from vitasense.deterministic.units import convert

router = APIRouter(prefix="/v1/record", tags=["record"])
MOST = 200
Limit = Annotated[int, Query(ge=1, le=MOST)]


@router.get("")
async def read_record(request: Request, caller: Caller, services: Service, patient_id: PatientId = None) -> RecordView:
    """Whose record it is and what is in it."""
    access = access_for(request, caller, patient_id, reads=ALL_CATEGORIES)
    async with services.database.transaction(access) as tx:
        readable = await records.readable(tx)
        if not readable:
            raise NotAllowed("Nothing of this record is shared with you.")
        patient = await _person(tx, caller, access.patient_id or caller.account_id)
        counts = await records.counts(tx, patient.id)
        counts[Category.NUTRITION] = counts.get(Category.NUTRITION, 0) + await diary.count(tx, patient.id)
    return RecordView(
        patient=patient,
        counts={category: counts.get(category, 0) for category in Category if category in readable},
        not_shared=[category for category in Category if category not in readable],
    )


@router.get("/measurements")
async def list_measurements(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> MeasurementList:
    """Every measurement with its number of values and the last one."""
    access = access_for(request, caller, patient_id, reads=ALL_CATEGORIES)
    whose = access.patient_id or caller.account_id
    async with services.database.transaction(access) as tx:
        found = await tracking.measurements(tx, whose)
        names = await _names(tx, whose, {each.metric: each.record_id for each in found})
    return MeasurementList(
        items=[
            MeasurementView(
                metric=each.metric,
                name=names[each.metric],
                unit=each.unit,
                category=each.category,
                count=each.count,
                last_at=each.last_at,
                last_value=each.last_value,
            )
            for each in found
        ]
    )


@router.get("/measurements/{metric}")
async def read_series(
    request: Request,
    metric: str,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> SeriesView:
    """The values of one measurement by time, from `since` on and before `until`."""
    if any(moment is not None and moment.tzinfo is None for moment in (since, until)):
        raise InvalidInput("since and until need a zone: 2026-01-31T00:00:00Z.")
    access = access_for(request, caller, patient_id, reads=ALL_CATEGORIES)
    whose = access.patient_id or caller.account_id
    async with services.database.transaction(access) as tx:
        samples = await tracking.series(tx, whose, metric, since, until)
        newest = await tracking.latest(tx, whose, [metric])
        if metric not in newest:
            raise NotFound("There is no such measurement in this record, or it is not shared with you.")
        names = await _names(tx, whose, {metric: newest[metric].record_id})
    return _series(newest[metric], names[metric], samples)


@router.get("/items/{resource_type}/{resource_id}")
async def read_item(
    request: Request,
    resource_type: str,
    resource_id: UUID,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
) -> RecordItemView:
    """The entry behind an evidence of kind `record`, as FHIR, with its versions."""
    access = access_for(request, caller, patient_id, reads=ALL_CATEGORIES)
    whose = access.patient_id or caller.account_id
    async with services.database.transaction(access) as tx:
        if resource_type == diary.MEAL:
            return meal_view(await nutrition.meal(tx, whose, resource_id))
        found = await records.item(tx, whose, resource_type, resource_id)
        versions = await records.versions(tx, whose, resource_type, resource_id)
    return RecordItemView(
        item=item_view(found),
        resource=found.content,
        versions=[VersionView(version=each.version, recorded_at=each.recorded_at) for each in versions],
    )


@router.get("/{category}")
async def read_category(
    request: Request,
    category: Category,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    limit: Limit = 50,
    cursor: str | None = None,
) -> RecordPage:
    """The entries of a category, newest first."""
    access = access_for(request, caller, patient_id, reads={category})
    async with services.database.transaction(access) as tx:
        if category not in await records.readable(tx):
            raise NotAllowed("This part of the record is not shared with you.")
        if category is Category.NUTRITION and diary.is_cursor(cursor):
            return await _diary(tx, access.patient_id or caller.account_id, limit, cursor)
        page = await records.items(tx, access.patient_id or caller.account_id, category, limit, cursor)
    return RecordPage(items=[item_view(each) for each in page.items], next=page.next)


async def _diary(tx: AsyncSession, patient_id: UUID, limit: int, cursor: str | None) -> RecordPage:
    meals, following = await diary.page(tx, patient_id, limit, cursor)
    items = [meal_item(each) for each in meals]
    if following:
        return RecordPage(items=items, next=following)
    page = await records.items(tx, patient_id, Category.NUTRITION, limit - len(items))
    return RecordPage(items=[*items, *(item_view(each) for each in page.items)], next=page.next)


async def _person(tx: AsyncSession, caller: Principal, patient_id: UUID) -> PersonView:
    found = await records.profile(tx, patient_id)
    name = (found.name if found else None) or await _account_name(tx, caller, patient_id)
    return PersonView(
        id=patient_id,
        name=name,
        birth_date=found.birth_date if found else None,
        sex=found.sex if found else None,
    )


async def _account_name(tx: AsyncSession, caller: Principal, patient_id: UUID) -> str:
    if caller.account_id == patient_id:
        return caller.name
    shared = await consent.shared_patients(tx, caller)
    return next((each.name for each in shared if each.id == patient_id), "")


async def _names(tx: AsyncSession, patient_id: UUID, newest: dict[str, UUID]) -> dict[str, str]:
    """Plain names where we have them, else the record's own, else the code."""
    told = await records.metric_names(tx, patient_id, newest)
    known = {code: found.name for code in newest if (found := known_metric(code))}
    devices = {code: found.name for code in newest if (found := tracking.device_metrics().get(code))}
    return {code: known.get(code) or told.get(code) or devices.get(code) or code for code in newest}


def _series(last: tracking.Sample, name: str, samples: list[tracking.Sample]) -> SeriesView:
    points = [(sample, _converted(sample, last.unit)) for sample in samples]
    low, high = last.low, last.high
    return SeriesView(
        metric=last.metric,
        name=name,
        unit=last.unit,
        range=None if low is None and high is None else RangeView(low=low, high=high, source="the record's own range"),
        points=[
            PointView(at=one.at, value=value, record_id=None if one.by_device else one.record_id)
            for one, value in points
            if value is not None
        ],
        left_out=sum(value is None for _, value in points),
    )


def _converted(sample: tracking.Sample, unit: str) -> float | None:
    if sample.unit == unit:
        return sample.value
    try:
        return convert(sample.value, sample.unit, unit, sample.metric)
    except InvalidInput:
        return None
