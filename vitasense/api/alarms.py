"""Alarms over HTTP: what stands and why, the person's answers, and changes as they come."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from vitasense.api import alarm_feed
from vitasense.api.alarm_views import (
    ActionView,
    AlarmDetail,
    AlarmPage,
    AlarmView,
    Answer,
    DecisionView,
    Snooze,
    StepView,
)
from vitasense.api.deps import Caller, PatientId, Service, access_for
from vitasense.api.tracked import WATCHED, may_change, reading, writing
from vitasense.deterministic import alarms, decisions
from vitasense.deterministic.alarms import Alarm
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.problems import InvalidInput

router = APIRouter(prefix="/v1/alarms", tags=["alarms"])
CLEARED = "Cleared by hand."
_UNBUFFERED = {"X-Accel-Buffering": "no"}  # a proxy passes each event on as it comes
_STREAM = {
    "text/event-stream": {
        "schema": {
            "type": "string",
            "description": "Events: alarm (AlarmView), task (TaskView), error (ProblemDocument); the stream ends after it",
        }
    }
}


@router.get("")
async def list_alarms(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    state: Literal["open", "all"] = "open",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before")] = None,
) -> AlarmPage:
    """The alarms that stand, or all there were, the one that changed last first."""
    after = _place(cursor) if cursor else None
    async with reading(request, caller, services, patient_id) as (tx, whose):
        found = await alarms.alarms(tx, whose, only_open=state == "open", limit=limit, after=after)
    following = _cursor(found[-1]) if len(found) == limit else None
    return AlarmPage(items=[AlarmView.of(each) for each in found], next=following)


@router.get("/stream", response_model=AlarmView, responses={200: {"content": _STREAM}})
async def stream_alarms(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> StreamingResponse:
    """Alarms and tasks as server-sent events: those that are open first, then every change.

    The stream ends with an error when the session or the grant does; connect again with a new access token.
    """
    async with reading(request, caller, services, patient_id):
        pass  # what is not shared is refused before the stream begins
    access = access_for(request, caller, patient_id, reads=WATCHED | {Category.PROFILE})
    token = request.headers["authorization"].partition(" ")[2]
    steps = alarm_feed.stream(services, access, token, request.url.path)
    return StreamingResponse(steps, media_type="text/event-stream", headers=_UNBUFFERED)


@router.get("/{alarm_id}")
async def read_alarm(
    request: Request, alarm_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> AlarmDetail:
    """An alarm with its history, the decision behind it, what that rests on, and what was done."""
    async with reading(request, caller, services, patient_id) as (tx, whose):
        found = await alarms.alarm(tx, whose, alarm_id)
        steps = await alarms.history(tx, whose, alarm_id)
        explained = await decisions.why(tx, whose, alarm_id)
    return AlarmDetail(
        alarm=AlarmView.of(found),
        history=[StepView.of(each) for each in steps],
        decision=DecisionView.of(explained.decision),
        actions=[ActionView.of(each) for each in explained.actions],
    )


@router.post("/{alarm_id}/acknowledge")
async def acknowledge_alarm(
    request: Request, alarm_id: UUID, body: Answer, caller: Caller, services: Service, patient_id: PatientId = None
) -> AlarmView:
    """Say that it was seen: it calls no more unless it gets worse or comes again."""
    now, ids = services.clock(), services.new_id
    async with writing(request, caller, services, patient_id) as (tx, whose):
        await may_change(tx, (await alarms.alarm(tx, whose, alarm_id)).category)
        after = await alarms.acknowledge(tx, whose, alarm_id, caller, now, body.note, ids=ids, version=body.version)
    return AlarmView.of(after)


@router.post("/{alarm_id}/snooze")
async def snooze_alarm(
    request: Request, alarm_id: UUID, body: Snooze, caller: Caller, services: Service, patient_id: PatientId = None
) -> AlarmView:
    """Put it off until a time; how long it can wait depends on its urgency."""
    now, ids = services.clock(), services.new_id
    async with writing(request, caller, services, patient_id) as (tx, whose):
        await may_change(tx, (await alarms.alarm(tx, whose, alarm_id)).category)
        after = await alarms.snooze(tx, whose, alarm_id, body.until, caller, now, ids=ids, version=body.version)
    return AlarmView.of(after)


@router.post("/{alarm_id}/clear")
async def clear_alarm(
    request: Request, alarm_id: UUID, body: Answer, caller: Caller, services: Service, patient_id: PatientId = None
) -> AlarmView:
    """Close it: what it was about is over."""
    now, ids, note = services.clock(), services.new_id, body.note or CLEARED
    async with writing(request, caller, services, patient_id) as (tx, whose):
        await may_change(tx, (await alarms.alarm(tx, whose, alarm_id)).category)
        after = await alarms.clear(tx, whose, alarm_id, caller, now, note, ids=ids, version=body.version)
    return AlarmView.of(after)


def _cursor(last: Alarm) -> str:
    return base64.urlsafe_b64encode(f"{last.changed_at.isoformat()}|{last.id}".encode()).decode().rstrip("=")


def _place(word: str) -> tuple[datetime, UUID]:
    try:
        at, _, alarm_id = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode().partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError
        return moment, UUID(alarm_id)
    except (ValueError, binascii.Error):
        raise InvalidInput("The cursor is not one of this service: start again from the first page.") from None
