"""Symptoms that a person puts down to a medicine, over HTTP."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.medications import OWN, SEEN, IdempotencyKey, changing, own_id, zone_in
from vitasense.api.tracked import reading
from vitasense.deterministic import medications
from vitasense.deterministic.medications import Relation, SideEffect, SymptomSaid
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import InvalidInput

router = APIRouter(prefix="/v1/medications", tags=["medications"])
FELT = frozenset({Category.NOTES})  # what symptoms are shared as


class SymptomBody(BaseModel):
    """A symptom that was not told before; `score` is of 10."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "dry cough", "since": "2026-11-13T08:00:00+01:00"}]}
    )

    name: str = Field(min_length=1, max_length=200)
    since: AwareDatetime
    until: AwareDatetime | None = None
    score: float | None = Field(default=None, ge=0, le=10, allow_inf_nan=False)
    severity: str | None = Field(default=None, max_length=60)


class SideEffectBody(BaseModel):
    """A symptom of the record (`symptom_id`, an Observation) or a new one (`symptom`), put down to the medicine."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"symptom": {"name": "dry cough", "since": "2026-11-13T08:00:00+01:00"}, "note": "at night"}]
        },
    )

    id: UUID | None = None
    symptom_id: UUID | None = None
    symptom: SymptomBody | None = None
    note: str | None = Field(default=None, max_length=500)

    def said(self) -> UUID | SymptomSaid:
        """The one symptom. Raises InvalidInput for none or two."""
        if (self.symptom_id is None) == (self.symptom is None):
            raise InvalidInput("Name a symptom of the record, or tell a new one.")
        return SymptomSaid(**self.symptom.model_dump()) if self.symptom else self.symptom_id or UUID(int=0)


class RelationView(BaseModel):
    """How the symptom stands to the medicine in time; it says nothing of a cause."""

    onset: Literal["before", "after_start", "after_change", "unknown"]
    days: int | None
    course: Literal["went_after_stop", "ended_before_stop", "no_end_told", "not_stopped"]
    days_after_stop: int | None
    text: str

    @classmethod
    def of(cls, relation: Relation) -> Self:
        """The view of a relation."""
        return cls(**{name: getattr(relation, name) for name in cls.model_fields})


class SideEffectView(BaseModel):
    """What was put down to the medicine. The symptom and its place in time are null when it is not shared."""

    id: UUID
    medicine_id: UUID
    symptom_id: UUID
    note: str | None
    recorded_at: datetime
    name: str | None
    since: datetime | None
    until: datetime | None
    relation: RelationView | None
    evidence: Evidence | None

    @classmethod
    def of(cls, found: SideEffect) -> Self:
        """The view of a side effect."""
        link, symptom = found.link, found.symptom
        return cls(
            id=link.id,
            medicine_id=link.medicine_id,
            symptom_id=link.symptom_id,
            note=link.note,
            recorded_at=link.recorded_at,
            name=symptom.name if symptom else None,
            since=symptom.since if symptom else None,
            until=symptom.until if symptom else None,
            relation=RelationView.of(found.relation) if found.relation else None,
            evidence=symptom.evidence if symptom else None,
        )


class SideEffectList(BaseModel):
    """What was put down to a medicine, the newest first."""

    items: list[SideEffectView]


@router.delete("/side-effects/{side_effect_id}", status_code=204)
async def take_back_side_effect(
    request: Request, side_effect_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> None:
    """Take it back; the symptom stays in the record."""
    async with changing(request, caller, services, patient_id) as (tx, whose):
        await medications.take_back(tx, whose, side_effect_id, now=services.clock())


@router.get("/{medicine_id}/side-effects")
async def list_side_effects(
    request: Request, medicine_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> SideEffectList:
    """Symptoms that were put down to the medicine, with how they stand to it in time."""
    now = services.clock()
    async with reading(request, caller, services, patient_id, SEEN | FELT, needs=OWN) as (tx, whose):
        zone = await zone_in(tx, whose, services)
        entry = await medications.medicine(tx, whose, medicine_id, now, timezone=services.settings.timezone)
        found = await medications.side_effects(tx, whose, entry, now, zone)
    return SideEffectList(items=[SideEffectView.of(each) for each in found])


@router.post("/{medicine_id}/side-effects", status_code=201)
async def report_side_effect(
    request: Request,
    medicine_id: UUID,
    body: SideEffectBody,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    idempotency_key: IdempotencyKey = None,
) -> SideEffectView:
    """Put a symptom down to the medicine; a new one becomes an Observation of the record."""
    now, timezone = services.clock(), services.settings.timezone
    async with changing(request, caller, services, patient_id, OWN | FELT) as (tx, whose):
        found = await medications.report_side_effect(
            *(tx, whose, medicine_id, body.said()),
            link_id=own_id(services, whose, body.id, idempotency_key, "side-effect"),
            note=body.note,
            actor=caller,
            now=now,
            timezone=timezone,
        )
        return SideEffectView.of(found)
