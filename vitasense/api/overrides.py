"""Findings that somebody chose to live with, over HTTP: they stay quiet until something changes."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.medications import OWN, IdempotencyKey, changing, own_id
from vitasense.api.tracked import reading
from vitasense.deterministic import medications
from vitasense.deterministic.medications import USED, Override
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding

router = APIRouter(prefix="/v1/medications/overrides", tags=["medications"])
SEEN = USED | {Category.NOTES}
_FINDING: JsonValue = {
    "kind": "drug_interaction",
    "text": "warfarin and ibuprofen: bleeding becomes more likely.",
    "status": "found",
    "urgency": "urgent",
    "values": [
        {"name": "drug", "text": "warfarin", "code": "11289"},
        {"name": "drug", "text": "ibuprofen", "code": "5640"},
        {"name": "severity", "text": "major"},
        {"name": "basis", "text": "documented"},
    ],
    "evidence": [
        {
            "kind": "knowledge",
            "ref": "knowledge/interactions#warfarin_nsaids",
            "version": "2026.11",
            "label": "warfarin and ibuprofen",
            "source": "US label of warfarin, section 7",
        }
    ],
}


class OverrideView(BaseModel):
    """An override. `key` names what the finding is about; one that has ended speaks again."""

    id: UUID
    kind: str
    key: str
    reason: str
    actor_role: Literal["patient", "provider"]
    at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, override: Override) -> Self:
        """The view of an override."""
        return cls(**{name: getattr(override, name) for name in cls.model_fields})


class CheckedFinding(Finding):
    """A finding as a check answers it. `override` keeps it quiet, and ending that one lets it speak; null when none does.

    Of a medicine's name that may be misspelt, `values` have it as `written`, and behind it each name that may be meant
    as a `suggestion`: the whole name with its strength, to be asked about and checked again.
    """

    override: OverrideView | None = None

    @classmethod
    def of(cls, finding: Finding, override: Override | None = None) -> Self:
        """The finding with the override that keeps it quiet."""
        return cls(**dict(finding), override=OverrideView.of(override) if override else None)


class OverrideBody(BaseModel):
    """A finding of a check as it was answered, and why somebody chooses to live with it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"finding": _FINDING, "reason": "My doctor checks my INR every week."}]},
    )

    id: UUID | None = None
    finding: CheckedFinding
    reason: str = Field(min_length=3, max_length=500)


class OverrideList(BaseModel):
    """Overrides, the newest first."""

    items: list[OverrideView]


@router.get("")
async def list_overrides(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    state: Literal["standing", "all"] = "standing",
) -> OverrideList:
    """What somebody chose to live with; `all` has those that ended, too."""
    async with reading(request, caller, services, patient_id, SEEN, needs=OWN) as (tx, whose):
        found = await medications.overrides(tx, whose, ended=state == "all")
    return OverrideList(items=[OverrideView.of(each) for each in found])


@router.post("", status_code=201)
async def override_finding(
    request: Request,
    body: OverrideBody,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    idempotency_key: IdempotencyKey = None,
) -> OverrideView:
    """Choose to live with a finding, for a reason: it is listed and does not interrupt until something changes."""
    async with changing(request, caller, services, patient_id, reads=SEEN) as (tx, whose):
        made = await medications.override_finding(
            *(tx, whose, body.finding, body.reason),
            override_id=own_id(services, whose, body.id, idempotency_key, "override"),
            actor=caller,
            now=services.clock(),
            ids=services.new_id,
        )
    return OverrideView.of(made)


@router.delete("/{override_id}")
async def end_override(
    request: Request, override_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> OverrideView:
    """End it: the finding interrupts again."""
    async with changing(request, caller, services, patient_id, reads=SEEN) as (tx, whose):
        now, ids = services.clock(), services.new_id
        return OverrideView.of(await medications.end_override(tx, whose, override_id, actor=caller, now=now, ids=ids))
