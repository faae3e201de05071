"""Alarms and tasks as they change. The database is asked again and again, each time in a short transaction of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from vitasense.api.alarm_views import AlarmView, TaskView
from vitasense.api.bootstrap import Services
from vitasense.api.errors import document, problem_of
from vitasense.api.tracked import NOT_SHARED, WATCHED
from vitasense.deterministic import alarms, records
from vitasense.deterministic.alarms import Alarm, Task, TaskState
from vitasense.deterministic.platform.access import Access, Role
from vitasense.deterministic.platform.problems import NotAllowed

LOOK_SECONDS = 2.0
PROVIDER_SECONDS = 10.0  # each look of a provider is a read of another's record, and noted in its audit trail
HEARTBEAT_SECONDS = 15.0
OVERLAP = timedelta(minutes=1)  # a change is dated before it is committed: what came a little late is not missed
MOST = 500
HEARTBEAT = ": still here\n\n"

Pause = Callable[[float], Awaitable[object]]


@dataclass(slots=True)
class _Known:
    """What was told already: the version of each alarm, and the time of change of each task."""

    since: datetime | None = None
    alarms: dict[UUID, int] = field(default_factory=dict[UUID, int])
    tasks: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])

    def note(self, found: Sequence[Alarm], asked: Sequence[Task]) -> None:
        """These were told."""
        self.alarms |= {each.id: each.version for each in found}
        self.tasks |= {each.id: each.changed_at for each in asked}


async def stream(
    services: Services, access: Access, token: str, instance: str, pause: Pause = asyncio.sleep
) -> AsyncIterator[str]:
    """Server-sent events until the session or the grant ends, which the last of them tells."""
    known, silent = _Known(), 0.0
    seconds = PROVIDER_SECONDS if access.principal.role is Role.PROVIDER else LOOK_SECONDS
    yield HEARTBEAT
    try:
        while True:
            await services.auth.principal_of(token)
            told = await _look(services, access, known)
            for each in told:
                yield each
            silent = 0.0 if told else silent + seconds
            if silent >= HEARTBEAT_SECONDS:
                silent = 0.0
                yield HEARTBEAT
            await pause(seconds)
    except Exception as error:  # noqa: BLE001 the answer has begun: what went wrong can only be told in the stream
        problem = document(problem_of(error), instance)
        yield f"event: error\ndata: {problem.model_dump_json(exclude_none=True)}\n\n"


async def _look(services: Services, access: Access, known: _Known) -> list[str]:
    """What changed since the last look; at the first one, what is open."""
    whose, since = access.patient_id or access.principal.account_id, known.since
    known.since = services.clock() - OVERLAP
    async with services.database.transaction(access) as tx:
        if not await records.readable(tx) & WATCHED:
            raise NotAllowed(NOT_SHARED)
        found = await alarms.alarms(tx, whose, limit=MOST, changed_since=since or known.since)
        asked = await alarms.tasks(tx, whose, limit=MOST, changed_since=since or known.since)
        if since is None:  # what closed a moment ago is known already
            known.note([each for each in found if not each.state.is_open], [each for each in asked if _is_over(each)])
            found = await alarms.alarms(tx, whose, only_open=True, limit=MOST)
            asked = await alarms.tasks(tx, whose, TaskState.OPEN, limit=MOST)
    told = [_alarm(each) for each in reversed(found) if known.alarms.get(each.id) != each.version]
    told += [_task(each) for each in asked if known.tasks.get(each.id) != each.changed_at]
    known.note(found, asked)
    return told


def _is_over(task: Task) -> bool:
    return task.state is not TaskState.OPEN


def _alarm(alarm: Alarm) -> str:
    return f"event: alarm\ndata: {AlarmView.of(alarm).model_dump_json()}\n\n"


def _task(task: Task) -> str:
    return f"event: task\ndata: {TaskView.of(task).model_dump_json()}\n\n"
