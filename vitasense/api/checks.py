"""Checks of medicines over HTTP: the list of the record, and medicines that are thought of."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.overrides import CheckedFinding
from vitasense.api.tracked import reading
from vitasense.deterministic import medications, records
from vitasense.deterministic.medications import Dose, Medicine
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.findings import not_evaluated

router = APIRouter(prefix="/v1/medications/check", tags=["medications"])
MOST = 40
UNSEEN = "The medicines of the record are not shared with you, so nothing was held against them."


class DoseBody(BaseModel):
    """How much each time in a UCUM unit, how often a day, and at most how often when it is taken as needed."""

    model_config = ConfigDict(extra="forbid")

    amount: float = Field(gt=0, le=1_000_000, allow_inf_nan=False)
    unit: str = Field(min_length=1, max_length=40)
    per_day: float | None = Field(default=None, gt=0, le=100, allow_inf_nan=False)
    most_per_day: float | None = Field(default=None, gt=0, le=100, allow_inf_nan=False)


class MedicineBody(BaseModel):
    """A medicine, herb or food that somebody thinks of taking, by its name on the pack.

    Without a `dose` it is that of the `directions` in words, where they can be read for sure.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    dose: DoseBody | None = None
    directions: str | None = Field(default=None, max_length=500)
    route: str | None = Field(default=None, max_length=40)


class CheckBody(BaseModel):
    """What is to be checked; `with_record` holds it against the medicines and the person of the record, too."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"medicines": [{"name": "ibuprofen"}], "with_record": True}]}
    )

    medicines: list[MedicineBody] = Field(min_length=1, max_length=MOST)
    with_record: bool = True


class CheckView(BaseModel):
    """Every finding, what nobody knows first, then the most urgent. `checked` are the medicines held against each other.

    A finding with urgency urgent interrupts; one that somebody chose to live with is listed without it, and with its
    `override`.
    """

    checked: list[str]
    findings: list[CheckedFinding]


@router.get("")
async def check_record(request: Request, caller: Caller, services: Service, patient_id: PatientId = None) -> CheckView:
    """The medicines of the record against each other and against what the record says of the person."""
    async with reading(request, caller, services, patient_id, medications.USED) as (tx, whose):
        current = await medications.taken_now(tx, whose, services.clock())
        return await _checked(services, tx, whose, caller, current)


@router.post("")
async def check_thought_of(
    request: Request, body: CheckBody, caller: Caller, services: Service, patient_id: PatientId = None
) -> CheckView:
    """Medicines that somebody thinks of, alone or beside those of the record. Nothing is written."""
    asked = [_medicine(each) for each in body.medicines]
    async with reading(request, caller, services, patient_id, medications.USED) as (tx, whose):
        if not body.with_record:
            found = medications.check(asked, library=services.shelf.current)
            return CheckView(checked=_names(asked), findings=[CheckedFinding.of(each) for each in found])
        current = await medications.taken_now(tx, whose, services.clock())
        return await _checked(services, tx, whose, caller, [*asked, *current])


def _medicine(body: MedicineBody) -> Medicine:
    return Medicine(body.name, _dose(body), body.route, origin="asked")


def _dose(body: MedicineBody) -> Dose | None:
    if body.dose:
        return Dose(body.dose.amount, body.dose.unit, body.dose.per_day, body.dose.most_per_day)
    steps = medications.schedule_from_words(body.directions).steps if body.directions else ()
    return medications.dose_of(steps) if len(steps) == 1 else None


async def _checked(
    services: Services, tx: AsyncSession, patient_id: UUID, caller: Principal, medicines: list[Medicine]
) -> CheckView:
    readable = await records.readable(tx)
    person = await medications.person_of(
        tx, patient_id, now=services.clock(), readable=readable, own=caller.account_id == patient_id
    )
    found = medications.check(medicines, person=person, library=services.shelf.current)
    if Category.MEDICATIONS in readable:
        heard = await medications.heard(tx, patient_id, found)
        told = [CheckedFinding.of(each.finding, each.override) for each in heard]
    else:
        unseen = not_evaluated(medications.Kind.INTERACTION, UNSEEN, "no permission")
        told = [CheckedFinding.of(each) for each in (unseen, *found)]
    return CheckView(checked=_names(medicines), findings=told)


def _names(medicines: list[Medicine]) -> list[str]:
    return [each.name for each in medicines]
