"""Goals over HTTP: what the person set, what was suggested to them, and how it goes."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.tracked import reading, writing
from vitasense.deterministic import goals, records, tracking
from vitasense.deterministic.auth import STREAMED
from vitasense.deterministic.goals import DayValue, Direction, Goal, GoalState, Per, Person, Progress
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert

router = APIRouter(prefix="/v1/goals", tags=["goals"])
HEIGHT = "8302-2"
COUNTED = frozenset({GoalState.ACTIVE, GoalState.REACHED, GoalState.ENDED})
WEEK = timedelta(days=6)  # a goal per week counts whole weeks: from the Monday before it began
NO_DATA = "there are no data of it since the goal began"


class NewGoal(BaseModel):
    """What is to be reached; `unit` is a UCUM code."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"metric": "55423-8", "direction": "at_least", "target": 8000, "unit": "{steps}", "per": "day"}
            ]
        },
    )

    metric: str = Field(min_length=1, max_length=64)
    direction: Direction
    target: float = Field(allow_inf_nan=False)
    unit: str = Field(min_length=1, max_length=64)
    per: Per


class ProgressView(BaseModel):
    """How it goes, in days that are over, or in weeks when `counted_in` says so.

    A day without data counts neither as met nor as missed. `today` is what the running day (week) has so far, `fraction`
    the part of the target that it is. `reason` says why nothing can be told yet.
    """

    counted_in: Literal["day", "week"]
    days_met: int
    days_with_data: int
    days: int
    streak: int
    today: float | None
    fraction: float | None
    reason: str | None


class GoalView(BaseModel):
    """A goal. `made_by` service or provider: a suggestion until the person accepts it; `notes` come with a new one."""

    id: UUID
    metric: str
    name: str
    direction: Direction
    target: float
    unit: str
    per: Per
    state: GoalState
    made_by: Literal["patient", "provider", "service"]
    reason: str | None
    since: datetime
    until: datetime | None
    progress: ProgressView | None
    notes: list[str] = []


class GoalList(BaseModel):
    """Goals, the one that changed last first."""

    items: list[GoalView]


@router.get("")
async def list_goals(request: Request, caller: Caller, services: Service, patient_id: PatientId = None) -> GoalList:
    """Every goal and suggestion with how it goes; those that are over stay as history."""
    now, zone = services.clock(), services.settings.timezone
    async with reading(request, caller, services, patient_id, STREAMED) as (tx, whose):
        found = await goals.goals(tx, whose)
        return GoalList(items=[_view(each, await _progress(tx, whose, each, now, zone)) for each in found])


@router.post("", status_code=201)
async def set_goal(
    request: Request, body: NewGoal, caller: Caller, services: Service, patient_id: PatientId = None
) -> GoalView:
    """Set a goal; from a provider it is a suggestion that waits for the person."""
    now, ids, zone = services.clock(), services.new_id, services.settings.timezone
    async with writing(request, caller, services, patient_id, STREAMED) as (tx, whose):
        person = await _person(tx, whose, now)
        made = await goals.set_goal(tx, whose, **body.model_dump(), person=person, actor=caller, now=now, ids=ids)
        shown = _view(made.goal, await _progress(tx, whose, made.goal, now, zone))
    return shown.model_copy(update={"notes": list(made.notes)})


@router.post("/{goal_id}/accept")
async def accept_goal(
    request: Request, goal_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> GoalView:
    """Take a suggestion on, in place of the goal there was for the same; only the person does."""
    now, ids, zone = services.clock(), services.new_id, services.settings.timezone
    async with writing(request, caller, services, patient_id, STREAMED) as (tx, whose):
        taken = await goals.accept(tx, whose, goal_id, actor=caller, now=now, ids=ids)
        return _view(taken, await _progress(tx, whose, taken, now, zone))


@router.post("/{goal_id}/refuse")
async def refuse_goal(
    request: Request, goal_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> GoalView:
    """Refuse a suggestion; only the person does, and it is not made again for a while."""
    now, ids = services.clock(), services.new_id
    async with writing(request, caller, services, patient_id, STREAMED) as (tx, whose):
        return _view(await goals.refuse(tx, whose, goal_id, actor=caller, now=now, ids=ids), None)


@router.post("/{goal_id}/end")
async def end_goal(
    request: Request, goal_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> GoalView:
    """End an active goal; how it went stays."""
    now, ids, zone = services.clock(), services.new_id, services.settings.timezone
    async with writing(request, caller, services, patient_id, STREAMED) as (tx, whose):
        ended = await goals.end(tx, whose, goal_id, actor=caller, now=now, ids=ids)
        return _view(ended, await _progress(tx, whose, ended, now, zone))


def _view(goal: Goal, progress: ProgressView | None) -> GoalView:
    known = tracking.device_metrics().get(goal.metric)
    plain = {name: getattr(goal, name) for name in GoalView.model_fields if name not in ("name", "progress", "notes")}
    return GoalView(**plain, name=known.name if known else goal.metric, progress=progress)


async def _person(tx: AsyncSession, patient_id: UUID, now: datetime) -> Person:
    """What limits of a goal need to know; the record does not say whether there is a pregnancy."""
    profile = await records.profile(tx, patient_id)
    height = (await tracking.latest(tx, patient_id, [HEIGHT])).get(HEIGHT)
    try:
        tall = convert(height.value, height.unit, "cm", HEIGHT) if height else None
    except InvalidInput:
        tall = None
    return Person(profile.age_years(now) if profile else None, tall)


async def _progress(
    tx: AsyncSession, patient_id: UUID, goal: Goal, now: datetime, timezone: str
) -> ProgressView | None:
    """How it goes; None for a suggestion and for what was refused."""
    if goal.state not in COUNTED:
        return None
    ended = goal.until or (None if goal.state is GoalState.ACTIVE else goal.changed_at)
    at = min(now, ended) if ended else now
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    last = at.astimezone(zone).date()
    first = goal.since.astimezone(zone).date() - WEEK
    days = await tracking.day_values(tx, patient_id, goal.metric, first, last, timezone=timezone)
    values = [DayValue(each.day, each.value, each.least, each.most) for each in days]
    return _progress_view(goals.progress(goal, values, at, zone))


def _progress_view(found: Progress) -> ProgressView:
    known = found.met + found.missed
    return ProgressView(
        counted_in=found.counted_in,
        days_met=found.met,
        days_with_data=known,
        days=known + found.not_evaluated,
        streak=found.streak,
        today=found.current,
        fraction=found.fraction,
        reason=NO_DATA if not known and found.current is None else None,
    )
