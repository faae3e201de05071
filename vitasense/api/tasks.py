"""What the person is asked to do: measure again, answer a question, see to a device."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from vitasense.api.alarm_views import TaskAnswer, TaskList, TaskView
from vitasense.api.deps import Caller, PatientId, Service
from vitasense.api.tracked import may_change, reading, writing
from vitasense.deterministic import alarms
from vitasense.deterministic.alarms import TaskState

router = APIRouter(prefix="/v1/tasks", tags=["alarms"])


@router.get("")
async def list_tasks(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    state: Literal["open", "all"] = "open",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> TaskList:
    """What is open, or all that was asked, the one due first first."""
    wanted = TaskState.OPEN if state == "open" else None
    async with reading(request, caller, services, patient_id) as (tx, whose):
        found = await alarms.tasks(tx, whose, wanted, limit)
    return TaskList(items=[TaskView.of(each) for each in found])


@router.post("/{task_id}/answer")
async def answer_task(
    request: Request, task_id: UUID, body: TaskAnswer, caller: Caller, services: Service, patient_id: PatientId = None
) -> TaskView:
    """Answer a question; the same answer twice is one."""
    now, ids = services.clock(), services.new_id
    async with writing(request, caller, services, patient_id) as (tx, whose):
        await may_change(tx, (await alarms.task(tx, whose, task_id)).category)
        return TaskView.of(await alarms.answer(tx, whose, task_id, body.answer, actor=caller, now=now, ids=ids))


@router.post("/{task_id}/done")
async def finish_task(
    request: Request, task_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> TaskView:
    """Say that it is done; what is to be measured again is done by the reading itself."""
    now, ids = services.clock(), services.new_id
    async with writing(request, caller, services, patient_id) as (tx, whose):
        await may_change(tx, (await alarms.task(tx, whose, task_id)).category)
        return TaskView.of(await alarms.finish(tx, whose, task_id, actor=caller, now=now, ids=ids))


@router.post("/{task_id}/dismiss")
async def dismiss_task(
    request: Request, task_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> TaskView:
    """Set it aside: it is not asked again until there is a new reason."""
    now, ids = services.clock(), services.new_id
    async with writing(request, caller, services, patient_id) as (tx, whose):
        await may_change(tx, (await alarms.task(tx, whose, task_id)).category)
        return TaskView.of(await alarms.dismiss(tx, whose, task_id, actor=caller, now=now, ids=ids))
