"""Doses of a medicine over HTTP: the log, how much of it was taken, how long it lasts, and reminders."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.dose_views import (
    AdherenceView,
    AdministrationBundle,
    CountBody,
    CountView,
    DoseBody,
    DoseList,
    DoseVersions,
    DoseView,
    DueView,
    ForecastView,
    LoggedView,
    ReminderBody,
    ReminderList,
    ReminderView,
)
from vitasense.api.medications import OWN, SEEN, IdempotencyKey, changing, own_id, zone_in
from vitasense.api.tracked import reading
from vitasense.deterministic import medications
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import NotEvaluated

router = APIRouter(prefix="/v1/medications", tags=["medications"])
WEEK = timedelta(days=7)
AHEAD = timedelta(days=1)
Since = Annotated[AwareDatetime | None, Query(description="From then on, with its zone; a week ago when left out.")]
Until = Annotated[AwareDatetime | None, Query(description="Before then; the end of today when left out.")]
MOST_SAID = timedelta(days=400)


@router.get("/doses/{dose_id}")
async def read_dose(
    request: Request, dose_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> DoseVersions:
    """Every version of a dose that was told of."""
    async with reading(request, caller, services, patient_id, OWN) as (tx, whose):
        found = await medications.dose_history(tx, whose, dose_id)
    return DoseVersions(versions=[DoseView.of(each) for each in found])


@router.patch("/doses/{dose_id}")
async def correct_dose(
    request: Request, dose_id: UUID, body: DoseBody, caller: Caller, services: Service, patient_id: PatientId = None
) -> LoggedView:
    """Correct what was told of a dose; the earlier version stays."""
    if body.id not in (None, dose_id):
        raise InvalidInput("The id of a dose does not change.")
    now, ids, timezone = services.clock(), services.new_id, services.settings.timezone
    async with changing(request, caller, services, patient_id) as (tx, whose):
        corrected = await medications.correct_dose(
            *(tx, whose, dose_id, body.said()), actor=caller, now=now, ids=ids, timezone=timezone
        )
        return LoggedView.of(corrected)


@router.delete("/doses/{dose_id}", status_code=204)
async def remove_dose(
    request: Request, dose_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> None:
    """Take a dose out of the log; its versions stay."""
    now, ids, timezone = services.clock(), services.new_id, services.settings.timezone
    async with changing(request, caller, services, patient_id) as (tx, whose):
        await medications.remove_dose(tx, whose, dose_id, actor=caller, now=now, ids=ids, timezone=timezone)


@router.get("/{medicine_id}/doses")
async def list_doses(
    request: Request,
    medicine_id: UUID,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    since: Since = None,
    until: Until = None,
) -> DoseList:
    """What was told of in that time and what was due, each with what became of it."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        zone = await zone_in(tx, whose, services)
        begin, end = _days(now, since, until, zone)
        entry = await medications.medicine(tx, whose, medicine_id, now, timezone=services.settings.timezone)
        logged = await medications.doses_of(tx, whose, entry, begin, end)
        due = await medications.agenda(tx, whose, entry, begin, end, now=now, zone=zone)
    missing = due.reason if isinstance(due, NotEvaluated) else None
    shown = [] if isinstance(due, NotEvaluated) else due
    return DoseList(
        items=[DoseView.of(each) for each in logged], due=[DueView.of(each) for each in shown], not_evaluated=missing
    )


