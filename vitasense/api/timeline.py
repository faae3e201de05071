"""What happened, in order, and where the person stands."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel

from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.tracked import reading
from vitasense.deterministic import decisions
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Urgency

router = APIRouter(prefix="/v1", tags=["alarms"])
PERIOD = timedelta(days=30)
AHEAD = timedelta(days=1)  # readings of a device whose clock is ahead are in it
Since = Annotated[AwareDatetime | None, Query(description="From then on; 30 days before the end when left out.")]
Until = Annotated[AwareDatetime | None, Query(description="Before then; now when left out.")]


class TimelineEntryView(BaseModel):
    """One thing that happened; entries of one chain of events share `correlation_id`, `ref` is kind and id of the row."""

    at: datetime
    kind: Literal["reading", "decision", "alarm", "action", "task", "risk", "goal"]
    title: str
    text: str
    ref: str
    correlation_id: UUID | None
    urgency: Urgency | None
    category: Category


class TimelinePage(BaseModel):
    """Entries, the newest first; `next` is the cursor of those before them in time: send it with the same times."""

    items: list[TimelineEntryView]
    next: str | None


class RiskView(BaseModel):
    """Where the person stands in one respect since `at`."""

    key: str
    label: str
    text: str
    at: datetime
    evidence: list[Evidence]


class RiskList(BaseModel):
    """Every respect in which something was said, in order of the keys."""

    items: list[RiskView]


@router.get("/timeline")
async def read_timeline(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="`next` of the page before")] = None,
) -> TimelinePage:
    """Readings that led to a decision, decisions, alarms, tasks, risks and goals, the newest first."""
    until = until or services.clock() + AHEAD
    async with reading(request, caller, services, patient_id) as (tx, whose):
        found = await decisions.timeline(tx, whose, since or until - PERIOD, until, limit, cursor)
    items = [TimelineEntryView.model_validate(each, from_attributes=True) for each in found]
    return TimelinePage(items=items, next=found[-1].cursor if len(found) == limit else None)


@router.get("/risks")
async def list_risks(request: Request, caller: Caller, services: Service, patient_id: PatientId = None) -> RiskList:
    """Where the person stands, as the last decisions said."""
    async with reading(request, caller, services, patient_id) as (tx, whose):
        found = await decisions.risks(tx, whose)
    return RiskList(
        items=[
            RiskView(key=each.key, label=each.label, text=each.text, at=each.at, evidence=list(each.evidence))
            for each in found
        ]
    )
