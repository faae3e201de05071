"""The medicines of a person over HTTP: what is taken and was taken, told of, changed, stopped and taken up again."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Request
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.api.deps import Caller, PatientId, Service, access_for
from vitasense.api.medication_views import (
    ChangeView,
    MedicineChange,
    MedicineDetail,
    MedicineList,
    MedicineView,
    NewMedicineBody,
)
from vitasense.api.tracked import NOT_SHARED, READ_ONLY, Opened, reading
from vitasense.deterministic import medications, records, tracking
from vitasense.deterministic.medications import NewMedicine, RegimenEntry, Schedule
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed

router = APIRouter(prefix="/v1/medications", tags=["medications"])

OWN = frozenset({Category.MEDICATIONS})
# Who ordered something is shared as encounters; the person's time zone as vitals.
SEEN = OWN | {Category.ENCOUNTERS, Category.VITALS, Category.PROCEDURES}
IdempotencyKey = Annotated[
    str | None, Header(max_length=200, description="The same key again is the same request: nothing is written twice.")
]
ONE_WAY = "Say how it is taken in words (directions) or as FHIR (dosage), not both."


@asynccontextmanager
async def changing(
    request: Request,
    caller: Principal,
    services: Services,
    patient_id: UUID | None,
    writes: Iterable[Category] = OWN,
    *,
    reads: Iterable[Category] = SEEN,
) -> AsyncGenerator[Opened]:
    """A transaction that reads what medicines need (or `reads`) and writes these parts.

    Raises NotAllowed when medicines may not be seen, or one of the parts may not be changed.
    """
    wanted = frozenset(writes)
    access = access_for(request, caller, patient_id, reads={*reads, *wanted, Category.PROFILE}, writes=wanted)
    async with services.database.transaction(access) as tx:
        if Category.MEDICATIONS not in await records.readable(tx):
            raise NotAllowed(NOT_SHARED)
        if not wanted <= await records.writable(tx):
            raise NotAllowed(READ_ONLY)
        yield Opened(tx, access.patient_id or caller.account_id)


async def zone_in(tx: AsyncSession, patient_id: UUID, services: Services) -> ZoneInfo:
    """The person's time zone."""
    return (await tracking.person_settings(tx, patient_id, services.settings.timezone)).zone


def own_id(services: Services, patient_id: UUID, given: UUID | None, key: str | None, what: str) -> UUID:
    """The id under which something new is kept: the client's, one that the key names, or a new one."""
    if given is not None:
        return given
    return uuid5(patient_id, f"{what}/{key}") if key else services.new_id()


def schedule_in(directions: str | None, dosage: Sequence[Mapping[str, JsonValue]] | None) -> Schedule | None:
    """The schedule of a body; None when it says none. Raises InvalidInput for two."""
    if directions and dosage:
        raise InvalidInput(ONE_WAY)
    if dosage:
        return medications.schedule_of(dosage)
    return medications.schedule_from_words(directions) if directions and directions.strip() else None


@router.get("")
async def list_medicines(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    state: Literal["now", "all"] = "all",
) -> MedicineList:
    """Every medicine once, with how it is taken and each entry that says so; `now` leaves out what is over."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        zone = await zone_in(tx, whose, services)
        found = await medications.regimen(tx, whose, now, timezone=services.settings.timezone)
    shown = [each for each in found if state == "all" or not each.state.is_over]
    return MedicineList(items=[MedicineView.of(each, now, zone) for each in shown])


@router.post("", status_code=201)
async def add_medicine(
    request: Request,
    body: NewMedicineBody,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    idempotency_key: IdempotencyKey = None,
) -> MedicineView:
    """Tell of a medicine; it becomes a MedicationStatement of the record."""
    now = services.clock()
    schedule = schedule_in(body.directions, body.dosage)
    members = {name: getattr(body, name) for name in ("name", "since", "until", "reason", "note")}
    async with changing(request, caller, services, patient_id) as (tx, whose):
        entry = await medications.add_medicine(
            tx,
            whose,
            NewMedicine(**members, schedule=schedule),
            statement_id=own_id(services, whose, body.id, idempotency_key, "medicine"),
            actor=caller,
            now=now,
            timezone=services.settings.timezone,
        )
        return MedicineView.of(entry, now, await zone_in(tx, whose, services))


@router.get("/{medicine_id}")
async def read_medicine(
    request: Request, medicine_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> MedicineDetail:
    """One medicine, by the id of any entry that speaks of it, with what became of it."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        zone = await zone_in(tx, whose, services)
        entry = await medications.medicine(tx, whose, medicine_id, now, timezone=services.settings.timezone)
        history = await medications.history(tx, whose, entry, now, zone)
    return MedicineDetail(medicine=MedicineView.of(entry, now, zone), history=[ChangeView.of(each) for each in history])


@router.patch("/{medicine_id}")
async def change_medicine(
    request: Request,
    medicine_id: UUID,
    body: MedicineChange,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
) -> MedicineView:
    """Change the dose, stop, pause or take up again. What came from elsewhere stays, and a word of one's own is added."""
    _check_members(body)
    now = services.clock()
    async with changing(request, caller, services, patient_id) as (tx, whose):
        entry = await _changed(tx, whose, medicine_id, body, caller, services)
        return MedicineView.of(entry, now, await zone_in(tx, whose, services))


def _check_members(body: MedicineChange) -> None:
    """Raise InvalidInput for members that the action does not know."""
    said = {name for name in ("directions", "dosage", "on", "reason") if getattr(body, name) is not None}
    known = {"dose": {"directions", "dosage", "on"}, "stop": {"on", "reason"}, "pause": {"reason"}, "resume": {"on"}}
    if unknown := said - known[body.action]:
        raise InvalidInput(f"To {body.action} a medicine takes no {' and no '.join(sorted(unknown))}.")


async def _changed(
    tx: AsyncSession, patient_id: UUID, medicine_id: UUID, body: MedicineChange, caller: Principal, services: Services
) -> RegimenEntry:
    who: dict[str, Any] = {
        "version": body.version,
        "actor": caller,
        "now": services.clock(),
        "ids": services.new_id,
        "timezone": services.settings.timezone,
    }
    if body.action == "stop":
        return await medications.stop(tx, patient_id, medicine_id, on=body.on, reason=body.reason, **who)
    if body.action == "pause":
        return await medications.pause(tx, patient_id, medicine_id, reason=body.reason, **who)
    if body.action == "resume":
        return await medications.resume(tx, patient_id, medicine_id, on=body.on, **who)
    schedule = schedule_in(body.directions, body.dosage)
    if schedule is None:
        raise InvalidInput("Say how it is taken now.")
    return await medications.change_dose(tx, patient_id, medicine_id, schedule=schedule, since=body.on, **who)