def _days(now: datetime, since: datetime | None, until: datetime | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Whole local days where nothing is said: a part of a day counts from its beginning."""
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    end = until or today + AHEAD
    begin = since or (min(end, today + AHEAD) - WEEK)
    if not timedelta(0) < end - begin <= MOST_SAID:
        raise InvalidInput("A list of doses is of up to 400 days and ends after it begins.")
    return begin, end


@router.get("/{medicine_id}/administrations")
async def list_administrations(
    request: Request,
    medicine_id: UUID,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    since: Since = None,
    until: Until = None,
) -> AdministrationBundle:
    """The log as FHIR R4 MedicationAdministration, for another system; what was missed or left out is not-done."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        begin, end = _days(now, since, until, await zone_in(tx, whose, services))
        entry = await medications.medicine(tx, whose, medicine_id, now, timezone=services.settings.timezone)
        logged = await medications.doses_of(tx, whose, entry, begin, end)
    made = [{"resource": medications.administration_of(each, entry, whose)} for each in logged]
    return AdministrationBundle.model_validate({"entry": made})


@router.post("/{medicine_id}/doses", status_code=201)
async def log_dose(
    request: Request,
    medicine_id: UUID,
    body: DoseBody,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    idempotency_key: IdempotencyKey = None,
) -> LoggedView:
    """Tell of a dose; what is told twice for one taking is kept and counted once."""
    now, ids, timezone = services.clock(), services.new_id, services.settings.timezone
    async with changing(request, caller, services, patient_id) as (tx, whose):
        dose_id = own_id(services, whose, body.id, idempotency_key, "dose")
        logged = await medications.log_dose(
            *(tx, whose, medicine_id, body.said()),
            dose_id=dose_id,
            actor=caller,
            now=now,
            ids=ids,
            timezone=timezone,
        )
        return LoggedView.of(logged)


@router.get("/{medicine_id}/adherence")
async def read_adherence(
    request: Request,
    medicine_id: UUID,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    since: Annotated[AwareDatetime | None, Query(description="180 days before the end when left out.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Today when left out; whole days count.")] = None,
) -> AdherenceView:
    """How much was taken: days covered by what was handed over, else the due doses of the log."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        zone = await zone_in(tx, whose, services)
        entry = await medications.medicine(tx, whose, medicine_id, now, timezone=services.settings.timezone)
        found = await medications.adherence(tx, whose, entry, now=now, zone=zone, since=since, until=until)
    return AdherenceView.of(found)


@router.get("/{medicine_id}/refill")
async def read_forecast(
    request: Request, medicine_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> ForecastView:
    """How long the medicine lasts, as a range of days."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        zone = await zone_in(tx, whose, services)
        entry = await medications.medicine(tx, whose, medicine_id, now, timezone=services.settings.timezone)
        return ForecastView.of(await medications.forecast(tx, whose, entry, now=now, zone=zone))


@router.post("/{medicine_id}/supply", status_code=201)
async def count_supply(
    request: Request,
    medicine_id: UUID,
    body: CountBody,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    idempotency_key: IdempotencyKey = None,
) -> CountView:
    """Say how much there is; a later count takes the place of an earlier one."""
    now, timezone = services.clock(), services.settings.timezone
    async with changing(request, caller, services, patient_id) as (tx, whose):
        count = await medications.count_supply(
            *(tx, whose, medicine_id),
            count_id=own_id(services, whose, body.id, idempotency_key, "supply"),
            quantity=body.quantity,
            unit=body.unit,
            at=body.at,
            actor=caller,
            now=now,
            timezone=timezone,
        )
        return CountView.of(count)


@router.get("/{medicine_id}/reminders")
async def list_reminders(
    request: Request, medicine_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> ReminderList:
    """Of what the person is reminded with this medicine."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        entry = await medications.medicine(tx, whose, medicine_id, now, timezone=services.settings.timezone)
        zone = await zone_in(tx, whose, services)
        found = await medications.reminders_of(tx, whose, entry)
        missing = [await medications.missing_times(tx, whose, entry, each, now=now, zone=zone) for each in found]
    return ReminderList(items=[ReminderView.of(each, parts) for each, parts in zip(found, missing, strict=True)])


@router.put("/{medicine_id}/reminders/{kind}")
async def set_reminder(
    request: Request,
    medicine_id: UUID,
    kind: Literal["dose", "refill"],
    body: ReminderBody,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
) -> ReminderView:
    """Switch a reminder on or off; only the person does. It comes as an open task, not in quiet hours."""
    now, ids, timezone = services.clock(), services.new_id, services.settings.timezone
    async with changing(request, caller, services, patient_id) as (tx, whose):
        reminder = await medications.set_reminder(
            *(tx, whose, medicine_id, kind),
            is_on=body.is_on,
            days_before=body.days_before,
            clock=body.clock,
            actor=caller,
            now=now,
            ids=ids,
            timezone=timezone,
        )
        return ReminderView.of(reminder)
